using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// How our orders meet the market at one venue. Called at the venue, after the order latency, with orders that keep its rules; tells executions back
/// by
/// <see cref="OrderEntry.Execute"/>, from within these calls or later.
/// </summary>
public interface IMatchingModel
{
    /// <summary>
    /// Best price at which an order of that side would trade at once; null when nothing stands against it, or the book is not known.
    /// </summary>
    long? BestAgainst(Side side);

    /// <summary>Executes what crosses, and lets the rest (if it may) join the end of its level's queue.</summary>
    void Place(OwnOrder order);

    /// <summary>The price changed or the size fell. A new price is a new place, at the end; a smaller size keeps the place.</summary>
    /// <param name="order">As it is now.</param>
    /// <param name="formerPriceTicks">Its price before.</param>
    /// <param name="formerLots">Its remaining size before.</param>
    void Amend(OwnOrder order, long formerPriceTicks, long formerLots);

    /// <summary>The order leaves the book, cancelled.</summary>
    void Remove(OwnOrder order);
}
