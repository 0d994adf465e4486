using System.Collections.Immutable;
using System.Reactive.Linq;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class EachItemTests
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void ItemsOfAnArray_ComeInOrderAtItsInstant_AndAnEmptyOneIsSilent()
    {
        var arrays = _scheduler.CreateHotObservable(
            OnNext(210, ImmutableArray.Create(1, 2)), OnNext(220, ImmutableArray<int>.Empty), OnNext(230, ImmutableArray.Create(3)),
            OnCompleted<ImmutableArray<int>>(240));
        _scheduler.Start(() => arrays.EachItem()).Messages.AssertEqual(OnNext(210, 1), OnNext(210, 2), OnNext(230, 3), OnCompleted<int>(240));
    }

    [Fact]
    public void DisposalWithinAnItem_KeepsTheRestOfItsArrayBack()
    {
        var arrays = _scheduler.CreateHotObservable(OnNext(210, ImmutableArray.Create(1, 2, 3)));
        _scheduler.Start(() => arrays.EachItem().Take(2)).Messages.AssertEqual(OnNext(210, 1), OnNext(210, 2), OnCompleted<int>(210));
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<ImmutableArray<int>, int>(
        (source, _) => source.EachItem(),
        [OnNext(110, ImmutableArray.Create(1, 2)), OnNext(120, ImmutableArray.Create(3)), OnNext(150, ImmutableArray.Create(4))]);

    [Fact]
    public void AnArray_AllocatesNothing() =>
        Allocations.PerItem<ImmutableArray<long>, long>(source => source.EachItem(), i => [i, i + 1]).ShouldBe(0);
}
