using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Pipeline.Tests.Screen;

/// <summary>
/// A desk told by hand what a pipeline would tell it, with round figures: two markets, five orders, three fills, a widening breaker, an alert. All
/// of it between 12:00:00 and 12:01:40.
/// </summary>
internal sealed class SampleDesk
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T12:00:00Z");

    private long _inputs;
    private long _decisions;

    public SampleDesk()
    {
        Instruments = new([Market(0, "cex", "DCTUSDT", "USDT", 0.0001m, false), Market(1, "stonfi", "DCT/TON", "TON", 0.00001m, true)]);
        Parameters = QuotingParameters.Dct(Instruments.All.Select(i => new VenueParameters { Instrument = i.Name }));
        Model = new(Instruments, Parameters, new("toxic", "×10"), DeskOpening.Fresh(Start), new SchedulerTimeProvider(WallClock));
    }

    public InstrumentCatalog Instruments { get; }

    public QuotingParameters Parameters { get; }

    public DeskModel Model { get; }

    public TestScheduler WallClock { get; } = new();

    /// <summary>The whole sample, ten engine seconds a wall-clock second.</summary>
    public static SampleDesk Told()
    {
        var desk = new SampleDesk();
        desk.Open();
        desk.Trade();
        desk.WallClock.AdvanceBy(TimeSpan.FromSeconds(10).Ticks);
        return desk;
    }

    public DeskSnapshot At(double second) => Model.Snapshot(Start + TimeSpan.FromSeconds(second));

    public void Hear(double second, ControlMessage message) =>
        Model.OnInput(new(++_inputs, Start + TimeSpan.FromSeconds(second)), new Input(message));

    public void Hear(double second, in Input input) => Model.OnInput(new(++_inputs, Start + TimeSpan.FromSeconds(second)), input);

    public void Decide(double second, object body) =>
        Model.OnDecision(new(++_decisions, new Cause(_inputs, null, Start + TimeSpan.FromSeconds(second)), body));

    public void Place(double second, string id, int instrument, Side side, long ticks, long lots, bool isAcknowledged = true)
    {
        Decide(second, Intent(OrderIntentKind.Place, id, instrument, side, ticks, lots));
        if (isAcknowledged) Say(second + 0.02, id, instrument, side, ticks, lots, OrderStatus.Live);
    }

    public void Say(double second, string id, int instrument, Side side, long ticks, long lots, OrderStatus status, string reason = "") =>
        Hear(second, new OrderUpdate
        {
            Instrument = new(instrument), ClientOrderId = id, Status = status, Side = side, PriceTicks = ticks, RemainingLots = lots, Reason = reason,
        });

    /// <summary>A fill enters, and the ledger counts it.</summary>
    public void Fill(
        double second, string trade, string order, int instrument, Side side, decimal price, decimal quantity, decimal fee, long applied,
        decimal total)
    {
        Hear(second, NewFill(second, trade, order, instrument, side, price, quantity, fee));
        Decide(second, Positions(applied, total, applied * 0.02m));
    }

    public Fill NewFill(double second, string trade, string order, int instrument, Side side, decimal price, decimal quantity, decimal fee) => new()
    {
        Instrument = new(instrument), TradeId = trade, ClientOrderId = order, Side = side, Price = price, Quantity = quantity, Fee = fee,
        FeeAsset = Instruments.All[instrument].QuoteAsset, IsMaker = true, VenueTime = Start + TimeSpan.FromSeconds(second),
    };

    public InventorySnapshot Positions(long applied, decimal total, decimal fees) => new()
    {
        Total = total, Starting = 5_000m, InventoryRatio = Parameters.Inventory.RatioOf(total), AppliedFills = applied,
        DuplicateFills = 0, RefusedFills = 0,
        Positions = [Position(0, "USDT", fees), Position(1, "TON", fees)],
    };

    public static OrderIntent Intent(OrderIntentKind kind, string id, int instrument, Side side, long ticks, long lots) => new()
    {
        Kind = kind, Instrument = new(instrument), ClientOrderId = id, Side = side, PriceTicks = ticks, SizeLots = lots, IsPostOnly = true,
    };

    public static QuoteTarget Quote(int instrument, double fair, TradingState state = TradingState.Active, double breakers = 1, string withheld = "")
        => new()
    {
        Instrument = new(instrument), FairValue = fair, State = state, Bids = [], Asks = [], Withheld = withheld,
        Terms = new()
        {
            InventoryRatio = 0.25, RiskAversion = 0.05, RawVolatilityBps = 12.5, VolatilityBps = 12.5, ReservationShiftBps = -0.98,
            RiskTermBps = 3.91, ArrivalTermBps = 0.95, ToxicityMultiplier = 1, BreakerMultiplier = breakers, HalfSpreadBps = 4.86 * breakers,
            SkewBps = 0.75,
            FloorBps = 7, FloorWideningBps = 0, CapReductionBps = 0, BidBps = -0.98 - 4.86 * breakers - 0.75, AskBps = -0.98 + 4.86 * breakers,
        },
    };

    public static BreakerState Breaker(BreakerKind kind, string subject, TradingState demand, double multiplier, string reason) => new()
    {
        Kind = kind, Subject = subject, Demand = demand, Multiplier = multiplier, Value = 0, Threshold = 0, Reason = reason,
    };

    public static TradingStateChange Change(TradingState from, TradingState to, double multiplier = 1) =>
        new() { From = from, To = to, Multiplier = multiplier, Reason = "" };

    public static PnlSnapshot Pnl(decimal realised, decimal unrealised, decimal drawdown, decimal deepest) => new()
    {
        Realised = realised, Unrealised = unrealised, OrderFlow = realised + unrealised, StartingMarkToMarket = -25m, InventoryNotional = 7_500m,
        Drawdown = drawdown, DeepestDrawdown = deepest, SessionStart = Start, Instruments = [], Unvalued = "",
    };

    private void Open()
    {
        Hear(0.1, new FeedStatus("cex", FeedState.Connected, ""));
        Hear(0.2, new ReferenceRate("TON", "USDT", 3m, Start));
        Hear(0.3, new GasPrice(0.06m, Start));
        foreach (var feed in new[] { "cex:DCTUSDT", "stonfi:DCT/TON", "TON reference rate" })
            Decide(0.3, Breaker(BreakerKind.Staleness, feed, TradingState.Active, 1, "fresh"));
        Decide(40, Breaker(BreakerKind.Volatility, "asset", TradingState.Active, 1, "volatility is ready"));
        Decide(40, Change(TradingState.Halted, TradingState.Active));
        Decide(40, new VolatilitySnapshot(1.3, 12.5, 12.5, IsReady: true));
        Decide(40, Quote(0, 1.00012));
        Decide(40, Quote(1, 0.333373));
        Place(40, "a1", 0, Side.Sell, 10_007, 1_250);
        Place(40, "a2", 0, Side.Sell, 10_012, 2_500);
        Place(40, "b1", 0, Side.Buy, 9_994, 2_500);
        Place(40, "b2", 0, Side.Buy, 9_991, 1_250, isAcknowledged: false);
        Place(40, "b3", 0, Side.Buy, 9_988, 1_250);
        Place(40, "p1", 1, Side.Buy, 33_310, 2_500);
        Place(40, "p2", 1, Side.Sell, 33_360, 2_500);
        Say(40.5, "b3", 0, Side.Buy, 9_988, 0, OrderStatus.Rejected, "the venue is busy");
    }

    private void Trade()
    {
        Fill(50, "t1", "b1", 0, Side.Buy, 0.9994m, 100m, 0.02m, 1, 5_100m);
        Say(50.1, "b1", 0, Side.Buy, 9_994, 1_500, OrderStatus.PartiallyFilled);
        Decide(51, Markout("t1", 0, Side.Buy, 1, 3.5));
        Decide(55, Markout("t1", 0, Side.Buy, 5, -1.25));
        Fill(60, "t2", "p1", 1, Side.Buy, 0.3331m, 2_500m, 0.25m, 2, 7_600m);
        Say(60.1, "p1", 1, Side.Buy, 33_310, 0, OrderStatus.Filled);
        Decide(61, Markout("t2", 1, Side.Buy, 1, 0.5));
        Fill(70, "t3", "a1", 0, Side.Sell, 1.0007m, 100m, 0.02m, 3, 7_500m);
        Say(70.1, "a1", 0, Side.Sell, 10_007, 250, OrderStatus.PartiallyFilled);
        Decide(71, Pnl(4.25m, -1.5m, 1.75m, 3m));
        Decide(71, new Toxicity { Instrument = new(0), Side = Side.Buy, ScoreBpsPerSecond = 1.25, Multiplier = 1, CyclesLeft = 0, Reason = "" });
        Decide(80, Breaker(BreakerKind.Volatility, "asset", TradingState.Widened, 2, "volatility 130.00 bps is above 120.00 bps: half-spread × 2"));
        Decide(80, Change(TradingState.Active, TradingState.Widened, 2));
        Decide(80, Quote(0, 1.00012, TradingState.Widened, breakers: 2));
        Decide(80, Quote(1, 0.333373, TradingState.Widened, breakers: 2));
        Decide(80, Intent(OrderIntentKind.Cancel, "a2", 0, Side.Sell, 10_012, 2_500));
        Decide(90, new Alert(AlertLevel.Critical, "cex:DCTUSDT", "the built book differs from the venue's own top"));
    }

    private static Markout Markout(string trade, int instrument, Side side, double horizon, double bps) =>
        new(new(instrument), trade, side, TimeSpan.FromSeconds(horizon), bps);

    private static Position Position(int instrument, string asset, decimal fees) => new()
    {
        Instrument = new(instrument), Quantity = 0, BaseQuantity = 0, Average = 0, AllInAverage = 0, Basis = 0, RealisedOpen = 0, Realised = 0,
        Fees = fees, SettlementAsset = asset, UnconvertedFees = [],
    };

    private static Instrument Market(int id, string venue, string symbol, string quote, decimal tick, bool isPool) => new()
    {
        Id = new(id), Venue = venue, Symbol = symbol, BaseAsset = "DCT", QuoteAsset = quote, Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(tick), Sizes = new(0.1m), IsPool = isPool,
    };
}
