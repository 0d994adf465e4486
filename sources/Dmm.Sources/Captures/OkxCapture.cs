using System.Buffers.Text;
using System.Text;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Recordings of OKX as cryptofeed writes them, gzip or plain. WebSocket files: <c>time: frame</c> received, <c>url &lt;- time: frame</c> sent,
/// <c>url &lt;-&gt; time</c> connected. REST files: <c>url -&gt; time: body</c>. Times are Unix seconds with decimals.
/// </summary>
public static class OkxCapture
{
    // 2001-09-09 to 2286-11-20: ten digits.
    private const long SecondsMin = 1_000_000_000;
    private const long SecondsMax = 9_999_999_999;

    /// <summary>Opens a WebSocket file: only the frames received are read, the other lines passed over.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static CaptureReader Open(string path) => new(path, ParseLine);

    /// <summary>Reads the instrument replies of a REST file; where one is repeated, the last counts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sequenceRule">As for <see cref="OkxInstruments.Parse"/>.</param>
    /// <returns>The listing of each reply, by instrument type and further query, as in <c>SPOT</c>.</returns>
    /// <exception cref="InvalidDataException">The file is cut off, holds a reply that is no such listing, or holds none at all.</exception>
    public static IReadOnlyDictionary<string, InstrumentListing> ReadInstruments(string path, BookSequenceRule sequenceRule)
    {
        var listings = new SortedDictionary<string, InstrumentListing>(StringComparer.Ordinal);
        using var lines = CaptureLines.Open(path);
        while (lines.TryRead(out var line))
        {
            if (InstrumentQuery(line.Span, out var bodyStart) is not { } query) continue;
            try
            {
                listings[query] = OkxInstruments.Parse(line[bodyStart..], sequenceRule);
            }
            catch (FormatException fault)
            {
                throw new InvalidDataException($"{Path.GetFileName(path)} line {lines.LineNumber}: {fault.Message}", fault);
            }
        }

        if (lines.Fault is { } cut) throw new InvalidDataException($"{Path.GetFileName(path)} after line {lines.LineNumber}: {cut}");
        return listings.Count > 0 ? listings : throw new InvalidDataException($"{Path.GetFileName(path)} holds no reply of public/instruments");
    }

    private static string? InstrumentQuery(ReadOnlySpan<byte> line, out int bodyStart)
    {
        bodyStart = 0;
        var marker = "/public/instruments?instType="u8;
        var start = line.IndexOf(marker);
        var arrow = line.IndexOf(" -> "u8);
        var colon = line.IndexOf(": "u8);
        if (start < 0 || arrow < start || colon < arrow) return null;
        bodyStart = colon + 2;
        return Encoding.UTF8.GetString(line[(start + marker.Length)..arrow]);
    }

    private static string? ParseLine(ReadOnlySpan<byte> line, out Timestamp receiveTime, out Range frame)
    {
        receiveTime = Timestamp.None;
        frame = default;
        if (IsOfTheRecorder(line)) return null;
        if (!Utf8Parser.TryParse(line, out decimal seconds, out var length) || seconds is < SecondsMin or > SecondsMax)
            return "begins without a receive time: expected Unix seconds, a colon and the frame";
        if (!line[length..].StartsWith(": "u8) || length + 2 == line.Length) return "holds no frame behind its receive time";
        receiveTime = new Timestamp(DateTime.UnixEpoch.Ticks + (long)(seconds * TimeSpan.TicksPerSecond));
        frame = (length + 2)..;
        return null;
    }

    /// <summary>Lines about the connection, which begin with its address, and cryptofeed's own settings.</summary>
    private static bool IsOfTheRecorder(ReadOnlySpan<byte> line) =>
        line.StartsWith("wss://"u8) || line.StartsWith("https://"u8) || line.StartsWith("configuration: "u8);
}
