namespace Dmm.Core;

/// <summary>Thresholds of the circuit breakers.</summary>
public sealed record BreakerParameters
{
    /// <summary>k: half-spread multiplier while the volatility breaker widens.</summary>
    public double VolatilityWiden { get; init; } = 2;

    /// <summary>Quoting pauses above this multiple of σ_max.</summary>
    public double VolatilityPauseMultiple { get; init; } = 2;

    /// <summary>A breaker recovers below this share of its threshold…</summary>
    public double RecoverFraction { get; init; } = 0.8;

    /// <summary>…once the value has stayed there this long.</summary>
    public TimeSpan RecoverAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Half-spread multiplier while a feed is stale but not yet dead.</summary>
    public double StaleWiden { get; init; } = 1.5;

    /// <summary>Age of a book or a reference rate by exchange time at which quotes widen; a venue may have its own for its books.</summary>
    public TimeSpan StaleWidenAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Age of a book or a reference rate by exchange time at which quotes are cancelled; likewise.</summary>
    public TimeSpan StaleCancelAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Largest distance of a venue's mid from the consolidated fair value, bps…</summary>
    public double DiscrepancyBps { get; init; } = 100;

    /// <summary>…that may last no longer than this.</summary>
    public TimeSpan DiscrepancyFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>X: the latest fill may deviate this far from the reference TWAP, bps.</summary>
    public double SlippageBps { get; init; } = 25;

    public TimeSpan TwapWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Session drawdown that stops quoting until a manual reset, numeraire (USD).</summary>
    public decimal DrawdownLimit { get; init; } = 500m;

    /// <summary>A message whose event time lies further ahead of the venue's corrected clock is refused.</summary>
    public TimeSpan EventTimeAhead { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A venue whose clock is farther from ours than this is not quoted on: signed requests there are about to be refused.</summary>
    public TimeSpan ClockOffsetMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a venue's count of what we hold and the ledger's may differ, as fills on their way make them; then it is an alarm…</summary>
    public TimeSpan DriftGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>…and after this the venue is not quoted on.</summary>
    public TimeSpan DriftHaltAfter { get; init; } = TimeSpan.FromSeconds(30);

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("breakers.volatilityWiden", VolatilityWiden, 1, 100, "");
        faults.Within("breakers.volatilityPauseMultiple", VolatilityPauseMultiple, 1, 100, "× σ_max");
        faults.Within("breakers.recoverFraction", RecoverFraction, 0.1, 1, "");
        faults.Within("breakers.recoverAfter", RecoverAfter, TimeSpan.Zero, TimeSpan.FromHours(1));
        faults.Within("breakers.staleWiden", StaleWiden, 1, 100, "");
        CheckWidenAge(faults, "breakers.staleWidenAfter", StaleWidenAfter);
        CheckCancelAge(faults, "breakers.staleCancelAfter", StaleCancelAfter);
        faults.Require("breakers.staleCancelAfter", StaleCancelAfter > StaleWidenAfter, $"= {StaleCancelAfter.TotalSeconds} s", "later than breakers.staleWidenAfter");
        faults.Within("breakers.discrepancyBps", DiscrepancyBps, 0.1, 10_000, "bps");
        faults.Within("breakers.discrepancyFor", DiscrepancyFor, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        faults.Within("breakers.slippageBps", SlippageBps, 0.1, 10_000, "bps");
        faults.Within("breakers.twapWindow", TwapWindow, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        faults.Within("breakers.drawdownLimit", DrawdownLimit, 0.01m, 1_000_000_000m, "numeraire");
        faults.Within("breakers.eventTimeAhead", EventTimeAhead, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        faults.Within("breakers.clockOffsetMax", ClockOffsetMax, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        faults.Within("breakers.driftGrace", DriftGrace, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        faults.Within("breakers.driftHaltAfter", DriftHaltAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        faults.Require("breakers.driftHaltAfter", DriftHaltAfter > DriftGrace, $"= {DriftHaltAfter.TotalSeconds} s", "later than breakers.driftGrace");
    }

    internal static void CheckWidenAge(ParameterFaults faults, string name, TimeSpan age) =>
        faults.Within(name, age, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(5));

    internal static void CheckCancelAge(ParameterFaults faults, string name, TimeSpan age) =>
        faults.Within(name, age, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
}
