namespace Dmm.Sources;

/// <summary>The lines of a file, gzip or plain, in a buffer that is reused: memory is bounded by the longest line.</summary>
internal sealed class CaptureLines : IDisposable
{
    /// <summary>A longer line ends the file with a fault.</summary>
    public const int LineLengthMax = 16 * 1024 * 1024;

    private const int BufferLength = 64 * 1024;

    private readonly FileStream _file;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private bool _isDrained;

    private CaptureLines(FileStream file, Stream stream) => (_file, _stream) = (file, stream);

    /// <summary>Count of lines returned so far, which is the number of the last one.</summary>
    public int LineNumber { get; private set; }

    /// <summary>Bytes of the file, as it lies on the disk, read so far; what lies ahead in buffers counts.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Why the file ended before its proper end; null otherwise.</summary>
    public string? Fault { get; private set; }

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static CaptureLines Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return new CaptureLines(file, isGzip ? new SealedGzip(file) : file);
    }

    /// <summary>
    /// The next line without its end; false at the end of the file, or at a <see cref="Fault"/>. A line cut off by a fault is not returned.
    /// </summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = _start;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0) return Take(searched + length, searched + length + 1, out line);
            searched = _end;
            if (_isDrained || Fault is not null)
            {
                if (Fault is null && _end > _start) return Take(_end, _end, out line);
                line = default;
                return false;
            }

            searched -= Fill();
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool Take(int end, int next, out ReadOnlyMemory<byte> line)
    {
        var length = end - _start;
        if (length > 0 && _buffer[end - 1] == '\r') length--;
        line = _buffer.AsMemory(_start, length);
        _start = next;
        LineNumber++;
        return true;
    }

    /// <summary>Reads on behind what is there; returns by how much that was moved towards the front.</summary>
    private int Fill()
    {
        var moved = 0;
        if (_end == _buffer.Length)
        {
            moved = _start;
            if (_start > 0)
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            else if (_buffer.Length < LineLengthMax)
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            else
                Fault = $"the line is longer than {LineLengthMax} bytes";
            (_start, _end) = (0, _end - moved);
        }

        if (Fault is not null) return moved;
        try
        {
            var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            BytesRead = _file.Position;
            _isDrained = read == 0;
        }
        catch (InvalidDataException corrupt)
        {
            Fault = $"the compressed data is cut off or damaged: {corrupt.Message}";
        }
        catch (IOException unreadable)
        {
            Fault = $"the file cannot be read on: {unreadable.Message}";
        }

        return moved;
    }
}
