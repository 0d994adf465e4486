using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>What is compared, on what, and for how long.</summary>
public sealed record SkewComparisonSettings
{
    public required ImmutableArray<MarketScenario> Scenarios { get; init; }

    /// <summary>The first is what the others are compared with.</summary>
    public required ImmutableArray<QuoteVariant> Variants { get; init; }

    public required long FirstSeed { get; init; }

    /// <summary>How many seeds, from the first one on.</summary>
    public required int Seeds { get; init; }

    /// <summary>Of each run, from the opening on.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>
    /// |q̂| at the opening: long in runs of odd seeds, short in those of even ones, by moving the target. At 0 the runs of a quiet hour stay where
    /// skews hardly differ.
    /// </summary>
    public double OpeningRatio { get; init; }

    /// <summary>Runs at a time; the result does not depend on it.</summary>
    public required int Threads { get; init; }

    public int Runs => Scenarios.Length * Variants.Length * Seeds;
}

/// <summary>
/// The whole pipeline once for each variant, seed and market. Runs of one seed have the same flow: the efficient price, the other makers' ladders,
/// the takers' arrivals, sides, reaches and sizes, TON and gas are the same functions of time. What trades is not, because our own quotes stand in
/// the book: an order that meets us does not meet another, and the informed take what is mispriced.
/// </summary>
public static class SkewComparison
{
    /// <param name="settings">What to run.</param>
    /// <param name="progress">Told after each run, by any thread, how many have ended.</param>
    /// <exception cref="EngineFaultException">A run ended in a defect.</exception>
    public static ImmutableArray<ComparedMarket> Run(SkewComparisonSettings settings, Action<int> progress)
    {
        var (variants, seeds) = (settings.Variants, settings.Seeds);
        var figures = new RunFigures[settings.Runs];
        var ended = 0;
        try
        {
            Parallel.For(0, settings.Runs, new() { MaxDegreeOfParallelism = settings.Threads }, i =>
            {
                var scenario = settings.Scenarios[i / (variants.Length * seeds)];
                figures[i] = Run(scenario, variants[i / seeds % variants.Length], settings.FirstSeed + i % seeds, settings.Duration,
                    settings.OpeningRatio);
                progress(Interlocked.Increment(ref ended));
            });
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        return [.. settings.Scenarios.Select((scenario, s) => new ComparedMarket(
            scenario.Name, variants.Any(variant => variant.IsFitted) ? ArrivalsOf(scenario) : null,
            ComparedVariant.FromRuns(
                variants, [.. variants.Select((_, v) => ImmutableArray.Create(figures, (s * variants.Length + v) * seeds, seeds))])))];
    }

    /// <summary>One run from the opening on, measured.</summary>
    /// <param name="scenario">The market.</param>
    /// <param name="variant">How to quote.</param>
    /// <param name="seed">Of all chance.</param>
    /// <param name="duration">From the opening on.</param>
    /// <param name="openingRatio">See <see cref="SkewComparisonSettings.OpeningRatio"/>.</param>
    public static RunFigures Run(MarketScenario scenario, QuoteVariant variant, long seed, TimeSpan duration, double openingRatio)
    {
        var standard = SimulatedDesk.ParametersOf(scenario);
        var excess = (decimal)openingRatio * (seed % 2 != 0 ? standard.Inventory.SoftLong : -standard.Inventory.SoftShort);
        var parameters = variant.In(standard, ArrivalsOf(scenario));
        parameters = parameters with { Inventory = parameters.Inventory with { Target = parameters.Inventory.Starting - excess } };
        var settings = new SimulatedDeskSettings { Seed = seed, Scenario = scenario, Parameters = parameters };
        var gauge = new RunGauge(SimulatedDesk.InstrumentsOf(scenario), parameters, settings.Opening);
        var identity = new RunIdentity("study", "any", "none", TradingMode.Live);
        using var desk = new SimulatedDesk(settings, identity, new UnrecordedJournal(), gauge);
        desk.Driver.RunTo(settings.Opening + duration);
        return gauge.Until(settings.Opening + duration);
    }

    private static ArrivalEstimate ArrivalsOf(MarketScenario scenario) =>
        MarketArrivals.Of(scenario, SimulatedDesk.DefaultParameters.Quote.MaximumQuoteSize);
}
