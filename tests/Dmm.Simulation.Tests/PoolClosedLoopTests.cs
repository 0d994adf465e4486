using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Simulation.Tests.Venues;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Tests;

/// <summary>The real pipeline against a simulated pool; fair value comes from a book against USDT that stands still at 1.0, and TON at 3.</summary>
public sealed class PoolClosedLoopTests : IDecisionSink
{
    private static readonly Timestamp Start = PoolDesk.Start;

    private static readonly Instrument Book = new()
    {
        Id = new(0), Venue = "alpha", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    private readonly SimulationQueue _queue = new(Start);
    private readonly SimulationDriver _driver;
    private readonly SimulatedPool _pool;
    private readonly JournaledEngine _engine;
    private readonly List<Decision> _decisions = [];
    private readonly List<ControlMessage> _said = [];

    public PoolClosedLoopTests()
    {
        var instruments = new InstrumentCatalog([Book, PoolDesk.Instrument(id: 1)]);
        var parameters = QuotingParameters.Dct(
            new VenueParameters { Instrument = "alpha:DCTUSDT", IsQuoted = false },
            new VenueParameters { Instrument = "pool:DCT/TON", RefreshInterval = TimeSpan.FromSeconds(2) });
        _driver = new(_queue, this);
        // 30,000 DCT and 10,000 TON: a third of a TON each, which is the book's mid.
        var reserves = PoolDesk.Reserves with { Base = 30_000 * PoolDesk.Token };
        _pool = new(instruments.All[1], PoolDesk.NextBlock, reserves, _queue, new SeededRandom(1), Hear);
        _driver.Connect(_pool);
        _engine = new(p => new QuotingTopology(instruments, p, OrderIdState.Fresh("t", 0), TradingMode.Live), instruments, parameters,
            EngineStart.Fresh(Start), new RunIdentity("1", "test", "none", TradingMode.Live), new UnrecordedJournal(), _driver);
        _driver.Drive(_engine);
        _pool.Start();
        Repeat();
    }

    [Fact]
    public void SwapOfAnotherThroughOurLevel_IsOneSwapOneFillAndAPosition()
    {
        RunTo(130);
        _said.OfType<Fill>().ShouldBeEmpty("nothing is there to be taken");
        var bids = _pool.OpenOrders.Where(o => o.Side == Side.Buy).ToArray();
        bids.Length.ShouldBe(3);

        // Some 2 % below the fair value, of which our own swap takes back more than what is left to the second rung.
        _pool.Swap(Side.Sell, 330 * PoolDesk.Token);
        RunTo(131.1);
        _pool.Counts.Sent.ShouldBe(1);
        RunTo(160);

        _pool.Counts.ShouldBe(new PoolSwapCounts { Sent = 1, Executed = 1 });
        var fill = _said.OfType<Fill>().ShouldHaveSingleItem();
        fill.ClientOrderId.ShouldBe(bids.MaxBy(o => o.PriceTicks)!.ClientOrderId);
        var ledger = Ledger();
        Held(ledger, Account.Inventory, "DCT").ShouldBe(5_000 + fill.Quantity);
        Held(ledger, Account.Cash, "TON").ShouldBe(-Math.Round(fill.Price * fill.Quantity, 9) - 0.06m);
        Held(ledger, Account.Fees, "TON").ShouldBe(0.06m);
        ledger.Positions[1].Quantity.ShouldBe(fill.Quantity);
        var quote = _decisions.Select(d => d.Body).OfType<QuoteTarget>().Last();
        quote.Terms.InventoryRatio.ShouldBe((double)fill.Quantity / 10_000, 1e-6);
    }

    [Fact]
    public void SwapThatFails_LeavesItsGasInTheLedger()
    {
        RunTo(130);
        _pool.Swap(Side.Sell, 330 * PoolDesk.Token);
        RunTo(130.5);
        _pool.Swap(Side.Buy, 150 * PoolDesk.Token);
        RunTo(131.5);

        _said.OfType<FailedSwap>().ShouldHaveSingleItem().Gas.ShouldBe(0.079m);
        var ledger = Ledger();
        Held(ledger, Account.Cash, "TON").ShouldBe(-0.079m);
        ledger.Positions[1].RealisedClosed.ShouldBe(-0.079m);
        Held(ledger, Account.Inventory, "DCT").ShouldBe(5_000);
    }

    [Fact]
    public void Kill_LeavesNoIntentionStanding()
    {
        RunTo(130);
        _pool.OpenOrders.ShouldNotBeEmpty();
        Hear(new Input(new OperatorCommand(OperatorAction.Kill, "ann", "drill")));
        RunTo(130.1);
        _pool.OpenOrders.ShouldBeEmpty();
    }

    void IDecisionSink.OnDecision(in Decision decision) => _decisions.Add(decision);

    private void RunTo(double second) => _driver.RunTo(Start + TimeSpan.FromSeconds(second));

    private void Hear(in Input input)
    {
        if (input.Kind == InputKind.Control) _said.Add(input.Control);
        _driver.Deliver(input);
    }

    /// <summary>The book and the rate, told again every half second.</summary>
    private void Repeat()
    {
        var id = (_queue.Now - Start).Ticks + 1;
        Hear(new Input(new ReferenceRate("TON", "USDT", 3m, _queue.Now)));
        Hear(new Input(new BookUpdate
        {
            Instrument = Book.Id, IsSnapshot = true, VenueTime = _queue.Now, ReceiveTime = _queue.Now, FirstUpdateId = id, LastUpdateId = id,
            PreviousUpdateId = -1, BidCount = 1, Levels = new BookLevel[] { new(9_999, 100_000), new(10_001, 100_000) },
        }));
        _queue.Schedule(_queue.Now + TimeSpan.FromSeconds(0.5), Repeat);
    }

    private PositionLedgerState Ledger()
    {
        using var states = JsonDocument.Parse(_engine.Capture().States);
        return states.RootElement.GetProperty("positions").Deserialize<PositionLedgerState>()!;
    }

    private static decimal Held(PositionLedgerState ledger, Account account, string asset) =>
        ledger.Balances.Where(b => b.Account == account && b.Asset == asset).Sum(b => b.Amount);
}
