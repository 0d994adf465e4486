using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing.Tests;

public sealed class SchedulerTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestScheduler _scheduler = new();
    private readonly SchedulerTimeProvider _time;
    private readonly List<long> _rings = [];

    public SchedulerTimeProviderTests() => _time = new(_scheduler);

    [Fact]
    public void Time_IsTheSchedulers()
    {
        _scheduler.AdvanceTo(Second.Ticks);
        var start = _time.GetTimestamp();
        _scheduler.AdvanceBy(Second.Ticks * 3);
        _time.GetUtcNow().ShouldBe(_scheduler.Now);
        _time.GetUtcNow().Ticks.ShouldBe(Second.Ticks * 4);
        _time.GetElapsedTime(start).ShouldBe(Second * 3);
        _time.TimestampFrequency.ShouldBe(TimeSpan.TicksPerSecond);
        _time.GetLocalNow().ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public void TimeOfAHistoricalScheduler_IsItsOwn()
    {
        var start = new DateTimeOffset(2024, 8, 8, 2, 0, 0, TimeSpan.FromHours(2));
        var time = new SchedulerTimeProvider(new HistoricalScheduler(start));
        time.GetUtcNow().ShouldBe(start);
        time.GetUtcNow().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void TimerWithPeriod_RingsAtExactTimes()
    {
        using var timer = CreateTimer(10, 30);
        _scheduler.AdvanceTo(100);
        _rings.ShouldBe([10, 40, 70, 100]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void TimerWithoutPeriod_RingsOnce(int periodMs)
    {
        using var timer = _time.CreateTimer(_ => Ring(), null, TimeSpan.FromTicks(10), TimeSpan.FromMilliseconds(periodMs));
        _scheduler.Start();
        _rings.ShouldBe([10]);
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void TimerDueAtOnce_RingsInTheNextTick()
    {
        using var timer = _time.CreateTimer(_ => Ring(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _rings.ShouldBeEmpty();
        _scheduler.Start();
        _rings.ShouldBe([1]);
    }

    [Fact]
    public void TimerNeverDue_SchedulesNothing()
    {
        using var timer = _time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Second);
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void Change_ReplacesTheDueTimeAndThePeriod()
    {
        using var timer = CreateTimer(10, 10);
        _scheduler.AdvanceTo(15);
        timer.Change(TimeSpan.FromTicks(30), TimeSpan.FromTicks(20)).ShouldBeTrue();
        _scheduler.PendingCount.ShouldBe(1);
        _scheduler.AdvanceTo(70);
        _rings.ShouldBe([10, 45, 65]);
    }

    [Fact]
    public void ChangeToInfinite_StopsTheTimer()
    {
        using var timer = CreateTimer(10, 10);
        timer.Change(Timeout.InfiniteTimeSpan, Second).ShouldBeTrue();
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void ChangeInsideTheCallback_Counts()
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(_ =>
        {
            Ring();
            timer!.Change(TimeSpan.FromTicks(5), Timeout.InfiniteTimeSpan);
        }, null, TimeSpan.FromTicks(10), TimeSpan.FromTicks(100));
        _scheduler.AdvanceTo(20);
        _rings.ShouldBe([10, 15, 20]);
        timer.Dispose();
    }

    [Fact]
    public void DisposedTimer_NeverRingsAndCannotBeChanged()
    {
        var timer = CreateTimer(10, 10);
        timer.Dispose();
        _scheduler.PendingCount.ShouldBe(0);
        timer.Change(Second, Second).ShouldBeFalse();
        _scheduler.AdvanceTo(100);
        _rings.ShouldBeEmpty();
    }

    [Fact]
    public async Task DisposalInsideTheCallback_EndsThePeriod()
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(_ =>
        {
            Ring();
            timer!.Dispose();
        }, null, TimeSpan.FromTicks(10), TimeSpan.FromTicks(10));
        _scheduler.Start();
        _rings.ShouldBe([10]);
        await timer.DisposeAsync();
    }

    [Fact]
    public void State_IsPassedToTheCallback()
    {
        object? seen = null;
        using var timer = _time.CreateTimer(state => seen = state, "state", TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _scheduler.Start();
        seen.ShouldBe("state");
    }

    [Fact]
    public void NegativeTimes_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => CreateTimer(-5, 10));
        Should.Throw<ArgumentOutOfRangeException>(() => CreateTimer(5, -10));
    }

    [Fact]
    public async Task TaskDelay_EndsOnVirtualTime()
    {
        var delay = Task.Delay(Second, _time);
        _scheduler.AdvanceTo(Second.Ticks - 1);
        delay.IsCompleted.ShouldBeFalse();
        _scheduler.AdvanceTo(Second.Ticks);
        delay.IsCompletedSuccessfully.ShouldBeTrue();
        await delay;
    }

    [Fact]
    public async Task TaskDelayCancelled_LeavesNoTimer()
    {
        using var cancellation = new CancellationTokenSource();
        var delay = Task.Delay(Second, _time, cancellation.Token);
        await cancellation.CancelAsync();
        delay.IsCanceled.ShouldBeTrue();
        _scheduler.PendingCount.ShouldBe(0);
    }

    [Fact]
    public void CancellationTokenSource_CancelsOnVirtualTime()
    {
        using var cancellation = new CancellationTokenSource(Second, _time);
        _scheduler.AdvanceTo(Second.Ticks);
        cancellation.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task PeriodicTimer_TicksOnVirtualTime()
    {
        using var timer = new PeriodicTimer(Second, _time);
        var first = timer.WaitForNextTickAsync();
        first.IsCompleted.ShouldBeFalse();
        _scheduler.AdvanceBy(Second.Ticks);
        (await first).ShouldBeTrue();
    }

    private ITimer CreateTimer(long dueTicks, long periodTicks) =>
        _time.CreateTimer(_ => Ring(), null, TimeSpan.FromTicks(dueTicks), TimeSpan.FromTicks(periodTicks));

    private void Ring() => _rings.Add(_scheduler.Clock);
}
