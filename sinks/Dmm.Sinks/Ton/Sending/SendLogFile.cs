using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// A wallet's records in one file (<see cref="SendRecordText"/>), which this process alone has open: a second sender of the wallet on this machine
/// cannot start. A torn last record was never acted on, and is cut off; damage before the end is an error.
/// </summary>
public sealed class SendLogFile : ISendLog, IDisposable
{
    private const long LengthMax = 1L << 30;

    private readonly FileStream _file;
    private readonly List<SendRecord> _records = [];
    private bool _isBroken;

    /// <exception cref="WalletFileException">Another process has it, it cannot be opened, or it is damaged.</exception>
    public SendLogFile(string path)
    {
        _file = Open(path);
        try
        {
            Load(path);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of a torn record that were cut off.</summary>
    public long Torn { get; private set; }

    public IReadOnlyList<SendRecord> Read() => _records;

    public void Append(SendRecord record)
    {
        if (_isBroken) throw new IOException($"{_file.Name} could not be written before: what it holds behind its last record is unknown");
        // What a failed write or flush has left on the disk nobody can tell.
        _isBroken = true;
        _file.Write(SendRecordText.Format(record));
        _file.Flush(flushToDisk: true);
        _isBroken = false;
        _records.Add(record);
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
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
        if (_file.Length > LengthMax) throw new WalletFileException($"{path} has {_file.Length} bytes: expected at most {LengthMax}");
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var at = 0;
        for (var number = 1; at < bytes.Length; number++)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            // The line feed is written last: with it, a record is whole or damaged.
            if (length < 0) break;
            if (!SendRecordText.TryParse(bytes.AsMemory(at, length), out var record, out var fault))
                throw new WalletFileException($"{path}:{number} is damaged: {fault}. Nothing is signed for this wallet before somebody has looked");
            _records.Add(record!);
            at += length + 1;
        }

        Torn = bytes.Length - at;
        if (Torn == 0) return;
        _file.SetLength(at);
        _file.Position = at;
        _file.Flush(flushToDisk: true);
    }
}
