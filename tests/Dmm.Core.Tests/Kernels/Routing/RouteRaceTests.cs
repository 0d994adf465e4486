using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels.Routing;

/// <summary>What goes wrong around a leg: at every point, nothing is sent that may double one, and nothing open is forgotten.</summary>
public sealed class RouteRaceTests
{
    private static readonly TradingPermission Halted = new(TradingState.Halted, 1, true, true, "halted");

    private readonly RouteTable _table = new();

    private RouteSetting Setting => _table.Setting;

    [Theory]
    [InlineData(RoutePurpose.First)]
    [InlineData(RoutePurpose.Second)]
    public void LegOfUnknownFate_NothingIsSentUntilItIsKnown(RoutePurpose purpose)
    {
        Until(purpose).Told(OrderStatus.PendingUnknown, 1000);
        var sent = _table.Placed.Count();
        // Its cancel is asked for; nothing else, whatever the time.
        for (var i = 0; i < 40; i++) _table.After(0.5);
        _table.Placed.Count().ShouldBe(sent);
        _table.Orders.Count(o => o.Kind == OrderIntentKind.Cancel).ShouldBe(1);
        _table.Alerts.ShouldHaveSingleItem().Level.ShouldBe(AlertLevel.Critical);
    }

    [Fact]
    public void FirstUnknownThenFilled_SecondFollows()
    {
        _table.Act().Told(OrderStatus.PendingUnknown, 1000).After(1).Fills(100).Told(OrderStatus.Filled);
        (_table.Placed.Count(), _table.Placed.Last().SizeLots).ShouldBe((2, 1000));
    }

    [Fact]
    public void SecondUnknownThenFilled_IsDone()
    {
        _table.FirstFills(100).Told(OrderStatus.PendingUnknown, 1000).After(1).Told(OrderStatus.Filled);
        (_table.Placed.Count(), _table.Outcome.Result).ShouldBe((2, RouteResult.Done));
    }

    [Fact]
    public void SecondUnknownThenNeverArrived_IsTriedAgain()
    {
        _table.FirstFills(100).Told(OrderStatus.PendingUnknown, 1000).After(1).Told(OrderStatus.Rejected, 1000).After(0.25);
        (_table.Placed.Count(), _table.Placed.Last().SizeLots).ShouldBe((3, 1000));
    }

    [Fact]
    public void UnknownForLong_CountsAsFilledForWhatQuotesHaveToLeave()
    {
        _table.Act().Told(OrderStatus.PendingUnknown, 1000);
        (_table.Trade.Owed(Side.Buy), _table.Trade.Owed(Side.Sell)).ShouldBe((100, 0));
        // On its way already: what an order holds is not held twice.
        _table.Fills(100).Told(OrderStatus.Filled);
        (_table.Trade.Owed(Side.Buy), _table.Trade.Owed(Side.Sell)).ShouldBe((0, 0));
    }

    [Fact]
    public void LegThatDoesNotEnd_IsCancelledOnce()
    {
        _table.Act().Told(OrderStatus.Live, 1000).After(1.99);
        _table.Orders.Count.ShouldBe(1);
        _table.After(0.01);
        var cancel = _table.Orders.Last();
        (cancel.Kind, cancel.ClientOrderId).ShouldBe((OrderIntentKind.Cancel, _table.Leg.ClientOrderId));
        _table.After(5).Orders.Count.ShouldBe(2);
    }

    [Fact]
    public void FillAfterCancelled_WhileTheTradeGoesOn_IsTakenIn()
    {
        _table.FirstFills(100).Told(OrderStatus.Cancelled, 1000);
        var late = _table.Placed.Last().ClientOrderId;
        _table.Fills(40, late).After(0.25);
        _table.Placed.Last().SizeLots.ShouldBe(600);
    }

    [Fact]
    public void SecondFilledTwiceOver_IsTurnedBack()
    {
        _table.FirstFills(100).Told(OrderStatus.Cancelled, 1000).After(0.25);
        var (late, again) = (_table.Placed.ElementAt(1).ClientOrderId, _table.Placed.Last().ClientOrderId);
        _table.Fills(100, again).Fills(100, late);
        // 100 too much were bought, and the second try has not ended.
        _table.Placed.Count().ShouldBe(3);
        _table.Told(OrderStatus.Filled, id: again).After(0.25);
        (_table.Placed.Last().Side, _table.Placed.Last().SizeLots).ShouldBe((Side.Sell, 1000));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(100)]
    public void FillAfterTheTradeEnded_IsClosedByAnother(int quantity)
    {
        _table.FirstFills(0);
        var first = _table.Placed.Single().ClientOrderId;
        // Within the pause after a trade that came to nothing.
        _table.Fills(quantity, first);
        var leg = _table.Decisions.OfType<RouteLegSent>().Last();
        (leg.Trade, leg.Purpose, leg.Side, leg.Quantity, leg.Instrument).ShouldBe((2, RoutePurpose.Unwind, Side.Buy, quantity, RouteSetting.East));
        _table.Fills(quantity).Told(OrderStatus.Filled);
        (_table.Outcome.Result, _table.Outcome.Sold, _table.Outcome.Bought).ShouldBe((RouteResult.Unwound, quantity, quantity));
    }

    [Fact]
    public void LateFillToldAgain_IsClosedOnce()
    {
        _table.FirstFills(0);
        var first = _table.Placed.Single().ClientOrderId;
        _table.Fills(50, first, tradeId: "late").Fills(50).Told(OrderStatus.Filled);
        _table.Fills(50, first, tradeId: "late");
        (_table.State.Trade, _table.Placed.Count()).ShouldBe((null, 2));
    }

    [Fact]
    public void LateFillWhileAHedgeIsInFlight_WaitsAndIsNotForgotten()
    {
        _table.FirstFills(0);
        var first = _table.Placed.Single().ClientOrderId;
        (Setting.Held, Setting.FairValue) = (2_000m, 1.0020);
        _table.After(1);
        _table.Trade.Kind.ShouldBe(RouteKind.Hedge);
        _table.Fills(50, first);
        _table.Placed.Count().ShouldBe(2);
        _table.Told(OrderStatus.Cancelled, 1000).Act();
        var leg = _table.Decisions.OfType<RouteLegSent>().Last();
        (leg.Purpose, leg.Side, leg.Quantity).ShouldBe((RoutePurpose.Unwind, Side.Buy, 50));
    }

    [Fact]
    public void FeedsLostWithATradeOpen_ItWaitsThenClosesWhereABookCameBack()
    {
        _table.Act().Fills(100);
        foreach (var book in Setting.Books) book.Status = BookStatus.Gap;
        _table.Told(OrderStatus.Filled).After(1);
        _table.Placed.Count().ShouldBe(1);
        Setting.Books[2].Status = BookStatus.Valid;
        _table.After(0.25);
        (_table.Placed.Last().Instrument, _table.Placed.Last().SizeLots).ShouldBe((RouteSetting.South, 1000));
    }

    [Fact]
    public void KilledWithATradeOpen_SendsNothingAndTellsPeople()
    {
        _table.Act().Fills(100);
        for (var i = 0; i < 3; i++) Setting.Permissions[i] = Halted with { State = TradingState.Killed };
        _table.Told(OrderStatus.Filled);
        for (var i = 0; i < 50; i++) _table.After(0.25);
        _table.Placed.ShouldHaveSingleItem();
        (_table.State.Trade, _table.Outcome.Result).ShouldBe((null, RouteResult.LeftOpen));
        _table.Alerts.ShouldHaveSingleItem().Level.ShouldBe(AlertLevel.Critical);
    }

    [Fact]
    public void ReducingWithATradeOpen_ClosesOnTheSideThatIsLeft()
    {
        _table.Act().Fills(100);
        for (var i = 0; i < 3; i++) Setting.Permissions[i] = RouteSetting.Active with { State = TradingState.Reducing, WithholdsSells = true };
        _table.Told(OrderStatus.Filled);
        (_table.Placed.Last().Side, _table.Placed.Count()).ShouldBe((Side.Buy, 2));
    }

    [Fact]
    public void ReducingOnTheOtherSide_ClosesNothing()
    {
        _table.Act().Fills(100);
        for (var i = 0; i < 3; i++) Setting.Permissions[i] = RouteSetting.Active with { State = TradingState.Reducing, WithholdsBuys = true };
        _table.Told(OrderStatus.Filled).After(1);
        _table.Placed.ShouldHaveSingleItem();
    }

    /// <summary>East asks 1.2, nobody else asks: 20 % over the fair value of 1.0025 is no price to close at.</summary>
    [Fact]
    public void EmptiedBook_IsNoPlaceToUnwind()
    {
        Setting.Permissions[2] = Halted;
        _table.Act().Fills(100);
        Setting.Books[0].Show("9990*5000", "12000*1000");
        Setting.Books[1].Show("10050*800", "12500*5000");
        Setting.Parameters = new() { UnhedgedMax = TimeSpan.FromSeconds(0.3) };
        _table.Told(OrderStatus.Filled).Told(OrderStatus.Cancelled, 1000).After(0.3);
        _table.Decisions.OfType<RouteLegSent>().Select(l => l.Purpose).ShouldBe([RoutePurpose.First, RoutePurpose.Second]);
        Setting.Books[0].Show("9990*5000", "10100*1000");
        _table.After(0.25);
        _table.Decisions.OfType<RouteLegSent>().Last().Purpose.ShouldBe(RoutePurpose.Unwind);
    }

    [Fact]
    public void QuotesInTheWayOfTheSecond_GoFirst()
    {
        _table.Act().Fills(100);
        Setting.Live = Setting.Live with
        {
            Orders = Setting.Live.Orders.Add(new("dsimx0xq", RouteSetting.East, Side.Sell, 10000, 10, OrderStatus.Live, Setting.Now)),
        };
        _table.Told(OrderStatus.Filled);
        (_table.Trade.IsClearing, _table.Placed.Count()).ShouldBe((true, 1));
        Setting.Live = Setting.Live with { Orders = [] };
        _table.After(0.25);
        (_table.Placed.Last().Instrument, _table.Trade.Legs.Last().Purpose).ShouldBe((RouteSetting.East, RoutePurpose.Second));
    }

    [Fact]
    public void CapTakenUpByQuotes_IsWaitedFor()
    {
        _table.Act().Fills(100);
        Setting.Live = Setting.Live with
        {
            Orders = Setting.Live.Orders.Add(new("dsimx0xq", RouteSetting.East, Side.Buy, 9990, 10, OrderStatus.Live, Setting.Now)),
        };
        Setting.Rooms[0] = (new(40, 1000), RouteSetting.Wide);
        _table.Told(OrderStatus.Filled);
        (_table.Trade.IsClearing, _table.Placed.Count()).ShouldBe((true, 1));
    }

    /// <summary>A crash at any point: what the journal holds is all that goes on, and every order that may have left is known to it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void CrashAtAnyPoint_GoesOnWithoutDoubling(int crashAfter)
    {
        Action[] steps =
        [
            () => _table.Act(), () => _table.Fills(60), () => _table.Told(OrderStatus.Cancelled, 400), () => _table.Fills(20),
            () => _table.Told(OrderStatus.Cancelled, 400), () => _table.After(0.25),
        ];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i]();
            if (i != crashAfter) continue;
            var json = JsonSerializer.Serialize(_table.State);
            _table.State = JsonSerializer.Deserialize<RouterState>(json)!;
            JsonSerializer.Serialize(_table.State).ShouldBe(json);
            _table.Act();
        }

        _table.Placed.Select(o => o.SizeLots).ShouldBe([1000, 600, 400]);
        _table.Trade.Exposure.ShouldBe(-40);
    }

    [Fact]
    public void LegThatTheOrderStageNoLongerHas_HasEnded()
    {
        _table.Act();
        Setting.Live = LiveOrdersState.Empty;
        _table.Act();
        _table.Outcome.Result.ShouldBe(RouteResult.Missed);
    }

    private RouteTable Until(RoutePurpose purpose) => purpose == RoutePurpose.First ? _table.Act() : _table.FirstFills(100);
}
