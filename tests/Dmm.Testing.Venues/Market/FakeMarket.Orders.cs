using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <content>What the account asks for, and what the venue does with it.</content>
public sealed partial class FakeMarket
{
    public MarketResult<FakeOrder> Place(FakePlacement placement)
    {
        lock (Gate)
        {
            if (placement.ClientOrderId.Length > 0 && _account.Find(placement.ClientOrderId) is { } known)
                return new MarketRefusal(RefusalCode.DuplicateOrder, $"the id {placement.ClientOrderId} was used: that order is {known.Status}");
            var order = new FakeOrder
            {
                OrderId = _nextOrderId, ClientOrderId = placement.ClientOrderId, Instrument = placement.Instrument, Side = placement.Side,
                IsPostOnly = placement.IsPostOnly, TimeInForce = placement.TimeInForce, PriceTicks = placement.PriceTicks,
                SizeLots = placement.SizeLots, Status = OrderStatus.Live, CreatedAt = Clock, UpdatedAt = Clock, Sequence = 0,
            };
            var refusal = Refusal(order, order.SizeLots);
            var endsAtOnce = refusal?.Code == RefusalCode.WouldCross && PostOnly == PostOnlyStyle.EndedAtOnce;
            if (refusal is not null && !endsAtOnce) return refusal;
            _nextOrderId++;
            _account.Open(order);
            if (endsAtOnce)
            {
                Tell(order, OrderCause.Placed);
                return Tell(_account.Find(order.OrderId)! with { Status = OrderStatus.Cancelled, Reason = refusal!.Words }, OrderCause.EndedByVenue);
            }

            Ask(order, OrderCause.Placed, placement.PriceTicks, placement.SizeLots, OrderIntentKind.Place);
            return _account.Find(order.OrderId)!;
        }
    }

    /// <summary>Changes the price of an open order, or lowers what may still trade of it.</summary>
    public MarketResult<FakeOrder> Amend(FakeOrder order, long priceTicks, long remainingLots)
    {
        lock (Gate)
        {
            if (Ended(order) is { } ended) return ended;
            order = _account.Find(order.OrderId)!;
            if (remainingLots > order.RemainingLots) return new MarketRefusal(RefusalCode.BadRequest, "the size may only be lowered");
            if (Refusal(order with { PriceTicks = priceTicks }, remainingLots) is { } refusal) return refusal;
            Ask(order, OrderCause.Amended, priceTicks, remainingLots, OrderIntentKind.Amend);
            return _account.Find(order.OrderId)!;
        }
    }

    public MarketResult<FakeOrder> Cancel(FakeOrder order)
    {
        lock (Gate)
        {
            if (Ended(order) is { } ended) return ended;
            Ask(_account.Find(order.OrderId)!, OrderCause.Cancelled, order.PriceTicks, order.SizeLots, OrderIntentKind.Cancel);
            return _account.Find(order.OrderId)!;
        }
    }

    /// <summary>Cancels the open orders for which it holds; returns them as they ended.</summary>
    public IReadOnlyList<FakeOrder> CancelAll(Func<FakeOrder, bool> isMeant)
    {
        lock (Gate) return [.. OpenOrders.Where(isMeant).Select(o => Cancel(o).Value!)];
    }

    /// <summary>The venue ends an order of its own accord.</summary>
    public FakeOrder End(FakeOrder order, string reason)
    {
        lock (Gate)
        {
            var exchange = _listings[order.Instrument.Id].Exchange;
            exchange.Orders.CancelByVenue(exchange.Orders.Find(Key(order))!, reason);
            Settle();
            return _account.Find(order.OrderId)!;
        }
    }

    /// <summary>The venue keeps nothing of an ended order any more.</summary>
    public void Forget(FakeOrder order)
    {
        lock (Gate) _account.Forget(order);
    }

    private MarketRefusal? Ended(FakeOrder order) => _account.Find(order.OrderId) switch
    {
        null => new(RefusalCode.UnknownOrder, $"there is no order {order.OrderId}"),
        { IsOpen: false } ended => new(RefusalCode.OrderEnded, $"order {order.OrderId} is {ended.Status}"),
        _ => null,
    };

    private MarketRefusal? Refusal(FakeOrder order, long remainingLots)
    {
        var instrument = order.Instrument;
        if (Halted.Contains(instrument.Id)) return new(RefusalCode.Halted, $"{instrument.Symbol} is not trading");
        if (order.PriceTicks <= 0 || remainingLots <= 0) return new(RefusalCode.BadRequest, "price and size must be above zero");
        if (remainingLots % instrument.OrderStepLots != 0) return new(RefusalCode.OffGrid, "the size is not a multiple of the order step");
        if (instrument.Sizes.ToDecimal(remainingLots) < instrument.MinimumSize
            || instrument.Notional(remainingLots, order.PriceTicks) < instrument.MinimumNotional)
        {
            return new(RefusalCode.BelowMinimum, "the order is below the minimum");
        }

        var (bid, ask) = _listings[instrument.Id].Exchange.Best;
        var against = order.Side == Side.Buy ? ask : bid;
        if (order.IsPostOnly && against.SizeLots > 0 && order.Side.Sign() * (order.PriceTicks - against.PriceTicks) >= 0)
            return new(RefusalCode.WouldCross, "the post-only order would have traded");
        return _account.Shortage(order, remainingLots);
    }

    private void Ask(FakeOrder order, OrderCause cause, long priceTicks, long lots, OrderIntentKind kind)
    {
        Advance();
        _asked = (order.OrderId, cause);
        _listings[order.Instrument.Id].Exchange.Send(
            new()
            {
                Kind = kind, Instrument = order.Instrument.Id, ClientOrderId = Key(order), Side = order.Side, PriceTicks = priceTicks,
                SizeLots = lots, IsPostOnly = order.IsPostOnly, TimeInForce = order.TimeInForce,
            },
            _queue.Now);
        Settle();
        _asked = default;
    }
}
