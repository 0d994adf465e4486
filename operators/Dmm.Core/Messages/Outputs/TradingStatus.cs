using System.Collections.Immutable;

namespace Dmm.Core.Messages;

/// <summary>What may be quoted, and why not more.</summary>
/// <param name="State">The highest demand of all controls that concern it.</param>
/// <param name="Multiplier">Product of their half-spread multipliers, capped.</param>
/// <param name="WithholdsBuys">No bid may stand.</param>
/// <param name="WithholdsSells">No ask may stand.</param>
/// <param name="Reason">The reasons of those controls, joined; empty when all are at rest.</param>
public readonly record struct TradingPermission(TradingState State, double Multiplier, bool WithholdsBuys, bool WithholdsSells, string Reason);

/// <summary>The merged answer of all controls after one of them changed.</summary>
public sealed record TradingStatus
{
    /// <summary>That of the freest instrument: the asset goes on as long as one instrument does.</summary>
    public required TradingPermission Asset { get; init; }

    /// <summary>One for each instrument of the catalogue, in its order.</summary>
    public required ImmutableArray<TradingPermission> Instruments { get; init; }

    /// <summary>The asset's step, when its state, multiplier or withheld sides changed; else null.</summary>
    public required TradingStateChange? Change { get; init; }

    /// <summary>What may be quoted on that instrument.</summary>
    public TradingPermission For(InstrumentId instrument) => Instruments[instrument.Index];
}
