namespace Dmm.Core.Messages;

public enum OrderIntentKind : byte
{
    Place,

    /// <summary>Changes price or lowers size of a live order.</summary>
    Amend,
    Cancel,
}

/// <summary>One difference between the target ladder and the live orders, for an order adapter.</summary>
public sealed record OrderIntent
{
    public required OrderIntentKind Kind { get; init; }

    public required InstrumentId Instrument { get; init; }

    /// <summary>Derived from session, epoch and counter; at most 28 alphanumerics.</summary>
    public required string ClientOrderId { get; init; }

    public required Side Side { get; init; }

    public required long PriceTicks { get; init; }

    public required long SizeLots { get; init; }

    /// <summary>Always true for quotes.</summary>
    public required bool IsPostOnly { get; init; }

    /// <summary>Quotes rest; hedges and legs of an arbitrage take what they can at once.</summary>
    public TimeInForce TimeInForce { get; init; }
}

/// <summary>Inventory beyond the hedge threshold: buy or sell this much elsewhere.</summary>
public sealed record HedgeIntent(Side Side, decimal Quantity, double InventoryRatio, string Reason);

public enum TreasuryAction : byte
{
    Buyback,
    Burn,
    Reward,
}

/// <summary>Something for the treasury to do with a share of the profit.</summary>
public sealed record TreasuryIntent(TreasuryAction Action, string Asset, decimal Amount, string Reason);

public enum AlertLevel : byte
{
    Information,
    Warning,
    Critical,
}

/// <summary>Something a person should know of.</summary>
public sealed record Alert(AlertLevel Level, string Subject, string Text);

/// <summary>One sample for monitoring.</summary>
public readonly record struct MetricSample(string Name, string Subject, double Value);
