using System.Numerics;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// A pool's reserves from the curve that its book shows: between two prices a constant product gives √k·(1/√low − 1/√high) of the base token, so the
/// sizes of both sides give √k, and those of one side the mid. Sizes are whole lots, rounded down, so the pool found is a little shallower than the
/// pool is.
/// </summary>
public static class PoolCurve
{
    // As many as a published curve has on a side; more add nothing to the two unknowns.
    private const int LevelsMax = 32;

    private const decimal UnitsPerToken = 1_000_000_000m;

    /// <summary>The pool behind that book in units of 10⁻⁹ token; null when the book shows none.</summary>
    public static TokenPool? Behind(IBookView book, Instrument instrument, PoolCosts costs)
    {
        Span<BookLevel> levels = stackalloc BookLevel[LevelsMax];
        var depth = book.Top.Depth;
        var bids = levels[..depth.CopyLevels(Side.Buy, levels)];
        if (bids.IsEmpty) return null;
        var (bid, bought) = (instrument.Prices.ToDouble(bids[^1].PriceTicks), Sum(bids, instrument));
        var asks = levels[..depth.CopyLevels(Side.Sell, levels)];
        if (asks.IsEmpty) return null;
        var (ask, sold) = (instrument.Prices.ToDouble(asks[^1].PriceTicks), Sum(asks, instrument));
        var root = (bought + sold) / (1 / Math.Sqrt(bid) - 1 / Math.Sqrt(ask));
        var inverseMid = 1 / Math.Sqrt(bid) - bought / root;
        if (!(root > 0 && inverseMid > 0 && double.IsFinite(root))) return null;
        return new(Units(root * inverseMid), Units(root / inverseMid), costs.Fees, costs.TransferTaxBps);
    }

    /// <summary>What buying so much base costs, fees and tax included and gas not, quote asset; null when the pool cannot give it.</summary>
    public static decimal? CostOf(in TokenPool pool, decimal quantity) =>
        pool.QuoteToBuy(new BigInteger(Math.Ceiling(quantity * UnitsPerToken))) is { } quote ? (decimal)quote / UnitsPerToken : null;

    /// <summary>What selling so much base brings after fees and tax, gas not taken off, quote asset.</summary>
    public static decimal ProceedsOf(in TokenPool pool, decimal quantity) =>
        (decimal)pool.Sell(new BigInteger(quantity * UnitsPerToken)).Quote / UnitsPerToken;

    private static double Sum(ReadOnlySpan<BookLevel> levels, Instrument instrument)
    {
        var lots = 0L;
        foreach (var level in levels) lots += level.SizeLots;
        return instrument.Sizes.ToDouble(lots);
    }

    private static BigInteger Units(double tokens) => new(Math.Floor(tokens * (double)UnitsPerToken));
}
