namespace Dmm.Core;

/// <summary>How profit and size of a contract relate to its price.</summary>
public enum ContractKind : byte
{
    /// <summary>The asset itself.</summary>
    Spot,

    /// <summary>Profit in the quote asset, linear in price; one contract is <see cref="Instrument.ContractSize"/> of the base asset.</summary>
    Linear,

    /// <summary>Profit in the base asset (coin-margined); one contract is <see cref="Instrument.ContractSize"/> of the quote asset.</summary>
    Inverse,
}

/// <summary>How successive book updates of a venue are chained; the book kernel enforces it.</summary>
public enum BookSequenceRule : byte
{
    /// <summary>Each delta names a range [first, last] of update ids; the next starts at last + 1 (Binance spot, Gate.io).</summary>
    ContiguousRange,

    /// <summary>Each delta names the last id of the one before it (Binance USD-M and COIN-M, OKX with seqId).</summary>
    PreviousId,

    /// <summary>No usable ids; the checksum, where the venue sends one, is the only proof.</summary>
    ChecksumOnly,

    /// <summary>
    /// Each update has an id above that of the one before it; nobody promises that none lies between (Bybit). An id that does not rise is a break,
    /// and what is missing in between does not show.
    /// </summary>
    RisingId,
}

/// <summary>One instrument at one venue, with its exact price and size grids. Immutable.</summary>
public sealed record Instrument
{
    public required InstrumentId Id { get; init; }

    /// <summary>Venue name as configured, such as <c>binance-usdm</c>.</summary>
    public required string Venue { get; init; }

    /// <summary>The venue's own symbol, such as <c>BTCUSDT</c>.</summary>
    public required string Symbol { get; init; }

    public required string BaseAsset { get; init; }

    public required string QuoteAsset { get; init; }

    public required ContractKind Kind { get; init; }

    public required BookSequenceRule SequenceRule { get; init; }

    /// <summary>Price grid, quote asset per base asset.</summary>
    public required DecimalGrid Prices { get; init; }

    /// <summary>Size grid: base asset for spot, contracts otherwise.</summary>
    public required DecimalGrid Sizes { get; init; }

    /// <summary>
    /// An order's size is a whole multiple of this many lots. Above 1 where the book shows sizes finer than a new order may have: Binance spot keeps
    /// resting orders from before a coarser order step, so that its book lies on the asset's own precision.
    /// </summary>
    public long OrderStepLots { get; init; } = 1;

    /// <summary>Smallest order size, in the unit of <see cref="Sizes"/>.</summary>
    public decimal MinimumSize { get; init; }

    /// <summary>Smallest order notional, in the quote asset.</summary>
    public decimal MinimumNotional { get; init; }

    /// <summary>Base asset per contract (linear), quote asset per contract (inverse); 1 for spot.</summary>
    public decimal ContractSize { get; init; } = 1m;

    /// <summary>An automated market maker's pool: quotes there are standing intentions, and carry a gas cushion in place of fees.</summary>
    public bool IsPool { get; init; }

    /// <summary>
    /// The venue changes price and size of a resting order under its own id; where it does not, an order is cancelled and placed anew.
    /// </summary>
    public bool AmendsInPlace { get; init; } = true;

    /// <summary><c>venue:symbol</c>, the name used in journals and messages.</summary>
    public string Name => $"{Venue}:{Symbol}";

    /// <summary>Base-asset quantity of a size in lots at a price in ticks.</summary>
    public double BaseQuantity(long sizeLots, long priceTicks) => Kind switch
    {
        ContractKind.Inverse => Sizes.ToDouble(sizeLots) * (double)ContractSize / Prices.ToDouble(priceTicks),
        _ => Sizes.ToDouble(sizeLots) * (double)ContractSize,
    };

    /// <summary>Exact notional of a size in lots at a price in ticks, in the quote asset.</summary>
    public decimal Notional(long sizeLots, long priceTicks) => Kind switch
    {
        ContractKind.Inverse => Sizes.ToDecimal(sizeLots) * ContractSize,
        _ => Sizes.ToDecimal(sizeLots) * ContractSize * Prices.ToDecimal(priceTicks),
    };
}
