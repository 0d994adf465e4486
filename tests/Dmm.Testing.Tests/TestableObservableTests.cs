using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

public sealed class TestableObservableTests
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void HotSource_DeliversAtAbsoluteTimesToThoseSubscribed()
    {
        var source = _scheduler.CreateHotObservable(OnNext(10, 1), OnNext(20, 2), OnNext(30, 3));
        var early = _scheduler.CreateObserver<int>();
        var late = _scheduler.CreateObserver<int>();
        var subscription = source.Subscribe(early);
        _scheduler.AdvanceTo(15);
        source.Subscribe(late);
        _scheduler.AdvanceTo(25);
        subscription.Dispose();
        _scheduler.Start();
        early.Messages.AssertEqual(OnNext(10, 1), OnNext(20, 2));
        late.Messages.AssertEqual(OnNext(20, 2), OnNext(30, 3));
        source.Subscriptions.AssertEqual(Subscribe(0, 25), Subscribe(15));
        source.Messages.AssertEqual(OnNext(10, 1), OnNext(20, 2), OnNext(30, 3));
    }

    [Fact]
    public void ColdSource_PlaysItsScriptFromEachSubscription()
    {
        var source = _scheduler.CreateColdObservable(OnNext(10, 1), OnCompleted<int>(20));
        var first = _scheduler.CreateObserver<int>();
        var second = _scheduler.CreateObserver<int>();
        source.Subscribe(first);
        _scheduler.AdvanceTo(100);
        source.Subscribe(second);
        _scheduler.Start();
        first.Messages.AssertEqual(OnNext(10, 1), OnCompleted<int>(20));
        second.Messages.AssertEqual(OnNext(110, 1), OnCompleted<int>(120));
    }

    [Fact]
    public void ColdSourceDisposed_LeavesNothingScheduled()
    {
        var source = _scheduler.CreateColdObservable(OnNext(10, 1), OnNext(20, 2), OnCompleted<int>(30));
        var observer = _scheduler.CreateObserver<int>();
        var subscription = source.Subscribe(observer);
        _scheduler.AdvanceTo(15);
        subscription.Dispose();
        _scheduler.PendingCount.ShouldBe(0);
        _scheduler.AdvanceTo(100);
        observer.Messages.AssertEqual(OnNext(10, 1));
        source.Subscriptions.AssertEqual(Subscribe(0, 15));
    }

    [Fact]
    public void HotSource_AnObserverDisposesTheNextOne_WhichReceivesNothing()
    {
        var source = _scheduler.CreateHotObservable(OnNext(10, 1));
        IDisposable? next = null;
        source.Subscribe(_ => next!.Dispose(), error => throw error);
        var observer = _scheduler.CreateObserver<int>();
        next = source.Subscribe(observer);
        _scheduler.Start();
        observer.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void OneObserverSubscribedTwice_LeavesOneSubscriptionAtATime()
    {
        var source = _scheduler.CreateHotObservable(OnNext(10, 1), OnNext(20, 2));
        var observer = _scheduler.CreateObserver<int>();
        var first = source.Subscribe(observer);
        source.Subscribe(observer);
        _scheduler.AdvanceTo(10);
        first.Dispose();
        first.Dispose();
        _scheduler.Start();
        observer.Messages.AssertEqual(OnNext(10, 1), OnNext(10, 1), OnNext(20, 2));
    }
}
