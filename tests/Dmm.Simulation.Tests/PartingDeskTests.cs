using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Tests;

/// <summary>The whole desk where books part: two order books and a pool, with the router and without.</summary>
public sealed class PartingDeskTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);

    [Fact]
    public void Router_EarnsWhatPartingBooksLeave()
    {
        var (with, without) = (0m, 0m);
        foreach (var seed in (long[])[1, 2, 3])
        {
            var (routed, plain) = (Play(seed, p => p), Play(seed, p => p with { Router = null }));
            output.WriteLine($"seed {seed}: with {routed}; without {plain}");
            (plain.Trades, routed.LeftOpen).ShouldBe((0, 0));
            routed.Done.ShouldBeGreaterThan(2);
            routed.RouterProfit.ShouldBeGreaterThan(0);
            (with, without) = (with + routed.OrderFlow, without + plain.OrderFlow);
        }

        with.ShouldBeGreaterThan(without);
    }

    [Fact]
    public void EqualSettings_EqualDecisions()
    {
        var (first, second) = (new Sink(), new Sink());
        Play(4, p => p, first);
        Play(4, p => p, second);
        second.Lines.ShouldBe(first.Lines);
    }

    private static Figures Play(long seed, Func<QuotingParameters, QuotingParameters> change, Sink? sink = null)
    {
        sink ??= new();
        var settings = new SimulatedDeskSettings { Seed = seed, Scenario = MarketScenarios.Parting };
        settings = settings with { Parameters = change(settings.Parameters) };
        using var desk = new SimulatedDesk(settings, new("test", "any", "none", TradingMode.Live), new UnrecordedJournal(), sink);
        desk.Driver.RunTo(settings.Opening + Duration);
        return new(sink.OrderFlow, sink.Outcomes.Count, sink.Outcomes.Count(o => o.Result == RouteResult.Done),
            sink.Outcomes.Count(o => o.Result == RouteResult.Unwound), sink.Outcomes.Count(o => o.Result == RouteResult.LeftOpen),
            sink.Outcomes.Count(o => o.Kind == RouteKind.Hedge), sink.Outcomes.Sum(o => o.Profit), sink.PoolLegs);
    }

    private sealed record Figures(
        decimal OrderFlow, int Trades, int Done, int Unwound, int LeftOpen, int Hedges, decimal RouterProfit, int PoolLegs);

    private sealed class Sink : IDecisionSink
    {
        public List<string> Lines { get; } = [];

        public List<RouteOutcome> Outcomes { get; } = [];

        public decimal OrderFlow { get; private set; }

        public int PoolLegs { get; private set; }

        public void OnInput(in Stamp stamp, in Input input)
        {
        }

        public void OnDecision(in Decision decision)
        {
            if (decision.Body is PnlSnapshot pnl) OrderFlow = pnl.OrderFlow;
            if (decision.Body is RouteOutcome outcome) Outcomes.Add(outcome);
            if (decision.Body is RouteLegSent { Instrument.Index: 1 }) PoolLegs++;
            if (decision.Body is RouteIntent or RouteLegSent or RouteOutcome) Lines.Add($"{decision.Number} {decision.Cause} {decision.Body}");
        }
    }
}
