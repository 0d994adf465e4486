using System.Collections.Immutable;

namespace Dmm.Core.Messages;

/// <summary>So much of an asset.</summary>
public readonly record struct AssetAmount(string Asset, decimal Amount);

/// <summary>What is held at one instrument, by average cost. Amounts of money are in <see cref="SettlementAsset"/>.</summary>
public sealed record Position
{
    public required InstrumentId Instrument { get; init; }

    /// <summary>Base asset for spot (a fee charged in the base asset is already taken off), contracts otherwise; below zero when short.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>The same in the base asset; for an inverse contract at its average price.</summary>
    public required decimal BaseQuantity { get; init; }

    /// <summary>Average price without fees, quote asset per base asset; 0 when flat. Harmonic for an inverse contract.</summary>
    public required decimal Average { get; init; }

    /// <summary>
    /// Average price with the entry fees and gas of what is still open, for hedge-or-quote choices; 0 when flat. Unconverted fees are not in it.
    /// </summary>
    public required decimal AllInAverage { get; init; }

    /// <summary>What unrealised profit is measured against: value of the open quantity at its average price.</summary>
    public required decimal Basis { get; init; }

    /// <summary>Profit realised less fees paid since the present position was opened from flat (or from the other side).</summary>
    public required decimal RealisedOpen { get; init; }

    /// <summary>Profit realised less fees paid, over the ledger's whole life.</summary>
    public required decimal Realised { get; init; }

    /// <summary>Fees less rebates over the ledger's whole life; contained in <see cref="Realised"/>.</summary>
    public required decimal Fees { get; init; }

    /// <summary>The quote asset, or the base asset for an inverse contract.</summary>
    public required string SettlementAsset { get; init; }

    /// <summary>Fees in assets whose rate was not known when they were charged; not in <see cref="Realised"/>, and not lost either.</summary>
    public required ImmutableArray<AssetAmount> UnconvertedFees { get; init; }
}

/// <summary>Every position and the consolidated inventory after a fill.</summary>
public sealed record InventorySnapshot
{
    /// <summary>q_total, base asset: the starting inventory and all that fills, fees and coin-margined profit have changed of it.</summary>
    public required decimal Total { get; init; }

    /// <summary>Inventory before the first fill, base asset.</summary>
    public required decimal Starting { get; init; }

    /// <summary>q̂ of <see cref="Total"/>, dimensionless, positive when long.</summary>
    public required double InventoryRatio { get; init; }

    /// <summary>One for each instrument of the catalogue, in its order.</summary>
    public required ImmutableArray<Position> Positions { get; init; }

    /// <summary>Fills counted since the ledger began.</summary>
    public required long AppliedFills { get; init; }

    /// <summary>Fills told again, and not counted again.</summary>
    public required long DuplicateFills { get; init; }

    /// <summary>Fills older than what the ledger remembers by trade id, refused; above zero calls for a check against the venue's balances.</summary>
    public required long RefusedFills { get; init; }
}
