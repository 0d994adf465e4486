using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>How a simulated venue treats orders. Fees in bps of notional, a rebate is negative.</summary>
public sealed record VenueRules
{
    /// <summary>From our sending an order to its reaching the venue.</summary>
    public TimeSpan OrderLatency { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>From the venue's saying something of our orders to its reaching us.</summary>
    public TimeSpan ResponseLatency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>From a change of the public book, or a trade, to its reaching us.</summary>
    public TimeSpan FeedLatency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Each order and response takes up to this much longer, uniformly; none overtakes the one before it.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMilliseconds(5);

    public double MakerFeeBps { get; init; } = 2;

    public double TakerFeeBps { get; init; } = 5;

    /// <summary>Placements, amendments and cancels taken per second on average; what is above it is rejected. 0 for no limit.</summary>
    public double RequestsPerSecond { get; init; } = 50;

    /// <summary>How many may come at once after a quiet time.</summary>
    public int RequestBurst { get; init; } = 100;

    /// <summary>Share of sound placements that the venue rejects for reasons of its own.</summary>
    public double RejectProbability { get; init; }

    /// <summary>Placements above this many open orders are rejected.</summary>
    public int OpenOrdersMax { get; init; } = 200;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("venue.orderLatency", OrderLatency, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        faults.Within("venue.responseLatency", ResponseLatency, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        faults.Within("venue.feedLatency", FeedLatency, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        faults.Within("venue.jitter", Jitter, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        faults.Within("venue.makerFeeBps", MakerFeeBps, -10, 100, "bps");
        faults.Within("venue.takerFeeBps", TakerFeeBps, -10, 100, "bps");
        faults.Within("venue.requestsPerSecond", RequestsPerSecond, 0, 1_000_000, "1/s");
        faults.Within("venue.requestBurst", RequestBurst, 1, 1_000_000);
        faults.Within("venue.rejectProbability", RejectProbability, 0, 1, "");
        faults.Within("venue.openOrdersMax", OpenOrdersMax, 1, 100_000);
    }
}
