using System.Text.Json.Serialization;

namespace Dmm.Core;

/// <summary>What is particular to quoting on one instrument at one venue.</summary>
public sealed record VenueParameters
{
    /// <summary><see cref="Dmm.Core.Instrument.Name"/>.</summary>
    public required string Instrument { get; init; }

    /// <summary>False for a market that only informs the fair value.</summary>
    public bool IsQuoted { get; init; } = true;

    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Maker fee, bps of notional; a rebate is negative.</summary>
    public double MakerFeeBps { get; init; } = 2;

    /// <summary>Taker fee, bps of notional.</summary>
    public double TakerFeeBps { get; init; } = 5;

    /// <summary>Multiplies the toxicity score of fills at this venue.</summary>
    public double ToxicityCoefficient { get; init; } = 1;

    /// <summary>Cap on outstanding quote notional per side, numeraire.</summary>
    public decimal OutstandingNotionalPerSide { get; init; } = 2_000m;

    /// <summary>
    /// Age of this market's book by exchange time at which quotes widen; null stands for <see cref="BreakerParameters.StaleWidenAfter"/>, which is made
    /// for streams. A market that is looked at now and then needs a longer one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? StaleWidenAfter { get; init; }

    /// <summary>Likewise for <see cref="BreakerParameters.StaleCancelAfter"/>, at which quotes are cancelled.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? StaleCancelAfter { get; init; }

    /// <summary>Of a pool that the router may take from; null for every other market.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PoolCosts? Pool { get; init; }

    /// <summary>What a taker pays, or is paid, over the price: after the taker fee, or after a pool's fees and tax. Gas is not in it.</summary>
    public double NetFactor(Instrument instrument, Side taking) =>
        Pool is { } pool && instrument.IsPool ? taking == Side.Buy ? 1 / pool.Kept : pool.Kept
        : 1 + taking.Sign() * TakerFeeBps * 1e-4;

    /// <summary>How old this market's book may be: as set for it, else as for all.</summary>
    public AgeLimits AgeLimits(BreakerParameters breakers) =>
        new(StaleWidenAfter ?? breakers.StaleWidenAfter, StaleCancelAfter ?? breakers.StaleCancelAfter);

    public void CollectFaults(ParameterFaults faults, BreakerParameters breakers)
    {
        faults.Within($"venues[{Instrument}].refreshInterval", RefreshInterval, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(10));
        faults.Within($"venues[{Instrument}].makerFeeBps", MakerFeeBps, -10, 100, "bps");
        faults.Within($"venues[{Instrument}].takerFeeBps", TakerFeeBps, -10, 100, "bps");
        faults.Within($"venues[{Instrument}].toxicityCoefficient", ToxicityCoefficient, 0, 100, "");
        faults.Within($"venues[{Instrument}].outstandingNotionalPerSide", OutstandingNotionalPerSide, 0.01m, 1_000_000_000m, "numeraire");
        CheckAges(faults, breakers);
        Pool?.CollectFaults(faults, $"venues[{Instrument}].pool");
    }

    private void CheckAges(ParameterFaults faults, BreakerParameters breakers)
    {
        // Where neither is set, the limits of all are checked where they stand.
        if (StaleWidenAfter is null && StaleCancelAfter is null) return;
        var (widen, cancel) = AgeLimits(breakers);
        if (StaleWidenAfter is not null) BreakerParameters.CheckWidenAge(faults, $"venues[{Instrument}].staleWidenAfter", widen);
        if (StaleCancelAfter is not null) BreakerParameters.CheckCancelAge(faults, $"venues[{Instrument}].staleCancelAfter", cancel);
        var (whose, other) = (StaleCancelAfter is null ? "breakers" : $"venues[{Instrument}]", StaleWidenAfter is null ? "breakers" : $"venues[{Instrument}]");
        faults.Require(
            $"{whose}.staleCancelAfter", cancel > widen, $"= {cancel.TotalSeconds} s", $"later than {other}.staleWidenAfter = {widen.TotalSeconds} s");
    }
}
