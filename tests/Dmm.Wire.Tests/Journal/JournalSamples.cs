using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Journal;

/// <summary>One example of everything that a journal records, and what equality means for it.</summary>
internal static class JournalSamples
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T23:54:15.0303146Z");

    public static readonly InstrumentCatalog Instruments = new(
    [
        new Instrument
        {
            Id = new(0), Venue = "binance-usdm", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Linear,
            SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.10m), Sizes = new(0.001m), MinimumSize = 0.001m, MinimumNotional = 5.00m,
        },
        new Instrument
        {
            Id = new(1), Venue = "ston.fi", Symbol = "DCT/TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ChecksumOnly, Prices = new(0.000001m), Sizes = new(0.01m), IsPool = true,
        },
    ]);

    public static readonly QuotingParameters Parameters =
        QuotingParameters.Dct(new VenueParameters { Instrument = "binance-usdm:BTCUSDT" },
            new VenueParameters { Instrument = "ston.fi:DCT/TON", IsQuoted = false })
        // Written out, so that the golden file does not hang on a default.
        with { Quote = new() { SkewMode = SkewMode.OneSided } };

    public static readonly Trade Trade = new()
    {
        Instrument = new(0), VenueTime = Start - TimeSpan.FromMilliseconds(20), ReceiveTime = Start - TimeSpan.FromMilliseconds(1),
            TradeId = 5_263_811_772,
        PriceTicks = 617_021, SizeLots = 12, Aggressor = Side.Sell,
    };

    public static readonly VenueTop Top = new()
    {
        Instrument = new(0), VenueTime = Timestamp.None, ReceiveTime = Start, UpdateId = 42, Bid = new(617_020, 5_000), Ask = new(617_021, 1),
    };

    public static readonly Fill Fill = new()
    {
        Instrument = new(1), TradeId = "t-1", ClientOrderId = "dmm1e1c17", Side = Side.Buy, Price = 0.1230m, Quantity = 25.50m, Fee = -0.0025m,
            FeeAsset = "TON",
        IsMaker = true, QuotedAt = Start - TimeSpan.FromSeconds(2), QuotedHalfSpreadBps = 7.25, VenueTime = Start,
    };

    public static readonly ImmutableArray<ControlMessage> Controls =
    [
        new ReferenceRate("TON", "USDT", 5.4320m, Start),
        new FundingRate(new(0), 0.0001m, Start + TimeSpan.FromHours(8), Timestamp.None),
        new GasPrice(0.185m, Start),
        new FeedStatus("binance-usdm", FeedState.Resyncing, "gap after 42"),
        new ClockOffset("ston.fi", TimeSpan.FromMilliseconds(-12.5)),
        new Rejected("binance-usdm", "price below zero", "{\"p\":\"-1\"}\n"),
        Fill,
        new OrderUpdate
        {
            Instrument = new(0), ClientOrderId = "dmm1e1c18", Status = OrderStatus.PendingUnknown, Side = Side.Sell, PriceTicks = 617_100,
                RemainingLots = 3,
            Reason = "timeout",
        },
        new BalanceReport("ston.fi", "DCT", 5_000.000m, Start),
        new OperatorCommand(OperatorAction.ResetDrawdown, "Zoë", "looked into it"),
        new ParameterChange(Parameters, "Zoë", "wider"),
        new JournalStatus(false, "disk full"),
        new AdapterStatus("ston.fi", false, "fenced"),
        new FailedSwap
        {
            Instrument = new(1), SwapId = "s-2", ClientOrderId = "dmm1e1c20", Side = Side.Sell, Gas = 0.0790m, GasAsset = "TON", Reason = "slippage",
            VenueTime = Start,
        },
    ];

    /// <summary>Messages that journals did not know at first.</summary>
    public static readonly ImmutableArray<ControlMessage> LaterControls =
    [
        new PositionReport(new(0), -12.50m, Timestamp.None), new CountAcceptance("ston.fi", "Zoë", "deposit of 500"),
        new PendingSwap
        {
            Instrument = new(1), Trace = "8f3aQ+/=", Side = Side.Sell, ImpactBps = 84.089642, ValidUntil = Start + TimeSpan.FromSeconds(60),
        },
        new PendingSwapGone("8f3aQ+/=", "taken back"),
    ];

    public static readonly ImmutableArray<object> DecisionBodies =
    [
        new QuoteTarget
        {
            Instrument = new(0), FairValue = 61702.05, State = TradingState.Widened, Bids = [new(617_000, 10), new(616_990, 20)], Asks = [],
            Withheld = "asks: inventory −1.2 of the soft limit",
            Terms = new()
            {
                InventoryRatio = -1.2, RiskAversion = 0.1, RawVolatilityBps = 12.345678, VolatilityBps = 12.345678, ReservationShiftBps = 0.5,
                    RiskTermBps = 7.5,
                ArrivalTermBps = 0.953102, ToxicityMultiplier = 1.5, BreakerMultiplier = 2, HalfSpreadBps = 25.359306, SkewBps = -3, FloorBps = 7,
                FloorWideningBps = 0, CapReductionBps = 0, BidBps = -25.359306, AskBps = 28.359306,
            },
        },
        new OrderIntent
        {
            Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = "dmm1e1c19", Side = Side.Buy, PriceTicks = 617_000, SizeLots = 10,
                IsPostOnly = true,
        },
        new BreakerState
        {
            Kind = BreakerKind.Staleness, Subject = "binance-usdm:BTCUSDT", Demand = TradingState.Halted, Multiplier = 1,
                Value = double.PositiveInfinity, Threshold = 3,
            Reason = "no \"book\" yet",
        },
        new TradingStateChange { From = TradingState.Active, To = TradingState.Halted, Multiplier = 1.5, Reason = "stale" },
        new HedgeIntent(Side.Sell, 12.50m, 0.91, "|q̂| 0.91 above 0.80"),
        new TreasuryIntent(TreasuryAction.Buyback, "DCT", 100.0m, "share of profit"),
        new Alert(AlertLevel.Critical, "kill", "killed by Zoë"),
        new VolatilitySnapshot(1.5e-9, 12.5, 12.5, true),
        new InventorySnapshot
        {
            Total = 5_010.5m, Starting = 5_000m, InventoryRatio = 0.105, AppliedFills = 2, DuplicateFills = 1, RefusedFills = 0,
            Positions =
            [
                new Position
                {
                    Instrument = new(0), Quantity = 10.5m, BaseQuantity = 10.5m, Average = 617.02m, AllInAverage = 617.1m, Basis = 6_478.71m,
                    RealisedOpen = -0.84m, Realised = -0.84m, Fees = 0.84m, SettlementAsset = "USDT", UnconvertedFees = [new("TON", 0.06m)],
                },
            ],
        },
        new PnlSnapshot
        {
            Realised = -0.84m, Unrealised = 2.5m, OrderFlow = 1.66m, StartingMarkToMarket = -3m, InventoryNotional = 3_091_578.51m, Drawdown = 0.1m,
            DeepestDrawdown = 0.84m, SessionStart = Timestamp.Parse("2024-08-08T00:00:00Z"), Instruments = [new(new(0), -0.84m, 2.5m)],
            Unvalued = "",
        },
        new Markout(new(0), "t1", Side.Buy, TimeSpan.FromSeconds(5), 1.25)
        {
            MidMoveBps = -0.5, TimeToFill = TimeSpan.FromSeconds(2.5), QuotedHalfSpreadBps = 5.95, IsMaker = true,
        },
        new Toxicity { Instrument = new(0), Side = Side.Sell, ScoreBpsPerSecond = 2.5, Multiplier = 1.5, CyclesLeft = 10, Reason = "3 fills above 2" },
        new RouteIntent
        {
            Trade = 7, Kind = RouteKind.Hedge, Buy = null, Sell = new(0), Quantity = 12.5m, InventoryRatio = 0.4,
            Terms = new(25.5, 0, 5, 0.25, 2, 18.25, 18.25, 0),
        },
        new RouteLegSent
        {
            Trade = 7, Purpose = RoutePurpose.First, Instrument = new(0), Side = Side.Sell, ClientOrderId = "dsimx1x2", Quantity = 12.5m,
            Price = 617.1m, Exposure = 0,
        },
        new RouteOutcome
        {
            Trade = 7, Kind = RouteKind.Hedge, Result = RouteResult.Done, Bought = 0, Sold = 12.5m, Profit = 0.25m, Reason = "",
        },
    ];

    public static BookUpdate Book(int levels = 2) => new()
    {
        Instrument = new(0), IsSnapshot = true, VenueTime = Start - TimeSpan.FromMilliseconds(20), ReceiveTime = Start, FirstUpdateId = 90,
            LastUpdateId = 99,
        PreviousUpdateId = -1, Checksum = -1_234_567_890, BidCount = levels / 2,
        Levels = Enumerable.Range(0, levels).Select(i => new BookLevel(617_020 + (i < levels / 2 ? -i : i), i * 37)).ToArray(),
    };

    /// <summary>Every kind of input, once.</summary>
    public static IEnumerable<Input> Inputs() => [new(Book()), new(Top), new(Trade), .. Controls.Select(c => new Input(c))];

    public static RunHeader Header(long run = 1, long sequence = 1, long decision = 1, Timestamp? at = null) => new()
    {
        Run = run, StartedAt = at
            ?? Start, NextSequence = sequence, NextDecision = decision, CodeVersion = "1.0.0+643d666", Platform = "x64, Linux, .NET 10.0.1",
        ConfigurationHash = "9f86d081", Mode = TradingMode.Paper, Instruments = Instruments, Parameters = Parameters,
        State = Encoding.UTF8.GetBytes("{\"volatility\":{\"rate\":1.5e-9,\"since\":\"2024-08-08T23:00:00Z\"},\"latches\":[]}"),
    };

    /// <summary>All that a record says, by a serialiser that has nothing to do with the journal's; equal texts are equal records.</summary>
    public static string Text(in JournalRecord record) =>
        $"{record.Kind} {record.Stamp} {record.Origin} "
        + (record.Header is { } header ? Text(header) : record.Kind == JournalRecordKind.Input ? Text(record.Input) : "");

    public static string Text(in Input input) => input.Kind switch
    {
        InputKind.Book =>
            $"{input.Book with { Levels = default, BidCount = 0 }} {input.Book.BidCount} {string.Join(" ", input.Book.Levels.ToArray())}",
        InputKind.Top => input.Top.ToString(),
        InputKind.Trade => input.Trade.ToString(),
        _ => Text((object)input.Control),
    };

    public static string Text(in Decision decision) => $"{decision.Number} {decision.Cause} {Text(decision.Body)}";

    public static string Text(RunHeader header) =>
        $"{Text((object)(header with { State = default }))} {Encoding.UTF8.GetString(header.State.Span)}";

    private static string Text(object value) => value.GetType().Name + JsonSerializer.Serialize(value, Plain);

    private static readonly JsonSerializerOptions Plain = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new AmountConverter() },
    };

    /// <summary>1.50 and 1.5 are equal amounts.</summary>
    private sealed class AmountConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Canonical());
    }
}
