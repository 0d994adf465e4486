using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.Books.BookStreams;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Books;

public sealed class BooksTests
{
    private static readonly Recorded<Notification<BookUpdate>>[] Sample =
    [
        OnNext(110, Delta(110, 1, 9)), OnNext(120, Snapshot(120, 1)), OnNext(130, Delta(130, 2, 2)), OnNext(140, Delta(140, 2, 2)),
        OnNext(150, Delta(150, 4, 4)), OnNext(160, Delta(160, 5, 5)), OnNext(170, Snapshot(170, 3)), OnNext(180, Delta(180, 6, 6)),
    ];

    [Fact]
    public void EachUpdateAppliedAndEachChangeOfStatus_EmitsOnce()
    {
        Run((IObservable<BookUpdate> updates, IScheduler _) => updates.Books(Chained, Port()).Select(Bare), [.. Sample, OnCompleted<BookUpdate>(190)])
            .ShouldBe([
                OnNext(120, Top(BookStatus.Valid, 1, 1, 100)),
                OnNext(130, Top(BookStatus.Valid, 2, 2, 110)),
                OnNext(150, Top(BookStatus.Gap, 2, 2, 110)),
                OnNext(170, Top(BookStatus.Valid, 5, 5, 140)),
                OnNext(180, Top(BookStatus.Valid, 6, 6, 160)),
                OnCompleted<BookTop>(190),
            ]);
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<BookUpdate, BookTop>((updates, _) => updates.Books(Chained, Port()).Select(Bare), Sample);

    [Fact]
    public void SplitOverASnapshot_GivesTheOutputsOfTheUnsplitRun()
    {
        var whole = Run((IObservable<BookUpdate> updates, IScheduler _) => updates.Books(Chained, Port()).Select(Bare), Sample);
        for (var split = 1; split < Sample.Length; split++)
        {
            RunSplit(split, OrderBookState.Empty, (IObservable<BookUpdate> updates, StatePort<OrderBookState> port, IScheduler _) =>
                updates.Books(Chained, port).Select(Bare), Sample).ShouldBe(whole, $"split at {split}");
        }
    }

    [Fact]
    public void RefusedDelta_BreaksTheBook_AndOneThatWasSupersededDoesNot()
    {
        var refusal = new Rejected("venue", "", "");
        Run((IObservable<Guarded<BookUpdate>> updates, IScheduler _) => updates.Books(Unchained, Port()).Select(Bare),
            OnNext(110, new Guarded<BookUpdate>(Snapshot(110, 0), null, false)),
            OnNext(120, new Guarded<BookUpdate>(Delta(120, 0, 5), refusal, IsMissing: false)),
            OnNext(130, new Guarded<BookUpdate>(Delta(130, 0, 6), refusal, IsMissing: true)),
            OnNext(140, new Guarded<BookUpdate>(Delta(140, 0, 7), null, false)),
            OnNext(150, new Guarded<BookUpdate>(Snapshot(150, 0, 8), null, false))).ShouldBe([
                OnNext(110, Top(BookStatus.Valid, 0, 1, 90)),
                OnNext(130, Top(BookStatus.Gap, 0, 1, 90)),
                OnNext(150, Top(BookStatus.Valid, 0, 8, 130)),
            ]);
    }

    [Fact]
    public void UpdateOfAnotherInstrument_IsAnError()
    {
        Exception? error = null;
        using var _ = Observable.Return(Snapshot(100, 1) with { Instrument = new(7) }).Books(Chained, Port()).Subscribe(_ => { }, e => error = e);
        error.ShouldBeOfType<ArgumentException>();
    }

    [Fact]
    public void View_ShowsTheBookWhileItIsSubscribed_RestoredOneAtOnce()
    {
        var view = new BookView(Chained);
        var book = new OrderBook(Chained, OrderBookState.Empty);
        book.Apply(Snapshot(100, 1, 4));
        view.Top.Status.ShouldBe(BookStatus.AwaitingSnapshot);
        using var updates = new Subject<BookUpdate>();
        var books = updates.Books(Chained, new("book", book.Capture()), view);
        using (books.Subscribe(_ => { }, _ => { }))
        {
            Bare(view.Top).ShouldBe(Top(BookStatus.Valid, 1, 4, 80));
            updates.OnNext(Delta(110, 2, 5));
            view.Top.Bid.SizeLots.ShouldBe(5);
            Exception? error = null;
            using var second = books.Subscribe(_ => { }, e => error = e);
            error.ShouldBeOfType<InvalidOperationException>();
        }

        view.Top.Status.ShouldBe(BookStatus.AwaitingSnapshot);
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        // The rounds of the measurement repeat the items, and a snapshot may come at any time.
        Allocations.PerItem<BookUpdate, BookTop>(
            updates => updates.Books(Chained, Port()), i => i == 0 ? Snapshot(100, 0) : Delta(100, i, i), 1_000).ShouldBe(0);
    }

    private static StatePort<OrderBookState> Port() => new("book", OrderBookState.Empty);
}
