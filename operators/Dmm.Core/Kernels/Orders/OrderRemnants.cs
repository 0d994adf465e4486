using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What a venue's book may still show of an order of ours that is no longer there.</summary>
/// <param name="Instrument">Whose book.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="PriceTicks">The level.</param>
/// <param name="Lots">As much of it was ours.</param>
/// <param name="ShownLots">The whole level as the book showed it when we were told.</param>
/// <param name="At">When that was.</param>
public readonly record struct OrderRemnant(InstrumentId Instrument, Side Side, long PriceTicks, long Lots, long ShownLots, Timestamp At)
{
    /// <summary>What is still ours of a level of that size: as it falls, ours is taken to go first.</summary>
    public long LeftOf(long shownLots) => Math.Max(0, Lots - Math.Max(0, ShownLots - shownLots));
}

/// <summary>
/// An answer to a request overtakes the public feed. Between the two the book shows as another's what was ours: the touch would seem to move, be
/// followed, and move back. So what an order has left behind counts as ours until its level has fallen by it, and no longer than
/// <see cref="KeptFor"/>, in which any feed that is fit to be quoted from has told of it.
/// </summary>
public static class OrderRemnants
{
    /// <summary>Longest time for which a book is taken to be behind; several times the interval at which venues publish their books.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMilliseconds(500);

    /// <summary>The state after an update, with what it takes from where the book may show it. A refused placement has never been there.</summary>
    /// <param name="before">Before the update.</param>
    /// <param name="after">After it.</param>
    /// <param name="update">What was told.</param>
    /// <param name="shownLots">Size of a level of the venue's book as it stands; 0 where no book shows our orders.</param>
    /// <param name="now">Engine time.</param>
    public static LiveOrdersState Step(
        LiveOrdersState before, LiveOrdersState after, OrderUpdate update, Func<InstrumentId, Side, long, long> shownLots, Timestamp now)
    {
        if (ReferenceEquals(before, after) || update.Status == OrderStatus.Rejected || before.Find(update.ClientOrderId) is not { } was) return after;
        var order = after.Find(update.ClientOrderId);
        after = Leave(after, was, order, was.PriceTicks, shownLots, now);
        return was.VenuePriceTicks == was.PriceTicks || was.VenuePriceTicks == 0 ? after
            : Leave(after, was, order, was.VenuePriceTicks, shownLots, now);
    }

    /// <summary>What is taken to be ours of a level, beside the live orders.</summary>
    public static long LotsAt(LiveOrdersState live, InstrumentId instrument, Side side, long priceTicks, long shownLots, Timestamp now)
    {
        var lots = 0L;
        foreach (var remnant in live.Remnants.AsSpan())
        {
            if (remnant.PriceTicks == priceTicks && remnant.Side == side && remnant.Instrument == instrument && !IsOver(remnant, now))
                lots += remnant.LeftOf(shownLots);
        }

        return lots;
    }

    /// <summary>It has been kept for as long as a book may be behind.</summary>
    public static bool IsOver(in OrderRemnant remnant, Timestamp now) => now - remnant.At >= KeptFor;

    private static LiveOrdersState Leave(
        LiveOrdersState state, LiveOrder was, LiveOrder? order, long priceTicks, Func<InstrumentId, Side, long, long> shownLots, Timestamp now)
    {
        var gone = was.LotsAt(priceTicks) - (order?.LotsAt(priceTicks) ?? 0);
        if (gone <= 0 || shownLots(was.Instrument, was.Side, priceTicks) is not (> 0 and var shown)) return state;
        // One a level: what an earlier order still has there is reckoned from now on with this one's.
        var lots = Math.Min(shown, gone + LotsAt(state, was.Instrument, was.Side, priceTicks, shown, now));
        var kept = ImmutableArray.CreateBuilder<OrderRemnant>(state.Remnants.AsSpan().Length + 1);
        foreach (var remnant in state.Remnants.AsSpan())
        {
            var isReplaced = remnant.PriceTicks == priceTicks && remnant.Side == was.Side && remnant.Instrument == was.Instrument;
            if (!isReplaced && !IsOver(remnant, now)) kept.Add(remnant);
        }

        kept.Add(new(was.Instrument, was.Side, priceTicks, lots, shown, now));
        return state with { Remnants = kept.ToImmutable() };
    }
}
