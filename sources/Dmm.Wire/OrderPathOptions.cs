using Dmm.Core;

namespace Dmm.Wire;

/// <summary>How orders are carried to a venue, whatever the venue speaks.</summary>
public sealed record OrderPathOptions
{
    /// <summary>Waits between attempts.</summary>
    public Backoff Reconnect { get; init; } = new(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(30));

    /// <summary>A request whose time stamp differs more from the venue's clock is refused there, so that after twice that nothing that was lost on
    /// its
    /// way can still arrive.</summary>
    public TimeSpan ReceiveWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest that a receipt (placed, amended or cancelled, as the venue took it down) waits for what the stream says; then the order is
    /// asked
    /// for.</summary>
    public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most requests to place and to amend under way at once; cancels are not counted.</summary>
    public int InFlightMax { get; init; } = 8;

    /// <summary>How often fills are fetched by cursor and open orders compared, beside the stream.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Nobody else has orders on this account. Only then is the dead-man's switch used, which cancels whatever is open there.
    /// </summary>
    public bool IsAccountDedicated { get; init; }

    /// <summary>After that long without a word of ours the venue's dead-man's switch cancels.</summary>
    public TimeSpan DeadManWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Adds what is wrong, each with its name behind <paramref name="prefix"/>, such as <c>orders</c>.</summary>
    public void CollectFaults(ParameterFaults faults, string prefix)
    {
        faults.Within($"{prefix}.confirmWithin", ConfirmWithin, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(60));
        faults.Within($"{prefix}.inFlightMax", InFlightMax, 1, 100);
        faults.Within($"{prefix}.reconcileEvery", ReconcileEvery, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        faults.Within($"{prefix}.deadManWindow", DeadManWindow, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(5));
    }
}
