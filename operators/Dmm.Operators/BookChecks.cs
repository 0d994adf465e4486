using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class BookChecksOperator
{
    /// <summary>Each comparison of a valid built book with the venue's own top at the same update id, by <see cref="BookOracle"/>.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | top of a valid book, top of the venue | emits when the other stream has sent the same update id; waits otherwise |
    /// | top of a book that is not valid | nothing |
    /// | OnError | forwarded from either |
    /// | OnCompleted | completes when both have |
    /// </remarks>
    /// <param name="tops">Every built top of the instrument, upstream of <see cref="TopChangesOperator.TopChanges"/>.</param>
    /// <param name="venueTops">The venue's own tops of it.</param>
    /// <param name="instrument">The instrument.</param>
    /// <param name="state">What waits, and the counts.</param>
    public static IObservable<BookCheck> BookChecks(
        this IObservable<BookTop> tops, IObservable<VenueTop> venueTops, InstrumentId instrument, StatePort<BookOracleState> state) =>
        state.Lift(
            initial => new BookOracle(instrument, initial),
            oracle => oracle.Capture(),
            oracle =>
            {
                var check = default(BookCheck);
                return MergeInOrderOperator.MergeInOrder([
                    tops.Where(top => top.IsValid && oracle.TryCompare(new(top.LastUpdateId, top.Bid, top.Ask), TouchSource.Built, out check))
                        .Select(_ => check),
                    venueTops.Where(top => oracle.TryCompare(new(top.UpdateId, top.Bid, top.Ask), TouchSource.Venue, out check)).Select(_ => check),
                ]);
            });
}
