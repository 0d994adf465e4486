using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What all orders of one side at one instrument may come to together, whatever their state.</summary>
/// <param name="Notional">Numeraire: the cap, less what is outstanding at the venue's other instruments.</param>
/// <param name="BaseQuantity">Base asset: what is left of the position limit, less what is outstanding elsewhere.</param>
public readonly record struct SideRoom(decimal Notional, decimal BaseQuantity);

/// <summary>What the orders at one instrument may not exceed, from one consistent state.</summary>
public readonly record struct OrderLimits
{
    public required Instrument Instrument { get; init; }

    /// <summary>Numeraire per unit of the quote asset; 0 when not known.</summary>
    public required decimal QuoteAssetRate { get; init; }

    public required SideRoom Buys { get; init; }

    public required SideRoom Sells { get; init; }

    /// <summary>Engine time.</summary>
    public required Timestamp Now { get; init; }

    /// <summary>An order that has rested longer is cancelled; null while no such age is known.</summary>
    public required TimeSpan? AgeMax { get; init; }

    /// <summary>It rests longer than a quote may.</summary>
    public bool IsTooOld(LiveOrder order) => AgeMax is { } most && Now - order.PlacedAt > most;
}

/// <summary>
/// Keeps one instrument's changes within its limits while they are collected. Everything in flight counts: orders that are being placed or cancelled,
/// orders of unknown fate, both terms of an amendment, and what was let through before.
/// </summary>
internal struct OrderRoom
{
    private readonly OrderLimits _limits;
    private SideRoom _buys;
    private SideRoom _sells;
    private long _highestBid;
    private long _lowestAsk;

    public OrderRoom(LiveOrdersState live, in OrderLimits limits)
    {
        _limits = limits;
        (_buys, _sells, _lowestAsk) = (limits.Buys, limits.Sells, long.MaxValue);
        foreach (var order in live.Orders)
            if (order.Instrument == limits.Instrument.Id) Take(order.Side, order.HighestTicks, order.LowestTicks, Worth(order));
    }

    /// <summary>
    /// A bid at or above an ask of our own that may stand at the venue, or the reverse. What would cross moves towards the market: it can stay where it
    /// is.
    /// </summary>
    public readonly bool Crosses(Side side, long priceTicks) => side == Side.Buy ? priceTicks >= _lowestAsk : priceTicks <= _highestBid;

    /// <summary>Lets a new order through when there is room for it beside everything else.</summary>
    public bool TryPlace(Side side, QuoteLevel level) =>
        TryTake(side, level.PriceTicks, level.PriceTicks, Worth(level.SizeLots, level.PriceTicks, level.PriceTicks));

    /// <summary>Lets an amendment through when there is room for the worse of both terms.</summary>
    public bool TryAmend(LiveOrder order, QuoteLevel level)
    {
        var (highest, lowest) = (Math.Max(order.PriceTicks, level.PriceTicks), Math.Min(order.PriceTicks, level.PriceTicks));
        var (before, after) = (Worth(order), Worth(order.RemainingLots, highest, lowest));
        return TryTake(order.Side, highest, lowest, new(after.Notional - before.Notional, after.BaseQuantity - before.BaseQuantity));
    }

    private bool TryTake(Side side, long highestTicks, long lowestTicks, SideRoom worth)
    {
        var room = side == Side.Buy ? _buys : _sells;
        // What adds nothing is let through though the limit may have come down below what is there.
        if (worth.Notional > Math.Max(room.Notional, 0) || worth.BaseQuantity > Math.Max(room.BaseQuantity, 0)) return false;
        Take(side, highestTicks, lowestTicks, worth);
        return true;
    }

    private void Take(Side side, long highestTicks, long lowestTicks, SideRoom worth)
    {
        if (side == Side.Buy)
        {
            _buys = new(_buys.Notional - worth.Notional, _buys.BaseQuantity - worth.BaseQuantity);
            _highestBid = Math.Max(_highestBid, highestTicks);
        }
        else
        {
            _sells = new(_sells.Notional - worth.Notional, _sells.BaseQuantity - worth.BaseQuantity);
            _lowestAsk = Math.Min(_lowestAsk, lowestTicks);
        }
    }

    private readonly SideRoom Worth(LiveOrder order) => Worth(order.LotsMax, order.HighestTicks, order.LowestTicks);

    private readonly SideRoom Worth(long lots, long highestTicks, long lowestTicks) => new(
        _limits.Instrument.Notional(lots, highestTicks) * _limits.QuoteAssetRate,
        OrderExposure.BaseQuantity(lots, lowestTicks, _limits.Instrument));
}
