using System.Collections.Immutable;

namespace Dmm.Simulation;

/// <summary>What goes wrong in one run, and when. Equal plans give equal runs, event for event.</summary>
/// <param name="Seed">Of the market, of the plan and of every fault's chances.</param>
/// <param name="Duration">Of the trading, in which the faults lie; a calm time follows, at whose end everything must have settled.</param>
/// <param name="Faults">In the order of their beginning.</param>
public sealed record FaultPlan(long Seed, TimeSpan Duration, ImmutableArray<Fault> Faults)
{
    /// <summary>Before any fault: the volatility becomes known, and quoting begins.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(65);

    /// <summary>After the last fault: every order must have ended by the end of it.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    // Mean time from one fault to the next; they last for seconds, so that several coincide.
    private const double SecondsBetween = 4;

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    /// <summary>The plan of a seed.</summary>
    /// <param name="seed">Any.</param>
    /// <param name="duration">Of the trading.</param>
    /// <param name="venues">Names of the venues.</param>
    public static FaultPlan Of(long seed, TimeSpan duration, ImmutableArray<string> venues)
    {
        var random = SeededRandom.For(seed, "faults");
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var at = random.NextExponential(1 / SecondsBetween);
        for (; at < duration.TotalSeconds; at += random.NextExponential(1 / SecondsBetween))
        {
            var kind = Kinds[random.NextInt(Kinds.Length)];
            var venue = venues[random.NextInt(venues.Length)];
            var (span, chance) = (Span(kind, random), 0.2 + 0.8 * random.NextDouble());
            span = span < duration - TimeSpan.FromSeconds(at) ? span : duration - TimeSpan.FromSeconds(at);
            faults.Add(new(faults.Count + 1, kind, kind >= FaultKind.Crash ? "" : venue, WarmUp + TimeSpan.FromSeconds(at), span, chance));
        }

        return new(seed, duration, faults.DrainToImmutable());
    }

    /// <summary>When trading ends, from the start of the run.</summary>
    public TimeSpan TradingEnd => WarmUp + Duration;

    /// <summary>The same, ended earlier: faults that begin later are left out, those that last longer end with it.</summary>
    public FaultPlan EndedAt(TimeSpan tradingEnd) => this with
    {
        Duration = tradingEnd - WarmUp,
        Faults = [.. Faults.Where(f => f.At < tradingEnd).Select(f => f.At + f.For > tradingEnd ? f with { For = tradingEnd - f.At } : f)],
    };

    private static TimeSpan Span(FaultKind kind, SeededRandom random) => TimeSpan.FromSeconds(kind switch
    {
        // Some absences are longer than a half-life of the volatility, which then warms up anew.
        FaultKind.Crash => random.NextBool(0.15) ? 61 + 10 * random.NextDouble() : 0.1 + 10 * random.NextDouble(),
        FaultKind.Kill => 1 + 24 * random.NextDouble(),
        FaultKind.Pause => 0.5 + 10 * random.NextDouble(),
        FaultKind.FeedDown or FaultKind.SilentFeed => 0.2 + 6 * random.NextDouble(),
        FaultKind.FeedGap or FaultKind.ParameterChange => 0,
        _ => 0.5 + 7 * random.NextDouble(),
    });
}
