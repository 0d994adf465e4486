using System.Collections.Immutable;

namespace Dmm.Core;

/// <summary>Which formula gives reservation price and half-spread.</summary>
public enum QuoteModel : byte
{
    /// <summary>Avellaneda–Stoikov as the specification writes it, in bps (shift T/2: its average over a rolling horizon, half the shift at t = 0).</summary>
    AvellanedaStoikov,

    /// <summary>Guéant–Lehalle–Fernandez-Tapia closed-form approximation: linear in volatility, no horizon.</summary>
    Glft,
}

/// <summary>How the inventory skew b = β·clamp(q̂, −1, 1) enters the two sides.</summary>
public enum SkewMode : byte
{
    /// <summary>Bid −b, ask +b, b signed: the specification's letter. Widens when long, narrows when short.</summary>
    AsWritten,

    /// <summary>Both sides move by −b.</summary>
    Shift,

    /// <summary>Only the accumulating side moves away by |b|.</summary>
    OneSided,

    /// <summary>Both sides move away by |b|.</summary>
    Widen,
}

/// <summary>Parameters of the quoting model. Distances are bps of mid; the inventory ratio q̂ is dimensionless.</summary>
public sealed record QuoteParameters
{
    /// <summary>The most rungs a ladder may have.</summary>
    public const int MaxLevels = 16;

    public QuoteModel Model { get; init; } = QuoteModel.AvellanedaStoikov;

    /// <summary>γ, 1/bps per unit of q̂.</summary>
    public double RiskAversion { get; init; } = 0.1;

    /// <summary>κ, 1/bps: fills fall off as e^(−κ·distance).</summary>
    public double ArrivalSensitivity { get; init; } = 1.0;

    /// <summary>A, fills per second at zero distance; used by <see cref="QuoteModel.Glft"/> only.</summary>
    public double ArrivalRate { get; init; } = 1.0;

    /// <summary>T.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromSeconds(120);

    public SkewMode SkewMode { get; init; } = SkewMode.Shift;

    /// <summary>β, bps.</summary>
    public double SkewBps { get; init; } = 3;

    /// <summary>
    /// |q̂| from which the skew is at least <see cref="NearLimitSkewFraction"/> of the full spread; it is raised to that linearly, from
    /// <see cref="LightInventoryRatio"/> on.
    /// </summary>
    public double NearLimitRatio { get; init; } = 0.8;

    /// <summary>Share of the full spread that b reaches near the soft limit, if β is above zero.</summary>
    public double NearLimitSkewFraction { get; init; } = 0.40;

    /// <summary>Full-spread floor over round-trip fees, bps.</summary>
    public double FloorOverFeesBps { get; init; } = 3;

    /// <summary>Taken off the floor when volatility is calm and inventory balanced, bps; the floor stays at least fees + 1.</summary>
    public double CalmFloorReductionBps { get; init; } = 1.5;

    /// <summary>Added to the floor on a pool, in place of fees, bps.</summary>
    public double GasCushionBps { get; init; } = 3;

    /// <summary>Cap on the half-spread, bps.</summary>
    public double HalfSpreadCapBps { get; init; } = 150;

    /// <summary>Distance of each ladder level, as multiples of δ; rising, the first is 1.</summary>
    public ImmutableArray<double> LevelMultiples { get; init; } = [1, 1.5, 2.25];

    /// <summary>Share of the maximum quote size at each level, near to far.</summary>
    public ImmutableArray<double> LevelShares { get; init; } = [0.25, 0.50, 0.25];

    /// <summary>The same while |q̂| is below <see cref="LightInventoryRatio"/>.</summary>
    public ImmutableArray<double> LightLevelShares { get; init; } = [0.50, 0.30, 0.20];

    /// <summary>|q̂| below which inventory counts as light: γ is halved, sizes sit nearer, and no side shrinks.</summary>
    public double LightInventoryRatio { get; init; } = 0.3;

    /// <summary>Maximum quote size per side, base asset.</summary>
    public decimal MaximumQuoteSize { get; init; } = 500m;

    /// <summary>
    /// Share of the quote size of venues that may not be quoted on which the others take over, in equal parts; 0 leaves each at its own size.
    /// </summary>
    public double LostVenueTakeOver { get; init; }

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("riskAversion", RiskAversion, 0.001, 10, "1/bps");
        faults.Within("arrivalSensitivity", ArrivalSensitivity, 0.01, 100, "1/bps");
        faults.Within("arrivalRate", ArrivalRate, 1e-6, 1e6, "1/s");
        faults.Within("horizon", Horizon, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3600));
        faults.Within("skewBps", SkewBps, 0, 50, "bps");
        faults.Within("nearLimitRatio", NearLimitRatio, 0.1, 1, "");
        faults.Within("nearLimitSkewFraction", NearLimitSkewFraction, 0.30, 0.50, "of the spread");
        faults.Within("floorOverFeesBps", FloorOverFeesBps, 0, 100, "bps");
        faults.Within("calmFloorReductionBps", CalmFloorReductionBps, 1, 2, "bps");
        faults.Within("gasCushionBps", GasCushionBps, 2, 5, "bps");
        faults.Within("halfSpreadCapBps", HalfSpreadCapBps, 10, 1000, "bps");
        faults.Within("lightInventoryRatio", LightInventoryRatio, 0, 0.99, "");
        faults.Require("nearLimitRatio", NearLimitRatio > LightInventoryRatio, $"= {NearLimitRatio}",
            $"above lightInventoryRatio = {LightInventoryRatio}");
        faults.Within("maximumQuoteSize", MaximumQuoteSize, 0.00000001m, 1_000_000_000m, "base asset");
        faults.Within("lostVenueTakeOver", LostVenueTakeOver, 0, 1, "");
        CheckLadder(faults);
    }

    private void CheckLadder(ParameterFaults faults)
    {
        var multiples = LevelMultiples;
        var isLadder = multiples is [1, ..] && multiples.Length <= MaxLevels
            && Enumerable.Range(1, multiples.Length - 1).All(i => multiples[i] > multiples[i - 1]);
        faults.Require("levelMultiples", isLadder,
            $"= [{string.Join(", ", multiples)}]", $"at most {MaxLevels} rising multiples of the half-spread that start at 1");
        foreach (var (name, shares) in new[] { ("levelShares", LevelShares), ("lightLevelShares", LightLevelShares) })
        {
            faults.Require(name, shares.Length == multiples.Length && shares.All(s => s > 0) && Math.Abs(shares.Sum() - 1) < 1e-9,
                $"= [{string.Join(", ", shares)}]", $"{multiples.Length} shares above zero that sum to 1");
        }
    }
}
