using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class BooksOperator
{
    /// <summary>
    /// The book of one instrument, as its top after every update that moved it; the rest of the book is behind <see cref="BookTop.Depth"/>.
    /// </summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; a restored book goes on where it stood |
    /// | snapshot | replaces the book, replays the deltas kept for it, emits once |
    /// | delta that follows | is applied, emits |
    /// | duplicate; delta while a snapshot is awaited | nothing; the latter is kept |
    /// | gap, wrong checksum, impossible price or size | emits once with that status; then as before a snapshot |
    /// | OnError, OnCompleted | forwarded |
    /// | update of another instrument | OnError: the wiring is wrong |
    /// </remarks>
    /// <param name="updates">Snapshots and deltas of this instrument alone.</param>
    /// <param name="instrument">Names the rule of succession.</param>
    /// <param name="state">Where the book starts from, and is read.</param>
    /// <param name="view">Shows this book from subscription to its end; null when nobody samples it.</param>
    public static IObservable<BookTop> Books(
        this IObservable<BookUpdate> updates, Instrument instrument, StatePort<OrderBookState> state, BookView? view = null) =>
        updates.Build(static (book, update) => book.Apply(update), instrument, state, view);

    /// <summary>As above, for updates whose event times were judged: one that was refused is missing from the book, which breaks at once.</summary>
    public static IObservable<BookTop> Books(
        this IObservable<Guarded<BookUpdate>> updates, Instrument instrument, StatePort<OrderBookState> state, BookView? view = null) =>
        updates.Build(
            static (book, update) => update.IsAccepted ? book.Apply(update.Value)
                : update.IsMissing && book.Miss(update.Value) ? BookOutcome.Broken
                : BookOutcome.Dropped,
            instrument, state, view);

    private static IObservable<BookTop> Build<T>(
        this IObservable<T> updates, Func<OrderBook, T, BookOutcome> apply, Instrument instrument, StatePort<OrderBookState> state, BookView? view) =>
        state.Lift(
            initial => new OrderBook(instrument, initial),
            book => book.Capture(),
            book =>
            {
                var tops = updates.Select(update => apply(book, update))
                    .Where(outcome => outcome is BookOutcome.Applied or BookOutcome.Broken)
                    .Select(_ => book.Top);
                return view is null ? tops : Observable.Using(() => view.Show(book), _ => tops);
            });
}
