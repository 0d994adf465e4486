namespace Dmm.Simulation;

/// <summary>What became of what we sent to a simulated venue.</summary>
public sealed record OrderEntryCounts
{
    public long Placed { get; init; }

    public long Amended { get; init; }

    public long Cancelled { get; init; }

    public long Rejected { get; init; }

    /// <summary>Requests above the venue's rate.</summary>
    public long Throttled { get; init; }

    /// <summary>Amendments and cancels of an order that had ended before they arrived.</summary>
    public long TooLate { get; init; }

    public long Fills { get; init; }
}
