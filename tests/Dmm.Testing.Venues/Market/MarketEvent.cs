using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>What made an order's state be told.</summary>
public enum OrderCause
{
    Placed,
    Amended,

    /// <summary>It was told as <see cref="MarketEvent.Filled"/> just before.</summary>
    Filled,

    /// <summary>The account asked for it.</summary>
    Cancelled,

    /// <summary>The venue did it of its own accord: post-only, immediate or cancel, self-trade prevention, the dead-man's switch.</summary>
    EndedByVenue,
}

/// <summary>Something that happened at the venue, for the streams to tell.</summary>
public abstract record MarketEvent
{
    private MarketEvent()
    {
    }

    /// <summary>The book of an instrument changed; the update's levels are the event's own. <see cref="BookUpdate.PreviousUpdateId"/> is the last id
    /// of the one before.</summary>
    public sealed record BookChanged(Instrument Instrument, BookUpdate Update) : MarketEvent;

    /// <summary>A public trade; comes before the book that it left.</summary>
    public sealed record Traded(Instrument Instrument, Trade Trade) : MarketEvent;

    /// <summary>An order of the account traded; its state follows as <see cref="OrderChanged"/>.</summary>
    public sealed record Filled(FakeFill Fill) : MarketEvent;

    public sealed record OrderChanged(FakeOrder Order, OrderCause Cause) : MarketEvent;

    /// <summary>What the account holds of an asset; comes after the fill that moved it.</summary>
    public sealed record BalanceChanged(FakeBalance Balance) : MarketEvent;
}

/// <summary>What the account holds of one asset.</summary>
/// <param name="Asset">Its name.</param>
/// <param name="Total">All of it.</param>
/// <param name="Held">The part that open orders bind.</param>
/// <param name="At">When it came to be so, on the venue's clock.</param>
public sealed record FakeBalance(string Asset, decimal Total, decimal Held, Timestamp At);
