using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// The accounts of the ledger; each exists once for every asset it has held. What arrives on one leaves another, so that each asset sums to zero.
/// </summary>
public enum Account : byte
{
    /// <summary>Where the starting inventory came from, and what was transferred since.</summary>
    Opening,

    /// <summary>Base asset held, or held through contracts.</summary>
    Inventory,

    /// <summary>Those we trade with: the other side of <see cref="Inventory"/>.</summary>
    Market,

    /// <summary>Open positions at average cost, without fees.</summary>
    Cost,

    /// <summary>Money paid and received.</summary>
    Cash,

    /// <summary>Notional of contracts, which a venue carries and nobody pays: the other side of <see cref="Cost"/> there.</summary>
    Credit,

    /// <summary>Profit of closed trades; a gain stands as a negative balance, since it went from here to cash.</summary>
    Realised,

    /// <summary>Fees paid less rebates.</summary>
    Fees,

    /// <summary>Where a fee in a third asset is changed into the settlement asset.</summary>
    Exchange,
}

public readonly record struct AccountBalance(Account Account, string Asset, decimal Amount);

/// <summary>A fill that was counted, by what makes it one of its kind.</summary>
public readonly record struct SeenFill(InstrumentId Instrument, Side Side, string TradeId, Timestamp VenueTime);

/// <summary>One instrument in <see cref="PositionLedgerState"/>; see <see cref="Position"/> for units.</summary>
public sealed record PositionState
{
    /// <summary><see cref="Dmm.Core.Instrument.Name"/>.</summary>
    public required string Instrument { get; init; }

    public decimal Quantity { get; init; }

    public decimal Basis { get; init; }

    /// <summary>Entry fees of what is still open.</summary>
    public decimal OpenFees { get; init; }

    public decimal RealisedOpen { get; init; }

    /// <summary>Realised by positions that are closed.</summary>
    public decimal RealisedClosed { get; init; }

    public decimal Fees { get; init; }

    /// <summary>By asset, in ordinal order.</summary>
    public ImmutableArray<AssetAmount> UnconvertedFees { get; init; } = [];

    /// <summary>Venue time of the latest fill whose trade id is forgotten; fills up to here are refused.</summary>
    public Timestamp ForgottenUpTo { get; init; }
}

public sealed record PositionLedgerState
{
    /// <summary>The traded asset, which <see cref="InventorySnapshot.Total"/> counts.</summary>
    public required string BaseAsset { get; init; }

    /// <summary>Base asset held at the start, and transferred since.</summary>
    public required decimal Starting { get; init; }

    /// <summary>In the catalogue's order. A later catalogue may add instruments at its end.</summary>
    public ImmutableArray<PositionState> Positions { get; init; } = [];

    /// <summary>By asset, then account.</summary>
    public ImmutableArray<AccountBalance> Balances { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableArray<SeenFill> Seen { get; init; } = [];

    public long Applied { get; init; }

    public long Duplicates { get; init; }

    public long Refused { get; init; }

    /// <summary>A ledger before its first fill, holding the starting inventory of that asset.</summary>
    public static PositionLedgerState Open(string baseAsset, decimal starting) => new()
    {
        BaseAsset = baseAsset,
        Starting = starting.Canonical(),
        Balances = starting == 0
            ? []
            : [new(Account.Opening, baseAsset, -starting.Canonical()), new(Account.Inventory, baseAsset, starting.Canonical())],
    };
}
