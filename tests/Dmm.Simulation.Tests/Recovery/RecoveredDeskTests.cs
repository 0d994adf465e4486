using System.Text;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology;
using Dmm.Topology.Engine;
using Dmm.Topology.Tests.Engine;

namespace Dmm.Simulation.Tests.Recovery;

/// <summary>Where a desk goes on, from a journal that ends anywhere.</summary>
public sealed class RecoveredDeskTests
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongAway = TimeSpan.FromHours(3);

    [Theory]
    [InlineData("lively")]
    [InlineData("volatile")]
    public void JournalOfADeskThatDied_GivesItsWholeState(string scenario)
    {
        using var run = new Run(scenario);
        foreach (var seconds in (double[])[5, 140, 200.5, 333])
        {
            run.TradeFor(seconds);
            var recovered = run.Recover();
            var lived = run.Desk.Engine.Capture();
            recovered.Reached.At.ShouldBe(lived.At);
            recovered.Reached.LastSequence.ShouldBe(lived.LastSequence);
            recovered.Reached.LastDecision.ShouldBe(lived.LastDecision);
            Encoding.UTF8.GetString(recovered.Reached.States.Span).ShouldBe(Encoding.UTF8.GetString(lived.States.Span));
        }
    }

    [Fact]
    public void JournalCutAtAnyRecord_CountsEveryFillInItOnce()
    {
        using var run = new Run("lively");
        run.TradeFor(240);
        Gen.Int[1, run.Journal.Records.Count].Sample(length =>
        {
            var cut = new CutJournal(run.Journal, length);
            var recovered = RecoveredDesk.From(cut, Topology)!;
            recovered.Ledger.Applied.ShouldBe(run.Journal.Records.Take(length).Count(IsFill));
            recovered.Reached.LastSequence.ShouldBe(run.Journal.Records.Take(length).Max(r => r.Stamp.Sequence));
        }, iter: 20, seed: "0000KMVpTe1k", threads: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LatchesAndWhatIsOwned_OutliveTheProcess(bool isLongAway)
    {
        using var run = new Run("lively");
        run.TradeFor(200);
        run.Order(OperatorAction.Kill);
        var before = run.Recover();

        using var next = new Continued(run, before, isLongAway ? LongAway : Away);

        next.Status.Asset.State.ShouldBe(TradingState.Killed);
        var state = next.Engine.Capture().States;
        StateSet.Read<KillSwitchState>(state, "kill-switch").IsKilled.ShouldBeTrue();
        var ledger = StateSet.Read<PositionLedgerState>(state, "positions");
        ledger.Balances.ShouldBe(before.Ledger.Balances);
        ledger.Seen.ShouldBe(before.Ledger.Seen);
        StateSet.Read<PnlState>(state, "pnls").Drawdown.ShouldBe(StateSet.Read<PnlState>(before.Reached.States, "pnls").Drawdown);
        next.Wait(TimeSpan.FromMinutes(10));
        next.Decisions.Select(d => d.Body).OfType<OrderIntent>().ShouldAllBe(i => i.Kind == OrderIntentKind.Cancel);
    }

    [Fact]
    public void PauseOutlivesTheProcess_AndEndsWithItsResume()
    {
        using var run = new Run("lively");
        run.TradeFor(200);
        run.Order(OperatorAction.Pause);
        using var next = new Continued(run, run.Recover(), LongAway);
        next.Status.Asset.Reason.ShouldContain("paused");

        next.Engine.Take(next.Engine.Time, new Input(new OperatorCommand(OperatorAction.Resume, "ann", "seen to")));

        next.Status.Asset.Reason.ShouldNotContain("paused");
    }

    [Fact]
    public void LongAbsence_MarketsAreUnknownAndVolatilityWarmsUpAnew()
    {
        using var run = new Run("volatile");
        run.TradeFor(300);
        var before = run.Recover();
        using var next = new Continued(run, before, LongAway);

        next.Status.Asset.State.ShouldBe(TradingState.Halted);
        next.Status.Instruments.ShouldAllBe(i => i.WithholdsBuys && i.WithholdsSells);
        var state = StateSet.Read<TradingStatesState>(next.Engine.Capture().States, "trading-states");
        state.Tripped.ShouldContain(b => b.Kind == BreakerKind.Volatility && b.Reason == VolatilityBreaker.WarmingUp.Reason);
        state.Tripped.Count(b => b.Kind == BreakerKind.Staleness).ShouldBe(3, "two markets and TON's rate");
    }

    [Fact]
    public void ShortAbsence_VolatilityGoesOn()
    {
        using var run = new Run("lively");
        run.TradeFor(200);
        var before = run.Recover();
        using var next = new Continued(run, before, Away);
        StateSet.Read<EwmaVolatilityState>(next.Engine.Capture().States, "volatilities")
            .ShouldBe(StateSet.Read<EwmaVolatilityState>(before.Reached.States, "volatilities"));
    }

    [Fact]
    public void OrdersOfTheNextProcess_HaveIdsOfTheirOwn()
    {
        using var run = new Run("lively");
        run.TradeFor(200);
        var before = run.Recover();
        RecoveredDesk.EpochOf(run.Journal).ShouldBe(0);
        StateSet.Read<Dmm.Operators.OrderStageState>(before.Resume(before.Reached.At, epoch: 7).States, "orders").Ids.Current.ShouldBe("dsimx7x0");
        Should.Throw<ArgumentOutOfRangeException>(() => before.Resume(before.Reached.At, epoch: 0)).Message.ShouldContain("expected above 0");
    }

    [Fact]
    public void ParametersChangedByTheLastRecord_AreInForce()
    {
        using var run = new Run("lively");
        run.TradeFor(150);
        var changed = SimulatedDesk.DefaultParameters with { Quote = SimulatedDesk.DefaultParameters.Quote with { RiskAversion = 0.123 } };
        run.Desk.Engine.Take(run.Desk.Now, new Input(new ParameterChange(changed, "ann", "wider")));
        var all = run.Journal.Records.Count;
        run.Journal.Records[all - 1].Kind.ShouldBe(JournalRecordKind.Run);

        RecoveredDesk.From(new CutJournal(run.Journal, all - 2), Topology)!.Parameters.Quote.RiskAversion.ShouldBe(
            0.123, "as the crash came before the next run");
        run.Recover().Parameters.Quote.RiskAversion.ShouldBe(0.123);
    }

    [Fact]
    public void NoRun_NothingToRecover() => RecoveredDesk.From(new MemoryJournal(), Topology).ShouldBeNull();

    private static bool IsFill(JournalRecord record) =>
        record is { Kind: JournalRecordKind.Input, Input: { Kind: InputKind.Control, Control: Fill } };

    private static QuotingTopology Topology(RunHeader run) => SimulatedDesk.Topology(run.Parameters);

    /// <summary>A desk that trades.</summary>
    private sealed class Run : IDisposable, IDecisionSink
    {
        public Run(string scenario) => Desk = new(
            new() { Seed = 5, Scenario = MarketScenarios.Named(scenario) }, new("1", "test", "none", TradingMode.Live), Journal, this);

        public MemoryJournal Journal { get; } = new();

        public SimulatedDesk Desk { get; }

        /// <summary>Ends with an input, so that the journal holds how far the clock got.</summary>
        public void TradeFor(double seconds)
        {
            Desk.Driver.RunTo(Desk.Now + TimeSpan.FromSeconds(seconds));
            Desk.Engine.Take(Desk.Now, new Input(new ClockOffset("sim", TimeSpan.FromMilliseconds(1))));
        }

        public void Order(OperatorAction action) => Desk.Engine.Take(Desk.Now, new Input(new OperatorCommand(action, "ann", "a test")));

        public RecoveredDesk Recover() => RecoveredDesk.From(Journal, Topology)!;

        public void OnDecision(in Decision decision)
        {
        }

        public void Dispose() => Desk.Dispose();
    }

    /// <summary>The next process.</summary>
    private sealed class Continued : IDisposable, IDecisionSink
    {
        public Continued(Run run, RecoveredDesk recovered, TimeSpan away)
        {
            var start = recovered.Resume(recovered.Reached.At + away, epoch: 1);
            Engine = new(SimulatedDesk.Topology, SimulatedDesk.Instruments, recovered.Parameters, start, new("2", "test", "none", TradingMode.Live),
                run.Journal, this);
        }

        public JournaledEngine Engine { get; }

        public List<Decision> Decisions { get; } = [];

        public TradingStatus Status => new TradingStates(
            StateSet.Read<TradingStatesState>(Engine.Capture().States, "trading-states"), SimulatedDesk.Instruments,
            SimulatedDesk.DefaultParameters.NumeraireAssets).Status;

        public void Wait(TimeSpan time) => Engine.AdvanceTo(Engine.Time + time);

        public void OnDecision(in Decision decision) => Decisions.Add(decision);

        public void Dispose() => Engine.Dispose();
    }

    /// <summary>A journal as a crash leaves it: its first records.</summary>
    private sealed class CutJournal(MemoryJournal whole, int length) : IJournalReader
    {
        public IEnumerable<RunHeader> Runs() => whole.Records.Take(length).Where(r => r.Kind == JournalRecordKind.Run).Select(r => r.Header!);

        public IEnumerable<JournalRecord> Inputs(long run) => whole.Records.Take(length).SkipWhile(r => r.Header?.Run != run)
            .TakeWhile((r, i) => i == 0 || r.Kind != JournalRecordKind.Run);

        public long? RunAt(Timestamp at) => Runs().LastOrDefault(r => r.StartedAt <= at)?.Run;

        public IEnumerable<JournalRecord> InputsFrom(long sequence) => throw new NotSupportedException();

        public IEnumerable<JournalRecord> InputsFrom(Timestamp at) => throw new NotSupportedException();

        public IEnumerable<Decision> Decisions(long run) => throw new NotSupportedException();

        public IEnumerable<Decision> DecisionsFrom(long number) => throw new NotSupportedException();

        public DecisionShortfall? Shortfall(long run) => throw new NotSupportedException();
    }
}
