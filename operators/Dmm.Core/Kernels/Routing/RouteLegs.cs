using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// What venues say of legs, as it changes the router's state; acting on it comes later, once the whole pipeline has seen the event.
/// | Event | Behaviour |
/// |---|---|
/// | fill of a leg | counts once, whatever is known of the order |
/// | fill of a leg of an ended trade, beyond what counted | becomes a stray, which a trade has to close |
/// | update of a leg | what remains only falls; an end told is an end |
/// | balance | replaces what that venue said before of that asset |
/// | any fill | what it took of a balance is taken off; what it brought waits for the next report |
/// </summary>
public static class RouteLegs
{
    public static RouterState Learn(RouterState state, Fill fill, Instrument instrument, Timestamp now)
    {
        state = Spend(state, fill, instrument);
        if (state.Trade is { } trade && IndexOf(trade.Legs, fill.ClientOrderId) is >= 0 and var index)
        {
            var leg = Filled(trade.Legs[index], fill, instrument);
            return ReferenceEquals(leg, trade.Legs[index]) ? state
                : state with { Trade = Exposed(trade with { Legs = trade.Legs.SetItem(index, leg) }, now) };
        }

        for (var i = 0; i < state.Ended.Length; i++)
            if (state.Ended[i].Leg.ClientOrderId == fill.ClientOrderId) return Late(state, i, fill, instrument, now);
        return state;
    }

    public static RouterState Learn(RouterState state, OrderUpdate update, Instrument instrument, Timestamp now)
    {
        if (state.Trade is not { } trade || IndexOf(trade.Legs, update.ClientOrderId) is not (>= 0 and var index)) return state;
        var leg = trade.Legs[index];
        if (leg.EndedAt.IsKnown) return state;
        var told = leg with
        {
            // A swap that has executed gave what its fill says, which may be less or more than was meant.
            RemainingLots = instrument.IsPool ? leg.RemainingLots : Math.Min(leg.RemainingLots, Remaining(leg, update)),
            EndedAt = update.Status >= OrderStatus.Filled ? now : Timestamp.None,
        };
        // Of unknown fate: it counts as filled from now on.
        if (update.Status == OrderStatus.PendingUnknown && trade.Kind == RouteKind.Arbitrage && !trade.ExposedAt.IsKnown)
            trade = trade with { ExposedAt = now };
        else if (told == leg) return state;
        return state with { Trade = Exposed(trade with { Legs = trade.Legs.SetItem(index, told) }, now) };
    }

    public static RouterState Learn(RouterState state, BalanceReport report)
    {
        for (var i = 0; i < state.Balances.Length; i++)
        {
            if (state.Balances[i].Venue != report.Venue || state.Balances[i].Asset != report.Asset) continue;
            return state with { Balances = state.Balances.SetItem(i, report) };
        }

        return state with { Balances = state.Balances.Add(report) };
    }

    /// <summary>The trade with its exposure timer running where something is open.</summary>
    public static RouteTrade Exposed(RouteTrade trade, Timestamp now) =>
        trade.ExposedAt.IsKnown || trade.Exposure == 0 ? trade : trade with { ExposedAt = now };

    // What has traded by the venue's own count; where it does not say, what remains of an order that rests, or was cancelled with something left.
    // Some venues say zero of every order that is over, which says nothing.
    private static long Remaining(RouteLeg leg, OrderUpdate update) => update switch
    {
        { Status: OrderStatus.Filled } => 0,
        { FilledLots: { } filled } => leg.SizeLots - filled,
        { Status: OrderStatus.Live or OrderStatus.PartiallyFilled or OrderStatus.Cancelled or OrderStatus.Expired, RemainingLots: > 0 and var left } => left,
        _ => leg.RemainingLots,
    };

    private static RouteLeg Filled(RouteLeg leg, Fill fill, Instrument instrument)
    {
        if (leg.TradeIds.Contains(fill.TradeId)) return leg;
        var quantity = fill.Quantity * instrument.ContractSize;
        return leg with
        {
            Filled = leg.Filled + quantity,
            Worth = leg.Worth + quantity * fill.Price,
            BaseFee = leg.BaseFee + (fill.FeeAsset == instrument.BaseAsset ? fill.Fee : 0),
            Fees = fill.Fee == 0 ? leg.Fees : Added(leg.Fees, fill.FeeAsset, fill.Fee),
            TradeIds = leg.TradeIds.Add(fill.TradeId),
        };
    }

    private static ImmutableArray<AssetAmount> Added(ImmutableArray<AssetAmount> fees, string asset, decimal amount)
    {
        for (var i = 0; i < fees.Length; i++)
            if (fees[i].Asset == asset) return fees.SetItem(i, new(asset, fees[i].Amount + amount));
        return fees.Add(new(asset, amount));
    }

    /// <summary>What an ended trade did not know of is open now.</summary>
    private static RouterState Late(RouterState state, int index, Fill fill, Instrument instrument, Timestamp now)
    {
        var ended = state.Ended[index];
        var leg = Filled(ended.Leg, fill, instrument);
        if (ReferenceEquals(leg, ended.Leg)) return state;
        state = state with { Ended = state.Ended.SetItem(index, ended with { Leg = leg }) };
        var more = leg.Change - ended.Leg.Change;
        if (ended.Kind == RouteKind.Hedge || more == 0) return state;
        var side = more > 0 ? Side.Buy : Side.Sell;
        return state with
        {
            Strays = state.Strays.Add(leg with
            {
                ClientOrderId = leg.ClientOrderId + LateMark, Side = side, SizeLots = 1, RemainingLots = 0, Size = Math.Abs(more),
                Filled = Math.Abs(more), Worth = Math.Abs(more) * fill.Price, BaseFee = 0, TradeIds = [], EndedAt = now,
                Fees = fill.Fee == 0 || fill.FeeAsset == instrument.BaseAsset ? [] : [new(fill.FeeAsset, fill.Fee)],
            }),
        };
    }

    /// <summary>Stands behind the id of an order in a leg that holds only what came late of it; no venue knows it.</summary>
    private const string LateMark = "+";

    private static RouterState Spend(RouterState state, Fill fill, Instrument instrument)
    {
        if (state.Balances.IsEmpty || instrument.Kind != ContractKind.Spot) return state;
        var (asset, amount) = fill.Side == Side.Sell ? (instrument.BaseAsset, fill.Quantity) : (instrument.QuoteAsset, fill.Quantity * fill.Price);
        for (var i = 0; i < state.Balances.Length; i++)
        {
            var balance = state.Balances[i];
            if (balance.Venue == instrument.Venue && balance.Asset == asset)
                return state with { Balances = state.Balances.SetItem(i, balance with { Total = balance.Total - amount }) };
        }

        return state;
    }

    private static int IndexOf(ImmutableArray<RouteLeg> legs, string id)
    {
        for (var i = 0; i < legs.Length; i++)
            if (legs[i].ClientOrderId == id) return i;
        return -1;
    }
}
