namespace Dmm.Core.Messages;

/// <summary>What the pipeline may do, from free to nothing; a higher one prevails.</summary>
public enum TradingState : byte
{
    Active,

    /// <summary>Quoting with a widened spread.</summary>
    Widened,

    /// <summary>Only the side that brings inventory back to its target.</summary>
    Reducing,

    /// <summary>No quotes, until the cause has passed (or a latched one is reset).</summary>
    Halted,

    /// <summary>No quotes, latched: only an operator's re-enabling ends it.</summary>
    Killed,
}

/// <summary>The controls; the order is that of evaluation and of output.</summary>
public enum BreakerKind : byte
{
    Kill,
    Drawdown,
    Staleness,
    Discrepancy,
    Volatility,
    Slippage,
    Inventory,
    Journal,
    Pause,

    /// <summary>A venue takes no orders: its adapter is throttled, fenced or unreachable.</summary>
    OrderPath,

    /// <summary>A venue's clock is too far from ours.</summary>
    Clock,

    /// <summary>A venue's own count of what we hold there differs from the ledger's.</summary>
    Drift,
}

/// <summary>Where one control stands. Emitted when it changes.</summary>
public sealed record BreakerState
{
    public required BreakerKind Kind { get; init; }

    /// <summary>What it is about: an instrument or a venue by name, a reference rate, <c>long</c>, <c>short</c>, or the whole <c>asset</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The trading state it asks for.</summary>
    public required TradingState Demand { get; init; }

    /// <summary>Half-spread multiplier it asks for; 1 unless it widens.</summary>
    public required double Multiplier { get; init; }

    /// <summary>The value measured, in the control's own unit.</summary>
    public required double Value { get; init; }

    /// <summary>The threshold it was compared with, same unit.</summary>
    public required double Threshold { get; init; }

    /// <summary>Says why in words and numbers.</summary>
    public required string Reason { get; init; }
}

/// <summary>The trading state changed.</summary>
public sealed record TradingStateChange
{
    public required TradingState From { get; init; }

    public required TradingState To { get; init; }

    /// <summary>Product of the half-spread multipliers in force.</summary>
    public required double Multiplier { get; init; }

    /// <summary>The reasons of every control that is not at rest, joined.</summary>
    public required string Reason { get; init; }
}
