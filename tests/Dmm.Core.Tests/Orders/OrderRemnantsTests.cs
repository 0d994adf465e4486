using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Orders;

public sealed class OrderRemnantsTests
{
    private static readonly InstrumentId Here = new(0);
    private static readonly Timestamp At = Timestamp.Parse("2024-08-08T00:00:00Z");

    [Theory]
    [InlineData(OrderStatus.Cancelled, 0, 6)]
    [InlineData(OrderStatus.Filled, 0, 6)]
    [InlineData(OrderStatus.PartiallyFilled, 2, 4)] // what traded is still shown
    [InlineData(OrderStatus.Live, 6, 0)]
    [InlineData(OrderStatus.Rejected, 0, 0)] // it never was there
    public void WhatAnUpdateTakesAway_IsLeftInTheBook(OrderStatus told, long remaining, long left) =>
        LeftAt(100, Told(Holding(Order), Update(told, 100, remaining), shown: 20), shown: 20).ShouldBe(left);

    [Fact]
    public void ConfirmedAmendment_LeavesWhereItWas()
    {
        var moved = Order with { PriceTicks = 103, Former = new(100, 6, At, 5), VenuePriceTicks = 100, VenueLots = 6 };
        var told = Told(Holding(moved), Update(OrderStatus.Live, 103, 6), shown: 20);
        (LeftAt(100, told, shown: 20), LeftAt(103, told, shown: 20)).ShouldBe((6, 0));
    }

    [Fact]
    public void LevelThatTheBookShowsNoMore_LeavesNothing() =>
        Told(Holding(Order), Update(OrderStatus.Cancelled, 100, 0), shown: 0).Remnants.IsDefault.ShouldBeTrue();

    [Fact]
    public void SecondOrderOfALevel_IsReckonedWithWhatTheFirstHasLeft()
    {
        var both = Holding(Order, Order with { ClientOrderId = "b" });
        var first = Told(both, Update(OrderStatus.Cancelled, 100, 0), shown: 20);
        // The book has been told of two of the first one's six lots by then.
        var second = Told(first, Update(OrderStatus.Cancelled, 100, 0) with { ClientOrderId = "b" }, shown: 18);
        second.Remnants.ShouldBe([new OrderRemnant(Here, Side.Buy, 100, 10, 18, At)]);
        (LeftAt(100, second, shown: 18), LeftAt(100, second, shown: 11), LeftAt(100, second, shown: 8)).ShouldBe((10, 3, 0));
    }

    [Fact]
    public void RemnantOfLongAgo_IsOver_AndForgottenAtTheNext()
    {
        var behind = Order with { ClientOrderId = "b", PriceTicks = 99, VenuePriceTicks = 99 };
        var first = Told(Holding(Order, behind), Update(OrderStatus.Cancelled, 100, 0), shown: 20);
        var later = At + OrderRemnants.KeptFor;
        OrderRemnants.LotsAt(first, Here, Side.Buy, 100, 20, later).ShouldBe(0);
        var update = Update(OrderStatus.Cancelled, 99, 0) with { ClientOrderId = "b" };
        var second = OrderRemnants.Step(first, LiveOrders.Step(first, update), update, (_, _, _) => 20, later);
        second.Remnants.ShouldHaveSingleItem().PriceTicks.ShouldBe(99);
    }

    private static LiveOrder Order => new("a", Here, Side.Buy, 100, 6, OrderStatus.Live, At) { VenuePriceTicks = 100, VenueLots = 6 };

    private static LiveOrdersState Holding(params LiveOrder[] orders) => new([.. orders]);

    private static LiveOrdersState Told(LiveOrdersState state, OrderUpdate update, long shown) =>
        OrderRemnants.Step(state, LiveOrders.Step(state, update), update, (_, _, _) => shown, At);

    private static long LeftAt(long price, LiveOrdersState state, long shown) => OrderRemnants.LotsAt(state, Here, Side.Buy, price, shown, At);

    private static OrderUpdate Update(OrderStatus status, long price, long remaining) => new()
    {
        Instrument = Here, ClientOrderId = "a", Status = status, Side = Side.Buy, PriceTicks = price, RemainingLots = remaining, Reason = "",
    };
}
