using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>The market one instrument was last quoted against.</summary>
/// <param name="BidPlusAskTicks">Twice the mid, ticks.</param>
/// <param name="ToleranceTicks">How far that sum may move before the quote is made anew; the largest number when nothing is quoted.</param>
public readonly record struct LastQuote(long BidPlusAskTicks, long ToleranceTicks)
{
    public static readonly LastQuote None = new(0, long.MaxValue);
}

/// <summary>State of <see cref="LastQuotes"/>, in the catalogue's order.</summary>
public sealed record LastQuotesState(ImmutableArray<LastQuote> Instruments)
{
    public static LastQuotesState Fresh(int instrumentCount) => new([.. Enumerable.Repeat(LastQuote.None, instrumentCount)]);
}

/// <summary>
/// Tells when a market has moved so far since it was quoted that the next refresh is too late: by more than half of the quoted half-spread.
/// </summary>
public static class LastQuotes
{
    private const double ShareOfHalfSpread = 0.5;

    public static LastQuotesState Step(LastQuotesState state, QuoteTarget target, in BookTop top)
    {
        var sum = top.Bid.PriceTicks + top.Ask.PriceTicks;
        var last = target.Bids.IsEmpty && target.Asks.IsEmpty
            ? LastQuote.None
            : new LastQuote(sum, (long)Math.Floor(sum * Quantised.Bps(OwnSpreadBps(target.Terms) / 2 * ShareOfHalfSpread) * 1e-4));
        return last == state.Instruments[target.Instrument.Index] ? state : new(state.Instruments.SetItem(target.Instrument.Index, last));
    }

    // A side that keeps off for a swap on its way makes the other no less near.
    private static double OwnSpreadBps(in QuoteTerms terms) => terms.AskBps - terms.PendingUpBps - (terms.BidBps + terms.PendingDownBps);

    public static bool HasMoved(LastQuotesState state, in BookTop top)
    {
        var last = state.Instruments[top.Instrument.Index];
        return top.IsValid && last.ToleranceTicks != long.MaxValue
            && Math.Abs(top.Bid.PriceTicks + top.Ask.PriceTicks - last.BidPlusAskTicks) > last.ToleranceTicks;
    }
}
