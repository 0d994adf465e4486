using System.Numerics;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// Our quotes at a pool, which knows no resting orders: each stands at a net price. When a swap of its whole size would, by the pool's state, come
/// to that price or better after pool fee, transfer tax and gas, one swap is to be sent whose minimum output still keeps the price; the highest bid
/// and the lowest ask go first. One swap is in flight at a time, until its fate is known. A swap that executed ends its quote, whatever came out;
/// after one that failed the quote stands. One that is to be carried out at once or not at all is one swap, or none.
/// </summary>
/// <param name="instrument">The pool's; gas is paid in its quote token.</param>
/// <param name="unitsPerToken">Smallest units in a token, of either.</param>
/// <param name="say">Takes what becomes of quotes.</param>
public sealed class StandingLadder(Instrument instrument, long unitsPerToken, Action<OrderUpdate> say)
{
    private readonly OrderedDictionary<string, StandingOrder> _orders = new(StringComparer.Ordinal);
    /// <summary>In the order in which they came.</summary>
    public IReadOnlyCollection<StandingOrder> Orders => _orders.Values;

    /// <summary>Whose swap is in flight; null when none is.</summary>
    public string? InFlight { get; private set; }

    /// <summary>That quote ends with its swap, whatever becomes of it.</summary>
    public bool IsCancelWanted { get; private set; }

    public StandingOrder? Find(string clientOrderId) => _orders.GetValueOrDefault(clientOrderId);

    /// <summary>Takes a quote; null where it is refused, which is said.</summary>
    /// <param name="placement">For the instrument.</param>
    /// <param name="at">Now.</param>
    public StandingOrder? Place(OrderIntent placement, Timestamp at)
    {
        if (Refusal(placement) is { } reason)
        {
            Say(placement.ClientOrderId, OrderStatus.Rejected, placement.Side, placement.PriceTicks, 0, reason);
            return null;
        }

        var order = new StandingOrder(placement, at);
        _orders.Add(order.ClientOrderId, order);
        SayState(order, OrderStatus.Live);
        return order;
    }

    /// <summary>Changes price, or lowers size; nothing where it does not stand any more.</summary>
    public void Amend(OrderIntent amendment)
    {
        if (Find(amendment.ClientOrderId) is not { } order) return;
        (order.PriceTicks, order.RemainingLots) = (amendment.PriceTicks, Math.Min(amendment.SizeLots, order.RemainingLots));
        SayState(order, OrderStatus.Live);
    }

    /// <summary>Ends it; while its swap is on its way to the chain it cannot be called back, and ends with that.</summary>
    public void Cancel(string clientOrderId)
    {
        if (Find(clientOrderId) is not { } order) return;
        if (clientOrderId != InFlight)
        {
            End(order, OrderStatus.Cancelled);
            return;
        }

        IsCancelWanted = true;
        SayState(order, OrderStatus.PendingCancel);
    }

    /// <summary>The swap that is to be sent now; null while another is in flight, or when no quote is reached.</summary>
    /// <param name="pool">As last heard of, with the token's tax.</param>
    /// <param name="gas">Of a swap, in the quote token.</param>
    /// <param name="isPayable">Whether there is what a swap pays with; one that is not is passed over.</param>
    public PoolTake? Next(ITokenPool pool, decimal gas, Func<PoolTake, bool> isPayable)
    {
        if (InFlight is not null) return null;
        foreach (var order in _orders.Values.OrderBy(o => o.Side).ThenBy(o => -o.Side.Sign() * o.PriceTicks))
            if (Take(order, pool, gas) is { } take && isPayable(take)) return take;
        return null;
    }

    /// <summary>The swap that carries a quote out at its price or better; null when the pool is not there.</summary>
    /// <param name="order">One of these.</param>
    /// <param name="pool">As last heard of, with the token's tax.</param>
    /// <param name="gas">Of a swap, in the quote token.</param>
    public PoolTake? Take(StandingOrder order, ITokenPool pool, decimal gas)
    {
        var (size, notional) = (instrument.Sizes.ToDecimal(order.RemainingLots), instrument.Notional(order.RemainingLots, order.PriceTicks));
        if (order.Side == Side.Sell)
        {
            var (given, leastOut) = (Units(size), Units(notional + gas));
            if (pool.Base + given > ConstantProduct.CoinsMax || pool.Move(Side.Sell, given).PaidOut < leastOut) return null;
            return new(order.ClientOrderId, Side.Sell, given, leastOut);
        }

        if (pool.QuoteToBuy(Units(size)) is not { } amount || amount > Units(notional)) return null;
        var cost = (decimal)amount / unitsPerToken + gas;
        if (cost > notional) return null;
        // As much as the cost is worth at the quote's price, before the transfer tax, which the pool does not see.
        var least = BigInteger.Min(Units(cost / instrument.Prices.ToDecimal(order.PriceTicks)), Units(size));
        return new(order.ClientOrderId, Side.Buy, amount, TransferTax.Before(least, pool.TransferTaxBps));
    }

    /// <summary>Its swap is sent.</summary>
    /// <exception cref="InvalidOperationException">Another is in flight.</exception>
    public void Begin(PoolTake take) => InFlight = InFlight is null
        ? take.ClientOrderId
        : throw new InvalidOperationException($"the swap of {take.ClientOrderId} was sent while that of {InFlight} is in flight");

    /// <summary>The swap in flight was carried out.</summary>
    public void Executed()
    {
        if (Settle().Order is { } order) End(order, OrderStatus.Filled);
    }

    /// <summary>The swap in flight was not carried out, and never will be.</summary>
    public void Failed()
    {
        var (order, isCancelWanted) = Settle();
        if (order is not null && (isCancelWanted || order.TimeInForce == TimeInForce.ImmediateOrCancel)) End(order, OrderStatus.Cancelled);
    }

    private (StandingOrder? Order, bool IsCancelWanted) Settle()
    {
        var settled = (InFlight is { } id ? Find(id) : null, IsCancelWanted);
        (InFlight, IsCancelWanted) = (null, false);
        return settled;
    }

    private string? Refusal(OrderIntent placement)
    {
        if (Find(placement.ClientOrderId) is not null) return "duplicate client order id";
        if (placement.PriceTicks <= 0) return "price is not above zero";
        return placement.SizeLots <= 0 ? "size is not above zero" : null;
    }

    private void End(StandingOrder order, OrderStatus status)
    {
        _orders.Remove(order.ClientOrderId);
        Say(order.ClientOrderId, status, order.Side, order.PriceTicks, 0, "");
    }

    private void SayState(StandingOrder order, OrderStatus status) =>
        Say(order.ClientOrderId, status, order.Side, order.PriceTicks, order.RemainingLots, "");

    private void Say(string clientOrderId, OrderStatus status, Side side, long priceTicks, long remainingLots, string reason) => say(new OrderUpdate
    {
        Instrument = instrument.Id, ClientOrderId = clientOrderId, Status = status, Side = side, PriceTicks = priceTicks,
        RemainingLots = remainingLots, Reason = reason,
    });

    /// <summary>Smallest units in an amount of tokens, rounded up.</summary>
    private BigInteger Units(decimal tokens) => new(Math.Ceiling(tokens * unitsPerToken));
}
