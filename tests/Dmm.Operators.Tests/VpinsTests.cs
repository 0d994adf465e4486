using System.Reactive;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Testing.RiskSamples;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public sealed class VpinsTests
{
    private static readonly ToxicityParameters Small = new() { VpinBucketVolume = 10, VpinBuckets = 2 };

    private static readonly Recorded<Notification<Trade>>[] Sample =
    [
        OnNext(210, Traded(Spot, Side.Buy, 6)), OnNext(220, Traded(Spot, Side.Sell, 4)), OnNext(230, Traded(Linear, Side.Buy, 100)),
        OnNext(240, Traded(Inverse, Side.Sell, 10)), OnNext(250, Traded(Spot, Side.Buy, 25)),
    ];

    [Fact]
    public void FullBuckets_GiveReadingsInBaseVolume()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable([.. Sample, OnCompleted<Trade>(300)]);
        scheduler.Start(() => source.Vpins(Catalog, Small, new("vpins", VpinsState.Empty)).Validated()).Messages.ShouldBe([
            OnNext(220, new VpinReading(Spot, 0.2, false, 1)),
            OnNext(230, new VpinReading(Linear, 1, false, 1)), // 100 contracts of 0.1
            OnNext(240, new VpinReading(Inverse, 1, false, 1)), // 10 contracts of 100 USD at 100
            OnNext(250, new VpinReading(Spot, 1, true, 1.5)),
            OnCompleted<VpinReading>(300),
        ]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<Trade, VpinReading>(
        (source, _) => source.Vpins(Catalog, Small, new("vpins", VpinsState.Empty)), Sample);

    [Fact]
    public void SplitOverSnapshot_GivesTheSame() => SnapshotSplit.Check<VpinsState, Trade, VpinReading>(
        VpinsState.Empty, (source, port, _) => source.Vpins(Catalog, Small, port), Sample);

    [Fact]
    public void Trade_AllocatesNothing() => Allocations.PerItem<Trade, VpinReading>(
        trades => trades.Vpins(Catalog, Small, new("vpins", VpinsState.Empty)), i => Traded(Spot, i % 3 == 0 ? Side.Sell : Side.Buy, 4)).ShouldBe(0);

    private static Trade Traded(InstrumentId instrument, Side aggressor, int size) => new()
    {
        Instrument = instrument, VenueTime = Start, ReceiveTime = Start, TradeId = 1, PriceTicks = 10_000, SizeLots = size * 1000,
        Aggressor = aggressor,
    };
}
