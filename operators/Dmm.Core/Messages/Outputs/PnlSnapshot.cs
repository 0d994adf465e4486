using System.Collections.Immutable;

namespace Dmm.Core.Messages;

/// <summary>Profit at one instrument, numeraire.</summary>
public readonly record struct InstrumentPnl(InstrumentId Instrument, decimal Realised, decimal Unrealised);

/// <summary>
/// Profit in the numeraire at one mark: each settlement asset at its present rate, every position at the consolidated mid, so that inventory moved
/// between venues is neither gain nor loss.
/// </summary>
public sealed record PnlSnapshot
{
    /// <summary>Closed trades less fees.</summary>
    public required decimal Realised { get; init; }

    /// <summary>Open positions at the mid, against their average cost.</summary>
    public required decimal Unrealised { get; init; }

    /// <summary>What our fills earned: <see cref="Realised"/> + <see cref="Unrealised"/>. The starting inventory is not in it.</summary>
    public required decimal OrderFlow { get; init; }

    /// <summary>Gain of the starting inventory since the first mark; reported apart, and not watched by the drawdown guard.</summary>
    public required decimal StartingMarkToMarket { get; init; }

    /// <summary>q_total at the mid.</summary>
    public required decimal InventoryNotional { get; init; }

    /// <summary>Fall of <see cref="OrderFlow"/> from its peak of this trading session, at or above zero.</summary>
    public required decimal Drawdown { get; init; }

    /// <summary>The largest such fall of this trading session.</summary>
    public required decimal DeepestDrawdown { get; init; }

    /// <summary>When the trading session began: midnight UTC.</summary>
    public required Timestamp SessionStart { get; init; }

    /// <summary>One for each instrument that could be valued, in the catalogue's order.</summary>
    public required ImmutableArray<InstrumentPnl> Instruments { get; init; }

    /// <summary>
    /// What is missing from the sums for want of a rate, in words; empty when nothing is. While it is not empty the drawdown stands still.
    /// </summary>
    public required string Unvalued { get; init; }
}
