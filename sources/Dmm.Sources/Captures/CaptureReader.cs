using Dmm.Core;

namespace Dmm.Sources;

/// <summary>What a read from a capture gave.</summary>
public enum CaptureRead : byte
{
    /// <summary>A frame as it came over the wire.</summary>
    Frame,

    /// <summary>A line, or the rest of the file, that could not be read; more may follow.</summary>
    Fault,

    End,
}

/// <summary>Reads one line of a recording.</summary>
/// <param name="line">The line without its end.</param>
/// <param name="receiveTime">When its frame was received.</param>
/// <param name="frame">Where in the line the frame stands; empty for a line that holds none (a frame sent, a connection made).</param>
/// <returns>Null, or why the line cannot be read.</returns>
internal delegate string? CaptureLineFormat(ReadOnlySpan<byte> line, out Timestamp receiveTime, out Range frame);

/// <summary>
/// The frames of a recorded file in order, read as a stream with memory bounded by the longest line. Everything before a cut in the file is
/// delivered,
/// then one fault. See <see cref="BinanceCapture"/> and <see cref="OkxCapture"/>.
/// </summary>
public sealed class CaptureReader : IDisposable
{
    private readonly CaptureLines _lines;
    private readonly CaptureLineFormat _format;
    private bool _isFaultTold;

    internal CaptureReader(string path, CaptureLineFormat format)
    {
        FileName = Path.GetFileName(path);
        _lines = CaptureLines.Open(path);
        _format = format;
    }

    /// <summary>Name of the file without its folder.</summary>
    public string FileName { get; }

    /// <summary>Number of the line last read, from 1.</summary>
    public int LineNumber => _lines.LineNumber;

    /// <summary>Bytes of the file, as it lies on the disk, read so far: against its length, how far the reading is.</summary>
    public long BytesRead => _lines.BytesRead;

    /// <summary>The frame last read, or the faulty line; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Frame { get; private set; }

    /// <summary>When <see cref="Frame"/> was received, on the recording machine's clock.</summary>
    public Timestamp ReceiveTime { get; private set; }

    /// <summary>Why the last read was a <see cref="CaptureRead.Fault"/>, with file and line.</summary>
    public string Fault { get; private set; } = "";

    public CaptureRead Read()
    {
        while (_lines.TryRead(out var line))
        {
            Frame = line;
            if (_format(line.Span, out var receiveTime, out var frame) is { } fault)
            {
                Fault = $"{FileName} line {LineNumber}: {fault}";
                return CaptureRead.Fault;
            }

            Frame = line[frame];
            if (Frame.IsEmpty) continue;
            ReceiveTime = receiveTime;
            return CaptureRead.Frame;
        }

        Frame = default;
        if (_lines.Fault is not { } cut || _isFaultTold) return CaptureRead.End;
        _isFaultTold = true;
        Fault = $"{FileName} after line {LineNumber}: {cut}";
        return CaptureRead.Fault;
    }

    public void Dispose() => _lines.Dispose();
}
