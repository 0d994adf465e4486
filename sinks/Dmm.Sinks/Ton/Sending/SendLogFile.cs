using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// A wallet's records in one file (<see cref="SendRecordText"/>), which this process alone has open: a second sender of the wallet on this machine
/// cannot start. A torn last record was never acted on, and is cut off; damage before the end is an error.
/// </summary>
/// <remarks>
/// It is rewritten by a file beside it that takes its name. The old one stays open, and so locked, for as long as this lives: whoever opened it
/// just before its name was taken cannot lock it either.
/// </remarks>
public sealed class SendLogFile : ISendLog, IDisposable
{
    private const long LengthMax = 1L << 30;

    private readonly string _path;
    private readonly Stack<FileStream> _files = [];
    private List<SendRecord> _records = [];
    private bool _isBroken;

    /// <exception cref="WalletFileException">Another process has it, it cannot be opened, or it is damaged.</exception>
    public SendLogFile(string path)
    {
        _path = Path.GetFullPath(path);
        _files.Push(Open(path));
        try
        {
            Load(path);
            // That there is such a file must outlive a power cut, too.
            UnixFiles.FlushFolder(Path.GetDirectoryName(_path)!);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes of a torn record that were cut off.</summary>
    public long Torn { get; private set; }

    /// <summary>The records of a log that another process may have and be writing; none where there is no file. It is left as it is.</summary>
    /// <exception cref="WalletFileException">It cannot be read, or is damaged.</exception>
    public static IReadOnlyList<SendRecord> Look(string path)
    {
        try
        {
            if (!File.Exists(path)) return [];
            using var file = new FileStream(UnixFiles.OpenUnlocked(path), FileAccess.Read);
            return Parse(path, Bytes(path, file), out _);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new WalletFileException($"{path} cannot be read: {refused.Message}", refused);
        }
    }

    public IReadOnlyList<SendRecord> Read() => _records;

    public void Append(SendRecord record)
    {
        DemandWell();
        // What a failed write or flush has left on the disk nobody can tell.
        _isBroken = true;
        _files.Peek().Write(SendRecordText.Format(record));
        _files.Peek().Flush(flushToDisk: true);
        _isBroken = false;
        _records.Add(record);
    }

    public void Rewrite(IReadOnlyList<SendRecord> records)
    {
        DemandWell();
        // There the name of a file that is open cannot be given to another: it grows on.
        if (OperatingSystem.IsWindows()) return;
        // What a process that died has left, with whatever mode it has.
        File.Delete($"{_path}.new");
        var next = Open($"{_path}.new", FileMode.CreateNew);
        try
        {
            foreach (var record in records) next.Write(SendRecordText.Format(record));
            next.Flush(flushToDisk: true);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        // From here on either may be what a restart finds, until the folder is on the disk.
        _isBroken = true;
        _files.Push(next);
        File.Move(next.Name, _path, overwrite: true);
        UnixFiles.FlushFolder(Path.GetDirectoryName(_path)!);
        _isBroken = false;
        _records = [.. records];
    }

    public void Dispose()
    {
        while (_files.TryPop(out var file)) file.Dispose();
    }

    private void DemandWell()
    {
        if (_isBroken) throw new IOException($"{_path} could not be written before: what it holds behind its last record is unknown");
    }

    private static FileStream Open(string path, FileMode mode = FileMode.OpenOrCreate)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            var options = new FileStreamOptions
            {
                Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new(path, options);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new WalletFileException($"{path} cannot be opened for this sender alone: {refused.Message}", refused);
        }
    }

    private void Load(string path)
    {
        var file = _files.Peek();
        _records = Parse(path, Bytes(path, file), out var length);
        Torn = file.Length - length;
        if (Torn == 0) return;
        file.SetLength(length);
        file.Position = length;
        file.Flush(flushToDisk: true);
    }

    private static byte[] Bytes(string path, FileStream file)
    {
        if (file.Length > LengthMax) throw new WalletFileException($"{path} has {file.Length} bytes: expected at most {LengthMax}");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Whole records, and how many bytes they have: behind them is a torn one.</summary>
    private static List<SendRecord> Parse(string path, byte[] bytes, out int length)
    {
        var records = new List<SendRecord>();
        length = 0;
        for (var number = 1; length < bytes.Length; number++)
        {
            var end = bytes.AsSpan(length).IndexOf((byte)'\n');
            // The line feed is written last: with it, a record is whole or damaged.
            if (end < 0) break;
            if (!SendRecordText.TryParse(bytes.AsMemory(length, end), out var record, out var fault))
                throw new WalletFileException($"{path}:{number} is damaged: {fault}. Nothing is signed for this wallet before somebody has looked");
            records.Add(record!);
            length += end + 1;
        }

        return records;
    }
}
