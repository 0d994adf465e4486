using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Simulation.Scenarios;
using Dmm.Topology.Engine;
using Dmm.Topology.Tests.Engine;

namespace Dmm.Topology.Tests;

/// <summary>A change of parameters while trading, on the quoting topology.</summary>
public sealed class ParameterChangeTests : IDecisionSink, IDisposable
{
    private static readonly InstrumentCatalog Instruments = ScenarioMarket.OneVenue().Instruments;
    private static readonly QuotingParameters Baseline = ScenarioMarket.OneVenue().Parameters;

    private readonly MemoryJournal _journal = new();
    private readonly List<Decision> _effects = [];
    private readonly JournaledEngine _engine;

    public ParameterChangeTests() => _engine = new JournaledEngine(
        parameters => new QuotingTopology(Instruments, parameters, OrderIdState.Fresh("t", 0), TradingMode.Shadow), Instruments, Baseline,
        EngineStart.Fresh(Desk.Start), new RunIdentity("1", "test", "none", TradingMode.Shadow), _journal, this);

    [Fact]
    public void ChangeOutOfRange_IsRefusedByNameAndThePipelineGoesOnWithTheOldSet()
    {
        Change(Baseline with { Quote = Baseline.Quote with { RiskAversion = -1, SkewBps = 99 } });

        var alert = _effects.Select(e => e.Body).OfType<Alert>().ShouldHaveSingleItem();
        alert.Subject.ShouldBe("parameters");
        alert.Text.ShouldContain("riskAversion = -1: expected 0.001 to 10 1/bps");
        alert.Text.ShouldContain("skewBps = 99: expected 0 to 50 bps");
        alert.Text.ShouldContain("ann");
        _engine.AdvanceTo(Desk.Start + TimeSpan.FromSeconds(10)).ShouldBeTrue();
        _journal.Runs().Select(run => run.Parameters).ShouldHaveSingleItem().ShouldBe(Baseline);
    }

    [Fact]
    public void ChangeWithinRange_BeginsARunWithTheNewSet()
    {
        Change(Baseline with { Quote = Baseline.Quote with { RiskAversion = 0.2 } });
        _journal.Runs().Select(run => run.Parameters.Quote.RiskAversion).ShouldBe([0.1, 0.2]);
    }

    void IDecisionSink.OnDecision(in Decision decision) => _effects.Add(decision);

    public void Dispose() => _engine.Dispose();

    private void Change(QuotingParameters parameters) =>
        _engine.Take(Desk.Start + TimeSpan.FromSeconds(1), new Input(new ParameterChange(parameters, "ann", "trial")));
}
