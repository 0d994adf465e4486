using System.Reactive;
using System.Reactive.Concurrency;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.Books.BookStreams;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Books;

public sealed class TopChangesTests
{
    private static readonly Recorded<Notification<BookTop>>[] Sample =
    [
        OnNext(110, Top(BookStatus.Valid, 1, 1, 90)), OnNext(120, Top(BookStatus.Valid, 2, 1, 100)), OnNext(130, Top(BookStatus.Valid, 3, 2, 110)),
        OnNext(140, Top(BookStatus.Gap, 3, 2, 110)), OnNext(150, Top(BookStatus.Gap, 3, 2, 110)), OnNext(160, Top(BookStatus.Valid, 3, 2, 110)),
    ];

    [Fact]
    public void OnlyABidAnAskOrAStatusThatDiffers_Emits() =>
        Run((IObservable<BookTop> tops, IScheduler _) => tops.TopChanges(Port()), [.. Sample, OnCompleted<BookTop>(170)])
            .ShouldBe([Sample[0], Sample[2], Sample[3], Sample[5], OnCompleted<BookTop>(170)]);

    [Fact]
    public void FirstTopThatIsAllZero_Emits()
    {
        var empty = default(BookTop) with { Status = BookStatus.AwaitingSnapshot };
        Run((IObservable<BookTop> tops, IScheduler _) => tops.TopChanges(Port()), OnNext(110, empty)).ShouldBe([OnNext(110, empty)]);
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<BookTop, BookTop>((tops, _) => tops.TopChanges(Port()), Sample);

    [Fact]
    public void SplitOverASnapshot_GivesTheOutputsOfTheUnsplitRun()
    {
        var whole = Run((IObservable<BookTop> tops, IScheduler _) => tops.TopChanges(Port()), Sample);
        for (var split = 1; split < Sample.Length; split++)
        {
            RunSplit(split, default, (IObservable<BookTop> tops, StatePort<TopChangeState> port, IScheduler _) => tops.TopChanges(port), Sample)
                .ShouldBe(whole, $"split at {split}");
        }
    }

    [Fact]
    public void SteadyState_AllocatesNothing() =>
        Allocations.PerItem<BookTop, BookTop>(tops => tops.TopChanges(Port()), i => Top(BookStatus.Valid, i, i / 2, 100)).ShouldBe(0);

    private static StatePort<TopChangeState> Port() => new("tops", default);
}
