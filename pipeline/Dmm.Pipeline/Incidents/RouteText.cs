using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Incidents;

/// <summary>What the router decides, in words: every basis point of a trade's edge among them.</summary>
internal static class RouteText
{
    public static string Of(object body, InstrumentCatalog instruments) => body switch
    {
        RouteIntent route => Text($"router, trade {route.Trade}, {Word(route.Kind)}: {Way(route, instruments)} {route.Quantity}; ")
            + Text($"gross {route.Terms.GrossBps:0.00} − fees {route.Terms.BuyFeeBps:0.00} and {route.Terms.SellFeeBps:0.00} ")
            + Text($"− gas {route.Terms.GasBps:0.00} − slippage {route.Terms.SlippageBps:0.00} = {route.Terms.NetBps:0.00} bps, ")
            + Text($"the last unit {route.Terms.MarginalBps:0.00} against {route.Terms.ThresholdBps:0.00}, q̂ {route.InventoryRatio:0.###}"),
        RouteLegSent leg => Text($"router, trade {leg.Trade}, {Word(leg.Purpose)} leg {leg.ClientOrderId}: ")
            + Text($"{(leg.Side == Side.Buy ? "buy" : "sell")} {leg.Quantity} at {leg.Price} or better on {instruments[leg.Instrument].Name}, ")
            + Text($"open {leg.Exposure}"),
        RouteOutcome end => Outcome(end),
        _ => body.GetType().Name,
    };

    /// <summary>A trade that has ended.</summary>
    public static string Outcome(RouteOutcome end) =>
        Text($"router, trade {end.Trade}, {Word(end.Kind)} {Word(end.Result)}: bought {end.Bought}, sold {end.Sold}, profit {end.Profit:0.####}")
            + (end.Reason.Length > 0 ? $"; {end.Reason}" : "");

    private static string Way(RouteIntent route, InstrumentCatalog instruments) => (route.Buy, route.Sell) switch
    {
        ({ } buy, { } sell) => $"buy on {instruments[buy].Name}, sell on {instruments[sell].Name}",
        ({ } buy, null) => $"buy on {instruments[buy].Name}",
        (_, { } sell) => $"sell on {instruments[sell].Name}",
        _ => "nothing",
    };

    private static string Word(RouteKind kind) => kind == RouteKind.Hedge ? "hedge" : "arbitrage";

    private static string Word(RoutePurpose purpose) => purpose switch
    {
        RoutePurpose.First => "first", RoutePurpose.Second => "second", RoutePurpose.Reroute => "rerouted", _ => "unwinding",
    };

    private static string Word(RouteResult result) => result switch
    {
        RouteResult.Done => "done", RouteResult.Missed => "missed", RouteResult.Unwound => "unwound", _ => "left open",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
