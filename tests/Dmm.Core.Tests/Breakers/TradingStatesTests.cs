using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class TradingStatesTests
{
    private static readonly TradingStatesState AtRest = new([], [Market.OkxName, Market.GateName, Market.PoolName, Market.TonRate]);

    private readonly TradingStates _states = Create(AtRest);

    [Fact]
    public void AllAtRest_QuotesFreely() => _states.For(Market.Okx).ShouldBe(new TradingPermission(TradingState.Active, 1, false, false, ""));

    [Fact]
    public void Start_IsHaltedUntilVolatilityAndAFeedAreThere()
    {
        var states = Create(TradingStatesState.Starting);
        states.For(Market.Okx).ShouldBe(new TradingPermission(
            TradingState.Halted, 1, true, true, "okx:DCT-USDT has sent nothing valid yet; volatility is warming up"));
        states.Take(Of(BreakerKind.Staleness, Market.OkxName, TradingState.Active)).Change.ShouldBeNull();
        var change = states.Take(Of(BreakerKind.Volatility, "asset", TradingState.Active)).Change!;
        (change.From, change.To).ShouldBe((TradingState.Halted, TradingState.Active));
        states.For(Market.Okx).State.ShouldBe(TradingState.Active);
        states.For(Market.Gate).State.ShouldBe(TradingState.Halted);
    }

    [Fact]
    public void OneStaleVenue_StopsThatVenueAndTheLastOneStopsTheAsset()
    {
        _states.Take(Of(BreakerKind.Staleness, Market.OkxName, TradingState.Halted)).Change.ShouldBeNull();
        _states.For(Market.Okx).ShouldBe(new TradingPermission(TradingState.Halted, 1, true, true, "Staleness okx:DCT-USDT Halted"));
        _states.For(Market.Gate).State.ShouldBe(TradingState.Active);
        _states.Take(Of(BreakerKind.Staleness, Market.TonRate, TradingState.Halted)).Change.ShouldBeNull();
        _states.For(Market.Pool).State.ShouldBe(TradingState.Halted);
        _states.Take(Of(BreakerKind.Discrepancy, Market.GateName, TradingState.Halted)).Change.ShouldBe(new TradingStateChange
        {
            From = TradingState.Active, To = TradingState.Halted, Multiplier = 1,
            Reason = "Staleness okx:DCT-USDT Halted; Staleness TON reference rate Halted; Discrepancy gate:DCT-USDT Halted",
        });
    }

    [Fact]
    public void MarketThatOnlyInforms_NeitherFreesNorStopsTheAsset()
    {
        var states = new TradingStates(AtRest, Market.Instruments, Market.Numeraires, informing: [Market.Gate, Market.Pool]);
        states.Take(Of(BreakerKind.Staleness, Market.GateName, TradingState.Halted)).Change.ShouldBeNull();
        states.Take(Of(BreakerKind.Staleness, Market.OkxName, TradingState.Halted)).Asset.State.ShouldBe(TradingState.Halted);
        states.For(Market.Pool).State.ShouldBe(TradingState.Active);
    }

    [Fact]
    public void ClosedOrderPath_ReachesTheVenuesInstruments()
    {
        _states.Take(Of(BreakerKind.OrderPath, "okx", TradingState.Halted));
        _states.For(Market.Okx).State.ShouldBe(TradingState.Halted);
        _states.For(Market.Gate).State.ShouldBe(TradingState.Active);
    }

    [Theory]
    [InlineData("long", true, false)]
    [InlineData("short", false, true)]
    [InlineData("asset", true, true)]
    public void Reducing_WithholdsTheSideItNames(string subject, bool buys, bool sells)
    {
        var change = _states.Take(Of(BreakerKind.Inventory, subject, TradingState.Reducing)).Change!;
        change.To.ShouldBe(TradingState.Reducing);
        (_states.For(Market.Pool).WithholdsBuys, _states.For(Market.Pool).WithholdsSells).ShouldBe((buys, sells));
    }

    [Fact]
    public void HardLimitOfTheOtherSide_IsAChangeThoughTheStateStays()
    {
        _states.Take(Of(BreakerKind.Inventory, "long", TradingState.Reducing));
        _states.Take(Of(BreakerKind.Inventory, "short", TradingState.Reducing));
        var change = _states.Take(Of(BreakerKind.Inventory, "long", TradingState.Active)).Change!;
        (change.From, change.To).ShouldBe((TradingState.Reducing, TradingState.Reducing));
    }

    [Fact]
    public void WideningControls_Multiply()
    {
        _states.Take(Of(BreakerKind.Volatility, "asset", TradingState.Widened, 2)).Change!.Multiplier.ShouldBe(2);
        _states.Take(Of(BreakerKind.Staleness, Market.OkxName, TradingState.Widened, 1.5)).Change.ShouldBeNull();
        _states.For(Market.Okx).Multiplier.ShouldBe(3);
        _states.For(Market.Gate).Multiplier.ShouldBe(2);
        _states.Take(Of(BreakerKind.Volatility, "asset", TradingState.Widened, 90));
        _states.For(Market.Okx).Multiplier.ShouldBe(TradingStates.MultiplierCap);
    }

    [Fact]
    public void SameStateAgain_IsNoChange()
    {
        _states.Take(Of(BreakerKind.Pause, "asset", TradingState.Halted));
        _states.Take(Of(BreakerKind.Journal, "asset", TradingState.Halted)).Change.ShouldBeNull();
        _states.Take(Of(BreakerKind.Pause, "asset", TradingState.Active)).Change.ShouldBeNull();
        _states.Take(Of(BreakerKind.Journal, "asset", TradingState.Active)).Change!.Reason.ShouldBe("");
    }

    [Fact]
    public void UnknownSubjectOrMultiplier_IsADefect()
    {
        Should.Throw<ArgumentException>(() => _states.Take(Of(BreakerKind.Staleness, "bybit:DCT-USDT", TradingState.Halted))).Message.ShouldStartWith(
            "Staleness is about 'bybit:DCT-USDT': expected one of asset, long, short, okx:DCT-USDT");
        foreach (var multiplier in new[] { double.NaN, 0.99, double.PositiveInfinity })
            Should.Throw<ArgumentException>(() => _states.Take(Of(BreakerKind.Volatility, "asset", TradingState.Widened, multiplier)));
        _states.For(Market.Okx).State.ShouldBe(TradingState.Active);
    }

    [Fact]
    public void CatalogueThatGrewOrShrank_KeepsLatchesAndHaltsTheNewFeed()
    {
        var older = new TradingStatesState(
            [Of(BreakerKind.Kill, "asset", TradingState.Killed), Of(BreakerKind.Staleness, "bybit:DCT-USDT", TradingState.Halted)],
            ["bybit:DCT-USDT", Market.OkxName, Market.PoolName, Market.TonRate]);
        var states = Create(older);
        states.For(Market.Okx).Reason.ShouldBe("Kill asset Killed");
        states.For(Market.Gate).Reason.ShouldBe("Kill asset Killed; gate:DCT-USDT has sent nothing valid yet");
    }

    [Fact]
    public void AnyOrderOfArrival_GivesTheHighestDemandThatReachesAnInstrument() =>
        Gen.Select(Gen.Enum<BreakerKind>(), Gen.Int[0, 7], Gen.Enum<TradingState>(), Gen.Int[0, 1_000_000]).Array[1, 40].Sample(steps =>
        {
            string[] subjects = ["asset", "long", "short", Market.OkxName, Market.GateName, Market.TonRate, "okx", "stonfi"];
            var latest = steps.Select(s =>
                (Breaker: Of(s.Item1, subjects[s.Item2], s.Item3, s.Item3 == TradingState.Widened ? 1.5 : 1), Order: s.Item4))
                .DistinctBy(s => (s.Breaker.Kind, s.Breaker.Subject)).ToList();
            var (inOrder, shuffled) = (Create(AtRest), Create(AtRest));
            foreach (var (breaker, _) in latest) inOrder.Take(breaker);
            foreach (var (breaker, _) in latest.OrderBy(s => s.Order))
            {
                // What a control said before does not matter either.
                shuffled.Take(breaker with { Demand = TradingState.Killed });
                shuffled.Take(breaker);
            }

            ShouldAgree(shuffled, inOrder);
            ShouldAgree(Create(JsonSerializer.Deserialize<TradingStatesState>(JsonSerializer.Serialize(shuffled.Capture()))!), inOrder);
            var reach = new (InstrumentId, string[])[]
            {
                (Market.Okx, ["asset", "long", "short", Market.OkxName, "okx"]), (Market.Gate, ["asset", "long", "short", Market.GateName]),
                (Market.Pool, ["asset", "long", "short", Market.TonRate, "stonfi"]),
            };
            foreach (var (instrument, reaching) in reach)
                inOrder.For(instrument).State.ShouldBe(latest.Where(s => reaching.Contains(s.Breaker.Subject)).Select(s => s.Breaker.Demand)
                    .Append(TradingState.Active).Max());
            inOrder.Status.Asset.State.ShouldBe(inOrder.Status.Instruments.Min(p => p.State));
        });

    private static void ShouldAgree(TradingStates actual, TradingStates expected)
    {
        actual.Status.Asset.ShouldBe(expected.Status.Asset);
        actual.Status.Instruments.ShouldBe(expected.Status.Instruments);
    }

    private static TradingStates Create(TradingStatesState state) => new(state, Market.Instruments, Market.Numeraires);

    private static BreakerState Of(BreakerKind kind, string subject, TradingState demand, double multiplier = 1) => new()
    {
        Kind = kind, Subject = subject, Demand = demand, Multiplier = multiplier, Value = 0, Threshold = 0, Reason = $"{kind} {subject} {demand}",
    };
}
