using Dmm.Pipeline.Group;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Pipeline.Tests.Group;

/// <summary>What is told of a group's reading: in the report always, in the log while it is behind.</summary>
public sealed class BusReadingTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void ReadingThatIsBehind_IsLoggedOnceAMinute()
    {
        Logged(reading =>
        {
            reading.Report(behind: 0, pauses: 0);
            for (var second = 0; second <= 120; second++)
            {
                reading.Report(behind: 1_000 + second, pauses: 2);
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            reading.Report(behind: 0, pauses: 2);
        }).ShouldBe(["\"Records\":1000,\"Pauses\":2}", "\"Records\":1060,\"Pauses\":2}", "\"Records\":1120,\"Pauses\":2}"]);
    }

    [Fact]
    public void Report_SaysHowFarItIsBehind_AndThatTheBrokersAreAway()
    {
        List<RunHealthPart> parts = [];
        Logged(reading =>
        {
            parts.Add(reading.Report(behind: 0, pauses: 0));
            reading.Changed(new(false, "no broker of 127.0.0.1:1 answers"));
            parts.Add(reading.Report(behind: 7, pauses: 1));
            reading.Changed(new(true, ""));
            parts.Add(reading.Report(behind: 7, pauses: 1));
        }).Count.ShouldBe(3);
        parts.ShouldBe(
        [
            new("the bus", new(true, "behind 0 records, fetching was paused 0 times")),
            new("the bus", new(false, "no broker of 127.0.0.1:1 answers; behind 7 records, fetching was paused 1 times")),
            new("the bus", new(true, "behind 7 records, fetching was paused 1 times")),
        ]);
    }

    /// <summary>The values of the lines that were logged.</summary>
    private List<string> Logged(Action<BusReading> work)
    {
        using (var log = RunLog.Open(_scratch["log"])) work(new(log, _time));
        return [.. File.ReadLines(_scratch["log"]).Select(line => line[Math.Max(0, line.IndexOf("\"Records\"", StringComparison.Ordinal))..])];
    }
}
