using System.Reactive;
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

public sealed class ToxicitiesTests
{
    private static readonly QuotingParameters Quick =
        RiskSamples.Parameters with { Toxicity = new() { HalfLifeFills = 1, ConsecutiveFills = 2, WideningCycles = 1 } };

    private static readonly Recorded<Notification<object>>[] Sample =
    [
        OnNext<object>(210, Moved(Side.Buy)), OnNext<object>(220, Moved(Side.Buy)), OnNext<object>(230, Moved(Side.Sell)),
        OnNext<object>(240, Moved(Side.Sell)),
        OnNext<object>(250, Moved(Side.Sell) with { Horizon = TimeSpan.FromSeconds(1) }),
        OnNext<object>(260, Spot), OnNext<object>(270, Linear), OnNext<object>(280, Spot), OnNext<object>(290, Moved(Side.Buy)),
    ];

    [Fact]
    public void ToxicFills_WidenAndQuietCyclesEndIt()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable([.. Sample, OnCompleted<object>(300)]);
        var result = scheduler.Start(() => Toxicities(source, new("toxicities", ToxicityState.Empty)).Validated()
            .Select(t => (t.Side, t.Multiplier, t.ScoreBpsPerSecond, t.CyclesLeft)));

        result.Messages.ShouldBe([
            OnNext(210, (Side.Buy, 1.0, 3.0, 0)),
            OnNext(220, (Side.Buy, 1.5, 3.0, 1)),
            OnNext(230, (Side.Sell, 1.0, 3.0, 0)),
            OnNext(240, (Side.Sell, 1.5, 3.0, 1)),
            OnNext(280, (Side.Buy, 1.0, 1.5, 0)), // the cycle at 260 was the last that was due; this one halves the score
            OnNext(280, (Side.Sell, 1.0, 1.5, 0)),
            OnNext(290, (Side.Buy, 1.0, 2.25, 0)),
            OnCompleted<(Side, double, double, int)>(300),
        ]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<object, Toxicity>(
        (source, _) => Toxicities(source, new("toxicities", ToxicityState.Empty)), Sample);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<ToxicityState, object, Toxicity>(
        ToxicityState.Empty, (source, port, _) => Toxicities(source, port), Sample);

    private static IObservable<Toxicity> Toxicities(IObservable<object> source, StatePort<ToxicityState> port) =>
        source.Publish(items => items.OfType<Markout>().Toxicities(items.OfType<InstrumentId>(), Quick, port));

    private static Markout Moved(Side side) =>
        new(Spot, "t", side, TimeSpan.FromSeconds(5), 0) { MidMoveBps = -6, TimeToFill = TimeSpan.FromSeconds(2), IsMaker = true };
}
