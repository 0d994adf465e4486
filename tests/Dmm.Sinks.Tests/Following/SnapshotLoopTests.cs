using Dmm.Core.Ports;
using Dmm.Sinks.Following;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Sinks.Tests.Following;

/// <summary>Keeping the state every minute, on virtual time.</summary>
public sealed class SnapshotLoopTests
{
    private static readonly StateSnapshot State = new("DCT", "0001-demo", new(1, 2, 3), new(5), "{}");

    private readonly TestScheduler _clock = new();
    private readonly List<string> _written = [];
    private readonly List<FollowStatus> _told = [];
    private Func<IReadOnlyList<StateSnapshot>> _read = () => [State];
    private string? _failure;

    [Fact]
    public void EachMinute_WritesOnce()
    {
        using var loop = NewLoop();
        _clock.AdvanceBy(TimeSpan.FromSeconds(60).Ticks - 1);
        _written.ShouldBeEmpty();
        _clock.AdvanceBy(1);
        _written.ShouldBe(["DCT"]);
        _clock.AdvanceBy(TimeSpan.FromSeconds(120).Ticks);
        _written.Count.ShouldBe(3);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void Disposal_WritesOnceMoreAndThenNeverAgain()
    {
        var loop = NewLoop();
        loop.Dispose();
        loop.Dispose();
        _clock.AdvanceBy(TimeSpan.FromSeconds(300).Ticks);
        _written.ShouldBe(["DCT"]);
    }

    [Fact]
    public void Failure_IsToldOnceAndAgainWhenItWorks()
    {
        using var loop = NewLoop();
        _failure = "postgres is away";
        _clock.AdvanceBy(TimeSpan.FromSeconds(180).Ticks);
        _told.ShouldBe([new(false, "the state is not kept: postgres is away")]);
        _failure = null;
        _clock.AdvanceBy(TimeSpan.FromSeconds(120).Ticks);
        _told[1..].ShouldBe([new(true, "snapshots of the state are written again: 1")]);
        _written.Count.ShouldBe(2);
    }

    [Fact]
    public void StateThatCannotBeRead_IsToldAndEndsNothing()
    {
        using var loop = NewLoop();
        _read = () => throw new InvalidOperationException("redis is away");
        _clock.AdvanceBy(TimeSpan.FromSeconds(60).Ticks);
        _told.ShouldBe([new(false, "the state is not kept: redis is away")]);
    }

    [Fact]
    public void NoStateYet_WritesNothing()
    {
        using var loop = NewLoop();
        _read = () => [];
        _clock.AdvanceBy(TimeSpan.FromSeconds(60).Ticks);
        _written.ShouldBeEmpty();
    }

    private SnapshotLoop NewLoop() => new(() => _read(), Write, new SchedulerTimeProvider(_clock), _told.Add);

    private void Write(IReadOnlyList<StateSnapshot> snapshots)
    {
        if (_failure is { } failure) throw new SinkException(SinkFault.Unwritable, failure);
        _written.AddRange(snapshots.Select(s => s.Asset));
    }
}
