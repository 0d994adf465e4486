using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CsCheck;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

public sealed class TestSchedulerTests
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void SameInstant_RunsInCreationOrder() => Gen.Long[1, 4].Array[0, 60].Sample(dueTimes =>
    {
        var scheduler = new TestScheduler();
        var ran = new List<(long Due, int Index)>();
        for (var i = 0; i < dueTimes.Length; i++)
        {
            var item = (dueTimes[i], i);
            scheduler.Schedule(TimeSpan.FromTicks(dueTimes[i]), () => ran.Add(item));
        }

        scheduler.Start();
        ran.ShouldBe(dueTimes.Select((due, i) => (due, i)).OrderBy(item => item.due).ThenBy(item => item.i));
    });

    [Fact]
    public void DueInThePast_RunsOneTickFromNow()
    {
        var times = new List<long>();
        _scheduler.AdvanceTo(50);
        _scheduler.ScheduleAbsolute(0, 10, (_, _) => Note());
        _scheduler.ScheduleAbsolute(0, 50, (_, _) => Note());
        _scheduler.Start();
        times.ShouldBe([51, 51]);

        IDisposable Note()
        {
            times.Add(_scheduler.Clock);
            return System.Reactive.Disposables.Disposable.Empty;
        }
    }

    [Fact]
    public void Now_CountsTicksFromYearOne()
    {
        _scheduler.AdvanceTo(TimeSpan.TicksPerDay);
        _scheduler.Now.ShouldBe(new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void PendingCount_FallsWhenWorkRunsOrIsCancelled_OnceOnly()
    {
        var first = _scheduler.Schedule(TimeSpan.FromTicks(10), () => { });
        var second = _scheduler.Schedule(TimeSpan.FromTicks(20), () => { });
        _scheduler.PendingCount.ShouldBe(2);
        second.Dispose();
        second.Dispose();
        _scheduler.PendingCount.ShouldBe(1);
        _scheduler.AdvanceTo(10);
        _scheduler.PendingCount.ShouldBe(0);
        first.Dispose();
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void PendingCount_OfAnInterval_StaysOneUntilDisposed()
    {
        var interval = Observable.Interval(TimeSpan.FromTicks(10), _scheduler).Subscribe(_ => { }, error => throw error);
        _scheduler.AdvanceTo(1000);
        _scheduler.PendingCount.ShouldBe(1);
        interval.Dispose();
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void Start_CreatesSubscribesAndDisposesAtTheGivenTimes()
    {
        var source = _scheduler.CreateHotObservable(OnNext(149, 1), OnNext(151, 2), OnNext(161, 3), OnNext(171, 4));
        long created = 0;
        var observer = _scheduler.Start(
            () =>
            {
                created = _scheduler.Clock;
                return source;
            }, 120, 150, 170);
        created.ShouldBe(120);
        observer.Messages.AssertEqual(OnNext(151, 2), OnNext(161, 3));
        source.Subscriptions.AssertEqual(Subscribe(150, 170));
    }

    [Fact]
    public void StartWithDefaults_Uses100And200And1000()
    {
        var source = _scheduler.CreateHotObservable(OnNext(200, 1), OnNext(210, 2), OnNext(999, 3), OnNext(1000, 4));
        var observer = _scheduler.Start(() => source);
        observer.Messages.AssertEqual(OnNext(210, 2), OnNext(999, 3), OnNext(1000, 4));
        source.Subscriptions.AssertEqual(Subscribe(200, 1000));
    }

    [Fact]
    public void StartWithTimesOutOfOrder_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _scheduler.Start(Observable.Never<int>, 200, 100, 300));
        Should.Throw<ArgumentOutOfRangeException>(() => _scheduler.Start(Observable.Never<int>, 100, 400, 300));
    }

    [Fact]
    public void Throttle_OnHotSource_EmitsAtExactTimes()
    {
        var source = _scheduler.CreateHotObservable(OnNext(210, 1), OnNext(215, 2), OnNext(260, 3), OnCompleted<int>(300));
        var observer = _scheduler.Start(() => source.Throttle(TimeSpan.FromTicks(20), _scheduler));
        observer.Messages.AssertEqual(OnNext(235, 2), OnNext(280, 3), OnCompleted<int>(300));
        source.Subscriptions.AssertEqual(Subscribe(200, 300));
    }
}
