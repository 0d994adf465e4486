using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>Those who take liquidity: when they come, how far they reach and how much they want, and how many of them know better.</summary>
public sealed record TakerParameters
{
    /// <summary>μ: arrivals per second and side that no other arrival caused, in an hour of average activity.</summary>
    public double BaseRate { get; init; } = 0.12;

    /// <summary>n: arrivals that each arrival causes on its side on average; 0 gives a Poisson process.</summary>
    public double BranchingRatio { get; init; } = 0.4;

    /// <summary>β: how fast an arrival's influence fades, 1/s.</summary>
    public double Decay { get; init; } = 0.5;

    /// <summary>
    /// κ, 1/bps: an uninformed order reaches a distance from the quoted price that is exponential, so that a resting order there fills at A·e^(−κ·distance).
    /// </summary>
    public double ArrivalSensitivity { get; init; } = 0.2;

    /// <summary>Mean size of an uninformed order, base asset; exponential.</summary>
    public double Size { get; init; } = 60;

    /// <summary>Share of the uninformed that go with the price's drift, where it has one, whatever their side.</summary>
    public double FollowingShare { get; init; }

    /// <summary>Share of arrivals that see the efficient price, and take only what is mispriced.</summary>
    public double InformedShare { get; init; } = 0.05;

    /// <summary>An informed taker wants at least this much profit against the efficient price, bps.</summary>
    public double InformedThresholdBps { get; init; } = 1.5;

    /// <summary>Mean size of an informed order, base asset; exponential.</summary>
    public double InformedSize { get; init; } = 150;

    /// <summary>Mean arrivals per second and side, μ/(1−n).</summary>
    public double MeanRate => BaseRate / (1 - BranchingRatio);

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("takers.baseRate", BaseRate, 1e-6, 1_000, "1/s");
        faults.Within("takers.branchingRatio", BranchingRatio, 0, 0.95, "");
        faults.Within("takers.decay", Decay, 0.001, 1_000, "1/s");
        faults.Within("takers.arrivalSensitivity", ArrivalSensitivity, 0.001, 100, "1/bps");
        faults.Within("takers.size", Size, 1e-9, 1e9, "of the base asset");
        faults.Within("takers.followingShare", FollowingShare, 0, 1, "");
        faults.Within("takers.informedShare", InformedShare, 0, 1, "");
        faults.Within("takers.informedThresholdBps", InformedThresholdBps, 0, 1_000, "bps");
        faults.Within("takers.informedSize", InformedSize, 1e-9, 1e9, "of the base asset");
    }
}
