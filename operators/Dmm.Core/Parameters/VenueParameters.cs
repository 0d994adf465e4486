namespace Dmm.Core;

/// <summary>What is particular to quoting on one instrument at one venue.</summary>
public sealed record VenueParameters
{
    /// <summary><see cref="Instrument.Name"/>.</summary>
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

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within($"venues[{Instrument}].refreshInterval", RefreshInterval, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(10));
        faults.Within($"venues[{Instrument}].makerFeeBps", MakerFeeBps, -10, 100, "bps");
        faults.Within($"venues[{Instrument}].takerFeeBps", TakerFeeBps, -10, 100, "bps");
        faults.Within($"venues[{Instrument}].toxicityCoefficient", ToxicityCoefficient, 0, 100, "");
        faults.Within($"venues[{Instrument}].outstandingNotionalPerSide", OutstandingNotionalPerSide, 0.01m, 1_000_000_000m, "numeraire");
    }
}
