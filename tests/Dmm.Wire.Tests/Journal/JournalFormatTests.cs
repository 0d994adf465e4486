using System.Text;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing.Journal;
using Dmm.Wire.Journal;

namespace Dmm.Wire.Tests.Journal;

/// <summary>
/// schema-v1.jsonl holds the exact text of one record of each kind. A change of it is a change of the format: add members with a default at the end
/// of a cold message, or raise the schema version; journals already written must stay readable.
/// </summary>
public sealed class JournalFormatTests
{
    private readonly string[] _lines = Text("schema-v1.jsonl").TrimEnd('\n').Split('\n');

    [Fact]
    public void EveryRecord_HasThisText()
    {
        using var encoder = new JournalEncoder(JournalSamples.Instruments);
        var buffer = new JournalBuffer();
        encoder.Run(buffer, JournalSamples.Header());
        foreach (var record in Records()) encoder.Input(buffer, record.Stamp, record.Input, record.Origin);
        encoder.Clock(buffer, Clock.Stamp);
        foreach (var decision in Decisions()) encoder.Decision(buffer, decision);

        var written = Encoding.UTF8.GetString(buffer.Written).TrimEnd('\n').Split('\n');
        for (var i = 0; i < Math.Max(written.Length, _lines.Length); i++)
            written.ElementAtOrDefault(i).ShouldBe(_lines.ElementAtOrDefault(i), $"line {i + 1}");
    }

    [Fact]
    public void EveryText_IsReadAsThisRecord()
    {
        var lines = _lines.Select(Encoding.UTF8.GetBytes).ToArray();
        var decoder = new JournalDecoder(JournalDecoder.Run(lines[0]).Instruments);
        JournalSamples.Text(JournalDecoder.Run(lines[0])).ShouldBe(JournalSamples.Text(JournalSamples.Header()));
        var next = 1;
        foreach (var record in Records().Append(Clock))
        {
            JournalSamples.Text(decoder.Record(lines[next], JournalLine.Head(lines[next]))).ShouldBe(JournalSamples.Text(record));
            next++;
        }

        foreach (var decision in Decisions())
        {
            JournalSamples.Text(decoder.Decision(lines[next], JournalLine.Head(lines[next]))).ShouldBe(JournalSamples.Text(decision));
            next++;
        }

        next.ShouldBe(lines.Length);
    }

    [Fact]
    public void RunOfAnEarlierBuild_IsReadWithDefaultsForWhatItDidNotKnow()
    {
        var earlier = Text("schema-v1-earlier-run.jsonl").TrimEnd('\n');
        earlier.ShouldNotContain("amendsInPlace");
        JournalSamples.Text(JournalDecoder.Run(Encoding.UTF8.GetBytes(earlier))).ShouldBe(JournalSamples.Text(JournalSamples.Header()));
    }

    private static JournalRecord Clock => new(new Stamp(22, JournalSamples.Start + TimeSpan.FromSeconds(23)));

    private static IEnumerable<JournalRecord> Records() =>
        JournalSamples.Inputs().Select(input => (input, InputOrigin.Outside)).Append((new(JournalSamples.Fill), InputOrigin.Feedback))
            .Concat(JournalSamples.LaterControls.Select(control => (new Input(control), InputOrigin.Outside)))
            .Select((item, i) => new JournalRecord(new(i + 1, JournalSamples.Start + TimeSpan.FromSeconds(i + 1)), item.Item1, item.Item2));

    private static IEnumerable<Decision> Decisions() =>
        JournalSamples.DecisionBodies.Select((body, i) =>
            new Decision(i + 1, new(1, i == 0 ? "refresh/binance-usdm:BTCUSDT" : null, JournalSamples.Start), body));

    private static string Text(string resource)
    {
        using var text = new StreamReader(typeof(JournalFormatTests).Assembly.GetManifestResourceStream(resource)!);
        return text.ReadToEnd();
    }
}
