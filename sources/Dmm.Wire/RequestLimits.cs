using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// One of a venue's limits on requests, as a bucket of tokens from which every request takes its weight. A bucket may be kept for each instrument:
/// <c>orders/DCT-USDT</c> has the limits of <c>orders</c> for itself.
/// </summary>
public sealed record RequestLimits
{
    /// <summary>Tokens that come back a second.</summary>
    public double PerSecond { get; init; } = 50;

    /// <summary>Tokens the bucket holds.</summary>
    public int Burst { get; init; } = 100;

    /// <summary>Tokens that placements and amendments leave untouched, so that there is always enough to cancel and to ask.</summary>
    public int CancelReserve { get; init; } = 30;

    /// <summary>Adds what is wrong, each with its name behind <paramref name="prefix"/>, such as <c>requests</c>.</summary>
    public void CollectFaults(ParameterFaults faults, string prefix)
    {
        faults.Within($"{prefix}.perSecond", PerSecond, 0.1, 100_000, "1/s");
        faults.Within($"{prefix}.burst", Burst, 3, 1_000_000);
        faults.Within($"{prefix}.cancelReserve", CancelReserve, 2, Math.Max(2, Burst - 1));
    }
}
