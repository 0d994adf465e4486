using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One leg: an order that takes what it can at once.</summary>
public sealed record RouteLeg
{
    public required string ClientOrderId { get; init; }

    public required InstrumentId Instrument { get; init; }

    public required Side Side { get; init; }

    public required RoutePurpose Purpose { get; init; }

    public required long SizeLots { get; init; }

    /// <summary>The same, base asset.</summary>
    public required decimal Size { get; init; }

    public required Timestamp SentAt { get; init; }

    /// <summary>Sum of its fills, base asset, before a fee taken in it.</summary>
    public decimal Filled { get; init; }

    /// <summary>Sum of its fills at their prices, quote asset.</summary>
    public decimal Worth { get; init; }

    /// <summary>Fees by asset, the base asset's own among them.</summary>
    public ImmutableArray<AssetAmount> Fees { get; init; } = [];

    /// <summary>What was taken of the base asset itself: it has not arrived, or has left beside what was sold.</summary>
    public decimal BaseFee { get; init; }

    /// <summary>Trades counted, so that none counts twice.</summary>
    public ImmutableArray<string> TradeIds { get; init; } = [];

    /// <summary>The least that the venue said remains of it.</summary>
    public required long RemainingLots { get; init; }

    /// <summary>When the venue's word came that it has ended; none while it may still trade.</summary>
    public Timestamp EndedAt { get; init; }

    /// <summary>Its cancel was asked for.</summary>
    public bool IsCancelAsked { get; init; }

    /// <summary>What has traded by its fills or by the venue's word, whichever is more, base asset.</summary>
    [JsonIgnore]
    public decimal Traded => Math.Max(Filled, Size * (SizeLots - RemainingLots) / SizeLots);

    /// <summary>What it has changed of the inventory, base asset, positive when bought.</summary>
    [JsonIgnore]
    public decimal Change => Side.Sign() * Traded - BaseFee;

    /// <summary>What may still trade of it, whatever is known: an order of unknown fate counts whole.</summary>
    [JsonIgnore]
    public decimal Open => EndedAt.IsKnown ? 0 : Math.Max(0, Size - Traded);
}

/// <summary>A trade of the router that has not ended.</summary>
public sealed record RouteTrade
{
    public required long Number { get; init; }

    public required RouteKind Kind { get; init; }

    /// <summary>Where the first leg goes, and which it is.</summary>
    public required InstrumentId First { get; init; }

    public required Side FirstSide { get; init; }

    /// <summary>Where the second is meant to go; the first's again for a hedge.</summary>
    public required InstrumentId Second { get; init; }

    /// <summary>Limit of the second leg as planned, ticks.</summary>
    public required long SecondTicks { get; init; }

    public required Timestamp BegunAt { get; init; }

    public ImmutableArray<RouteLeg> Legs { get; init; } = [];

    /// <summary>What the next leg is for.</summary>
    public RoutePurpose Next { get; init; }

    /// <summary>That has been tried so often.</summary>
    public int Tries { get; init; }

    /// <summary>Since when something was, or may have been, open between legs; none before.</summary>
    public Timestamp ExposedAt { get; init; }

    /// <summary>The router looks again then; none while an event is awaited.</summary>
    public Timestamp WaitsUntil { get; init; }

    /// <summary>Since when nothing that closes could be sent; none while it could.</summary>
    public Timestamp StuckAt { get; init; }

    /// <summary>Quotes have to leave the way of a leg.</summary>
    public bool IsClearing { get; init; }

    /// <summary>People were told that it is open for too long.</summary>
    public bool IsAlertGiven { get; init; }

    /// <summary>What its legs have changed of the inventory, base asset; of an arbitrage that is what is open.</summary>
    [JsonIgnore]
    public decimal Change => Legs.Sum(l => l.Change);

    /// <summary>What is open between legs: nothing of a hedge, which is meant to change the inventory.</summary>
    [JsonIgnore]
    public decimal Exposure => Kind == RouteKind.Hedge ? 0 : Change;

    /// <summary>The leg that may still trade, or null: there is never more than one.</summary>
    [JsonIgnore]
    public RouteLeg? OpenLeg => Legs is [.., { EndedAt.IsKnown: false } last] ? last : null;

    /// <summary>What may still have to be sold, or bought, beside the leg that is on its way, base asset: the open leg counted as filled.</summary>
    public decimal Owed(Side side)
    {
        if (Kind == RouteKind.Hedge) return 0;
        var owed = side == Side.Sell ? Exposure : -Exposure;
        if (OpenLeg is { } open) owed += open.Side == side ? -open.Open : open.Open;
        return Math.Max(0, owed);
    }
}

/// <summary>What the router remembers.</summary>
public sealed record RouterState
{
    /// <summary>Nothing done yet.</summary>
    public static readonly RouterState Idle = new();

    /// <summary>Legs of ended trades that are remembered: a fill of one that comes late still has to be closed.</summary>
    public const int EndedMax = 32;

    /// <summary>Trades begun so far.</summary>
    public long Trades { get; init; }

    /// <summary>The one in flight, or null.</summary>
    public RouteTrade? Trade { get; init; }

    /// <summary>Latest last.</summary>
    public ImmutableArray<EndedLeg> Ended { get; init; } = [];

    /// <summary>What came late of ended trades and waits to be closed, each as a leg of its own.</summary>
    public ImmutableArray<RouteLeg> Strays { get; init; } = [];

    /// <summary>No trade begins before.</summary>
    public Timestamp StandsOffUntil { get; init; }

    /// <summary>Trades in a row that were unwound or left open.</summary>
    public int Failures { get; init; }

    /// <summary>Trades in a row of which nothing came.</summary>
    public int Misses { get; init; }

    /// <summary>What venues have said that we hold, in the order in which they first said so; what has left since is taken off.</summary>
    public ImmutableArray<BalanceReport> Balances { get; init; } = [];

    /// <summary>An order of that id is a leg of the router, in flight or remembered.</summary>
    public bool IsLeg(string clientOrderId)
    {
        foreach (var leg in Trade?.Legs ?? [])
            if (leg.ClientOrderId == clientOrderId) return true;
        foreach (var ended in Ended)
            if (ended.Leg.ClientOrderId == clientOrderId) return true;
        return false;
    }

    /// <summary>What a venue has said that it holds of an asset, less what has left since; null when it has not.</summary>
    public decimal? Balance(string venue, string asset)
    {
        foreach (var balance in Balances)
            if (balance.Venue == venue && balance.Asset == asset) return balance.Total;
        return null;
    }
}

/// <summary>A leg of a trade that has ended.</summary>
/// <param name="Kind">Of the trade: a late fill of a hedge leaves nothing open.</param>
/// <param name="Leg">As it was when the trade ended; later fills are in it.</param>
public sealed record EndedLeg(RouteKind Kind, RouteLeg Leg);
