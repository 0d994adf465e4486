using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Dmm.Core;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

public sealed class EngineSchedulerTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");
    private readonly EngineScheduler _scheduler = new(Start);
    private readonly List<string> _fired = [];

    [Fact]
    public void OneInstant_FiresInOrderOfWiringThenOfCreation()
    {
        var (first, second) = (_scheduler.Named("first"), _scheduler.Named("second"));
        foreach (var (scheduler, what) in new[] { (second, "second a"), (first, "first a"), (second, "second b"), (first, "first b") })
            scheduler.Schedule(At(1), () => _fired.Add(what));
        _scheduler.FireNextInstant(Start + TimeSpan.FromSeconds(5)).ShouldBeTrue();
        _fired.ShouldBe(["first a", "first b", "second a", "second b"]);
        _scheduler.Time.ShouldBe(Start + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void DifferentInstants_FireInOrderOfTimeOneInstantAtACall()
    {
        var scheduler = _scheduler.Named("t");
        foreach (var second in (int[])[3, 1, 2]) scheduler.Schedule(At(second), () => _fired.Add($"{second}"));
        FireAll(2);
        _fired.ShouldBe(["1", "2"]);
        FireAll(3);
        _fired.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public void TimerBeyondTheLimit_StaysAndTheClockStandsStill()
    {
        _scheduler.Named("t").Schedule(At(2), () => _fired.Add("2"));
        _scheduler.FireNextInstant(Start + TimeSpan.FromSeconds(2) - Timestamp.Unit).ShouldBeFalse();
        (_scheduler.Time, _scheduler.PendingCount, _fired.Count).ShouldBe((Start, 1, 0));
    }

    [Fact]
    public void CancelledTimer_DoesNotFireAndDoesNotCount()
    {
        var timer = _scheduler.Named("t").Schedule(At(1), () => _fired.Add("1"));
        _scheduler.PendingCount.ShouldBe(1);
        timer.Dispose();
        timer.Dispose();
        _scheduler.PendingCount.ShouldBe(0);
        FireAll(5);
        _fired.ShouldBeEmpty();
        _scheduler.Time.ShouldBe(Start);
    }

    [Fact]
    public void TimerCancelledByAnotherOfItsInstant_DoesNotFire()
    {
        var scheduler = _scheduler.Named("t");
        IDisposable second = Disposable.Empty;
        scheduler.Schedule(At(1), () => second.Dispose());
        second = scheduler.Schedule(At(1), () => _fired.Add("second"));
        FireAll(5);
        _fired.ShouldBeEmpty();
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void TimerThatFired_IsNoLongerPendingAndDisposingItDisposesWhatItReturned()
    {
        var timer = _scheduler.Named("t").Schedule(0, At(1), (_, _) => Disposable.Create(() => _fired.Add("disposed")));
        FireAll(1);
        _scheduler.PendingCount.ShouldBe(0);
        timer.Dispose();
        timer.Dispose();
        _fired.ShouldBe(["disposed"]);
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void TimerDisposedFromWithin_DisposesWhatItReturns()
    {
        var timer = new SingleAssignmentDisposable();
        timer.Disposable = _scheduler.Named("t").Schedule(0, At(1), (scheduler, _) =>
        {
            timer.Dispose();
            return scheduler.Schedule(TimeSpan.FromSeconds(1), () => _fired.Add("a continuation of a disposed timer"));
        });
        FireAll(5);
        _fired.ShouldBeEmpty();
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void TimersReArmedFarAhead_AreLetGoOfOnceCancelled()
    {
        var scheduler = _scheduler.Named("t");
        var armed = new SerialDisposable();
        var weak = new List<WeakReference>();
        for (var i = 0; i < 10_000; i++) Arm(scheduler, armed, weak);
        GC.Collect();
        _scheduler.PendingCount.ShouldBe(1);
        weak.Count(w => w.IsAlive).ShouldBeLessThan(1_000);
    }

    [Fact]
    public void TimerScheduledForThePast_FiresNow()
    {
        _scheduler.MoveTo(Start + TimeSpan.FromSeconds(10));
        _scheduler.Named("t").Schedule(At(1), () => _fired.Add($"{_scheduler.Firing}"));
        _scheduler.FireNextInstant(Start + TimeSpan.FromSeconds(10)).ShouldBeTrue();
        _fired.ShouldBe([$"{(Name: "t", Due: Start + TimeSpan.FromSeconds(10))}"]);
        _scheduler.Time.ShouldBe(Start + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void TimerWithoutDelayInsideATimer_BelongsToItsInstant()
    {
        var scheduler = _scheduler.Named("t");
        scheduler.Schedule(At(1), () => scheduler.Schedule(() => _fired.Add($"{_scheduler.Time}")));
        _scheduler.FireNextInstant(Start + TimeSpan.FromSeconds(1)).ShouldBeTrue();
        _fired.ShouldBe([$"{Start + TimeSpan.FromSeconds(1)}"]);
    }

    [Fact]
    public void TimerThatReschedulesItselfWithoutDelay_IsNamedInsteadOfHanging()
    {
        var scheduler = _scheduler.Named("restless");
        scheduler.Schedule(At(1), Again);
        Should.Throw<InvalidOperationException>(() => _scheduler.FireNextInstant(Start + TimeSpan.FromSeconds(1)))
            .Message.ShouldBe($"timer 'restless' does not settle: 10000 timers without delay followed at {Start + TimeSpan.FromSeconds(1)}");

        void Again() => scheduler.Schedule(Again);
    }

    [Fact]
    public void ManyTimersOfOneInstantMadeBefore_AreNoLoop()
    {
        var scheduler = _scheduler.Named("t");
        var count = 0;
        for (var i = 0; i < 20_000; i++) scheduler.Schedule(At(1), () => count++);
        FireAll(1);
        count.ShouldBe(20_000);
    }

    [Fact]
    public void ClockMovedBackOrPastATimer_IsRefused()
    {
        _scheduler.Named("t").Schedule(At(1), () => { });
        Should.Throw<InvalidOperationException>(() => _scheduler.MoveTo(Start)).Message.ShouldContain("expected a later time");
        Should.Throw<InvalidOperationException>(() => _scheduler.MoveTo(Start + TimeSpan.FromSeconds(2))).Message.ShouldContain("timer 't' is due");
    }

    [Fact]
    public void NameAskedForTwice_IsOneViewAlsoAfterTheWiring()
    {
        var named = _scheduler.Named("t");
        _scheduler.EndWiring();
        _scheduler.Named("t").ShouldBeSameAs(named);
    }

    [Fact]
    public void NewNameAfterTheWiring_IsRefusedBecauseItsOrderWouldNotSurviveARestart()
    {
        _scheduler.EndWiring();
        Should.Throw<InvalidOperationException>(() => _scheduler.Named("late")).Message.ShouldContain("timer name 'late' is asked for while running");
    }

    [Fact]
    public void AnotherScheduler_IsItsOwnNamedView()
    {
        var other = new HistoricalScheduler();
        other.Named("t").ShouldBeSameAs(other);
    }

    private static void Arm(IScheduler scheduler, SerialDisposable armed, List<WeakReference> weak)
    {
        var timer = scheduler.Schedule(TimeSpan.FromHours(1), () => { });
        weak.Add(new WeakReference(timer));
        armed.Disposable = timer;
    }

    private static DateTimeOffset At(double seconds) => (Start + TimeSpan.FromSeconds(seconds)).ToDateTimeOffset();

    private void FireAll(double seconds)
    {
        while (_scheduler.FireNextInstant(Start + TimeSpan.FromSeconds(seconds)))
        {
        }
    }
}
