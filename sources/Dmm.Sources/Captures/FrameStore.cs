using Dmm.Core;

namespace Dmm.Sources;

/// <summary>All frames of a capture in one block of memory, for measurements and repeated runs.</summary>
public sealed class FrameStore
{
    /// <summary>A capture with more bytes is refused.</summary>
    public const int LengthMax = 1 << 30;

    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly Timestamp[] _receiveTimes;

    private FrameStore(byte[] bytes, int[] ends, Timestamp[] receiveTimes)
    {
        _bytes = bytes;
        _ends = ends;
        _receiveTimes = receiveTimes;
    }

    public int Count => _ends.Length;

    /// <summary>Bytes of all frames together.</summary>
    public long Length => _bytes.LongLength;

    public ReadOnlySpan<byte> this[int index] => Memory(index).Span;

    /// <summary>Reads a capture to its end.</summary>
    /// <exception cref="InvalidDataException">A line cannot be read, the file is cut off, or it is larger than the limit.</exception>
    public static FrameStore Load(CaptureReader capture)
    {
        using var bytes = new MemoryStream();
        List<int> ends = [];
        List<Timestamp> receiveTimes = [];
        while (true)
        {
            switch (capture.Read())
            {
                case CaptureRead.Frame:
                    if (bytes.Length + capture.Frame.Length > LengthMax)
                        throw new InvalidDataException($"{capture.FileName}: more than {LengthMax} bytes of frames do not fit; read it as a stream");
                    bytes.Write(capture.Frame.Span);
                    ends.Add((int)bytes.Length);
                    receiveTimes.Add(capture.ReceiveTime);
                    break;
                case CaptureRead.Fault:
                    throw new InvalidDataException(capture.Fault);
                default:
                    return new FrameStore(bytes.ToArray(), [.. ends], [.. receiveTimes]);
            }
        }
    }

    public ReadOnlyMemory<byte> Memory(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsMemory(start, _ends[index] - start);
    }

    public Timestamp ReceiveTime(int index) => _receiveTimes[index];
}
