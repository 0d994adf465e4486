using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.PricingSetting;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Orders;

public sealed class AwaitedFillsTests
{
    [Fact]
    public void StateThatOvertakesItsFill_IsThereUntilTheFillComes()
    {
        var scheduler = new TestScheduler();
        var port = new StatePort<AwaitedFillsState>("awaited-fills", AwaitedFillsState.None);
        var updates = scheduler.CreateHotObservable(OnNext(210, Update(5)), OnNext(220, Update(5) with { ClientOrderId = "b", FilledLots = 0 }));
        var fills = scheduler.CreateHotObservable(OnNext(230, Filled()));
        List<long> awaited = [];
        scheduler.ScheduleAbsolute(215, Look);
        scheduler.ScheduleAbsolute(225, Look);
        scheduler.ScheduleAbsolute(235, Look);
        scheduler.Start(() => fills.AwaitedFills(updates, Catalog, port, scheduler)).Messages
            .AssertEqual(OnNext(210, Unit.Default), OnNext(230, Unit.Default));
        awaited.ShouldBe([5, 5, 0]);

        void Look() => awaited.Add(port.Capture().Orders.Sum(o => o.Lots));
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<OrderUpdate, Unit>(
        (source, scheduler) => Observable.Empty<Fill>().AwaitedFills(source, Catalog, Port(AwaitedFillsState.None), scheduler),
        AtTicks([Update(5), Update(6), Update(7)]));

    [Fact]
    public void ASnapshotMidway_ChangesNothing() => ShouldGoOnAfterASnapshot<OrderUpdate, Unit, AwaitedFillsState>(
        (source, port) => Observable.Never<Fill>().AwaitedFills(source, Catalog, port, ImmediateScheduler.Instance),
        AwaitedFillsState.None, [Update(5), Update(6), Update(6) with { Status = OrderStatus.Filled }]);

    private static OrderUpdate Update(long filled) => new()
    {
        Instrument = new(0), ClientOrderId = "a", Status = OrderStatus.PartiallyFilled, Side = Side.Buy, PriceTicks = 10_000, RemainingLots = 3,
        FilledLots = filled, Reason = "",
    };

    private static Fill Filled() => new()
    {
        Instrument = new(0), TradeId = "1", ClientOrderId = "a", Side = Side.Buy, Price = 1m, Quantity = Cex.Sizes.ToDecimal(5), Fee = 0,
        FeeAsset = "USDT", IsMaker = true, VenueTime = Second(1),
    };

    private static StatePort<AwaitedFillsState> Port(AwaitedFillsState initial) => new("awaited-fills", initial);
}
