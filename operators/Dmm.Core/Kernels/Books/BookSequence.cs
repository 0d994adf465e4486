using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>How a delta stands to the updates before it.</summary>
public enum SequenceVerdict : byte
{
    Follows,

    /// <summary>All of it is known already.</summary>
    Duplicate,

    /// <summary>Something between is missing.</summary>
    Gap,
}

/// <summary>The point of the chain that the next delta must follow.</summary>
/// <param name="LastUpdateId">The last id covered.</param>
/// <param name="VenueTime">Exchange time of the update that covered it.</param>
/// <param name="IsSnapshot">That update was a snapshot, into whose middle a delta may reach.</param>
public readonly record struct SequencePoint(long LastUpdateId, Timestamp VenueTime, bool IsSnapshot);

/// <summary>
/// The venues' rules of succession. U, u and pu stand for first, last and previous update id of a delta, L for the last id before it.
/// Sources: Binance "How to manage a local order book correctly" (spot and futures), OKX v5 "Order book channel", Gate.io "spot.order_book_update",
/// Bybit v5 "Orderbook".
/// </summary>
public static class BookSequence
{
    public static SequenceVerdict Judge(BookSequenceRule rule, in SequencePoint last, in BookUpdate delta) => rule switch
    {
        BookSequenceRule.ContiguousRange => JudgeRange(last, delta),
        BookSequenceRule.PreviousId => JudgePrevious(last, delta),
        BookSequenceRule.RisingId => JudgeRising(last, delta),
        _ => SequenceVerdict.Follows,
    };

    /// <summary>
    /// Whether the book can lack an update that no id shows: it then cannot be joined to a snapshot by ids, and a crossing is the sign of a loss.
    /// </summary>
    public static bool CanHideLoss(BookSequenceRule rule) => rule is BookSequenceRule.ChecksumOnly or BookSequenceRule.RisingId;

    /// <summary>Duplicate when u ≤ L; after a snapshot U ≤ L + 1 ≤ u, after a delta U = L + 1.</summary>
    private static SequenceVerdict JudgeRange(in SequencePoint last, in BookUpdate delta)
    {
        var expected = last.LastUpdateId + 1;
        if (delta.LastUpdateId < expected) return SequenceVerdict.Duplicate;
        return delta.FirstUpdateId == expected || (last.IsSnapshot && delta.FirstUpdateId < expected) ? SequenceVerdict.Follows : SequenceVerdict.Gap;
    }

    /// <summary>
    /// Follows when pu = L, whatever u: OKX repeats the id in a heartbeat and starts lower after maintenance. After a snapshot also when U ≤ L ≤ u
    /// (Binance) or pu &lt; L &lt; u (OKX; on Binance the ids between pu and U belong to other symbols). What ends at or before L is a duplicate,
    /// unless it is later than the delta at L by exchange time: then the ids have started anew and the message that said so was lost.
    /// </summary>
    private static SequenceVerdict JudgePrevious(in SequencePoint last, in BookUpdate delta)
    {
        var (id, lastId, previousId) = (last.LastUpdateId, delta.LastUpdateId, delta.PreviousUpdateId);
        if (previousId == id) return SequenceVerdict.Follows;
        if (last.IsSnapshot)
        {
            if (lastId < id) return SequenceVerdict.Duplicate;
            var reachesIn = delta.FirstUpdateId <= id || (previousId >= 0 && previousId < id);
            return reachesIn ? SequenceVerdict.Follows : SequenceVerdict.Gap;
        }

        return lastId <= id && !IsLater(last, delta) ? SequenceVerdict.Duplicate : SequenceVerdict.Gap;
    }

    /// <summary>
    /// Follows when u &gt; L, however far above. The same update once more is a duplicate; any other id that does not rise is a gap: the ids have started
    /// anew, or updates came in the wrong order and no id would show which are missing.
    /// </summary>
    private static SequenceVerdict JudgeRising(in SequencePoint last, in BookUpdate delta) =>
        delta.LastUpdateId > last.LastUpdateId ? SequenceVerdict.Follows
        : delta.LastUpdateId == last.LastUpdateId && !IsLater(last, delta) ? SequenceVerdict.Duplicate
        : SequenceVerdict.Gap;

    private static bool IsLater(in SequencePoint last, in BookUpdate delta) => last.VenueTime.IsKnown && delta.VenueTime > last.VenueTime;
}
