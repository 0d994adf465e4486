using System.IO.Compression;

namespace Dmm.Sources;

/// <summary>
/// Decompresses a gzip file, one member or several, and tells a file that was cut off, which <see cref="GZipStream"/> takes for a proper end. A
/// member of its
/// own, the seal, is put behind the file: what a whole file decompresses to ends with the seal's content, a cut one's never does. Nothing of the
/// seal, nor
/// of what a cut file and the seal make together, is given out.
/// </summary>
internal sealed class SealedGzip : Stream
{
    private static readonly byte[] SealContent = "the file is whole up to here"u8.ToArray();
    private static readonly byte[] Seal = Compress(SealContent);

    private readonly Input _input;
    private readonly GZipStream _gzip;
    private bool _isOver;

    public SealedGzip(Stream file)
    {
        _input = new Input(file);
        _gzip = new GZipStream(_input, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">The file is cut off or damaged; everything before that has been read.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_isOver) return 0;
        var read = _gzip.Read(buffer, offset, count);
        if (!_input.IsSealGiven) return read;

        // A read takes its bytes from what it was given last, so these come of the seal, or of a cut file's rest with the seal behind it.
        _isOver = true;
        var rest = new MemoryStream();
        rest.Write(buffer, offset, read);
        _gzip.CopyTo(rest);
        return rest.ToArray().AsSpan().SequenceEqual(SealContent) ? 0 : throw new InvalidDataException("it ends before its end mark.");
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gzip.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.NoCompression)) gzip.Write(content);
        return bytes.ToArray();
    }

    /// <summary>The file, and the seal behind it in a read of its own.</summary>
    private sealed class Input(Stream file) : Stream
    {
        public bool IsSealGiven { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = file.Read(buffer, offset, count);
            if (read > 0 || IsSealGiven) return read;
            IsSealGiven = true;
            Seal.CopyTo(buffer, offset);
            return Seal.Length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
