using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>Cuts a stream that can seek into lines, through one reused buffer that grows to the longest line at most.</summary>
public sealed class JournalLineReader(Stream stream)
{
    private byte[] _bytes = new byte[64 * 1024];
    private long _bufferedAt;
    private int _next;
    private int _count;

    /// <summary>Where the line last read begins; where what was left begins, once nothing more could be read.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the line after it begins.</summary>
    public long NextOffset => _bufferedAt + _next;

    /// <summary>Bytes after the last line break, once nothing more could be read.</summary>
    public int Remainder { get; private set; }

    /// <summary>The next line, without its line break, valid until the next call; false at the end, or when what is left has no line break.</summary>
    /// <exception cref="JournalException">A line is longer than <see cref="JournalLine.MaxBytes"/>.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        Offset = NextOffset;
        for (var searched = 0; ;)
        {
            var rest = _bytes.AsSpan(_next, _count - _next);
            var length = rest[searched..].IndexOf((byte)'\n') + searched;
            if (length >= searched)
            {
                line = rest[..length];
                _next += length + 1;
                Remainder = 0;
                return true;
            }

            searched = rest.Length;
            if (Fill()) continue;
            line = default;
            Remainder = searched;
            return false;
        }
    }

    /// <summary>Continues with the line that begins at that offset.</summary>
    public void Seek(long offset)
    {
        (_bufferedAt, _next, _count) = (offset, 0, 0);
        stream.Position = offset;
    }

    /// <summary>Continues with the first line that begins at or after that offset.</summary>
    public void SeekLineAtOrAfter(long offset)
    {
        Seek(Math.Max(0, offset - 1));
        if (offset > 0 && !TryRead(out _)) Seek(stream.Length);
    }

    /// <summary>
    /// The number, from 1, of the line that begins at that offset: reads all before it, so it is meant for messages. The position is lost.
    /// </summary>
    public long LineNumber(long offset)
    {
        var line = 1L;
        stream.Position = 0;
        for (var left = offset; left > 0;)
        {
            var read = stream.Read(_bytes, 0, (int)Math.Min(left, _bytes.Length));
            if (read == 0) break;
            line += _bytes.AsSpan(0, read).Count((byte)'\n');
            left -= read;
        }

        return line;
    }

    private bool Fill()
    {
        if (_next > 0)
        {
            _bytes.AsSpan(_next, _count - _next).CopyTo(_bytes);
            _bufferedAt += _next;
            (_count, _next) = (_count - _next, 0);
        }

        if (_count > JournalLine.MaxBytes)
            throw new JournalException(JournalFault.Corrupt, $"a line of more than {JournalLine.MaxBytes} bytes");
        if (_count == _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        var read = stream.Read(_bytes, _count, _bytes.Length - _count);
        _count += read;
        return read > 0;
    }
}
