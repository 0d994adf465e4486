using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Tests;

/// <summary>The whole desk with pools of both exchanges.</summary>
public sealed class TwoPoolsDeskTests(ITestOutputHelper output)
{
    [Fact]
    public void BothPools_AreQuoted_Filled_AndLeftWithoutOrders()
    {
        var sink = new Sink();
        var settings = new SimulatedDeskSettings { Seed = 5, Scenario = MarketScenarios.TwoPools };
        using var desk = Play(settings, sink, TimeSpan.FromMinutes(60));
        (desk.Pool.OpenOrders.Count, desk.SecondPool!.OpenOrders.Count).ShouldBe((6, 6));
        foreach (var pool in (SimulatedPool[])[desk.Pool, desk.SecondPool])
        {
            var fills = sink.Fills.Where(f => f.Instrument == pool.Instrument.Id).ToArray();
            output.WriteLine($"{pool.Instrument.Name}: {fills.Length} fills, {pool.Counts}");
            fills.Length.ShouldBe((int)pool.Counts.Executed);
            fills.Length.ShouldBeGreaterThan(3);
            fills.ShouldAllBe(f => f.FeeAsset == "TON" && f.Fee > 0);
            sink.Failed.Count(f => f.Instrument == pool.Instrument.Id).ShouldBe((int)pool.Counts.Failed);
        }

        desk.StopQuoting("the test ends", TimeSpan.FromMinutes(1)).ShouldBe(0);
    }

    [Fact]
    public void EqualSettings_EqualDecisions()
    {
        var (first, second) = (new Sink(), new Sink());
        var settings = new SimulatedDeskSettings { Seed = 6, Scenario = MarketScenarios.TwoPools };
        Play(settings, first, TimeSpan.FromMinutes(5)).Dispose();
        Play(settings, second, TimeSpan.FromMinutes(5)).Dispose();
        first.Lines.Count.ShouldBeGreaterThan(100);
        second.Lines.ShouldBe(first.Lines);
    }

    private static SimulatedDesk Play(SimulatedDeskSettings settings, Sink sink, TimeSpan duration)
    {
        var desk = new SimulatedDesk(settings, new("test", "any", "none", TradingMode.Live), new UnrecordedJournal(), sink);
        desk.Driver.RunTo(settings.Opening + duration);
        return desk;
    }

    private sealed class Sink : IDecisionSink
    {
        public List<string> Lines { get; } = [];

        public List<Fill> Fills { get; } = [];

        public List<FailedSwap> Failed { get; } = [];

        public void OnInput(in Stamp stamp, in Input input)
        {
            if (input.Kind != InputKind.Control) return;
            if (input.Control is Fill fill) Fills.Add(fill);
            if (input.Control is FailedSwap failed) Failed.Add(failed);
        }

        public void OnDecision(in Decision decision) => Lines.Add($"{decision.Cause} {decision.Body}");
    }
}
