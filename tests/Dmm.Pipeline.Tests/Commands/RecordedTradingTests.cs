using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;
using Dmm.Simulation;
using Dmm.Testing;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary>Trading on the recorded frames; skipped where those are absent.</summary>
public sealed class RecordedTradingTests
{
    [Theory]
    [InlineData("binance-usdm", "BTCUSDT", "usdm_btcusdt_20240808.gz")]
    [InlineData("binance-coinm", "BTCUSD_PERP", "cm_btcusd_perp_20240808.gz")]
    [InlineData("binance-spot", "BTCUSDT", "spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz")]
    public void TradedRecording_AddsUp(string venue, string symbol, params string[] files) =>
        AddsUp(new(CaptureSelection.Read([string.Join(',', files.Select(File))], [venue], [symbol])));

    [Fact]
    public void MergedRecordings_AddUp_AndDecideTheSameTwiceAndWithTicksBetween()
    {
        var selection = CaptureSelection.Read(
            [File("spot_btcusdt_20240808.gz"), File("usdm_btcusdt_20240808.gz"), File("cm_btcusd_perp_20240808.gz")],
            ["binance-spot", "binance-usdm", "binance-coinm"], ["BTCUSDT", "BTCUSDT", "BTCUSD_PERP"]);
        var run = new Run(selection);

        AddsUp(run);
        new Run(selection).Hash.ShouldBe(run.Hash);
        new Run(selection, tick: TimeSpan.FromMilliseconds(10)).Hash.ShouldBe(run.Hash);
    }

    [Fact]
    public void QueueModelAndLatency_ChangeWhatIsFilled()
    {
        var selection = CaptureSelection.Read([File("usdm_btcusdt_20240808.gz")], ["binance-usdm"], ["BTCUSDT"]);
        var trading = CaptureTrading.Default;
        string[] hashes =
        [
            new Run(selection).Hash,
            new Run(selection, trading: trading with { Queue = QueueModel.RiskAverse }).Hash,
            new Run(selection, trading: trading with { Latency = TimeSpan.FromMilliseconds(100) }).Hash,
        ];
        hashes.Distinct().Count().ShouldBe(3);
    }

    private static void AddsUp(Run run)
    {
        run.Summary.Fills.ShouldBeGreaterThan(100);
        run.Summary.FillReasons.Total.ShouldBe(run.Summary.Fills);
        run.Summary.Fills.ShouldBe(run.Ledger.Fills);
        run.Summary.FillReasons.Taken.ShouldBe(0);
        run.Summary.InventoryEnd.ShouldBe(run.Ledger.Inventory, 1e-9m);
        run.Summary.InventoryMax.ShouldBeGreaterThanOrEqualTo(Math.Abs(run.Summary.InventoryEnd));
        var pnl = run.Pnl.ShouldNotBeNull();
        pnl.OrderFlow.ShouldBe(run.LedgerAtPnl, 0.01m);
        pnl.OrderFlow.ShouldBe(pnl.Realised + pnl.Unrealised);
        run.OverfilledOrders.ShouldBe(0);
    }

    private static string File(string name) => SharedData.SkipUnlessPresent("data", "binance", name);

    /// <summary>One run, watched.</summary>
    private sealed class Run : IDecisionSink
    {
        private readonly DecisionDigest _digest;
        private readonly TradingTally _tally;
        private readonly Dictionary<string, decimal> _wanted = [];
        private readonly InstrumentCatalog _instruments;

        public Run(CaptureSelection selection, CaptureTrading? trading = null, TimeSpan? tick = null)
        {
            _instruments = selection.Instruments;
            var parameters = Configurations.Parameters(_instruments);
            (_digest, _tally, Ledger) = (new(_instruments), new(_instruments, parameters), new(_instruments));
            using var reading = new CaptureReading(selection);
            ITopology Topology(QuotingParameters p) => Configurations.Topology(_instruments, p, TradingMode.Paper);
            var start = EngineStart.Fresh(selection.FirstReceiveTime - Timestamp.Unit, Topology(parameters));
            var simulation = new CaptureSimulation(_instruments, parameters, trading ?? CaptureTrading.Default, start.At, this);
            using var engine = new JournaledEngine(
                Topology, _instruments, parameters, start, Configurations.Identity(parameters, TradingMode.Paper), new UnrecordedJournal(), simulation.Sink);
            simulation.Drive(engine);
            while (reading.Inputs.TryRead(out var input, out var receiveTime))
            {
                for (; tick is { } step && engine.Time + step < receiveTime;) simulation.RunTo(engine.Time + step);
                simulation.Take(receiveTime, input);
            }

            simulation.RunTo(engine.Time);
            (Hash, Summary) = (_digest.Current(), _tally.Sum(simulation.Venues));
            _digest.Dispose();
        }

        public string Hash { get; }

        public TradingSummary Summary { get; }

        public HandLedger Ledger { get; }

        public PnlSnapshot? Pnl { get; private set; }

        /// <summary>The hand ledger at the price of <see cref="Pnl"/>.</summary>
        public decimal LedgerAtPnl { get; private set; }

        /// <summary>Orders filled with more than was ever wanted of them.</summary>
        public int OverfilledOrders => _wanted.Values.Count(left => left < 0);

        public void OnInput(in Stamp stamp, in Input input)
        {
            _tally.OnInput(stamp, input);
            if (input.Kind != InputKind.Control || input.Control is not Fill fill) return;
            Ledger.Add(fill);
            _wanted[fill.ClientOrderId] -= fill.Quantity;
        }

        public void OnDecision(in Decision decision)
        {
            _digest.OnDecision(decision);
            _tally.OnDecision(decision);
            switch (decision.Body)
            {
                case OrderIntent { Kind: OrderIntentKind.Place } placed:
                    _wanted[placed.ClientOrderId] = _instruments[placed.Instrument].Sizes.ToDecimal(placed.SizeLots);
                    break;
                case PnlSnapshot { InventoryNotional: not 0 } pnl:
                    // All quote assets are the numeraire, so that every market has the consolidated mid: the price at which the inventory was valued.
                    (Pnl, LedgerAtPnl) = (pnl, Ledger.Profit(pnl.InventoryNotional / Ledger.Inventory));
                    break;
            }
        }
    }
}
