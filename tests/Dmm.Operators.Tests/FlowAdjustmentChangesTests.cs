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

public sealed class FlowAdjustmentChangesTests
{
    private static readonly FlowAdjustmentsState Fresh = FlowAdjustmentsState.Fresh(2);

    [Fact]
    public void Detectors_TheStrongestCountsOnceAndOnlyChangesComeOut()
    {
        var scheduler = new TestScheduler();
        var toxicities = scheduler.CreateHotObservable(OnNext(210, Toxic(Side.Buy, 1.5)), OnNext(220, Toxic(Side.Buy, 1.5)), OnNext(240, Toxic(Side.Buy, 1)));
        var imbalances = scheduler.CreateHotObservable(OnNext(230, new VpinReading(Spot, 0.9, true, 1.4)));
        var qualities = scheduler.CreateHotObservable(OnNext(250, Quality(isSizeCut: true)));
        var result = scheduler.Start(() => toxicities.FlowAdjustmentChanges(imbalances, qualities, new("flow", Fresh)).Validated()
            .Select(state => (state.For(Spot).Multiplier, state.For(Spot).SizeShare, state.For(Linear).Multiplier)));
        result.Messages.ShouldBe([OnNext(210, (1.5, 1.0, 1.0)), OnNext(230, (1.5, 1.0, 1.0)), OnNext(240, (1.4, 1.0, 1.0)), OnNext(250, (1.4, 0.5, 1.0))]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<Toxicity, string>(
        (source, _) => Changes(source, new("flow", Fresh)).Select(Text),
        [OnNext(10, Toxic(Side.Buy, 1.5)), OnNext(20, Toxic(Side.Sell, 1.5)), OnNext(30, Toxic(Side.Buy, 1))]);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<FlowAdjustmentsState, Toxicity, FlowAdjustmentsState>(
        Fresh, (source, port, _) => Changes(source, port), OnNext(10, Toxic(Side.Buy, 1.5)), OnNext(20, Toxic(Side.Buy, 1.5)), OnNext(30, Toxic(Side.Sell, 2)));

    private static IObservable<FlowAdjustmentsState> Changes(IObservable<Toxicity> source, StatePort<FlowAdjustmentsState> port) =>
        source.FlowAdjustmentChanges(Observable.Empty<VpinReading>(), Observable.Empty<FillQuality>(), port);

    private static Toxicity Toxic(Side side, double multiplier) => new()
    {
        Instrument = Spot, Side = side, ScoreBpsPerSecond = 3, Multiplier = multiplier, CyclesLeft = 0, Reason = "",
    };

    private static FillQuality Quality(bool isSizeCut) => new(Spot, "t", 1, 5) { SpreadEfficiency = 0.2, IsSizeCut = isSizeCut, QuoteAgeLimit = null, Reason = "" };
}
