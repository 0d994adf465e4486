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

    /// <summary>Of a pool that the router may take from; null for every other market.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PoolCosts? Pool { get; init; }

    /// <summary>What a taker pays, or is paid, over the price: after the taker fee, or after a pool's fees and tax. Gas is not in it.</summary>
    public double NetFactor(Instrument instrument, Side taking) =>
        Pool is { } pool && instrument.IsPool ? taking == Side.Buy ? 1 / pool.Kept : pool.Kept
        : 1 + taking.Sign() * TakerFeeBps * 1e-4;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within($"venues[{Instrument}].refreshInterval", RefreshInterval, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(10));
        faults.Within($"venues[{Instrument}].makerFeeBps", MakerFeeBps, -10, 100, "bps");
        faults.Within($"venues[{Instrument}].takerFeeBps", TakerFeeBps, -10, 100, "bps");
        faults.Within($"venues[{Instrument}].toxicityCoefficient", ToxicityCoefficient, 0, 100, "");
        faults.Within($"venues[{Instrument}].outstandingNotionalPerSide", OutstandingNotionalPerSide, 0.01m, 1_000_000_000m, "numeraire");
        Pool?.CollectFaults(faults, $"venues[{Instrument}].pool");
    }
}
