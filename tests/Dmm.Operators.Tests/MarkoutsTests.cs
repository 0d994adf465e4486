using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Testing.RiskSamples;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public sealed class MarkoutsTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private static readonly long T0 = Start.Ticks;
    private static readonly ToxicityParameters Two = new() { Horizons = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)] };

    private static readonly Recorded<Notification<Fill>>[] Fills =
    [
        OnNext(T0, Fill(Spot, Side.Buy, 1, 100, tradeId: "a")),
        OnNext(T0, Fill(Spot, Side.Sell, 1, 100, tradeId: "b")),
        OnNext(T0 + 4 * Second, Fill(Spot, Side.Buy, 1, 100, tradeId: "c")),
    ];

    [Fact]
    public void EachHorizonOfEachFill_ComesAtItsExactTime()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable([.. Fills, OnCompleted<Fill>(T0 + 6 * Second)]);
        Run(scheduler, source, new("markouts", MarkoutsState.Empty)).ShouldBe([
            OnNext(T0 + 1 * Second, ("a", 100.0)),
            OnNext(T0 + 1 * Second, ("b", -100.0)),
            OnNext(T0 + 5 * Second, ("a", 500.0)),
            OnNext(T0 + 5 * Second, ("b", -500.0)),
            OnNext(T0 + 5 * Second, ("c", 500.0)),
            OnNext(T0 + 9 * Second, ("c", 900.0)),
            OnCompleted<(string, double)>(T0 + 9 * Second),
        ]);
        source.Subscriptions.ShouldBe([Subscribe(200, T0 + 9 * Second)], "let go with the last markout");
    }

    [Fact]
    public void ShorterDueTimeThanTheOneArmed_ComesFirst()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable(OnNext(T0 + Second, Fill(Spot, Side.Sell, 1, 100, tradeId: "new")));
        var restored = new MarkoutsState
        {
            Pending = [new(Start + TimeSpan.FromSeconds(4), 1, TimeSpan.FromSeconds(5), Fill(Spot, Side.Buy, 1, 100, tradeId: "old"), 100)],
            Fills = 1,
        };
        Run(scheduler, source, new("markouts", restored)).ShouldBe([
            OnNext(T0 + 2 * Second, ("new", -200.0)), OnNext(T0 + 4 * Second, ("old", 400.0)), OnNext(T0 + 6 * Second, ("new", -600.0)),
        ]);
    }

    [Fact]
    public void NoMidWhenDue_GivesNoMarkoutAndIsCounted()
    {
        var scheduler = new TestScheduler();
        var port = new StatePort<MarkoutsState>("markouts", MarkoutsState.Empty);
        using var subscription = scheduler.CreateHotObservable(Fills).Markouts(new Mids(0), Two, port, scheduler)
            .Subscribe(markout => throw new InvalidOperationException($"made up: {markout}"));
        scheduler.Start();

        (port.Capture().WithoutMid, port.Capture().Pending.Length, scheduler.PendingCount).ShouldBe((6, 0, 0));
    }

    [Fact]
    public void ManyFills_KeepOnePendingTimer()
    {
        var scheduler = new TestScheduler();
        using var fills = new System.Reactive.Subjects.Subject<Fill>();
        using var subscription = fills.Markouts(new Mids(100), new(), new("markouts", MarkoutsState.Empty), scheduler).Subscribe();
        for (var i = 0; i < 100; i++)
        {
            fills.OnNext(Fill(Spot, Side.Buy, 1, 100));
            scheduler.AdvanceBy(TimeSpan.TicksPerMillisecond);
            scheduler.PendingCount.ShouldBe(1);
        }
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<Fill, Markout>(
        (source, scheduler) => source.Markouts(new RisingMids(scheduler), Two, new("markouts", MarkoutsState.Empty), scheduler),
        Fills, new() { Completion = Reaction.Completes.WithValues().Later() });

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<MarkoutsState, Fill, Markout>(
        MarkoutsState.Empty, (source, port, scheduler) => source.Markouts(new RisingMids(scheduler), Two, port, scheduler), Fills);

    private static IList<Recorded<Notification<(string, double)>>> Run(
        TestScheduler scheduler, IObservable<Fill> source, StatePort<MarkoutsState> port) =>
        scheduler.Start(
            () => source.Markouts(new RisingMids(scheduler), Two, port, scheduler).Validated().Select(m => (m.TradeId, m.Bps)),
            created: 100, subscribed: 200, disposed: T0 + 60 * Second).Messages;

    /// <summary>100 at the start, and 1 more each second.</summary>
    private sealed class RisingMids(IScheduler scheduler) : IMidView
    {
        public double MidOf(InstrumentId instrument) => 100 + (scheduler.Now - Start.ToDateTimeOffset()).TotalSeconds;
    }
}
