using Dmm.Core;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class AlignedTicksTests
{
    private static readonly TimeSpan Period = TimeSpan.FromTicks(100);

    [Fact]
    public void Ticks_LieOnTheGridOfThePeriod()
    {
        var scheduler = new TestScheduler();
        scheduler.Start(() => AlignedTicksOperator.AlignedTicks(Period, scheduler), 100, 250, 650).Messages.AssertEqual(
            OnNext(300, new Timestamp(300)), OnNext(400, new Timestamp(400)), OnNext(500, new Timestamp(500)), OnNext(600, new Timestamp(600)));
    }

    [Theory]
    [InlineData(299, 300)]
    [InlineData(300, 400)]
    [InlineData(301, 400)]
    public void TheFirstTick_IsStrictlyLaterThanTheSubscription(long subscribed, long first)
    {
        var scheduler = new TestScheduler();
        scheduler.Start(() => AlignedTicksOperator.AlignedTicks(Period, scheduler), 100, subscribed, 450).Messages[0]
            .ShouldBe(OnNext(first, new Timestamp(first)));
    }

    [Fact]
    public void ATickAtTheInstantOfTheDisposal_IsTheLastOne()
    {
        var scheduler = new TestScheduler();
        var observer = scheduler.CreateObserver<Timestamp>();
        var subscription = AlignedTicksOperator.AlignedTicks(Period, scheduler).Subscribe(observer);
        scheduler.PendingCount.ShouldBe(1);
        scheduler.AdvanceTo(200);
        subscription.Dispose();
        scheduler.PendingCount.ShouldBe(0);
        scheduler.AdvanceTo(1_000);
        observer.Messages.AssertEqual(OnNext(100, new Timestamp(100)), OnNext(200, new Timestamp(200)));
    }

    [Fact]
    public void DisposalInsideATick_LeavesNoTimer()
    {
        var scheduler = new TestScheduler();
        var ticks = 0;
        IDisposable? subscription = null;
        subscription = AlignedTicksOperator.AlignedTicks(Period, scheduler).Subscribe(
            _ =>
            {
                ticks++;
                subscription!.Dispose();
            },
            error => throw error);
        scheduler.AdvanceTo(1_000);
        ticks.ShouldBe(1);
        scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void TwoSubscribers_TickIndependently()
    {
        var scheduler = new TestScheduler();
        var ticks = AlignedTicksOperator.AlignedTicks(Period, scheduler);
        var (early, late) = (scheduler.CreateObserver<Timestamp>(), scheduler.CreateObserver<Timestamp>());
        var first = ticks.Subscribe(early);
        scheduler.AdvanceTo(150);
        using var second = ticks.Subscribe(late);
        first.Dispose();
        scheduler.AdvanceTo(250);
        early.Messages.AssertEqual(OnNext(100, new Timestamp(100)));
        late.Messages.AssertEqual(OnNext(200, new Timestamp(200)));
    }

    [Fact]
    public void ARunSplitBetweenTwoTicks_KeepsThePhase()
    {
        var scheduler = new TestScheduler();
        var observer = scheduler.CreateObserver<Timestamp>();
        foreach (var until in new[] { 130L, 200, 271, 420 })
        {
            using var part = AlignedTicksOperator.AlignedTicks(Period, scheduler).Subscribe(observer);
            scheduler.AdvanceTo(until);
        }

        observer.Messages.AssertEqual(
            OnNext(100, new Timestamp(100)), OnNext(200, new Timestamp(200)), OnNext(300, new Timestamp(300)), OnNext(400, new Timestamp(400)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void APeriodNotAboveZero_IsRefused(long ticks) =>
        Should.Throw<ArgumentOutOfRangeException>(() => AlignedTicksOperator.AlignedTicks(TimeSpan.FromTicks(ticks), new TestScheduler()));
}
