using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Explanation;

/// <summary>An input in words.</summary>
internal static class InputText
{
    public static string Of(in Input input, InstrumentCatalog instruments)
    {
        if (input.Kind == InputKind.Control) return Of(input.Control, instruments);
        var instrument = instruments[input.Instrument];
        return input.Kind switch
        {
            InputKind.Book =>
                Text($"{(input.Book.IsSnapshot ? "book snapshot" : "book update")} {input.Book.LastUpdateId} of {instrument.Name}, ")
                    + Text($"{input.Book.Levels.Length} levels"),
            InputKind.Top => Text($"venue's top at update {input.Top.UpdateId} of {instrument.Name}, ")
                + Text($"{instrument.Prices.ToDecimal(input.Top.Bid.PriceTicks)} / {instrument.Prices.ToDecimal(input.Top.Ask.PriceTicks)}"),
            _ => Text($"trade of {instrument.Sizes.ToDecimal(input.Trade.SizeLots)} ")
                + Text($"at {instrument.Prices.ToDecimal(input.Trade.PriceTicks)} on {instrument.Name}, ")
                + (input.Trade.Aggressor == Side.Buy ? "bought" : "sold"),
        };
    }

    private static string Of(ControlMessage message, InstrumentCatalog instruments) => message switch
    {
        ReferenceRate rate => Text($"reference rate: 1 {rate.BaseAsset} is {rate.Rate} {rate.QuoteAsset}"),
        FundingRate funding => Text($"funding of {instruments[funding.Instrument].Name}: {funding.Rate * 10_000:0.####} bps"),
        GasPrice gas => Text($"gas: {gas.TonPerSwap} TON a swap"),
        FeedStatus feed => WithReason($"feed of {feed.Venue}: {feed.State}", feed.Detail),
        ClockOffset offset => Text($"clock of {offset.Venue}: {offset.Offset.TotalMilliseconds:0.###} ms ahead of ours"),
        Rejected rejected => $"message refused from {rejected.Venue}: {rejected.Reason}",
        Fill fill =>
            Text($"fill {fill.TradeId} on {instruments[fill.Instrument].Name}: {(fill.Side == Side.Buy ? "bought" : "sold")} {fill.Quantity} ")
            + Text($"at {fill.Price}, fee {fill.Fee} {fill.FeeAsset}, order {fill.ClientOrderId}"),
        FailedSwap failed => WithReason(
            Text($"swap {failed.SwapId} on {instruments[failed.Instrument].Name} failed, gas {failed.Gas} {failed.GasAsset}"), failed.Reason),
        PendingSwap swap => Text($"swap on its way to {instruments[swap.Instrument].Name}, trace {swap.Trace}: ")
            + Text($"may move it {(swap.Side == Side.Buy ? "up" : "down")} by {swap.ImpactBps:0.##} bps{UntilText(swap.ValidUntil)}"),
        PendingSwapGone gone => WithReason($"nothing of trace {gone.Trace} is on its way any more", gone.Reason),
        OrderUpdate update => WithReason(OrderText(update, instruments[update.Instrument]), update.Reason),
        PositionReport position => Text($"position at {instruments[position.Instrument].Name}: {position.Quantity}"),
        BalanceReport balance => Text($"balance at {balance.Venue}: {balance.Total} {balance.Asset}"),
        OperatorCommand command => WithReason($"{command.Action} ordered by {command.Operator}", command.Reason),
        CountAcceptance acceptance => WithReason($"count of {acceptance.Subject} accepted by {acceptance.Operator}", acceptance.Reason),
        ParameterChange change => WithReason($"parameters changed by {change.Operator}", change.Reason),
        JournalStatus journal => WithReason(journal.IsWritable ? "journal can be written" : "journal cannot be written", journal.Detail),
        AdapterStatus adapter => WithReason($"order path of {adapter.Venue}: {(adapter.AcceptsOrders ? "open" : "closed")}", adapter.Reason),
        _ => message.ToString(),
    };

    private static string OrderText(OrderUpdate update, Instrument instrument) =>
        Text($"order {update.ClientOrderId} on {instrument.Name}: {update.Status}, {(update.Side == Side.Buy ? "buy" : "sell")} ")
        + Text($"{instrument.Sizes.ToDecimal(update.RemainingLots)} left at {instrument.Prices.ToDecimal(update.PriceTicks)}");

    private static string UntilText(Timestamp end) => end.IsKnown ? $", until {end}" : "";

    private static string WithReason(string text, string reason) => reason.Length == 0 ? text : $"{text}: {reason}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
