using System.Globalization;
using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>What became of our swaps at a pool.</summary>
public sealed record PoolSwapCounts
{
    public long Sent { get; init; }

    public long Executed { get; init; }

    public long Failed { get; init; }

    /// <summary>Gas of those that failed, TON.</summary>
    public decimal GasLostTon { get; init; }
}

/// <summary>A swap as it is sent.</summary>
/// <param name="SwapId">Rises by one; the trade id of what it fills.</param>
/// <param name="ClientOrderId">The intention that it carries out.</param>
/// <param name="Side">Buy: pays the quote token for the base token.</param>
/// <param name="Amount">Smallest units of the token that is paid.</param>
/// <param name="MinimumOut">Smallest units that the pool must pay out, or the swap is refunded.</param>
internal sealed record PoolSwapRequest(string SwapId, string ClientOrderId, Side Side, BigInteger Amount, BigInteger MinimumOut);

/// <summary>
/// Our quotes at a pool, which knows no resting orders: each is a standing intention at a net price. When a swap of its whole size would, by the
/// pool's state as we last heard of it, come to that price or better after pool fee, transfer tax and gas, one swap is sent whose minimum output
/// still keeps the price; the highest bid and the lowest ask go first. One swap is in flight at a time, until its fate has reached us. A swap that
/// executes ends its intention, whatever came out; after one that failed the intention stands, until the next news of the pool. One that is to be
/// carried out at once or not at all is one swap, or none.
/// </summary>
/// <param name="instrument">The pool's.</param>
/// <param name="unitsPerToken">Smallest units in a token.</param>
/// <param name="latency">From a swap's fate to our hearing of it.</param>
/// <param name="queue">The simulation's clock and agenda.</param>
/// <param name="deliver">Takes what is said of our orders.</param>
/// <param name="pool">Takes the swaps; asked for nothing but its gas.</param>
internal sealed class PoolLadder(
    Instrument instrument, long unitsPerToken, TimeSpan latency, SimulationQueue queue, InputReceiver deliver, SimulatedPool pool)
{
    private readonly OrderedOrders _intentions = new();
    private TokenPool? _seen;
    private string? _inFlight;
    private bool _isCancelWanted;

    public PoolSwapCounts Counts { get; private set; } = new();

    public IReadOnlyCollection<OwnOrder> Intentions => _intentions;

    public void Take(OrderIntent intent)
    {
        switch (intent.Kind)
        {
            case OrderIntentKind.Place: Place(intent); break;
            case OrderIntentKind.Amend: Amend(intent); break;
            default: Cancel(intent.ClientOrderId); break;
        }
    }

    /// <summary>The pool's state, as it reaches us.</summary>
    public void OnPool(in TokenPool seen)
    {
        _seen = seen;
        SendIfReached();
    }

    /// <summary>Told by the pool as a swap lands; heard of after the latency.</summary>
    public void OnExecuted(PoolSwapRequest request, in TokenPoolTrade trade, decimal gasTon)
    {
        var quantity = (decimal)trade.Base / unitsPerToken;
        var fill = new Fill
        {
            Instrument = instrument.Id, TradeId = request.SwapId, ClientOrderId = request.ClientOrderId, Side = request.Side,
            Price = ((decimal)trade.Quote / unitsPerToken / quantity).Canonical(), Quantity = quantity.Canonical(), Fee = gasTon.Canonical(),
            FeeAsset = instrument.QuoteAsset,
            // It realises a quote of ours at its net price, which is what markouts and toxicity judge.
            IsMaker = true, VenueTime = queue.Now,
        };
        queue.Schedule(queue.Now + latency, () =>
        {
            Counts = Counts with { Executed = Counts.Executed + 1 };
            deliver(new Input(fill));
            if (Settle(request) is { } order) End(order, OrderStatus.Filled);
        });
    }

    /// <summary>Told by the pool as a swap is refunded; heard of after the latency.</summary>
    public void OnFailed(PoolSwapRequest request, string reason, decimal gasTon)
    {
        var failed = new FailedSwap
        {
            Instrument = instrument.Id, SwapId = request.SwapId, ClientOrderId = request.ClientOrderId, Side = request.Side, Gas = gasTon,
            GasAsset = instrument.QuoteAsset, Reason = reason, VenueTime = queue.Now,
        };
        queue.Schedule(queue.Now + latency, () =>
        {
            Counts = Counts with { Failed = Counts.Failed + 1, GasLostTon = Counts.GasLostTon + gasTon };
            deliver(new Input(failed));
            var isCancelWanted = _isCancelWanted;
            if (Settle(request) is { } order && (isCancelWanted || order.TimeInForce == TimeInForce.ImmediateOrCancel)) End(order, OrderStatus.Cancelled);
        });
    }

    private void Place(OrderIntent intent)
    {
        var request = new OrderRequest(
            intent.ClientOrderId, intent.Side, intent.PriceTicks, intent.SizeLots, intent.IsPostOnly, intent.TimeInForce);
        if (Refusal(request) is { } reason)
        {
            Say(request.ClientOrderId, OrderStatus.Rejected, request.Side, request.PriceTicks, 0, reason);
            return;
        }

        var order = new OwnOrder(request, queue.Now);
        _intentions.Add(order);
        SayState(order, OrderStatus.Live);
        if (order.TimeInForce == TimeInForce.GoodTillCancelled) SendIfReached();
        // At once or not at all: it waits neither for the pool to come to it, nor for another swap's fate.
        else if (_inFlight is null && _seen is { } seen && Reached(order, seen) is { } swap) Submit(order, swap);
        else End(order, OrderStatus.Cancelled);
    }

    private void Amend(OrderIntent intent)
    {
        if (_intentions.Find(intent.ClientOrderId) is not { } order) return;
        (order.PriceTicks, order.RemainingLots) = (intent.PriceTicks, Math.Min(intent.SizeLots, order.RemainingLots));
        SayState(order, OrderStatus.Live);
        SendIfReached();
    }

    private void Cancel(string clientOrderId)
    {
        if (_intentions.Find(clientOrderId) is not { } order) return;
        if (clientOrderId != _inFlight)
        {
            End(order, OrderStatus.Cancelled);
            return;
        }

        // What is on its way to the chain cannot be called back.
        _isCancelWanted = true;
        SayState(order, OrderStatus.PendingCancel);
    }

    private void SendIfReached()
    {
        if (_inFlight is not null || _seen is not { } seen) return;
        foreach (var order in _intentions.OrderBy(o => o.Side).ThenBy(o => -o.Side.Sign() * o.PriceTicks))
        {
            if (Reached(order, seen) is not { } request) continue;
            Submit(order, request);
            return;
        }
    }

    private void Submit(OwnOrder order, PoolSwapRequest request)
    {
        _inFlight = order.ClientOrderId;
        Counts = Counts with { Sent = Counts.Sent + 1 };
        pool.Submit(request);
    }

    /// <summary>The swap that carries an intention out at its price or better; null when the pool is not there.</summary>
    private PoolSwapRequest? Reached(OwnOrder order, in TokenPool seen)
    {
        var (size, notional) = (instrument.Sizes.ToDecimal(order.RemainingLots), instrument.Notional(order.RemainingLots, order.PriceTicks));
        var swapId = string.Create(CultureInfo.InvariantCulture, $"{Counts.Sent + 1}");
        if (order.Side == Side.Sell)
        {
            var leastOut = Units(notional + pool.GasPerSwapTon);
            return seen.Sell(Units(size)).PaidOut >= leastOut ? new(swapId, order.ClientOrderId, Side.Sell, Units(size), leastOut) : null;
        }

        if (seen.QuoteToBuy(Units(size)) is not { } amount || amount > Units(notional)) return null;
        var cost = (decimal)amount / unitsPerToken + pool.GasPerSwapTon;
        if (cost > notional) return null;
        // As much as the cost is worth at the intention's price, before the transfer tax, which the pool does not see.
        var least = BigInteger.Min(Units(cost / instrument.Prices.ToDecimal(order.PriceTicks)), Units(size));
        return new(swapId, order.ClientOrderId, Side.Buy, amount, seen.BeforeTax(least));
    }

    private string? Refusal(OrderRequest request)
    {
        if (_intentions.Find(request.ClientOrderId) is not null) return "duplicate client order id";
        if (request.PriceTicks <= 0) return "price is not above zero";
        return request.SizeLots <= 0 ? "size is not above zero" : null;
    }

    /// <summary>Nothing is in flight any more; the intention that the swap was sent for.</summary>
    private OwnOrder? Settle(PoolSwapRequest request)
    {
        (_inFlight, _isCancelWanted) = (null, false);
        return _intentions.Find(request.ClientOrderId);
    }

    private void End(OwnOrder order, OrderStatus status)
    {
        _intentions.Remove(order);
        Say(order.ClientOrderId, status, order.Side, order.PriceTicks, 0, "");
    }

    private void SayState(OwnOrder order, OrderStatus status) =>
        Say(order.ClientOrderId, status, order.Side, order.PriceTicks, order.RemainingLots, "");

    private void Say(string clientOrderId, OrderStatus status, Side side, long priceTicks, long remainingLots, string reason) =>
        deliver(new Input(new OrderUpdate
        {
            Instrument = instrument.Id, ClientOrderId = clientOrderId, Status = status, Side = side, PriceTicks = priceTicks,
            RemainingLots = remainingLots, Reason = reason,
        }));

    /// <summary>Smallest units in an amount of tokens, rounded up.</summary>
    private BigInteger Units(decimal tokens) => new(Math.Ceiling(tokens * unitsPerToken));
}
