using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels.Routing;

/// <summary>
/// The example of <see cref="RouteSetting"/>: sell 100 at west, which is thinner, at 1.0028 or better, then buy at east at 1.0002 or better.
/// </summary>
public sealed class RouteMachineTests
{
    private readonly RouteTable _table = new();

    private RouteSetting Setting => _table.Setting;

    [Fact]
    public void Opportunity_SendsTheFirstLegAtItsLimit()
    {
        _table.Act();
        var leg = _table.Placed.ShouldHaveSingleItem();
        (leg.Instrument, leg.Side, leg.SizeLots, leg.PriceTicks, leg.TimeInForce, leg.IsPostOnly)
            .ShouldBe((RouteSetting.West, Side.Sell, 1000, 10028, TimeInForce.ImmediateOrCancel, false));
        _table.Decisions.Select(d => d.GetType()).ShouldBe([typeof(RouteIntent), typeof(RouteLegSent)]);
        _table.State.IsLeg(leg.ClientOrderId).ShouldBeTrue();
    }

    [Fact]
    public void FirstFilled_SecondGoesForExactlyThat()
    {
        _table.FirstFills(100);
        var second = _table.Placed.Last();
        (second.Instrument, second.Side, second.SizeLots, second.PriceTicks).ShouldBe((RouteSetting.East, Side.Buy, 1000, 10002));
        _table.Fills(100).Told(OrderStatus.Filled);
        _table.State.Trade.ShouldBeNull();
        // Sold at 1.0028, bought at 1.0002: 0.26 on 100.
        (_table.Outcome.Result, _table.Outcome.Bought, _table.Outcome.Sold, _table.Outcome.Profit).ShouldBe((RouteResult.Done, 100, 100, 0.26m));
    }

    [Fact]
    public void FirstFilledInPart_SecondGoesForThatPart()
    {
        _table.FirstFills(37.5m);
        _table.Placed.Last().SizeLots.ShouldBe(375);
    }

    [Fact]
    public void FirstFilledNothing_NothingFollows()
    {
        _table.FirstFills(0);
        _table.State.Trade.ShouldBeNull();
        _table.Placed.Count().ShouldBe(1);
        _table.Outcome.Result.ShouldBe(RouteResult.Missed);
    }

    [Fact]
    public void FirstRefused_NothingFollows()
    {
        _table.Act().Told(OrderStatus.Rejected, 1000);
        (_table.State.Trade, _table.Outcome.Result).ShouldBe((null, RouteResult.Missed));
    }

    [Fact]
    public void EndToldBeforeItsFills_IsClosedOnceAndNotTwice()
    {
        _table.Act().Told(OrderStatus.Filled);
        _table.Placed.Last().SizeLots.ShouldBe(1000);
        var (first, second) = (_table.Placed.First().ClientOrderId, _table.Placed.Last().ClientOrderId);
        _table.Fills(100, first);
        _table.Fills(100, second).Told(OrderStatus.Filled, id: second);
        (_table.Placed.Count(), _table.Outcome.Result).ShouldBe((2, RouteResult.Done));
    }

    [Fact]
    public void FillToldTwice_CountsOnce()
    {
        _table.Act().Fills(60, tradeId: "a").Fills(60, tradeId: "a").Told(OrderStatus.Cancelled, 400);
        _table.Placed.Last().SizeLots.ShouldBe(600);
    }

    [Fact]
    public void FeeInTheBaseAsset_IsNotSoldAgain()
    {
        // East is the thinner now, so that the buy goes first; of 100 bought 99.95 arrive.
        Setting.Books[0].Show("9990*5000", "10000*500 10080*500");
        _table.Act().Fills(50, fee: 0.05m, feeAsset: "DCT").Told(OrderStatus.Filled);
        // 49.95 of lots of 0.1.
        (_table.Placed.Last().Side, _table.Placed.Last().SizeLots).ShouldBe((Side.Sell, 499));
    }

    [Fact]
    public void OtherTrade_DoesNotBeginWhileOneIsInFlight()
    {
        _table.Act().Act().After(1);
        _table.Placed.ShouldHaveSingleItem();
        _table.Decisions.OfType<RouteIntent>().ShouldHaveSingleItem();
    }

    [Fact]
    public void SecondShort_IsTriedAgainForTheRestAtAWorseLimit()
    {
        _table.FirstFills(100).Fills(30).Told(OrderStatus.Cancelled, 700);
        _table.Placed.Count().ShouldBe(2);
        _table.After(0.24).Placed.Count().ShouldBe(2);
        _table.After(0.01);
        // 10002·1.0005 = 10007.001
        (_table.Placed.Last().Instrument, _table.Placed.Last().SizeLots, _table.Placed.Last().PriceTicks).ShouldBe((RouteSetting.East, 700, 10007));
    }

    /// <summary>
    /// Three tries at east reach 10 bps past its limit, 10002·1.0015 = 10017; south asks 1.0035, and is out of reach: east is the cheapest.
    /// </summary>
    [Fact]
    public void SecondFailsAtEveryTry_IsUnwoundWhereItIsCheapest()
    {
        _table.FirstFills(100);
        for (var i = 0; i < 3; i++) _table.Told(OrderStatus.Cancelled, 1000).After(0.25);
        _table.Decisions.OfType<RouteLegSent>().Select(l => l.Purpose)
            .ShouldBe([RoutePurpose.First, RoutePurpose.Second, RoutePurpose.Second, RoutePurpose.Second, RoutePurpose.Unwind]);
        // The book's 10000 takes all of it; 15 bps on it are 10015.
        (_table.Placed.Last().Instrument, _table.Placed.Last().PriceTicks).ShouldBe((RouteSetting.East, 10015));
        _table.Fills(100).Told(OrderStatus.Filled);
        (_table.Outcome.Result, _table.State.Failures).ShouldBe((RouteResult.Unwound, 1));
        _table.Alerts.ShouldHaveSingleItem().Level.ShouldBe(AlertLevel.Warning);
        _table.State.StandsOffUntil.ShouldBe(Setting.Now + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void SecondFails_NextBestMarketIsTakenWithinItsBound()
    {
        Setting.Books[2].Show("10000*9000", "10012*9000");
        _table.FirstFills(100);
        for (var i = 0; i < 3; i++) _table.Told(OrderStatus.Cancelled, 1000).After(0.25);
        var leg = _table.Decisions.OfType<RouteLegSent>().Last();
        // As good, after equal fees, as 10002·1.0015 = 10017.003.
        (leg.Purpose, leg.Instrument, leg.Price).ShouldBe((RoutePurpose.Reroute, RouteSetting.South, 1.0017m));
    }

    [Fact]
    public void SecondMarketHalted_IsReroutedOrUnwoundAtOnce()
    {
        _table.Act().Fills(100);
        Setting.Permissions[0] = RouteSetting.Active with { State = TradingState.Halted, WithholdsBuys = true, WithholdsSells = true };
        _table.Told(OrderStatus.Filled);
        var leg = _table.Decisions.OfType<RouteLegSent>().Last();
        // South asks 1.0035, west itself 1.0070.
        (leg.Purpose, leg.Instrument).ShouldBe((RoutePurpose.Unwind, RouteSetting.South));
    }

    [Fact]
    public void OpenForTooLong_IsUnwound()
    {
        Setting.Parameters = new() { UnhedgedMax = TimeSpan.FromSeconds(0.3) };
        _table.FirstFills(100).Told(OrderStatus.Cancelled, 1000).After(0.3);
        _table.Decisions.OfType<RouteLegSent>().Last().Purpose.ShouldBe(RoutePurpose.Unwind);
    }

    [Fact]
    public void MoreOpenThanMayBe_IsUnwoundAtOnce()
    {
        // A venue that filled more than was asked.
        Setting.Parameters = new() { TradeNotionalMax = 100, UnhedgedNotionalMax = 101 };
        _table.Act().Fills(105).Told(OrderStatus.Filled);
        var leg = _table.Decisions.OfType<RouteLegSent>().Last();
        (leg.Purpose, leg.Quantity).ShouldBe((RoutePurpose.Unwind, 105));
    }

    [Fact]
    public void UnwindFailsToo_IsLeftToInventoryWithACriticalAlert()
    {
        Setting.Parameters = new() { SecondLegTries = 1, UnwindTries = 2 };
        _table.FirstFills(100);
        for (var i = 0; i < 3; i++) _table.Told(OrderStatus.Cancelled, 1000).After(0.25);
        _table.State.Trade.ShouldBeNull();
        (_table.Outcome.Result, _table.Placed.Count()).ShouldBe((RouteResult.LeftOpen, 4));
        _table.Alerts.ShouldHaveSingleItem().Level.ShouldBe(AlertLevel.Critical);
    }

    [Fact]
    public void FailuresInARow_LengthenTheCoolDown()
    {
        Setting.Parameters = new() { SecondLegTries = 1, UnwindTries = 1, Pause = TimeSpan.FromSeconds(0.1) };
        foreach (var seconds in (double[])[30, 60, 120])
        {
            _table.FirstFills(100);
            for (var i = 0; i < 2; i++) _table.Told(OrderStatus.Cancelled, 1000).After(0.25);
            _table.State.StandsOffUntil.ShouldBe(Setting.Now + TimeSpan.FromSeconds(seconds));
            _table.After(seconds - 0.01).State.Trade.ShouldBeNull();
            Setting.Now = _table.State.StandsOffUntil;
        }
    }

    [Fact]
    public void TradesThatCameToNothing_PauseLongerEachTime()
    {
        _table.FirstFills(0);
        _table.State.StandsOffUntil.ShouldBe(Setting.Now + TimeSpan.FromSeconds(1));
        Setting.Now = _table.State.StandsOffUntil;
        _table.FirstFills(0);
        _table.State.StandsOffUntil.ShouldBe(Setting.Now + TimeSpan.FromSeconds(2));
    }

    /// <summary>The last bid walked is 10030: a limit of 10029 is as good, and meets nothing of ours at 10028.</summary>
    [Fact]
    public void QuoteOfOursWithinTheSlippageAlone_IsPricedAwayFrom()
    {
        Setting.Live = new([new LiveOrder("dsimx0xa", RouteSetting.West, Side.Buy, 10028, 10, OrderStatus.Live, default)]);
        _table.Act().Placed.ShouldHaveSingleItem().PriceTicks.ShouldBe(10029);
    }

    [Fact]
    public void OverlapWithAQuoteOfOurs_MakesQuotesGoBeforeALegGoes()
    {
        Setting.Live = new([new LiveOrder("dsimx0xa", RouteSetting.West, Side.Buy, 10030, 10, OrderStatus.Live, default)]);
        _table.Act();
        (_table.Trade.IsClearing, _table.Placed.Count(), _table.Decisions.Count).ShouldBe((true, 0, 0));
        Setting.Live = LiveOrdersState.Empty;
        _table.Act().Placed.ShouldHaveSingleItem();
    }

    [Fact]
    public void QuotesThatDoNotGo_LeaveTheTradeUndone()
    {
        Setting.Live = new([new LiveOrder("dsimx0xa", RouteSetting.West, Side.Buy, 10030, 10, OrderStatus.PendingUnknown, default)]);
        _table.Act().After(1.99);
        _table.Trade.IsClearing.ShouldBeTrue();
        _table.After(0.01);
        (_table.State.Trade, _table.Outcome.Result, _table.Placed.Count()).ShouldBe((null, RouteResult.Missed, 0));
    }

    [Fact]
    public void HedgeInPart_LeavesNothingToClose()
    {
        (Setting.Held, Setting.FairValue) = (2_000m, 1.0020);
        _table.Act();
        _table.Decisions.OfType<RouteIntent>().Single().Kind.ShouldBe(RouteKind.Hedge);
        _table.Fills(40).Told(OrderStatus.Cancelled, 600);
        (_table.State.Trade, _table.Outcome.Result, _table.Outcome.Sold, _table.Placed.Count()).ShouldBe((null, RouteResult.Done, 40, 1));
    }

    [Fact]
    public void RemainderTooSmallForAnyMarket_IsLeftToInventory()
    {
        _table.FirstFills(100).Fills(99.5m).Told(OrderStatus.Cancelled, 5);
        (_table.State.Trade, _table.Outcome.Result, _table.Outcome.Bought).ShouldBe((null, RouteResult.Done, 99.5m));
    }

    [Fact]
    public void SwitchedOff_FinishesWhatIsInFlightAndBeginsNothing()
    {
        _table.Act().Fills(100);
        Setting.MayBegin = false;
        _table.Told(OrderStatus.Filled).Fills(100).Told(OrderStatus.Filled);
        _table.Outcome.Result.ShouldBe(RouteResult.Done);
        _table.After(60).State.Trade.ShouldBeNull();
    }
}
