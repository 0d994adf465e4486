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

public sealed class FillQualitiesTests
{
    private static readonly QuotingParameters Quick =
        RiskSamples.Parameters with { Toxicity = new() { HalfLifeFills = 1 }, Orders = new() { QuoteAgeMinimumFills = 1 } };

    private static readonly Recorded<Notification<object>>[] Sample =
    [
        OnNext<object>(210, Marked(8)),
        OnNext<object>(220, new QuoteAge(Spot, TimeSpan.FromSeconds(3), IsFilled: true)),
        OnNext<object>(230, Marked(-6)),
        OnNext<object>(240, new QuoteAge(Spot, TimeSpan.FromSeconds(2), IsFilled: false)),
        OnNext<object>(250, new QuoteAge(Spot, TimeSpan.FromSeconds(4), IsFilled: true)),
        OnNext<object>(260, Marked(10) with { Horizon = TimeSpan.FromSeconds(1) }),
        OnNext<object>(270, Marked(10)),
    ];

    [Fact]
    public void MakerFills_AreMeasuredAgainstWhatWasQuoted()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable([.. Sample, OnCompleted<object>(300)]);
        var result = scheduler.Start(() => FillQualities(source, new("fillQualities", FillQualityState.Empty)).Validated()
            .Select(q => (q.RealisedSpreadBps, q.SpreadEfficiency, q.IsSizeCut, q.QuoteAgeLimit?.TotalSeconds)));

        result.Messages.ShouldBe([
            OnNext(210, (16.0, 0.8, false, (double?)null)),
            OnNext(230, (-12.0, 0.1, true, (double?)3)),
            OnNext(270, (20.0, 0.55, true, (double?)4)), // slippage of 45 % is over 40 %
            OnCompleted<(double, double, bool, double?)>(300),
        ]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<object, FillQuality>(
        (source, _) => FillQualities(source, new("fillQualities", FillQualityState.Empty)), Sample);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<FillQualityState, object, FillQuality>(
        FillQualityState.Empty, (source, port, _) => FillQualities(source, port), Sample);

    private static IObservable<FillQuality> FillQualities(IObservable<object> source, StatePort<FillQualityState> port) =>
        source.Publish(items => items.OfType<Markout>().FillQualities(items.OfType<QuoteAge>(), Quick, port));

    private static Markout Marked(double bps) => new(Spot, "t", Side.Buy, TimeSpan.FromSeconds(5), bps) { QuotedHalfSpreadBps = 10, IsMaker = true };
}
