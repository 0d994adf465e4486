using System.Reactive;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.PricingSetting;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class PendingPressuresTests
{
    private const long Tick = 200, Span = TimeSpan.TicksPerSecond;

    private static readonly ControlMessage[] News =
        [Seen("a", Side.Buy, 100), Seen("b", Side.Sell, 40), Seen("c", Side.Buy, 1), Gone("a"), Gone("b")];

    [Fact]
    public void Pressure_ComesWithTheSwap_FallsBySeconds_AndEndsWithItsTrace()
    {
        var scheduler = new TestScheduler();
        var news = scheduler.CreateHotObservable(
            OnNext(Tick + 10, Seen("a", Side.Buy, 100)),
            OnNext(Tick + 20 + 4 * Span, Gone("a")),
            OnCompleted<ControlMessage>(Tick + 10 * Span));
        scheduler.Start(() => news.PendingPressures(Port(), scheduler), Created, Subscribed, 100 * Span).Messages.AssertEqual(
            OnNext(Tick + 10, Of(100, 0)),
            OnNext(Tick + 10 + Span, Of(84.089642, 0)),
            OnNext(Tick + 10 + 2 * Span, Of(70.710678, 0)),
            OnNext(Tick + 10 + 3 * Span, Of(59.460356, 0)),
            OnNext(Tick + 10 + 4 * Span, Of(50, 0)),
            OnNext(Tick + 20 + 4 * Span, Of(0, 0)),
            OnCompleted<PendingPressure>(Tick + 10 * Span));
    }

    [Fact]
    public void Deadline_EndsItAtThatVeryInstant()
    {
        var scheduler = new TestScheduler();
        var until = new Timestamp(Tick + Span / 2);
        var news = scheduler.CreateHotObservable(OnNext(Tick + 10, Seen("a", Side.Sell, 100, until)));
        scheduler.Start(() => news.PendingPressures(Port(), scheduler), Created, Subscribed, 100 * Span).Messages.AssertEqual(
            OnNext(Tick + 10, Of(0, 100)),
            OnNext(until.Ticks, Of(0, 0)));
    }

    [Fact]
    public void SwapThatNobodyEnds_IsForgotten_AndLeavesNoTimer()
    {
        var scheduler = new TestScheduler();
        var news = scheduler.CreateHotObservable(OnNext(Tick + 10, Seen("a", Side.Sell, 100)));
        var messages = scheduler.Start(() => news.PendingPressures(Port(), scheduler), Created, Subscribed, 1000 * Span).Messages;
        messages.Count.ShouldBe(31);
        messages[^1].ShouldBe(OnNext(Tick + 10 + 30 * Span, Of(0, 0)));
    }

    [Fact]
    public void StateFromBefore_DecaysOn()
    {
        var scheduler = new TestScheduler();
        var before = PendingSwaps.Take(PendingSwapsState.Empty, Seen("a", Side.Buy, 100), new Timestamp(Tick)).State;
        var port = new StatePort<PendingSwapsState>("pending", before);
        var messages = scheduler.Start(() => scheduler.CreateHotObservable<ControlMessage>().PendingPressures(port, scheduler), Created, Subscribed, Tick + 3 * Span)
            .Messages;
        messages.ShouldBe([OnNext(Tick + Span, Of(84.089642, 0)), OnNext(Tick + 2 * Span, Of(70.710678, 0))]);
    }

    [Fact]
    public void SourceThatFails_PassesItOn_AndLeavesNoTimer()
    {
        var scheduler = new TestScheduler();
        var error = new InvalidOperationException("down");
        var news = scheduler.CreateHotObservable(OnNext(Tick + 10, Seen("a", Side.Sell, 100)), OnError<ControlMessage>(Tick + 20, error));
        scheduler.Start(() => news.PendingPressures(Port(), scheduler), Created, Subscribed, 100 * Span).Messages.AssertEqual(
            OnNext(Tick + 10, Of(0, 100)), OnError<PendingPressure>(Tick + 20, error));
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<ControlMessage, PendingPressure>((source, scheduler) => source.PendingPressures(Port(), scheduler), AtTicks(News));

    [Fact]
    public void ASnapshotMidway_ChangesNothing() =>
        ShouldGoOnAfterASnapshot<ControlMessage, PendingPressure, PendingSwapsState>(
            (source, port) => source.PendingPressures(port, new TestScheduler()), PendingSwapsState.Empty, [.. News]);

    private static PendingPressure Of(double up, double down) => new(Pool.Id, up, down);

    private static ControlMessage Seen(string trace, Side side, double impactBps, Timestamp until = default) => new PendingSwap
    {
        Instrument = Pool.Id, Trace = trace, Side = side, ImpactBps = impactBps, ValidUntil = until,
    };

    private static ControlMessage Gone(string trace) => new PendingSwapGone(trace, "carried out");

    private static StatePort<PendingSwapsState> Port() => new("pending", PendingSwapsState.Empty);
}
