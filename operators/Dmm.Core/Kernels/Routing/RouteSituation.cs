using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Everything that the router looks at as it acts, read at one instant.</summary>
public sealed record RouteSituation
{
    public required Timestamp Now { get; init; }

    /// <summary>One for each instrument, in the catalogue's order.</summary>
    public required ImmutableArray<RouteMarket> Markets { get; init; }

    /// <summary>Numeraire per base asset; 0 while there is none, and then no trade begins.</summary>
    public required double FairValue { get; init; }

    /// <summary>q_total, base asset.</summary>
    public required decimal Inventory { get; init; }

    /// <summary>All of our orders.</summary>
    public required LiveOrdersState Live { get; init; }

    /// <summary>Ids given so far; a leg takes the next.</summary>
    public required OrderIdState Ids { get; init; }

    public required InventoryParameters InventoryLimits { get; init; }

    public required RouterParameters Parameters { get; init; }

    /// <summary>A new trade may begin: the router is on, and not only finishing one.</summary>
    public required bool MayBegin { get; init; }

    /// <summary>What a leg could come to were our quotes gone: only legs count beside it.</summary>
    public required ImmutableArray<(SideRoom Buys, SideRoom Sells)> Cleared { get; init; }

    /// <summary>Numeraire for one unit of an asset, for fees; null when not known.</summary>
    public required Func<string, decimal?> NumerairePer { get; init; }

    /// <summary>The same with our quotes out of the way.</summary>
    public RouteSituation WithoutQuotes() => this with
    {
        Markets = [.. Markets.Select((m, i) => m with { Buys = Cleared[i].Buys, Sells = Cleared[i].Sells })],
    };

    public RouteMarket this[InstrumentId id] => Markets[id.Index];

    /// <summary>A leg there would meet an order of our own that may stand at the venue.</summary>
    public bool MeetsOurs(InstrumentId id, Side side, long priceTicks)
    {
        foreach (var order in Live.Orders)
        {
            if (order.Instrument != id || order.Side == side) continue;
            if (side == Side.Buy ? order.LowestTicks <= priceTicks : order.HighestTicks >= priceTicks) return true;
        }

        return false;
    }

    /// <summary>
    /// The limit, or a price short of every order of our own that it would meet, where that still reaches the last level that is meant to be taken.
    /// </summary>
    public long PricedAway(InstrumentId id, Side side, long limitTicks, long lastTicks)
    {
        var priced = limitTicks;
        foreach (var order in Live.Orders)
        {
            if (order.Instrument != id || order.Side == side) continue;
            priced = side == Side.Buy ? Math.Min(priced, order.LowestTicks - 1) : Math.Max(priced, order.HighestTicks + 1);
        }

        return side.Sign() * (priced - lastTicks) >= 0 ? priced : limitTicks;
    }

    /// <summary>Some order of ours quotes: it rests until cancelled.</summary>
    public bool HasQuotes
    {
        get
        {
            foreach (var order in Live.Orders)
                if (order.TimeInForce == TimeInForce.GoodTillCancelled) return true;
            return false;
        }
    }
}
