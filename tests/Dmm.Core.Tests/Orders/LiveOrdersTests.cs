using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Orders;

public sealed class LiveOrdersTests
{
    private static readonly Timestamp At = Timestamp.Parse("2024-08-08T00:00:00Z");
    private static readonly InstrumentId Market = new(0);

    public static TheoryData<OrderStatus, OrderStatus> StatusPairs =>
        [.. from held in Enum.GetValues<OrderStatus>() where held < OrderStatus.Filled from told in Enum.GetValues<OrderStatus>() select (held, told)];

    [Theory]
    [MemberData(nameof(StatusPairs))]
    public void StatusTold_RaisesOrEndsTheOrderButNeverLowersIt(OrderStatus held, OrderStatus told)
    {
        var after = LiveOrders.Step(Holding(held), Update("a", told, 10));
        if (told >= OrderStatus.Filled) after.Orders.ShouldBeEmpty();
        else after.Orders.ShouldHaveSingleItem().Status.ShouldBe(told > held ? told : held);
    }

    [Theory]
    [InlineData(10, 4, 4)]
    [InlineData(4, 10, 4)]
    [InlineData(4, 4, 4)]
    [InlineData(4, 0, 0)]
    public void RemainingTold_OnlyLowersWhatIsLeft(long held, long told, long left) =>
        LiveOrders.Step(Holding(OrderStatus.Live, held), Update("a", OrderStatus.PartiallyFilled, told)).Orders[0].RemainingLots.ShouldBe(left);

    [Fact]
    public void AnySequenceOfUpdates_StatusNeverFallsAndRemainingNeverRises() =>
        Gen.Select(Gen.Enum<OrderStatus>(), Gen.Long[0, 20]).Array[1, 30].Sample(told =>
        {
            var state = Holding(OrderStatus.PendingNew);
            foreach (var (status, lots) in told)
            {
                var before = state.Orders;
                state = LiveOrders.Step(state, Update("a", status, lots));
                if (state.Orders.IsEmpty) continue;
                (state.Orders[0].Status >= before[0].Status).ShouldBeTrue();
                state.Orders[0].RemainingLots.ShouldBeLessThanOrEqualTo(before[0].RemainingLots);
            }

            state.Orders.IsEmpty.ShouldBe(told.Any(t => t.Item1 >= OrderStatus.Filled));
        });

    [Theory]
    [InlineData(OrderStatus.Filled)]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Rejected)]
    [InlineData(OrderStatus.Expired)]
    public void AcknowledgementAfterTheEnd_MakesNoPhantom(OrderStatus end)
    {
        var ended = LiveOrders.Step(Holding(OrderStatus.PendingNew), Update("a", end, 0));
        LiveOrders.Step(ended, Update("a", OrderStatus.Live, 10)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public void UnknownId_IsIgnored()
    {
        var state = Holding(OrderStatus.Live);
        LiveOrders.Step(state, Update("b", OrderStatus.Cancelled, 0)).ShouldBe(state);
        LiveOrders.Step(state, Intent(OrderIntentKind.Cancel, "b"), At, 5).ShouldBe(state);
        LiveOrders.Step(state, Intent(OrderIntentKind.Amend, "b"), At, 5).ShouldBe(state);
    }

    [Fact]
    public void Placement_EntersAsPendingInTheOrderOfPlacing()
    {
        var state = LiveOrders.Step(LiveOrders.Step(LiveOrdersState.Empty, Intent(OrderIntentKind.Place, "b"), At, 5), Intent(OrderIntentKind.Place, "a"), At + Timestamp.Unit, 5);
        state.Orders.ShouldBe(
        [
            new LiveOrder("b", Market, Side.Buy, 100, 10, OrderStatus.PendingNew, At) { QuotedHalfSpreadBps = 5 },
            new LiveOrder("a", Market, Side.Buy, 100, 10, OrderStatus.PendingNew, At + Timestamp.Unit) { QuotedHalfSpreadBps = 5 },
        ]);
    }

    [Fact]
    public void Cancel_MarksItsOrderWhichStaysUntilTheVenueSaysSo() =>
        LiveOrders.Step(Holding(OrderStatus.PartiallyFilled), Intent(OrderIntentKind.Cancel, "a"), At, 5).Orders.ShouldHaveSingleItem()
            .Status.ShouldBe(OrderStatus.PendingCancel);

    [Theory]
    [InlineData(6, 6)]
    [InlineData(14, 10)]
    public void Amendment_MovesPriceAndAgeAndOnlyLowersTheSize(long lots, long left)
    {
        var amended = LiveOrders.Step(Holding(OrderStatus.Live), Intent(OrderIntentKind.Amend, "a") with { PriceTicks = 103, SizeLots = lots }, At + Timestamp.Unit, 7);
        amended.Orders.ShouldHaveSingleItem().ShouldBe(new LiveOrder("a", Market, Side.Buy, 103, left, OrderStatus.Live, At + Timestamp.Unit)
        {
            QuotedHalfSpreadBps = 7, Former = new(100, 10, At, 0),
        });
    }

    [Theory]
    // As asked, with or without a fill on the way; then it is confirmed.
    [InlineData(103, 6, 6)]
    [InlineData(103, 2, 2)]
    public void AmendmentConfirmed_OneTermsAreLeft(long price, long told, long left)
    {
        var order = LiveOrders.Step(Amended(103, 6), Update("a", OrderStatus.Live, told) with { PriceTicks = price }).Orders.ShouldHaveSingleItem();
        (order.PriceTicks, order.RemainingLots, order.Former, order.IsSettled).ShouldBe((103, left, null, true));
        (order.LotsMax, order.HighestTicks, order.LowestTicks).ShouldBe((left, 103, 103));
    }

    [Fact]
    public void AmendmentUnconfirmed_OrderMayStandAtEither()
    {
        // A fill at the old price, told after the amendment left and before it arrived.
        var order = LiveOrders.Step(Amended(97, 6), Update("a", OrderStatus.PartiallyFilled, 8)).Orders.ShouldHaveSingleItem();
        (order.PriceTicks, order.RemainingLots, order.IsSettled).ShouldBe((97, 6, false));
        (order.LotsMax, order.HighestTicks, order.LowestTicks).ShouldBe((8, 100, 97));
    }

    [Fact]
    public void AmendmentRefused_BelievedTermsAreTheVenuesAgain()
    {
        var refused = Update("a", OrderStatus.Live, 9) with { Reason = "price too far" };
        var order = LiveOrders.Step(Amended(103, 6), refused).Orders.ShouldHaveSingleItem();
        order.ShouldBe(new LiveOrder("a", Market, Side.Buy, 100, 9, OrderStatus.Live, At) { VenuePriceTicks = 100, VenueLots = 9 });
        order.IsSettled.ShouldBeTrue();
    }

    [Fact]
    public void AmendmentLost_CountsAtBothUntilTheOrderEnds()
    {
        var state = LiveOrders.Step(Amended(103, 6), Update("a", OrderStatus.PendingUnknown, 6));
        (state.Orders[0].LotsMax, state.Orders[0].HighestTicks, state.Orders[0].LowestTicks).ShouldBe((10, 103, 100));
        LiveOrders.Step(state, Update("a", OrderStatus.Cancelled, 0)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public void VenueTellsOfAnotherPrice_OrderMayStandAtEitherAndIsNotAmended()
    {
        var order = LiveOrders.Step(Holding(OrderStatus.Live), Update("a", OrderStatus.Live, 10) with { PriceTicks = 103 }).Orders.ShouldHaveSingleItem();
        (order.PriceTicks, order.HighestTicks, order.LowestTicks, order.IsSettled).ShouldBe((100, 103, 100, false));
    }

    [Fact]
    public void CancelRefused_OrderRestsAndIsToBeCancelledAgain()
    {
        var cancelled = LiveOrders.Step(Holding(OrderStatus.Live), Intent(OrderIntentKind.Cancel, "a"), At, 5);
        var refused = LiveOrders.Step(cancelled, Update("a", OrderStatus.Live, 10) with { Reason = "busy" });
        refused.Orders.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            order => order.Status.ShouldBe(OrderStatus.PendingCancel), order => order.IsCancelRefused.ShouldBeTrue());
        LiveOrders.Step(refused, Intent(OrderIntentKind.Cancel, "a"), At, 5).Orders[0].IsCancelRefused.ShouldBeFalse();
    }

    [Fact]
    public void LateUpdateOfAnOrderBeingCancelled_IsNoRefusal() =>
        LiveOrders.Step(Holding(OrderStatus.PendingCancel), Update("a", OrderStatus.PartiallyFilled, 4)).Orders.ShouldHaveSingleItem()
            .IsCancelRefused.ShouldBeFalse();

    [Theory]
    [InlineData(4.9, OrderStatus.PendingNew)]
    [InlineData(5, OrderStatus.PendingUnknown)]
    public void PlacementNotConfirmed_IsUnknownFromItsExpiryOn(double seconds, OrderStatus expected)
    {
        var state = LiveOrders.Expire(Holding(OrderStatus.PendingNew), At + TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(5));
        state.Orders.ShouldHaveSingleItem().Status.ShouldBe(expected);
        LiveOrders.Step(state, Update("a", OrderStatus.Live, 10)).Orders[0].Status.ShouldBe(OrderStatus.Live);
    }

    [Fact]
    public void ConfirmedOrders_DoNotExpire()
    {
        var state = Holding(OrderStatus.Live);
        LiveOrders.Expire(state, At + TimeSpan.FromHours(1), TimeSpan.FromSeconds(5)).ShouldBeSameAs(state);
    }

    private static LiveOrdersState Amended(long price, long lots) => LiveOrders.Step(
        Holding(OrderStatus.Live), Intent(OrderIntentKind.Amend, "a") with { PriceTicks = price, SizeLots = lots }, At + Timestamp.Unit, 7);

    private static LiveOrdersState Holding(OrderStatus status, long lots = 10) => new([new LiveOrder("a", Market, Side.Buy, 100, lots, status, At)]);

    private static OrderUpdate Update(string id, OrderStatus status, long lots) => new()
    {
        Instrument = Market, ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 100, RemainingLots = lots, Reason = "",
    };

    private static OrderIntent Intent(OrderIntentKind kind, string id) => new()
    {
        Kind = kind, Instrument = Market, ClientOrderId = id, Side = Side.Buy, PriceTicks = 100, SizeLots = 10, IsPostOnly = true,
    };
}
