using System.Collections.Immutable;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.PricingSetting;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class FairValuesTests
{
    private static readonly ImmutableArray<IBookView> Books = [new StillBook(new(0), 10_000, 10_002), new StillBook(new(1), 3_399, 3_401)];

    private static readonly FairValueInput[] Inputs =
    [
        FairValueInput.Sample(Second(-1)),
        FairValueInput.Staleness(new(0), false),
        FairValueInput.Staleness(new(1), false),
        FairValueInput.Sample(Second(0)),
        FairValueInput.Reference(new("TON", "USDT", 3m, Second(0)), Second(0)),
        FairValueInput.Sample(Second(1)),
        FairValueInput.Staleness(new(0), true),
        FairValueInput.Sample(Second(2)),
        FairValueInput.Sample(Second(3)),
        FairValueInput.Staleness(new(0), false),
        FairValueInput.Sample(Second(4)),
    ];

    [Fact]
    public void EachTick_SamplesBooksStalenessAndReferencesAsTheyStand()
    {
        var scheduler = new TestScheduler();
        var inputs = scheduler.CreateHotObservable([.. AtTicks(Inputs), OnCompleted<FairValueInput>(320)]);
        var messages = scheduler.Start(() => Operator(inputs, Port())).Messages;
        messages.Select(m => m.Time).ShouldBe([210, 240, 260, 280, 290, 310, 320]);
        var values = messages.SkipLast(1).Select(m => m.Value.Value).ToList();
        values.Select(v => v.Contributions).ShouldBe([0, 1, 2, 1, 0, 1]);
        values.Select(v => Math.Round(v.Value, 12)).ShouldBe([0, 1.0001, 1.01005, 1.02, 0, 1.0001]);
        values.Select(v => v.At).ShouldBe([Second(-1), Second(0), Second(1), Second(2), Second(3), Second(4)]);
        values.Select(v => v.RateOf(new(1))).ShouldBe([0, 0, 3, 3, 0, 0]);
        messages[^1].Value.Kind.ShouldBe(System.Reactive.NotificationKind.OnCompleted);
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<FairValueInput, FairValue>((source, _) => Operator(source, Port()), AtTicks(Inputs));

    [Fact]
    public void ASnapshotMidway_ChangesNothing() =>
        ShouldGoOnAfterASnapshot<FairValueInput, FairValue, ConsolidatedFairValueState>(Operator, new(), [.. Inputs]);

    [Fact]
    public void ASample_AllocatesNothing() =>
        Allocations.PerItem<FairValueInput, FairValue>(source => Operator(source, Port()), _ => FairValueInput.Sample(Second(0))).ShouldBe(0);

    private static IObservable<FairValue> Operator(IObservable<FairValueInput> source, StatePort<ConsolidatedFairValueState> port) =>
        source.FairValues(Catalog, "DCT", Books, () => Parameters, port);

    private static StatePort<ConsolidatedFairValueState> Port() => new("fairValues", new());
}
