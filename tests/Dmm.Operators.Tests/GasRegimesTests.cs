using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.PricingSetting;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class GasRegimesTests
{
    private static readonly GasPrice[] Prices =
        [Price(0, 0.06m), Price(1, 0.13m), Price(2, 0.14m), Price(3, 0.1m), Price(4, 0.07m), Price(5, 0.07m), Price(6, 0.2m)];

    [Fact]
    public void OnlyTheBeginAndTheEndOfASpike_ComeOut()
    {
        var scheduler = new TestScheduler();
        var prices = scheduler.CreateHotObservable([.. AtTicks(Prices), OnCompleted<GasPrice>(300)]);
        scheduler.Start(() => prices.GasRegimes(Port())).Messages.AssertEqual(
            OnNext<GasRegimeState>(220, state => state.IsSpike && state.At == Second(1)),
            OnNext<GasRegimeState>(250, state => !state.IsSpike && state.At == Second(4)),
            OnNext<GasRegimeState>(270, state => state.IsSpike && state.LatestTon == 0.2),
            OnCompleted<GasRegimeState>(300));
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<GasPrice, GasRegimeState>((source, _) => source.GasRegimes(Port()), AtTicks(Prices));

    [Fact]
    public void ASnapshotMidway_ChangesNothing() =>
        ShouldGoOnAfterASnapshot<GasPrice, GasRegimeState, GasRegimeState>((source, port) => source.GasRegimes(port), default, [.. Prices]);

    private static GasPrice Price(double seconds, decimal ton) => new(ton, Second(seconds));

    private static StatePort<GasRegimeState> Port() => new("gasRegimes", default);
}
