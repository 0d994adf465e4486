using System.Diagnostics.CodeAnalysis;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What an update did to a book.</summary>
public enum BookOutcome : byte
{
    /// <summary>It said nothing new, and changed nothing.</summary>
    Duplicate,

    /// <summary>It waits for a snapshot.</summary>
    Kept,

    /// <summary>
    /// It came while there is no book to apply it to, and cannot wait: without a chain of ids nobody could tell whether a later snapshot contains it.
    /// </summary>
    Dropped,

    /// <summary>The book moved to it; <see cref="OrderBook.Status"/> says whether it may be believed.</summary>
    Applied,

    /// <summary>The book may no longer, or still not, be believed: a gap or a wrong checksum, until the next snapshot.</summary>
    Broken,
}

/// <summary>
/// The order book of one instrument, built from snapshots and deltas under its <see cref="Instrument.SequenceRule"/>. A snapshot replaces, it is
/// never merged. Deltas that come before it, or after a gap, are kept and replayed onto it. Nothing is allocated once the book has reached its size.
/// </summary>
/// <remarks>
/// A crossed book is invalid for as long as it is crossed: the chain of ids proves that nothing is missing, so when the venue's own deltas uncross it
/// the book is right. Without a chain (<see cref="BookSequence.CanHideLoss"/>) crossing is the sign of a lost delta, whose ghost level would stay when
/// the market has moved on; then it stays invalid until a snapshot or a matching checksum. Event times play no part here but one (see
/// BookSequence): the chain is the authority on order.
/// </remarks>
public sealed partial class OrderBook
{
    /// <summary>Higher ticks are refused, so that no difference of two of them can overflow.</summary>
    public const long PriceTicksMax = 1L << 61;

    private readonly Instrument _instrument;
    private readonly BookSide _bids;
    private readonly BookSide _asks;
    private readonly KeptDeltas _kept;
    private SequencePoint _last;
    private Timestamp _venueTime;
    private OrderBookCounters _counters;
    private long _deltaCount;

    public OrderBook(Instrument instrument, OrderBookState state)
        : this(instrument, state, OrderBookLimits.Default)
    {
    }

    public OrderBook(Instrument instrument, OrderBookState state, OrderBookLimits limits)
    {
        _instrument = instrument;
        _bids = new(Side.Buy, limits);
        _asks = new(Side.Sell, limits);
        _kept = new(instrument, limits);
        Status = state.Status;
        _last = new(state.LastUpdateId, state.LastTime, state.IsAtSnapshot);
        _venueTime = state.VenueTime;
        _counters = state.Counters;
        _deltaCount = state.Counters.Deltas;
        _bids.Restore(state.Bids);
        _asks.Restore(state.Asks);
        _kept.Restore(state.Kept);
    }

    public BookStatus Status { get; private set; }

    public OrderBookCounters Counters => _counters with { Deltas = _deltaCount };

    /// <summary>There is a book and its chain is whole, though it may be crossed or one-sided.</summary>
    private bool IsInSync => Status is BookStatus.Valid or BookStatus.Crossed or BookStatus.OneSided;

    /// <summary>Takes a snapshot or a delta of this instrument; nothing of its buffer is held after the call.</summary>
    /// <exception cref="ArgumentException">The update is of another instrument: a fault in the wiring.</exception>
    public BookOutcome Apply(in BookUpdate update)
    {
        if (update.Instrument != _instrument.Id) ThrowOtherInstrument(update);
        if (!IsPossible(update)) return RefuseImpossible();
        if (update.IsSnapshot) return Replace(update);
        if (!IsInSync) return Keep(update);
        switch (BookSequence.Judge(_instrument.SequenceRule, _last, update))
        {
            case SequenceVerdict.Follows:
                return Follow(update);
            case SequenceVerdict.Duplicate:
                return Skip();
            default:
                Break(BookStatus.Gap);
                Keep(update);
                return BookOutcome.Broken;
        }
    }

    /// <summary>
    /// Learns that an update was refused before it came here; true when the book breaks. Unless it was a duplicate the book now lacks it, and breaks
    /// at once; a refused snapshot is missed only where no chain of ids would show it.
    /// </summary>
    public bool Miss(in BookUpdate refused)
    {
        var isMissed = refused.IsSnapshot
            ? BookSequence.CanHideLoss(_instrument.SequenceRule)
            : BookSequence.Judge(_instrument.SequenceRule, _last, refused) != SequenceVerdict.Duplicate;
        if (!IsInSync || !isMissed) return false;
        Break(BookStatus.Gap);
        return true;
    }

    private static bool IsPossible(in BookUpdate update)
    {
        var levels = update.Levels.Span;
        if ((uint)update.BidCount > (uint)levels.Length) return false;
        var signs = 0L;
        foreach (ref readonly var level in levels) signs |= (level.PriceTicks - 1) | (PriceTicksMax - level.PriceTicks) | level.SizeLots;
        return signs >= 0;
    }

    private BookOutcome RefuseImpossible()
    {
        _counters = _counters with { Impossible = _counters.Impossible + 1 };
        return IsInSync ? Break(BookStatus.Gap) : BookOutcome.Dropped;
    }

    private BookOutcome Skip()
    {
        _counters = _counters with { Duplicates = _counters.Duplicates + 1 };
        return BookOutcome.Duplicate;
    }

    private BookOutcome Replace(in BookUpdate snapshot)
    {
        var before = Status;
        _counters = _counters with { Snapshots = _counters.Snapshots + 1 };
        var levels = snapshot.Levels.Span;
        _bids.Load(levels[..snapshot.BidCount]);
        _asks.Load(levels[snapshot.BidCount..]);
        Settle(snapshot, wasCrossed: false);
        while (IsInSync && _kept.Count > 0)
        {
            var delta = _kept.First;
            var verdict = BookSequence.Judge(_instrument.SequenceRule, _last, delta);
            if (verdict == SequenceVerdict.Gap)
            {
                // The snapshot is older than the deltas kept, which wait for the next one. A gap that stays is one gap.
                if (before != BookStatus.Gap) return Break(BookStatus.Gap);
                Status = BookStatus.Gap;
                return BookOutcome.Broken;
            }

            if (verdict == SequenceVerdict.Follows) Follow(delta);
            else Skip();
            _kept.DropFirst();
        }

        if (!IsInSync) return BookOutcome.Broken;
        if (before is BookStatus.Gap or BookStatus.ChecksumMismatch) _counters = _counters with { Resyncs = _counters.Resyncs + 1 };
        return BookOutcome.Applied;
    }

    private BookOutcome Keep(in BookUpdate delta)
    {
        if (BookSequence.CanHideLoss(_instrument.SequenceRule))
        {
            _counters = _counters with { Dropped = _counters.Dropped + 1 };
            return BookOutcome.Dropped;
        }

        if (_kept.IsDuplicate(delta)) return Skip();
        _counters = _counters with { Dropped = _counters.Dropped + _kept.Add(delta) };
        return BookOutcome.Kept;
    }

    private BookOutcome Follow(in BookUpdate delta)
    {
        _deltaCount++;
        var levels = delta.Levels.Span;
        _bids.Apply(levels[..delta.BidCount]);
        _asks.Apply(levels[delta.BidCount..]);
        return Settle(delta, wasCrossed: Status == BookStatus.Crossed);
    }

    /// <summary>Moves the chain to the update just applied, and judges the book as it now stands.</summary>
    private BookOutcome Settle(in BookUpdate update, bool wasCrossed)
    {
        _last = new(update.LastUpdateId, update.VenueTime, update.IsSnapshot);
        if (update.VenueTime.IsKnown) _venueTime = update.VenueTime;
        if (_bids.HasLostItsBest || _asks.HasLostItsBest) return Break(BookStatus.Gap);
        var isProven = update.Checksum != 0;
        if (isProven && update.Checksum != ComputeChecksum()) return Break(BookStatus.ChecksumMismatch);
        var isGhostLikely = wasCrossed && !isProven && BookSequence.CanHideLoss(_instrument.SequenceRule);
        Status = isGhostLikely ? BookStatus.Crossed
            : _bids.IsEmpty || _asks.IsEmpty ? BookStatus.OneSided
            : _bids.BestKey >= -_asks.BestKey ? BookStatus.Crossed
            : BookStatus.Valid;
        if (Status == BookStatus.Crossed && !wasCrossed) _counters = _counters with { Crossings = _counters.Crossings + 1 };
        return BookOutcome.Applied;
    }

    private BookOutcome Break(BookStatus status)
    {
        Status = status;
        _counters = status == BookStatus.Gap
            ? _counters with { Gaps = _counters.Gaps + 1 }
            : _counters with { ChecksumMismatches = _counters.ChecksumMismatches + 1 };
        return BookOutcome.Broken;
    }

    private int ComputeChecksum()
    {
        Span<BookLevel> bids = stackalloc BookLevel[BookChecksum.Depth];
        Span<BookLevel> asks = stackalloc BookLevel[BookChecksum.Depth];
        return BookChecksum.Compute(_instrument, bids[.._bids.CopyLevels(bids)], asks[.._asks.CopyLevels(asks)]);
    }

    [DoesNotReturn]
    private void ThrowOtherInstrument(in BookUpdate update) =>
        throw new ArgumentException(
            $"an update of instrument {update.Instrument.Index} came to the book of {_instrument.Name}, {_instrument.Id.Index}", nameof(update));
}
