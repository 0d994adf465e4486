using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.PricingSetting;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class VolatilitiesTests
{
    private static readonly FairValue[] Samples = [Value(0, 1), Value(1, 1.001), Value(2, 0), Value(3, 1.002), Value(200, 1.002), Value(201, 1.003)];

    [Fact]
    public void EachSample_GivesTheEstimateAsItStands()
    {
        // 1 % in a second is 100² bps²/s; a sample that is not ready changes nothing; a gap over the half-life starts anew.
        var rate = Math.Pow(1e4 * Math.Log(1.01), 2);
        var scheduler = new TestScheduler();
        var samples = scheduler.CreateHotObservable(
            OnNext(210, Value(0, 1)), OnNext(220, Value(1, 1.01)), OnNext(230, Value(2, 0)), OnNext(240, Value(200, 1.01)),
            OnCompleted<FairValue>(250));
        scheduler.Start(() => samples.Volatilities(() => Parameters, Port())).Messages.AssertEqual(
            OnNext(210, new VolatilitySnapshot(0, 0, 5, false)),
            OnNext(220, Estimate(rate)),
            OnNext(230, Estimate(rate)),
            OnNext(240, new VolatilitySnapshot(0, 0, 5, false)),
            OnCompleted<VolatilitySnapshot>(250));

        static VolatilitySnapshot Estimate(double rate) => new(Quantised.Bps(rate), Quantised.Bps(Math.Sqrt(rate * 120)), 120, false);
    }

    [Fact]
    public void AfterAHalfLifeOfSamples_IsReadyUntilSamplesAreMissingForOne()
    {
        var scheduler = new TestScheduler();
        var samples = scheduler.CreateHotObservable(AtTicks([
            .. Enumerable.Range(0, 121).Select(second => Value(second, 1)), Value(239, 0), Value(240, 0), Value(241, 0)]));
        var estimates = scheduler.Start(() => samples.Volatilities(() => Parameters, Port()), 10_000).Messages;
        var isReady = estimates.Select(m => m.Value.Value.IsReady).ToList();
        isReady.Take(120).ShouldAllBe(ready => !ready);
        isReady.Skip(120).ShouldBe([true, true, true, false]);
    }

    [Fact]
    public void ChangedParameters_HoldFromTheNextSampleOn()
    {
        var parameters = Parameters;
        var scheduler = new TestScheduler();
        var samples = scheduler.CreateHotObservable(AtTicks(Value(0, 1), Value(1, 1), Value(2, 1)));
        scheduler.ScheduleAbsolute(0, 215, (_, _) =>
        {
            parameters = Parameters with { Volatility = new() { MinBps = 7 } };
            return System.Reactive.Disposables.Disposable.Empty;
        });
        scheduler.Start(() => samples.Volatilities(() => parameters, Port())).Messages.Select(m => m.Value.Value.VolatilityBps).ShouldBe([5, 7, 7]);
    }

    [Fact]
    public void Matrix() =>
        OperatorMatrix.Check<FairValue, VolatilitySnapshot>((source, _) => source.Volatilities(() => Parameters, Port()), AtTicks(Samples));

    [Fact]
    public void ASnapshotMidway_ChangesNothing() =>
        ShouldGoOnAfterASnapshot<FairValue, VolatilitySnapshot, EwmaVolatilityState>(
            (source, port) => source.Volatilities(() => Parameters, port), default, [.. Samples]);

    private static StatePort<EwmaVolatilityState> Port() => new("volatilities", default);
}
