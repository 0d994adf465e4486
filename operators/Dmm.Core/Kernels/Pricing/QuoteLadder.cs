using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Orders of one side at other instruments, which may fill beside the ladder.</summary>
/// <param name="BaseQuantity">All of them, base asset; counts against the position limit.</param>
/// <param name="VenueNotional">Those at this venue, numeraire; counts against the cap on outstanding notional.</param>
public readonly record struct PendingExposure(decimal BaseQuantity, decimal VenueNotional);

/// <summary>What a ladder is built from, beside the terms and the parameters.</summary>
public readonly record struct LadderSituation
{
    /// <summary>Fair value in the instrument's quote asset; 0 when there is none.</summary>
    public required double FairValue { get; init; }

    /// <summary>Numeraire per unit of the quote asset.</summary>
    public required double QuoteAssetRate { get; init; }

    public required bool IsVolatilityReady { get; init; }

    /// <summary>The venue's book at this instrument.</summary>
    public required BookTop Top { get; init; }

    /// <summary>What the controls let this instrument quote.</summary>
    public required TradingPermission Permission { get; init; }

    /// <summary>Consolidated inventory, base asset.</summary>
    public required decimal Inventory { get; init; }

    public required PendingExposure PendingBuys { get; init; }

    public required PendingExposure PendingSells { get; init; }

    /// <summary>Rungs to keep, nearest first; fewer than all in a gas spike.</summary>
    public required int Tiers { get; init; }

    /// <summary>Share of the maximum size: what this venue's fill quality leaves it, and what it takes over from venues that are lost.</summary>
    public required double SizeShare { get; init; }
}

/// <summary>Both sides of a target ladder, near to far, and why a side is empty or cut.</summary>
public readonly record struct QuoteLevels(ImmutableArray<QuoteLevel> Bids, ImmutableArray<QuoteLevel> Asks, string Withheld);

/// <summary>
/// Turns terms into orders on the instrument's grids, in this order: rungs at multiples of the half-spread, tick rounding outward (within 10⁻⁶ of a tick
/// counts as on it), post-only clamp to the venue's best, rungs on one tick merged, position limit and outstanding notional (near rungs first), size
/// rounded down to the order step, minimum size and notional, which drop a rung. A pool has no resting orders, so its rungs are not clamped to its best.
/// Sizes are reckoned in decimal; nothing is allocated but the two arrays, and the text when something is withheld.
/// </summary>
public static class QuoteLadder
{
    /// <summary>Builds both sides. Withheld sides are empty; <see cref="QuoteLevels.Withheld"/> then says why.</summary>
    public static QuoteLevels Build(
        in LadderSituation situation, in QuoteTerms terms, QuotingParameters parameters, VenueParameters venue, Instrument instrument)
    {
        if (Obstacle(situation) is { } obstacle) return new([], [], obstacle);
        var withheld = "";
        var bids = new LadderSide(Side.Buy, terms, parameters, venue, instrument).Build(situation, ref withheld);
        var asks = new LadderSide(Side.Sell, terms, parameters, venue, instrument).Build(situation, ref withheld);
        return new(bids, asks, withheld);
    }

    private static string? Obstacle(in LadderSituation situation) =>
        situation.Permission.State >= TradingState.Halted ? $"{situation.Permission.State}: {situation.Permission.Reason}"
        : !situation.IsVolatilityReady ? "volatility is warming up"
        : situation.FairValue <= 0 || situation.QuoteAssetRate <= 0 ? "no fair value in the quote asset"
        : !situation.Top.IsValid ? $"the book is not valid: {situation.Top.Status}"
        : situation.SizeShare <= 0 ? "fill quality leaves this venue no size"
        : null;
}

/// <summary>One side of a ladder while it is built.</summary>
internal readonly ref struct LadderSide(Side side, QuoteTerms terms, QuotingParameters parameters, VenueParameters venue, Instrument instrument)
{
    private const int TickFractionDigits = 6;
    private const int ShareDigits = 12;

    private readonly double _absoluteRatio = Math.Abs(terms.InventoryRatio);
    private readonly double _hardRatio = parameters.Inventory.HardRatio(terms.InventoryRatio);

    private string Name => side == Side.Buy ? "bids" : "asks";

    private bool IsAccumulating => side.Sign() * terms.InventoryRatio > 0;

    public ImmutableArray<QuoteLevel> Build(in LadderSituation situation, ref string withheld)
    {
        if (side == Side.Buy ? situation.Permission.WithholdsBuys : situation.Permission.WithholdsSells)
        {
            Say(ref withheld, $"{situation.Permission.State}: {situation.Permission.Reason}");
            return [];
        }

        if (IsAccumulating && _absoluteRatio >= _hardRatio)
        {
            Say(ref withheld, $"inventory ratio {terms.InventoryRatio:0.00} is at the hard limit");
            return [];
        }

        Span<Rung> rungs = stackalloc Rung[QuoteParameters.MaxLevels];
        rungs = rungs[..PlaceRungs(situation, rungs, ref withheld)];
        Span<QuoteLevel> levels = stackalloc QuoteLevel[QuoteParameters.MaxLevels];
        return ImmutableArray.Create((ReadOnlySpan<QuoteLevel>)levels[..Size(situation, rungs, levels, ref withheld)]);
    }

    private int PlaceRungs(in LadderSituation situation, Span<Rung> rungs, ref string withheld)
    {
        var quote = parameters.Quote;
        var isLight = _absoluteRatio < quote.LightInventoryRatio;
        var shares = isLight ? quote.LightLevelShares : quote.LevelShares;
        var kept = IsAccumulating ? InventoryLadder.AccumulatingShare(_absoluteRatio, quote.LightInventoryRatio, _hardRatio) : 1;
        var sideSize = quote.MaximumQuoteSize * (decimal)Math.Round(kept * situation.SizeShare, ShareDigits);
        var halfSpreadBps = terms.HalfSpreadBps + terms.FloorWideningBps / 2;
        var count = 0;
        for (var i = 0; i < Math.Min(situation.Tiers, quote.LevelMultiples.Length); i++)
        {
            var ticks = Ticks(situation, (quote.LevelMultiples[i] - 1) * halfSpreadBps);
            if (ticks < 1)
            {
                Say(ref withheld, $"rung {i + 1} would lie at or below a price of zero");
                break;
            }

            var quantity = sideSize * (decimal)shares[i];
            if (count > 0 && rungs[count - 1].PriceTicks == ticks) rungs[count - 1].Quantity += quantity;
            else rungs[count++] = new() { PriceTicks = ticks, Quantity = quantity };
        }

        return count;
    }

    private long Ticks(in LadderSituation situation, double furtherBps)
    {
        var perTick = situation.FairValue / instrument.Prices.StepAsDouble;
        var bid = (long)Math.Floor(Math.Round(perTick * (1 + (terms.BidBps - furtherBps) * 1e-4), TickFractionDigits));
        if (side == Side.Sell)
        {
            var ask = (long)Math.Ceiling(Math.Round(perTick * (1 + (terms.AskBps + furtherBps) * 1e-4), TickFractionDigits));
            return instrument.IsPool ? ask : Math.Max(ask, situation.Top.Bid.PriceTicks + 1);
        }

        // Both sides may lie exactly at a fair value that is on a tick: then the bid makes way.
        var nearestAsk = (long)Math.Ceiling(Math.Round(perTick * (1 + terms.AskBps * 1e-4), TickFractionDigits));
        bid = Math.Min(bid, nearestAsk - 1);
        return instrument.IsPool ? bid : Math.Min(bid, situation.Top.Ask.PriceTicks - 1);
    }

    private int Size(in LadderSituation situation, ReadOnlySpan<Rung> rungs, Span<QuoteLevel> levels, ref string withheld)
    {
        var rate = (decimal)situation.QuoteAssetRate;
        var pending = side == Side.Buy ? situation.PendingBuys : situation.PendingSells;
        var roomAtStart = Math.Max(parameters.Inventory.Room(side, situation.Inventory) - pending.BaseQuantity, 0);
        var notionalAtStart = Math.Max(venue.OutstandingNotionalPerSide - pending.VenueNotional, 0);
        var (room, notionalRoom) = (roomAtStart, notionalAtStart);
        var (isRoomShort, isNotionalShort, count) = (false, false, 0);
        foreach (var rung in rungs)
        {
            isRoomShort |= rung.Quantity > room;
            var lots = Lots(Math.Min(rung.Quantity, room), rung.PriceTicks);
            var notionalPerLot = instrument.Notional(1, rung.PriceTicks);
            if (lots * notionalPerLot * rate > notionalRoom)
            {
                isNotionalShort = true;
                lots = WholeSteps(notionalRoom / (notionalPerLot * rate));
            }

            if (lots == 0 || lots * instrument.Sizes.Step < instrument.MinimumSize || lots * notionalPerLot < instrument.MinimumNotional)
            {
                Say(ref withheld, $"{instrument.Sizes.ToDecimal(lots)} at {instrument.Prices.ToDecimal(rung.PriceTicks)} is below the venue's minimum");
                continue;
            }

            levels[count++] = new(rung.PriceTicks, lots);
            room -= OrderExposure.BaseQuantity(lots, rung.PriceTicks, instrument);
            notionalRoom -= lots * notionalPerLot * rate;
        }

        if (isRoomShort) Say(ref withheld, $"cut by the position limit, which leaves {roomAtStart:0.########}");
        if (isNotionalShort) Say(ref withheld, $"cut by the outstanding notional cap, which leaves {notionalAtStart:0.##}");
        return count;
    }

    private long Lots(decimal baseQuantity, long priceTicks)
    {
        var size = instrument.Kind == ContractKind.Inverse
            ? baseQuantity * (priceTicks * instrument.Prices.Step) / instrument.ContractSize
            : baseQuantity / instrument.ContractSize;
        return WholeSteps(size / instrument.Sizes.Step);
    }

    private long WholeSteps(decimal lots) => decimal.ToInt64(decimal.Floor(lots / instrument.OrderStepLots)) * instrument.OrderStepLots;

    private void Say(ref string withheld, FormattableString reason) =>
        withheld = $"{(withheld.Length == 0 ? "" : withheld + "; ")}{Name}: {reason.ToString(CultureInfo.InvariantCulture)}";

    private struct Rung
    {
        public long PriceTicks;
        public decimal Quantity;
    }
}
