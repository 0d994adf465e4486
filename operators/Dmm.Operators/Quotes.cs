using System.Collections.Immutable;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class QuotesOperator
{
    /// <summary>
    /// A target ladder for each request, and a memory of the market it was made against, which <see cref="MovedTops"/> reads.
    /// | Event | Behaviour |
    /// |---|---|
    /// | request for an instrument | one target |
    /// | OnError, OnCompleted | forwarded at once |
    /// </summary>
    /// <param name="requests">The instrument to quote.</param>
    /// <param name="quote">Samples one consistent state.</param>
    /// <param name="books">One for each instrument.</param>
    /// <param name="port">State; <see cref="LastQuotesState.Fresh"/> at first.</param>
    public static IObservable<QuoteTarget> Quotes(
        this IObservable<InstrumentId> requests, Func<InstrumentId, QuoteTarget> quote, ImmutableArray<IBookView> books, StatePort<LastQuotesState> port) =>
        Observable.Defer(() =>
        {
            var state = port.Initial;
            return Observable.Using(
                () => port.Attach(() => state),
                _ => requests.Select(instrument =>
                {
                    var target = quote(instrument);
                    state = LastQuotes.Step(state, target, books[instrument.Index].Top);
                    return target;
                }));
        });

    /// <summary>
    /// Tops that have moved so far from the market last quoted against that the quote must be made anew at once.
    /// | Event | Behaviour |
    /// |---|---|
    /// | top | passes when it has moved by more than half of the quoted half-spread; else nothing |
    /// | OnError, OnCompleted | forwarded at once |
    /// </summary>
    public static IObservable<BookTop> MovedTops(this IObservable<BookTop> tops, StatePort<LastQuotesState> quotes) =>
        tops.Where(top => LastQuotes.HasMoved(quotes.Capture(), top));
}
