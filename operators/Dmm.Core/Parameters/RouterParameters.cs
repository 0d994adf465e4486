namespace Dmm.Core;

/// <summary>
/// When the cross-venue router trades, how much, and how it closes what a leg has left open. A set without them leaves the router off.
/// </summary>
public sealed record RouterParameters
{
    /// <summary>Marginal edge from which it trades, after both taker fees, gas and <see cref="SlippageBps"/> of each leg, bps.</summary>
    public double ThresholdBps { get; init; } = 10;

    /// <summary>Slippage expected of a leg, bps: taken off the edge, and let into its limit price.</summary>
    public double SlippageBps { get; init; } = 2;

    /// <summary>Most that one trade may come to, numeraire.</summary>
    public decimal TradeNotionalMax { get; init; } = 250m;

    /// <summary>A trade with more than this open between its legs is unwound at once, numeraire.</summary>
    public decimal UnhedgedNotionalMax { get; init; } = 500m;

    /// <summary>A trade may be open between its legs for this long; then it is unwound.</summary>
    public TimeSpan UnhedgedMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>|q̂| from which a single leg that brings inventory back is preferred to two that leave it where it is.</summary>
    public double HedgeInventoryRatio { get; init; } = 0.1;

    /// <summary>A leg of which the end is not told for this long is cancelled.</summary>
    public TimeSpan LegPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From a leg that fell short to the next try: books and late fills arrive meanwhile.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Tries of the second leg at its own venue, before the next best.</summary>
    public int SecondLegTries { get; init; } = 3;

    /// <summary>Each try of the second leg may be worse than the one before by this, bps.</summary>
    public double SecondLegStepBps { get; init; } = 5;

    /// <summary>Tries to unwind, before what is left is left to the skew of quotes.</summary>
    public int UnwindTries { get; init; } = 4;

    /// <summary>Each try to unwind may be worse than the market by this more than the one before, bps.</summary>
    public double UnwindStepBps { get; init; } = 15;

    /// <summary>What is unwound is not given away: no limit is worse than the fair value by more than this, bps.</summary>
    public double UnwindLossMaxBps { get; init; } = 200;

    /// <summary>From the end of a trade to the next: the books have told of it by then.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No new trade for this long after one that was unwound or left open; doubles with each further one, up to 32 times.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(30);

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("router.thresholdBps", ThresholdBps, 0.1, 1_000, "bps");
        faults.Within("router.slippageBps", SlippageBps, 0, 100, "bps");
        faults.Within("router.tradeNotionalMax", TradeNotionalMax, 0.01m, 1_000_000_000m, "numeraire");
        faults.Within("router.unhedgedNotionalMax", UnhedgedNotionalMax, 0.01m, 1_000_000_000m, "numeraire");
        faults.Require("router.unhedgedNotionalMax", UnhedgedNotionalMax >= TradeNotionalMax, $"= {UnhedgedNotionalMax}",
            $"at least router.tradeNotionalMax = {TradeNotionalMax}, which is open between two legs");
        faults.Within("router.unhedgedMax", UnhedgedMax, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        faults.Within("router.hedgeInventoryRatio", HedgeInventoryRatio, 0, 10, "× q_soft");
        faults.Within("router.legPatience", LegPatience, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        faults.Within("router.retryAfter", RetryAfter, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        faults.Within("router.secondLegTries", SecondLegTries, 1, 20);
        faults.Within("router.secondLegStepBps", SecondLegStepBps, 0, 100, "bps");
        faults.Within("router.unwindTries", UnwindTries, 1, 20);
        faults.Within("router.unwindStepBps", UnwindStepBps, 1, 200, "bps");
        faults.Within("router.unwindLossMaxBps", UnwindLossMaxBps, 1, 5_000, "bps");
        faults.Within("router.pause", Pause, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        faults.Within("router.coolDown", CoolDown, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }
}
