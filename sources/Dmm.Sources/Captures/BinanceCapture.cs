using System.Buffers.Text;
using Dmm.Core;

namespace Dmm.Sources;

/// <summary>
/// Recordings of Binance frames as hftbacktest's collector writes them: a line a frame, <c>&lt;receive time, Unix ns&gt; &lt;JSON&gt;</c>, gzip or
/// plain. A
/// REST depth snapshot may stand among them.
/// </summary>
public static class BinanceCapture
{
    // 2001-09-09 to 2262-04-11: nineteen digits.
    private const long NanosecondsMin = 1_000_000_000_000_000_000;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static CaptureReader Open(string path) => new(path, ParseLine);

    private static string? ParseLine(ReadOnlySpan<byte> line, out Timestamp receiveTime, out Range frame)
    {
        receiveTime = Timestamp.None;
        frame = default;
        if (!Utf8Parser.TryParse(line, out long nanoseconds, out var digits) || nanoseconds < NanosecondsMin)
            return "begins without a receive time: expected Unix nanoseconds, a blank and the frame";
        if (digits == line.Length || line[digits] != ' ' || digits + 1 == line.Length) return "holds no frame behind its receive time";
        receiveTime = Timestamp.FromUnixNanoseconds(nanoseconds);
        frame = (digits + 1)..;
        return null;
    }
}
