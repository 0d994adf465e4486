using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Incidents;

/// <summary>A decision in words.</summary>
internal static class DecisionText
{
    public static string Of(object body, InstrumentCatalog instruments) => body switch
    {
        QuoteTarget quote => Quote(quote, instruments[quote.Instrument]),
        OrderIntent order => Order(order, instruments[order.Instrument]),
        BreakerState breaker =>
            Text($"control {breaker.Kind} of {breaker.Subject} asks for {breaker.Demand} ×{breaker.Multiplier:0.##}: {breaker.Reason}"),
        TradingStateChange change => Text($"trading state {change.From} → {change.To} ×{change.Multiplier:0.##}: {change.Reason}"),
        Alert alert => $"alert, {alert.Level}, {alert.Subject}: {alert.Text}",
        VolatilitySnapshot volatility => Text($"volatility {volatility.VolatilityBps:0.##} bps") + (volatility.IsReady ? "" : ", warming up"),
        InventorySnapshot inventory => Text($"inventory {inventory.Total:0.########}, q̂ {inventory.InventoryRatio:0.###}"),
        PnlSnapshot pnl => Text($"profit {pnl.OrderFlow:0.00}, drawdown {pnl.Drawdown:0.00}"),
        Markout markout => Text($"markout of fill {markout.TradeId} after {markout.Horizon.TotalSeconds:0.###} s: {markout.Bps:0.##} bps"),
        Toxicity toxicity =>
            Text($"toxicity of {Word(toxicity.Side)}s on {instruments[toxicity.Instrument].Name} ×{toxicity.Multiplier:0.##}: {toxicity.Reason}"),
        HedgeIntent hedge => Text($"hedge: {Word(hedge.Side)} {hedge.Quantity}: {hedge.Reason}"),
        RouteIntent or RouteLegSent or RouteOutcome => RouteText.Of(body, instruments),
        TreasuryIntent treasury => Text($"treasury: {treasury.Action} {treasury.Amount} {treasury.Asset}: {treasury.Reason}"),
        _ => body.GetType().Name,
    };

    private static string Quote(QuoteTarget quote, Instrument instrument)
    {
        var terms = quote.Terms;
        var sides = quote.Bids.IsEmpty && quote.Asks.IsEmpty ? "no quote" : Best(quote.Bids, instrument) + " / " + Best(quote.Asks, instrument);
        return Text($"quote {instrument.Name} {sides}, δ {terms.HalfSpreadBps:0.00} bps, q̂ {terms.InventoryRatio:0.###}")
            + (quote.Withheld.Length > 0 ? $"; withheld: {quote.Withheld}" : "");
    }

    private static string Best(IReadOnlyList<QuoteLevel> side, Instrument instrument) =>
        side.Count == 0 ? "none" : Text($"{instrument.Prices.ToDecimal(side[0].PriceTicks)}");

    private static string Order(OrderIntent order, Instrument instrument) => order.Kind == OrderIntentKind.Cancel
        ? $"cancel {order.ClientOrderId} on {instrument.Name}"
        : Text($"{(order.Kind == OrderIntentKind.Place ? "place" : "amend")} {order.ClientOrderId}: {Word(order.Side)} ")
            + Text($"{instrument.Sizes.ToDecimal(order.SizeLots)} at {instrument.Prices.ToDecimal(order.PriceTicks)} on {instrument.Name}");

    private static string Word(Side side) => side == Side.Buy ? "buy" : "sell";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
