using System.Diagnostics;
using Dmm.Topology.Engine;
using HdrHistogram;

namespace Dmm.Benchmarks;

/// <summary>How long each frame takes, from its bytes to the end of the engine's call; all decisions it leads to have left by then.</summary>
internal static class LatencyBenchmark
{
    private const int WarmUps = 50;
    private const int Rounds = 9;
    private const long LongestNanoseconds = 10_000_000_000;

    /// <summary>Must be the first that runs: then nothing has been compiled yet.</summary>
    public static void Run(Market market)
    {
        Report.Title("latency: frame → decisions, each frame timed");
        var timerCost = TimerCost();
        var start = Stopwatch.GetTimestamp();
        var cold = Pass(market, timerCost);
        var coldMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Report.Note($"first cold pass of the process: {coldMilliseconds:0} ms for {market.Frames.Count} frames, {Text(cold)}");
        for (var i = 0; i < WarmUps; i++) Pass(market, timerCost);
        var passes = Enumerable.Range(0, Rounds).Select(_ => Pass(market, timerCost)).ToArray();
        Percentile("p50", passes, 50, atMost: 0.7);
        Percentile("p99", passes, 99, atMost: 8);
        Percentile("p99.9", passes, 99.9, atMost: 30);
        Percentile("largest", passes, 100, atMost: null);
        Report.Note($"the timer's own cost, taken off each: {timerCost} ns");
    }

    private static void Percentile(string name, LongHistogram[] passes, double percentile, double? atMost)
    {
        var seen = passes.Select(pass => pass.GetValueAtPercentile(percentile)).Order().ToArray();
        Report.Figure(name, seen[seen.Length / 2] / 1e3, "µs", atMost: atMost,
            beside: $"median of {seen.Length} passes; best {Report.Number(seen[0] / 1e3)}");
    }

    private static LongHistogram Pass(Market market, long timerCost)
    {
        var histogram = new LongHistogram(LongestNanoseconds, 3);
        using var engine = market.Engine(new CountingLog());
        var frames = market.Frames.Rewind();
        for (var i = 0; i < frames.Count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            frames.Push(i, new EngineTaker(engine));
            var ticks = Stopwatch.GetTimestamp() - start;
            histogram.RecordValue(Math.Max(ticks * 1_000_000_000 / Stopwatch.Frequency - timerCost, 0));
        }

        return histogram;
    }

    /// <summary>The median of what two readings in a row lie apart, ns.</summary>
    private static long TimerCost()
    {
        var apart = new long[10_001];
        for (var i = 0; i < apart.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            apart[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(apart);
        return apart[apart.Length / 2] * 1_000_000_000 / Stopwatch.Frequency;
    }

    private static string Text(LongHistogram pass) =>
        $"p50 {Microseconds(pass, 50)}, p99 {Microseconds(pass, 99)}, p99.9 {Microseconds(pass, 99.9)}, largest {Microseconds(pass, 100)} µs";

    private static string Microseconds(LongHistogram pass, double percentile) => Report.Number(pass.GetValueAtPercentile(percentile) / 1e3);
}
