using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public class MergeInOrderTests
{
    private static readonly Exception Fault = new InvalidOperationException("broken");

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void ItemsOfAllSources_ComeAtOnceAndInOrder()
    {
        var first = _scheduler.CreateHotObservable(OnNext(210, 1), OnNext(230, 3), OnCompleted<int>(240));
        var second = _scheduler.CreateHotObservable(OnNext(220, 2), OnNext(230, 4), OnCompleted<int>(260));
        _scheduler.Start(() => new IObservable<int>[] { first, second }.MergeInOrder()).Messages.AssertEqual(
            OnNext(210, 1), OnNext(220, 2), OnNext(230, 3), OnNext(230, 4), OnCompleted<int>(260));
    }

    [Fact]
    public void ErrorOfOneSource_IsForwardedAndLetsTheOthersGo()
    {
        var failing = _scheduler.CreateHotObservable(OnNext(210, 1), OnError<int>(220, Fault));
        var other = _scheduler.CreateHotObservable(OnNext(230, 2));
        _scheduler.Start(() => new IObservable<int>[] { other, failing }.MergeInOrder()).Messages.AssertEqual(
            OnNext(210, 1), OnError<int>(220, Fault));
        other.Subscriptions.AssertEqual(Subscribe(200, 220));
    }

    [Fact]
    public void CommonCause_ReachesTheSourcesInTheirOrder()
    {
        var cause = _scheduler.CreateHotObservable(OnNext(210, 1), OnNext(220, 2));
        _scheduler.Start(() => new[] { cause.Select(i => 10 * i), cause.Select(i => 100 * i) }.MergeInOrder()).Messages.AssertEqual(
            OnNext(210, 10), OnNext(210, 100), OnNext(220, 20), OnNext(220, 200));
    }

    [Fact]
    public void NoSource_CompletesAtOnce() =>
        _scheduler.Start(() => Array.Empty<IObservable<int>>().MergeInOrder()).Messages.AssertEqual(OnCompleted<int>(200));

    [Fact]
    public void SingleSource_IsPassedThrough()
    {
        var source = Observable.Never<int>();
        new[] { source }.MergeInOrder().ShouldBeSameAs(source);
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<int, int>(
        (source, _) => new[] { source, Observable.Empty<int>(ImmediateScheduler.Instance) }.MergeInOrder(),
        [OnNext(110, 1), OnNext(120, 2), OnNext(120, 3), OnNext(150, 4)]);

    [Fact]
    public void AnItem_AllocatesNothing() =>
        Allocations.PerItem<long, long>(source => new[] { source, Observable.Never<long>() }.MergeInOrder(), i => i).ShouldBe(0);
}
