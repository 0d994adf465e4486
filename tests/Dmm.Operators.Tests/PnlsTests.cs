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

public sealed class PnlsTests
{
    private static readonly long T0 = Start.Ticks;
    private static readonly long Midnight = Timestamp.Parse("2024-08-09T00:00:00Z").Ticks;
    private static readonly OperatorCommand Reset = new(OperatorAction.ResetDrawdown, "ann", "checked");

    /// <summary>Long 2 at 100 on a mid of 100 at noon that falls by 1 an hour.</summary>
    private static readonly Recorded<Notification<object>>[] Day =
    [
        OnNext<object>(T0, Unit.Default), // no inventory yet
        OnNext<object>(T0 + 1, LongTwo()),
        OnNext<object>(T0 + 2 * TimeSpan.TicksPerHour, Unit.Default),
        OnNext<object>(T0 + 3 * TimeSpan.TicksPerHour, new OperatorCommand(OperatorAction.Pause, "ann", "lunch")),
        OnNext<object>(T0 + 4 * TimeSpan.TicksPerHour, Reset),
        OnNext<object>(T0 + 5 * TimeSpan.TicksPerHour, Unit.Default),
        OnNext<object>(Midnight, Unit.Default),
    ];

    [Fact]
    public void Profit_FollowsTheMidAndTheDrawdownItsSession()
    {
        var scheduler = new TestScheduler();
        var result = scheduler.Start(
            () => Pnls(scheduler.CreateHotObservable(Day), new("pnls", PnlState.Empty), scheduler).Validated()
                .Select(p => (p.OrderFlow, p.Drawdown, p.DeepestDrawdown)),
            created: 100, subscribed: 200, disposed: Midnight + 1);

        result.Messages.ShouldBe([
            OnNext(T0 + 1, (0m, 0m, 0m)),
            OnNext(T0 + 2 * TimeSpan.TicksPerHour, (-4m, 4m, 4m)),
            OnNext(T0 + 4 * TimeSpan.TicksPerHour, (-8m, 4m, 4m)), // reset at −4, the last profit known
            OnNext(T0 + 5 * TimeSpan.TicksPerHour, (-10m, 6m, 6m)),
            OnNext(Midnight, (-24m, 14m, 14m)), // the session ended at −10
        ]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<object, string>(
        (source, scheduler) => Pnls(source, new("pnls", PnlState.Empty), scheduler).Select(Text), Day);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<PnlState, object, PnlSnapshot>(PnlState.Empty, Pnls, Day);

    private static IObservable<PnlSnapshot> Pnls(IObservable<object> source, StatePort<PnlState> port, IScheduler scheduler) =>
        source.Publish(items => items.OfType<InventorySnapshot>()
            .Pnls(items.OfType<Unit>(), items.OfType<OperatorCommand>(), Catalog, new FallingMids(scheduler), new Rates(), port, scheduler));

    private static InventorySnapshot LongTwo()
    {
        var ledger = NewLedger(starting: 5);
        ledger.Apply(Fill(Spot, Side.Buy, 2, 100), null);
        return ledger.Snapshot(new());
    }

    private sealed class FallingMids(IScheduler scheduler) : IMidView
    {
        public double MidOf(InstrumentId instrument) => 100 - Math.Floor((scheduler.Now - Start.ToDateTimeOffset()).TotalHours);
    }
}
