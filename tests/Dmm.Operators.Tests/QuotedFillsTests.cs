using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Operators.Tests;

public sealed class QuotedFillsTests
{
    private static readonly Timestamp PlacedAt = Timestamp.Parse("2024-08-08T00:00:00Z");

    [Fact]
    public void FillOfALiveOrder_IsCompletedFromItAndOfAnotherLeftAsItCame()
    {
        var scheduler = new TestScheduler();
        var known = RiskSamples.Fill(new(0), Side.Buy, 1m, 1m) with { ClientOrderId = "a", QuotedAt = Timestamp.None, QuotedHalfSpreadBps = 0 };
        var unknown = known with { ClientOrderId = "b" };
        var told = known with { QuotedAt = PlacedAt + TimeSpan.FromSeconds(1), QuotedHalfSpreadBps = 3 };
        var fills = scheduler.CreateHotObservable(
            ReactiveTest.OnNext(210, known), ReactiveTest.OnNext(220, unknown), ReactiveTest.OnNext(230, told), ReactiveTest.OnCompleted<Fill>(240));

        var result = scheduler.Start(() => fills.QuotedFills(Orders()).Validated());

        result.Messages.ShouldBe(
        [
            ReactiveTest.OnNext(210, known with { QuotedAt = PlacedAt, QuotedHalfSpreadBps = 6 }), ReactiveTest.OnNext(220, unknown),
            ReactiveTest.OnNext(230, told), ReactiveTest.OnCompleted<Fill>(240),
        ]);
        fills.Subscriptions.ShouldBe([ReactiveTest.Subscribe(200, 240)]);
    }

    private static StatePort<OrderStageState> Orders() => new("orders", new(
        new([new LiveOrder("a", new(0), Side.Buy, 100, 10, OrderStatus.Live, PlacedAt) { QuotedHalfSpreadBps = 6 }]), OrderIdState.Fresh("t", 0)));
}
