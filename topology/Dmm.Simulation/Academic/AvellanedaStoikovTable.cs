using System.Collections.Immutable;

namespace Dmm.Simulation;

/// <summary>How the paper's dealer quotes.</summary>
public enum AcademicStrategy : byte
{
    /// <summary>Around the reservation price s − qγσ²(T−t).</summary>
    Inventory,

    /// <summary>Around the mid, with the time average of the other strategy's spread.</summary>
    Symmetric,
}

/// <summary>A figure of ours beside the paper's.</summary>
/// <param name="Ours">As simulated.</param>
/// <param name="StandardError">Of ours; 0 for what no chance enters.</param>
/// <param name="Paper">As printed.</param>
/// <param name="Tolerance">How far apart they may be.</param>
public readonly record struct AcademicFigure(double Ours, double StandardError, double Paper, double Tolerance)
{
    public bool IsWithin => Math.Abs(Ours - Paper) <= Tolerance;
}

/// <summary>One row of the paper's tables; prices are in money, as there.</summary>
public sealed record AcademicRow(
    double RiskAversion, AcademicStrategy Strategy, AcademicFigure Spread, AcademicFigure Profit, AcademicFigure ProfitDeviation,
    AcademicFigure FinalInventoryDeviation)
{
    public bool IsWithin => Spread.IsWithin && Profit.IsWithin && ProfitDeviation.IsWithin && FinalInventoryDeviation.IsWithin;
}

/// <summary>
/// Tables 1–3 of Avellaneda and Stoikov, "High-frequency trading in a limit order book" (Quantitative Finance 8, 2008), simulated in the paper's own
/// units and with its own formulas: s = 100, T = 1, σ = 2, dt = 0.005, q₀ = 0, k = 1.5, A = 140; a side at distance d from the mid trades one unit
/// in a step with probability A·e^(−kd)·dt, and the mid then moves by ±σ√dt. Not the pipeline's model, whose distances are bps and whose horizon
/// rolls.
/// </summary>
public static class AvellanedaStoikovTable
{
    /// <summary>Fewest paths of which a dispersion says anything.</summary>
    public const int PathsMin = 100;

    public const int PathsMax = 1_000_000;

    private const double Horizon = 1;
    private const double Volatility = 2;
    private const double ArrivalSensitivity = 1.5;
    private const double ArrivalRate = 140;
    private const double StartingPrice = 100;
    private const int Steps = 200;
    private const double StepTime = Horizon / Steps;

    // The means' error counts on both sides: three standard deviations of their difference.
    private const int PaperPaths = 1_000;
    private const double Deviations = 3;
    private const double SpreadTolerance = 0.02;
    private const double DispersionTolerance = 0.15;

    private static readonly ImmutableArray<PrintedRow> Printed =
    [
        new(0.1, AcademicStrategy.Inventory, 1.49, 65.0, 6.6, 2.9), new(0.1, AcademicStrategy.Symmetric, 1.49, 68.4, 12.7, 8.4),
        new(0.01, AcademicStrategy.Inventory, 1.35, 68.6, 8.7, 5.1), new(0.01, AcademicStrategy.Symmetric, 1.35, 68.8, 12.8, 8.7),
        new(1, AcademicStrategy.Inventory, 3.02, 31.4, 5.0, 1.7), new(1, AcademicStrategy.Symmetric, 3.02, 44.0, 11.0, 5.1),
    ];

    /// <summary>Every row, in the paper's order.</summary>
    /// <param name="paths">Of each row.</param>
    /// <param name="seed">Of all; each row has chances of its own.</param>
    public static ImmutableArray<AcademicRow> Simulate(int paths, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, PathsMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(paths, PathsMax);
        return [.. Printed.Select((row, i) => Simulate(row, paths, SeededRandom.For(seed, $"row {i}")))];
    }

    private static AcademicRow Simulate(PrintedRow row, int paths, SeededRandom random)
    {
        var spreads = Enumerable.Range(0, Steps).Select(step => Spread(row.RiskAversion, Horizon - step * StepTime)).ToArray();
        var average = spreads.Average();
        if (row.Strategy == AcademicStrategy.Symmetric) Array.Fill(spreads, average);
        var (profits, inventories) = (new double[paths], new double[paths]);
        for (var i = 0; i < paths; i++) (profits[i], inventories[i]) = Path(row, spreads, random);

        var (profit, deviation) = Moments(profits);
        var (_, inventoryDeviation) = Moments(inventories);
        var meanTolerance = Deviations * Math.Sqrt(deviation * deviation / PaperPaths + deviation * deviation / paths);
        return new(row.RiskAversion, row.Strategy,
            new(average, 0, row.Spread, SpreadTolerance),
            new(profit, deviation / Math.Sqrt(paths), row.Profit, meanTolerance),
            Dispersion(deviation, row.ProfitDeviation, paths),
            Dispersion(inventoryDeviation, row.FinalInventoryDeviation, paths));
    }

    /// <summary>The standard error is a normal's, s/√(2N).</summary>
    private static AcademicFigure Dispersion(double ours, double paper, int paths) =>
        new(ours, ours / Math.Sqrt(2.0 * paths), paper, paper * DispersionTolerance);

    private static (double Profit, int Inventory) Path(PrintedRow row, double[] spreads, SeededRandom random)
    {
        var move = Volatility * Math.Sqrt(StepTime);
        var (price, cash, inventory) = (StartingPrice, 0.0, 0);
        for (var step = 0; step < Steps; step++)
        {
            var shift = row.Strategy == AcademicStrategy.Inventory
                ? -inventory * row.RiskAversion * Volatility * Volatility * (Horizon - step * StepTime)
                : 0;
            var (above, below) = (spreads[step] / 2 + shift, spreads[step] / 2 - shift);
            // Both sides stand for the whole step: a trade on one does not move the other.
            if (random.NextBool(FillProbability(above)))
            {
                inventory--;
                cash += price + above;
            }

            if (random.NextBool(FillProbability(below)))
            {
                inventory++;
                cash -= price - below;
            }

            price += random.NextBool(0.5) ? move : -move;
        }

        return (cash + inventory * price, inventory);
    }

    /// <summary>λ·dt taken literally; above 1, close to the mid or across it, the side trades for certain.</summary>
    private static double FillProbability(double distance) => ArrivalRate * Math.Exp(-ArrivalSensitivity * distance) * StepTime;

    /// <summary>γσ²(T−t) + (2/γ)·ln(1 + γ/k), both sides together.</summary>
    private static double Spread(double riskAversion, double timeLeft) =>
        riskAversion * Volatility * Volatility * timeLeft + 2 / riskAversion * Math.Log(1 + riskAversion / ArrivalSensitivity);

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)));
    }

    private readonly record struct PrintedRow(
        double RiskAversion, AcademicStrategy Strategy, double Spread, double Profit, double ProfitDeviation, double FinalInventoryDeviation);
}
