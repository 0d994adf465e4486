using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Tests.Kernels;

namespace Dmm.Core.Tests.Orders;

/// <summary>What the difference holds back, and what it cancels though it lies where it should. A lot at 100 ticks is worth 0.001.</summary>
public sealed class OrderLimitsTests
{
    private static readonly Timestamp At = Timestamp.Parse("2024-08-08T00:00:00Z");
    private static readonly InstrumentId Market = new(0);
    private static readonly OrderIdState Ids = OrderIdState.Fresh("t", 1);
    private static readonly OrderParameters Exact = new() { PriceToleranceBps = 0, SizeTolerance = 0 };
    private static readonly SideRoom Ample = new(1_000_000, 1_000_000);
    private static readonly OrderLimits Free = new()
    {
        Instrument = QuoteSetting.Cex, QuoteAssetRate = 1, Buys = Ample, Sells = Ample, Now = At, AgeMax = null,
    };

    [Fact]
    public void ReplacementThatWouldCrossTheCap_WaitsForTheEndOfTheCancelNotForItsSending()
    {
        var limits = Free with { Buys = Ample with { Notional = 0.015m } };
        var target = Target(bids: [new(100, 12)]);
        var first = Between(target, [Order("a", Side.Buy, 90, 10)], limits);
        Lines(first).ShouldBe(["Cancel a Buy 90 10"]);
        first.IsWaiting.ShouldBeTrue();

        var cancelling = new[] { Order("a", Side.Buy, 90, 10, OrderStatus.PendingCancel) };
        Lines(Between(target, cancelling, limits)).ShouldBeEmpty();
        Between(target, cancelling, limits).IsWaiting.ShouldBeTrue();

        var last = Between(target, [], limits);
        Lines(last).ShouldBe(["Place dtx1x1 Buy 100 12"]);
        last.IsWaiting.ShouldBeFalse();
    }

    [Fact]
    public void RoomForBoth_ReplacesAtOnce() =>
        Lines(Between(Target(bids: [new(100, 12)]), [Order("a", Side.Buy, 90, 10)], Free with { Buys = Ample with { Notional = 0.021m } }))
            .ShouldBe(["Cancel a Buy 90 10", "Place dtx1x1 Buy 100 12"]);

    [Fact]
    public void PositionLimit_HoldsBackLikewise() =>
        Lines(Between(Target(asks: [new(100, 12)]), [Order("a", Side.Sell, 110, 10)], Free with { Sells = Ample with { BaseQuantity = 2.1m } }))
            .ShouldBe(["Cancel a Sell 110 10"]);

    [Theory]
    [InlineData(OrderStatus.PendingNew)]
    [InlineData(OrderStatus.PendingUnknown)]
    [InlineData(OrderStatus.Live)]
    [InlineData(OrderStatus.PartiallyFilled)]
    [InlineData(OrderStatus.PendingCancel)]
    public void EveryOrderThatMayFill_TakesUpRoom(OrderStatus status)
    {
        var limits = Free with { Buys = Ample with { Notional = 0.0199m } };
        var changes = Between(Target(bids: [new(100, 10)]), [Order("a", Side.Buy, 100, 11, status)], limits);
        changes.Intents.ShouldNotContain(intent => intent.Kind == OrderIntentKind.Place);
    }

    [Fact]
    public void NearRungThatWaits_LetsNoFarOneTakeItsRoom()
    {
        var limits = Free with { Buys = Ample with { Notional = 0.015m } };
        Lines(Between(Target(bids: [new(100, 12), new(90, 3)]), [Order("a", Side.Buy, 80, 10, OrderStatus.PendingCancel)], limits)).ShouldBeEmpty();
    }

    [Theory]
    // Up by ten ticks: 0.0010 is added to the 0.0100 of before.
    [InlineData(0.0110, "Amend a Buy 110 10")]
    [InlineData(0.0109, "Cancel a Buy 100 10")]
    public void AmendmentThatWouldCrossTheCap_BecomesACancel(decimal cap, string expected) =>
        Lines(Between(Target(bids: [new(110, 10)]), [Order("a", Side.Buy, 100, 10)], Free with { Buys = Ample with { Notional = cap } })).ShouldBe([expected]);

    [Fact]
    public void AmendmentThatAddsNothing_GoesOutThoughTheCapCameDown() =>
        Lines(Between(Target(bids: [new(90, 5)]), [Order("a", Side.Buy, 100, 10)], Free with { Buys = default })).ShouldBe(["Amend a Buy 90 5"]);

    [Fact]
    public void AmendmentOnItsWay_CountsWithTheWorseOfBothTerms()
    {
        var moved = Order("a", Side.Buy, 90, 5) with { Former = new(100, 10, At, 0) };
        var limits = Free with { Buys = Ample with { Notional = 0.0149m } };
        Lines(Between(Target(bids: [new(90, 5), new(80, 7)]), [moved], limits)).ShouldBeEmpty();
        Lines(Between(Target(bids: [new(90, 5), new(80, 7)]), [moved with { Former = null }], limits)).ShouldBe(["Place dtx1x1 Buy 80 7"]);
    }

    [Fact]
    public void OrderBeingAmended_IsLeftWithinToleranceAndElseCancelledNeverAmendedOnTop()
    {
        var moved = Order("a", Side.Buy, 90, 5) with { Former = new(100, 10, At, 0) };
        Lines(Between(Target(bids: [new(90, 5)]), [moved], Free)).ShouldBeEmpty();
        Lines(Between(Target(bids: [new(80, 5)]), [moved], Free)).ShouldBe(["Cancel a Buy 90 5", "Place dtx1x1 Buy 80 5"]);
    }

    [Fact]
    public void VenueThatDoesNotAmend_OrdersAreCancelledAndPlaced() =>
        Lines(Between(Target(bids: [new(90, 5)]), [Order("a", Side.Buy, 100, 10)], Free with { Instrument = QuoteSetting.Cex with { AmendsInPlace = false } }))
            .ShouldBe(["Cancel a Buy 100 10", "Place dtx1x1 Buy 90 5"]);

    [Fact]
    public void BidAtOurOwnAskThatMayStillRest_Waits()
    {
        var changes = Between(Target(bids: [new(110, 5)], asks: [new(120, 5)]), [Order("a", Side.Sell, 110, 5, OrderStatus.PendingCancel)], Free);
        Lines(changes).ShouldBe(["Place dtx1x1 Sell 120 5"]);
        changes.IsWaiting.ShouldBeTrue();
    }

    [Fact]
    public void MarketJumpsOverTheSpread_TheSideThatFleesGoesFirst()
    {
        var up = Between(Target(bids: [new(112, 5)], asks: [new(120, 5)]), [Order("b", Side.Buy, 100, 5), Order("a", Side.Sell, 110, 5)], Free);
        Lines(up).ShouldBe(["Amend a Sell 120 5"]);
        up.IsWaiting.ShouldBeTrue();

        // Not confirmed, the ask may still stand where it was.
        var moved = Order("a", Side.Sell, 120, 5) with { Former = new(110, 5, At, 0) };
        Lines(Between(Target(bids: [new(112, 5)], asks: [new(120, 5)]), [Order("b", Side.Buy, 100, 5), moved], Free)).ShouldBeEmpty();
        Lines(Between(Target(bids: [new(112, 5)], asks: [new(120, 5)]), [Order("b", Side.Buy, 100, 5), moved with { Former = null }], Free))
            .ShouldBe(["Amend b Buy 112 5"]);
    }

    [Fact]
    public void TargetThatCrossesItself_IsNeverSentWhole() =>
        Lines(Between(Target(bids: [new(105, 5)], asks: [new(105, 5)]), [], Free)).ShouldBe(["Place dtx1x1 Buy 105 5"]);

    [Theory]
    [InlineData(30, false)]
    [InlineData(30.001, true)]
    public void OrderOlderThanAQuoteMayBe_IsCancelledAndQuotedAnew(double ageSeconds, bool isReplaced)
    {
        var limits = Free with { Now = At + TimeSpan.FromSeconds(ageSeconds), AgeMax = TimeSpan.FromSeconds(30) };
        Lines(Between(Target(bids: [new(100, 10)]), [Order("a", Side.Buy, 100, 10)], limits))
            .ShouldBe(isReplaced ? ["Cancel a Buy 100 10", "Place dtx1x1 Buy 100 10"] : []);
    }

    [Fact]
    public void CancelThatWasRefused_IsSentAgainThoughTheOrderLiesRight() =>
        Lines(Between(Target(bids: [new(100, 10)]), [Order("a", Side.Buy, 100, 10, OrderStatus.PendingCancel) with { IsCancelRefused = true }], Free))
            .ShouldBe(["Cancel a Buy 100 10", "Place dtx1x1 Buy 100 10"]);

    private static OrderChanges Between(QuoteTarget target, LiveOrder[] live, OrderLimits limits) =>
        OrderDifference.Between(target, new LiveOrdersState([.. live]), Ids, Exact, limits);

    private static string[] Lines(OrderChanges changes) =>
        [.. changes.Intents.Select(i => $"{i.Kind} {i.ClientOrderId} {i.Side} {i.PriceTicks} {i.SizeLots}")];

    private static LiveOrder Order(string id, Side side, long price, long lots, OrderStatus status = OrderStatus.Live) => new(id, Market, side, price, lots, status, At);

    private static QuoteTarget Target(QuoteLevel[]? bids = null, QuoteLevel[]? asks = null) => new()
    {
        Instrument = Market, FairValue = 100, State = TradingState.Active, Terms = default, Bids = [.. bids ?? []], Asks = [.. asks ?? []], Withheld = "",
    };
}
