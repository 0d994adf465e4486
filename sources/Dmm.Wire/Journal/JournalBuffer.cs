using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>
/// Journal lines, or one message of the bus, in one reused array. A line counts only once it is closed with its checksum: one that fails half way
/// leaves no trace. Allocates nothing once the array has grown to its working size.
/// </summary>
/// <param name="capacity">Bytes to begin with.</param>
public sealed class JournalBuffer(int capacity = 4096) : IBufferWriter<byte>
{
    private const int LongestLong = 20;

    private byte[] _bytes = new byte[capacity];
    private int _closed;
    private int _end;

    /// <summary>All closed lines, each with its line break; valid until the next change of the buffer.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _closed);

    public int Length => _closed;

    /// <summary>Forgets all lines and keeps the array.</summary>
    public void Clear() => _closed = _end = 0;

    /// <summary>Takes over lines that another buffer has closed.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        _end = _closed;
        Put(lines);
        _closed = _end;
    }

    public void Advance(int count) => _end += count;

    public Span<byte> GetSpan(int sizeHint = 0) => Reserve(Math.Max(sizeHint, 256));

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 256));
        return _bytes.AsMemory(_end);
    }

    /// <summary>Opens a line with its version and kind, dropping one that was not closed.</summary>
    internal void Open(ReadOnlySpan<byte> kind)
    {
        _end = _closed;
        Put("{\"v\":1,\"kind\":\""u8);
        Put(kind);
        Put((byte)'"');
    }

    /// <exception cref="InvalidOperationException">The line is longer than a reader accepts.</exception>
    internal void Close()
    {
        var length = _end - _closed;
        const int Longest = JournalLine.MaxBytes - JournalLine.ChecksumBytes;
        if (length > Longest) throw new InvalidOperationException($"a journal line of {length} bytes: expected at most {Longest}");
        var tail = Reserve(JournalLine.ChecksumBytes + 1);
        JournalLine.WriteChecksum(_bytes.AsSpan(_closed, length), tail);
        tail[JournalLine.ChecksumBytes] = (byte)'\n';
        _closed = _end += JournalLine.ChecksumBytes + 1;
    }

    /// <summary>Ends a message of the bus: without checksum and line break, as Kafka frames and checks its records itself.</summary>
    internal void CloseMessage()
    {
        Put((byte)'}');
        _closed = _end;
    }

    internal void Member(ReadOnlySpan<byte> name)
    {
        var span = Reserve(name.Length + 4);
        span[0] = (byte)',';
        span[1] = (byte)'"';
        name.CopyTo(span[2..]);
        span[name.Length + 2] = (byte)'"';
        span[name.Length + 3] = (byte)':';
        _end += name.Length + 4;
    }

    internal void Member(ReadOnlySpan<byte> name, long value)
    {
        Member(name);
        Put(value);
    }

    internal void Member(ReadOnlySpan<byte> name, Timestamp value)
    {
        Member(name);
        Put(value);
    }

    internal void Member(ReadOnlySpan<byte> name, double value)
    {
        Member(name);
        if (double.IsFinite(value)) Format(value, default);
        else Put(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);
    }

    internal void Member(ReadOnlySpan<byte> name, decimal value)
    {
        Member(name);
        Format(value.Canonical(), default);
    }

    internal void Member(ReadOnlySpan<byte> name, bool value)
    {
        Member(name);
        Put(value ? "true"u8 : "false"u8);
    }

    internal void Member<T>(ReadOnlySpan<byte> name, T value)
        where T : struct, Enum
    {
        Member(name);
        Put((byte)'"');
        Put(EnumText<T>.Of(value));
        Put((byte)'"');
    }

    /// <summary>A text, or null. What is not valid UTF-16 becomes U+FFFD: a venue's rubbish must not stop the journal.</summary>
    internal void Member(ReadOnlySpan<byte> name, string? value)
    {
        Member(name);
        if (value is null)
        {
            Put("null"u8);
            return;
        }

        Put((byte)'"');
        var rest = value.AsSpan();
        while (!rest.IsEmpty) rest = rest[PutEscaped(rest)..];
        Put((byte)'"');
    }

    /// <summary>Two whole numbers: <c>[first,second]</c>.</summary>
    internal void Pair(long first, long second)
    {
        var span = Reserve(2 * LongestLong + 3);
        span[0] = (byte)'[';
        Utf8Formatter.TryFormat(first, span[1..], out var length);
        span[++length] = (byte)',';
        Utf8Formatter.TryFormat(second, span[++length..], out var more);
        length += more;
        span[length++] = (byte)']';
        _end += length;
    }

    internal void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _end += bytes.Length;
    }

    internal void Put(byte one)
    {
        Reserve(1)[0] = one;
        _end++;
    }

    internal void Put(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(LongestLong), out var written);
        _end += written;
    }

    internal void Put(Timestamp value)
    {
        if (!value.IsKnown)
        {
            Put("null"u8);
            return;
        }

        Put((byte)'"');
        Format(new DateTime(value.Ticks, DateTimeKind.Utc), "O");
        Put((byte)'"');
    }

    private int PutEscaped(ReadOnlySpan<char> text)
    {
        // Relaxed: quotes, backslashes and control characters are escaped, letters of any script stay readable.
        var encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        Span<char> escaped = stackalloc char[256];
        encoder.Encode(text, escaped, out var taken, out var written, isFinalBlock: true);
        Utf8.FromUtf16(escaped[..written], Reserve(Encoding.UTF8.GetMaxByteCount(written)), out _, out var bytes, replaceInvalidSequences: true);
        _end += bytes;
        return taken;
    }

    private void Format<T>(T value, ReadOnlySpan<char> format)
        where T : struct, IUtf8SpanFormattable
    {
        // The longest is a decimal or double with sign, point and exponent: below 40 bytes.
        value.TryFormat(Reserve(40), out var written, format, CultureInfo.InvariantCulture);
        _end += written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count) Grow(count);
        return _bytes.AsSpan(_end);
    }

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + count));
}
