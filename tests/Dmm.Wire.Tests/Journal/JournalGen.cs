using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Journal;

/// <summary>Generators of every message that a journal records, ends of ranges included.</summary>
internal static class JournalGen
{
    public static readonly Gen<Timestamp> Known = Gen.Long[1, DateTime.MaxValue.Ticks].Select(ticks => new Timestamp(ticks));

    public static readonly Gen<Timestamp> Time = Gen.Frequency((1, Gen.Const(Timestamp.None)), (9, Known));

    public static readonly Gen<Stamp> Stamp = Gen.Select(Gen.Long[1, long.MaxValue], Known, (sequence, at) => new Stamp(sequence, at));

    public static readonly Gen<InputOrigin> Origin = Gen.Enum<InputOrigin>();

    private static readonly Gen<InstrumentId> Instrument = Gen.Int[0, JournalSamples.Instruments.Count - 1].Select(i => new InstrumentId(i));

    private static readonly Gen<string> Text = Gen.Frequency(
        (1, Gen.OneOf("", "Zoë", "\"\\\n\r\t\0\u001f\u007f\u2028", "цена −1,5 ‰", "𝜎 > 🔥", "<&'+>", new string('é', 700))),
        (3, Gen.Char.Where(c => !char.IsSurrogate(c)).Array[0, 40].Select(chars => new string(chars))));

    private static readonly Gen<decimal> Money = Gen.Frequency(
        (1, Gen.OneOf(0m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, -0.1m, 100m)),
        (4, Gen.Decimal.Select(d => d.Canonical())));

    private static readonly Gen<double> Real = Gen.Frequency(
        (1, Gen.OneOf(0.0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e21, double.NaN, double.PositiveInfinity,
            double.NegativeInfinity)),
        (4, Gen.Double));

    private static readonly Gen<BookLevel> Level = Gen.Select(Gen.Long, Gen.Long, (price, size) => new BookLevel(price, size));

    private static readonly Gen<BookUpdate> Book =
        Gen.Select(Instrument, Gen.Bool, Time, Time, Gen.Long.Array[3], Gen.Int, Level.Array[0, 30], Gen.Double[0, 1]).Select(
            (instrument, snapshot, venue, receive, ids, checksum, levels, bids) => new BookUpdate
            {
                Instrument = instrument, IsSnapshot = snapshot, VenueTime = venue, ReceiveTime = receive, FirstUpdateId = ids[0],
                    LastUpdateId = ids[1],
                PreviousUpdateId = ids[2], Checksum = checksum, BidCount = (int)(bids * levels.Length), Levels = levels,
            });

    private static readonly Gen<VenueTop> Top = Gen.Select(Instrument, Time, Time, Gen.Long, Level, Level).Select(
        (instrument, venue, receive, id, bid, ask) =>
            new VenueTop { Instrument = instrument, VenueTime = venue, ReceiveTime = receive, UpdateId = id, Bid = bid, Ask = ask });

    private static readonly Gen<Trade> Trade = Gen.Select(Instrument, Time, Time, Gen.Long.Array[3], Gen.Enum<Side>()).Select(
        (instrument, venue, receive, numbers, side) => new Trade
        {
            Instrument = instrument, VenueTime = venue, ReceiveTime = receive, TradeId = numbers[0], PriceTicks = numbers[1], SizeLots = numbers[2],
                Aggressor = side,
        });

    private static readonly Gen<QuotingParameters> Parameters =
        Gen.Select(Real, Money, Gen.Enum<SkewMode>(), Real.Array[0, 4], Text, Gen.Long)
            .Select((real, money, skew, reals, text, ticks) => JournalSamples.Parameters with
        {
            Quote = new() { SkewMode = skew, RiskAversion = real, MaximumQuoteSize = money, LevelMultiples = [.. reals], Horizon = new(ticks) },
            Venues =
            [
                new()
                {
                    Instrument = text, OutstandingNotionalPerSide = money, MakerFeeBps = real, RefreshInterval = new(-ticks),
                    StaleWidenAfter = ticks % 2 == 0 ? new(ticks) : null, StaleCancelAfter = ticks % 3 == 0 ? new(ticks) : null,
                },
            ],
            Toxicity = new() { Horizons = [new(ticks), TimeSpan.Zero] },
            NumeraireAssets = [text],
        });

    private static readonly Gen<ControlMessage> Control = Gen.OneOf(
        Gen.Select(Text, Text, Money, Time).Select((a, b, rate, at) => (ControlMessage)new ReferenceRate(a, b, rate, at)),
        Gen.Select(Instrument, Money, Time, Time).Select((i, rate, next, at) => (ControlMessage)new FundingRate(i, rate, next, at)),
        Gen.Select(Money, Time).Select((gas, at) => (ControlMessage)new GasPrice(gas, at)),
        Gen.Select(Text, Gen.Enum<FeedState>(), Text).Select((venue, state, detail) => (ControlMessage)new FeedStatus(venue, state, detail)),
        Gen.Select(Text, Gen.Long).Select((venue, ticks) => (ControlMessage)new ClockOffset(venue, new(ticks))),
        Gen.Select(Text, Text, Text).Select((venue, reason, raw) => (ControlMessage)new Rejected(venue, reason, raw)),
        Gen.Select(Instrument, Text, Gen.Enum<Side>(), Money.Array[3], Gen.Bool, Time.Array[2], Real)
            .Select((i, text, side, amounts, maker, times, halfSpread) => (ControlMessage)new Fill
        {
            Instrument = i, TradeId = text, ClientOrderId = text + "c", Side = side, Price = amounts[0], Quantity = amounts[1], Fee = amounts[2],
            FeeAsset = text + "f", IsMaker = maker, QuotedAt = times[0], QuotedHalfSpreadBps = halfSpread, VenueTime = times[1],
        }),
        Gen.Select(Instrument, Text, Gen.Enum<OrderStatus>(), Gen.Enum<Side>(), Gen.Long, Gen.Select(Gen.Long, Gen.Long.Nullable()), Text).Select(
            (i, id, status, side, price, lots, why) => (ControlMessage)new OrderUpdate
            {
                Instrument = i, ClientOrderId = id, Status = status, Side = side, PriceTicks = price, RemainingLots = lots.Item1, FilledLots = lots.Item2,
                Reason = why,
            }),
        Gen.Select(Text, Text, Money, Time).Select((venue, asset, total, at) => (ControlMessage)new BalanceReport(venue, asset, total, at)),
        Gen.Select(Gen.Enum<OperatorAction>(), Text, Text).Select((action, who, why) => (ControlMessage)new OperatorCommand(action, who, why)),
        Gen.Select(Parameters, Text, Text).Select((parameters, who, why) => (ControlMessage)new ParameterChange(parameters, who, why)),
        Gen.Select(Gen.Bool, Text).Select((writable, detail) => (ControlMessage)new JournalStatus(writable, detail)),
        Gen.Select(Text, Gen.Bool, Text).Select((venue, open, why) => (ControlMessage)new AdapterStatus(venue, open, why)),
        Gen.Select(Instrument, Text, Gen.Enum<Side>(), Money, Time, Text).Select((i, id, side, gas, at, why) => (ControlMessage)new FailedSwap
        {
            Instrument = i, SwapId = id, ClientOrderId = id + "c", Side = side, Gas = gas, GasAsset = id + "g", Reason = why, VenueTime = at,
        }),
        Gen.Select(Instrument, Text, Gen.Enum<Side>(), Real, Time).Select((i, trace, side, impact, until) => (ControlMessage)new PendingSwap
        {
            Instrument = i, Trace = trace, Side = side, ImpactBps = impact, ValidUntil = until,
        }),
        Gen.Select(Text, Text).Select((trace, why) => (ControlMessage)new PendingSwapGone(trace, why)));

    public static readonly Gen<Input> Input = Gen.OneOf(
        Book.Select(book => new Input(book)), Top.Select(top => new Input(top)), Trade.Select(trade => new Input(trade)),
            Control.Select(control => new Input(control)));

    private static readonly Gen<ImmutableArray<QuoteLevel>> Ladder =
        Gen.Select(Gen.Long, Gen.Long, (price, size) => new QuoteLevel(price, size)).Array[0, 5].Select(levels => levels.ToImmutableArray());

    private static readonly Gen<QuoteTerms> Terms = Gen.Select(Real.Array[18], Gen.Bool, Gen.Bool, (t, up, down) => new QuoteTerms
    {
        InventoryRatio = t[0], RiskAversion = t[1], RawVolatilityBps = t[2], VolatilityBps = t[3], ReservationShiftBps = t[4], RiskTermBps = t[5],
            ArrivalTermBps = t[6],
        ToxicityMultiplier = t[7], BreakerMultiplier = t[8], HalfSpreadBps = t[9], SkewBps = t[10], FloorBps = t[11], FloorWideningBps = t[12],
            CapReductionBps = t[13],
        BidBps = t[14], AskBps = t[15], PendingUpBps = up ? t[16] + 0.0 : 0, PendingDownBps = down ? t[17] + 0.0 : 0,
    });

    private static readonly Gen<object> Body = Gen.OneOf(
        Gen.Select(Instrument, Real, Gen.Enum<TradingState>(), Terms, Ladder, Ladder, Text)
            .Select((i, fair, state, terms, bids, asks, withheld) => (object)new QuoteTarget
        {
            Instrument = i, FairValue = fair, State = state, Terms = terms, Bids = bids, Asks = asks, Withheld = withheld,
        }),
        Gen.Select(Gen.Enum<OrderIntentKind>(), Instrument, Text, Gen.Enum<Side>(), Gen.Long, Gen.Long, Gen.Bool, Gen.Enum<TimeInForce>()).Select(
            (kind, i, id, side, price, size, postOnly, force) => (object)new OrderIntent
            {
                Kind = kind, Instrument = i, ClientOrderId = id, Side = side, PriceTicks = price, SizeLots = size, IsPostOnly = postOnly,
                TimeInForce = force,
            }),
        Gen.Select(Gen.Enum<BreakerKind>(), Text, Gen.Enum<TradingState>(), Real.Array[3], Text)
            .Select((kind, subject, demand, n, why) => (object)new BreakerState
        {
            Kind = kind, Subject = subject, Demand = demand, Multiplier = n[0], Value = n[1], Threshold = n[2], Reason = why,
        }),
        Gen.Select(Gen.Enum<TradingState>(), Gen.Enum<TradingState>(), Real, Text).Select(
            (from, to, multiplier, why) => (object)new TradingStateChange { From = from, To = to, Multiplier = multiplier, Reason = why }),
        Gen.Select(Gen.Enum<Side>(), Money, Real, Text).Select((side, amount, ratio, why) => (object)new HedgeIntent(side, amount, ratio, why)),
        Gen.Select(Gen.Enum<TreasuryAction>(), Text, Money, Text)
            .Select((action, asset, amount, why) => (object)new TreasuryIntent(action, asset, amount, why)),
        Gen.Select(Gen.Enum<AlertLevel>(), Text, Text).Select((level, subject, text) => (object)new Alert(level, subject, text)),
        Gen.Select(Real.Array[3], Gen.Bool).Select((n, ready) => (object)new VolatilitySnapshot(n[0], n[1], n[2], ready)));

    public static readonly Gen<Decision> Decision = Gen.Select(Gen.Long[1, long.MaxValue], Gen.Long[0, long.MaxValue],
        Gen.Frequency((1, Gen.Const((string?)null)), (1, Text.Select(t => (string?)t))), Known, Body).Select(
        (number, sequence, timer, at, body) => new Decision(number, new(sequence, timer, at), body));

    public static readonly Gen<RunHeader> Header =
        Gen.Select(Gen.Long[1, long.MaxValue].Array[3], Known, Text, Parameters, Real.Array[0, 5])
            .Select((numbers, at, text, parameters, state) => new RunHeader
        {
            Run = numbers[0], NextSequence = numbers[1], NextDecision = numbers[2], StartedAt = at, CodeVersion = text, Platform = text + "p",
                ConfigurationHash = text + "h",
            Mode = TradingMode.Live, Instruments = JournalSamples.Instruments, Parameters = parameters,
            State = JsonSerializer.SerializeToUtf8Bytes(new { Text = text, Numbers = state.Where(double.IsFinite) }),
        });
}
