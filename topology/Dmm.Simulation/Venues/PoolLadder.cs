using System.Globalization;
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
/// <param name="Take">What it carries out.</param>
internal sealed record PoolSwapRequest(long SwapId, PoolTake Take);

/// <summary>
/// The part of an order adapter that keeps our quotes at a simulated pool (<see cref="StandingLadder"/>, as a real pool's does): the pool's state and
/// the fate of swaps reach it late, and a swap is sent at whatever it last heard of the pool.
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
    private readonly StandingLadder _ladder = new(instrument, unitsPerToken, update => deliver(new Input(update)));
    private ITokenPool? _seen;

    public PoolSwapCounts Counts { get; private set; } = new();

    public IReadOnlyCollection<OwnOrder> Intentions => [.. _ladder.Orders.Select(order => new OwnOrder(order))];

    public void Take(OrderIntent intent)
    {
        switch (intent.Kind)
        {
            case OrderIntentKind.Place: Place(intent); break;
            case OrderIntentKind.Amend:
                _ladder.Amend(intent);
                SendIfReached();
                break;
            default: _ladder.Cancel(intent.ClientOrderId); break;
        }
    }

    /// <summary>The pool's state, as it reaches us.</summary>
    public void OnPool(ITokenPool seen)
    {
        _seen = seen;
        SendIfReached();
    }

    /// <summary>Told by the pool as a swap lands; heard of after the latency.</summary>
    public void OnExecuted(PoolSwapRequest request, in PoolMove move, decimal gasTon)
    {
        var quantity = (decimal)move.Base / unitsPerToken;
        var fill = new Fill
        {
            Instrument = instrument.Id, TradeId = Id(request), ClientOrderId = request.Take.ClientOrderId, Side = request.Take.Side,
            Price = ((decimal)move.Quote / unitsPerToken / quantity).Canonical(), Quantity = quantity.Canonical(), Fee = gasTon.Canonical(),
            FeeAsset = instrument.QuoteAsset,
            // It realises a quote of ours at its net price, which is what markouts and toxicity judge.
            IsMaker = true, VenueTime = queue.Now,
        };
        queue.Schedule(queue.Now + latency, () =>
        {
            Counts = Counts with { Executed = Counts.Executed + 1 };
            deliver(new Input(fill));
            _ladder.Executed();
        });
    }

    /// <summary>Told by the pool as a swap is refunded; heard of after the latency.</summary>
    public void OnFailed(PoolSwapRequest request, string reason, decimal gasTon)
    {
        var failed = new FailedSwap
        {
            Instrument = instrument.Id, SwapId = Id(request), ClientOrderId = request.Take.ClientOrderId, Side = request.Take.Side, Gas = gasTon,
            GasAsset = instrument.QuoteAsset, Reason = reason, VenueTime = queue.Now,
        };
        queue.Schedule(queue.Now + latency, () =>
        {
            Counts = Counts with { Failed = Counts.Failed + 1, GasLostTon = Counts.GasLostTon + gasTon };
            deliver(new Input(failed));
            _ladder.Failed();
        });
    }

    private void Place(OrderIntent placement)
    {
        if (_ladder.Place(placement, queue.Now) is not { } order) return;
        if (order.TimeInForce == TimeInForce.GoodTillCancelled) SendIfReached();
        // At once or not at all: it waits neither for the pool to come to it, nor for another swap's fate.
        else if (_ladder.InFlight is null && _seen is { } seen && _ladder.Take(order, seen, pool.GasPerSwapTon) is { } take) Submit(take);
        else _ladder.Cancel(order.ClientOrderId);
    }

    private void SendIfReached()
    {
        if (_seen is { } seen && _ladder.Next(seen, pool.GasPerSwapTon, static _ => true) is { } take) Submit(take);
    }

    private void Submit(PoolTake take)
    {
        _ladder.Begin(take);
        Counts = Counts with { Sent = Counts.Sent + 1 };
        pool.Submit(new(Counts.Sent, take));
    }

    private static string Id(PoolSwapRequest request) => request.SwapId.ToString(CultureInfo.InvariantCulture);
}
