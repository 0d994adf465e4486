using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <content>What the simulated exchange tells, as the venue tells it.</content>
public sealed partial class FakeMarket
{
    private void Hear(FakeListing listing, Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Book:
                var book = listing.Take(input.Book);
                Happened?.Invoke(new MarketEvent.BookChanged(listing.Instrument, book));
                break;
            case InputKind.Trade:
                Happened?.Invoke(new MarketEvent.Traded(listing.Instrument, Numbered(listing.Instrument, input.Trade)));
                break;
            case InputKind.Control when input.Control is Fill fill:
                Take(listing.Instrument, fill);
                break;
            case InputKind.Control when input.Control is OrderUpdate update:
                Take(update);
                break;
        }
    }

    private void Take(Instrument instrument, Fill fill)
    {
        var order = _account.Find(long.Parse(fill.ClientOrderId, CultureInfo.InvariantCulture))!;
        var taken = _account.Take(
            order, TradeId(instrument, fill.TradeId), fill, instrument.Prices.ToSteps(fill.Price), instrument.Sizes.ToSteps(fill.Quantity));
        _filled = order.OrderId;
        Happened?.Invoke(new MarketEvent.Filled(taken));
        foreach (var balance in _account.Balances(fill.VenueTime))
        {
            var isMoved = balance.Asset == fill.FeeAsset
                || (instrument.Kind == ContractKind.Spot && (balance.Asset == instrument.BaseAsset || balance.Asset == instrument.QuoteAsset));
            if (isMoved) Happened?.Invoke(new MarketEvent.BalanceChanged(balance));
        }
    }

    private void Take(OrderUpdate update)
    {
        var order = _account.Find(long.Parse(update.ClientOrderId, CultureInfo.InvariantCulture))!;
        if (update.Status == OrderStatus.Rejected)
            throw new InvalidOperationException($"order {order.OrderId} kept every rule and was rejected: {update.Reason}");
        var isAsked = _asked.OrderId == order.OrderId;
        var cause = update.Status == OrderStatus.Cancelled
            ? isAsked && _asked.Cause == OrderCause.Cancelled ? OrderCause.Cancelled : OrderCause.EndedByVenue
            : _filled == order.OrderId ? OrderCause.Filled
            : order.Sequence == 0 ? OrderCause.Placed : OrderCause.Amended;
        _filled = 0;
        var size = update.Status < OrderStatus.Filled ? order.FilledLots + update.RemainingLots : order.SizeLots;
        Tell(order with { Status = update.Status, PriceTicks = update.PriceTicks, SizeLots = size, Reason = update.Reason }, cause);
    }

    private FakeOrder Tell(FakeOrder order, OrderCause cause)
    {
        order = _account.Number(order with { UpdatedAt = Clock });
        Happened?.Invoke(new MarketEvent.OrderChanged(order, cause));
        return order;
    }

    private Trade Numbered(Instrument instrument, Trade trade) =>
        trade with { TradeId = TradeId(instrument, trade.TradeId.ToString(CultureInfo.InvariantCulture)) };

    // Each exchange counts its own trades from 1: at the venue an id is given once.
    private long TradeId(Instrument instrument, string id)
    {
        if (!_tradeIds.TryGetValue((instrument.Id, id), out var number)) _tradeIds[(instrument.Id, id)] = number = _nextTradeId++;
        return number;
    }
}
