using System.Collections.Immutable;

namespace Dmm.Simulation;

/// <summary>What one run came to, over its measured time.</summary>
public sealed record RunFigures
{
    /// <summary>
    /// Numeraire: what fills earned, less fees and gas, open positions at the mid; and the gain of the inventory beyond the target that the run began
    /// with, so that getting rid of it is neither gain nor loss.
    /// </summary>
    public required double Pnl { get; init; }

    /// <summary>Time-weighted mean of q̂²: variance of the inventory about its target, in squares of the soft limit.</summary>
    public required double InventoryVariance { get; init; }

    /// <summary>The largest |q̂|.</summary>
    public required double InventoryRatioMax { get; init; }

    /// <summary>The deepest fall of <see cref="Pnl"/> from its peak, which is at least 0; numeraire.</summary>
    public required double Drawdown { get; init; }

    /// <summary>Twice the markout after five seconds, mean by volume; null before there is one.</summary>
    public required double? RealisedSpreadBps { get; init; }

    /// <summary>Orders filled at least in part, of those that venues did not refuse; null when there are none. An amended order stays one
    /// order.</summary>
    public required double? FillRatio { get; init; }

    public required long Fills { get; init; }

    /// <summary>Base asset.</summary>
    public required double Volume { get; init; }

    /// <summary>Share of the time in which the controls let nothing be quoted.</summary>
    public required double HaltedShare { get; init; }

    /// <summary>Share of the time in which they asked for wider quotes, or for one side only.</summary>
    public required double RestrainedShare { get; init; }

    /// <summary>What each full minute added to <see cref="Pnl"/>.</summary>
    public required ImmutableArray<double> MinutePnls { get; init; }
}

/// <summary>One figure of a run by name, for tables and JSON.</summary>
/// <param name="Name">In camel case.</param>
/// <param name="Of">Reads it; null when the run has none.</param>
public sealed record RunFigure(string Name, Func<RunFigures, double?> Of)
{
    /// <summary>The profit, of which the minutes are known too.</summary>
    public static readonly RunFigure Pnl = new("pnl", run => run.Pnl);

    /// <summary>All of them, in the order of tables.</summary>
    public static readonly ImmutableArray<RunFigure> All =
    [
        Pnl, new("inventoryVariance", run => run.InventoryVariance), new("inventoryRatioMax", run => run.InventoryRatioMax),
        new("drawdown", run => run.Drawdown), new("realisedSpreadBps", run => run.RealisedSpreadBps), new("fillRatio", run => run.FillRatio),
        new("fills", run => run.Fills), new("volume", run => run.Volume), new("haltedShare", run => run.HaltedShare),
        new("restrainedShare", run => run.RestrainedShare),
    ];
}
