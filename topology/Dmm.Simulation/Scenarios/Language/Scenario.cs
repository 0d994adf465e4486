using System.Collections.Immutable;

namespace Dmm.Simulation.Scenarios;

/// <summary>
/// What happens to a desk, and what its pipeline must have done by when. Times count from the end of the warm-up, when the market has stood still
/// long enough for quotes to rest. Things of one instant happen in the order in which they are listed.
/// </summary>
public sealed record Scenario
{
    /// <summary>A standing market for this long makes volatility ready (its half-life is 120 s) with time to spare.</summary>
    public static readonly TimeSpan DefaultWarmUp = TimeSpan.FromSeconds(130);

    public required string Name { get; init; }

    /// <summary>What it shows, in a sentence or two.</summary>
    public string About { get; init; } = "";

    public required ScenarioMarket Market { get; init; }

    public TimeSpan WarmUp { get; init; } = DefaultWarmUp;

    /// <summary>Of every chance in it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How long it goes on; until the last step and the last deadline are over when not given.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>In the order of their times.</summary>
    public ImmutableArray<ScenarioStep> Steps { get; init; } = [];

    /// <summary>When the last thing of it is over.</summary>
    public TimeSpan End
    {
        get
        {
            var end = Length ?? TimeSpan.Zero;
            foreach (var step in Steps)
                if (step.Until is { } until && until > end) end = until;
            return end;
        }
    }

    public static Scenario On(ScenarioMarket market, string name) => new() { Name = name, Market = market };

    /// <summary>Adds things that happen then.</summary>
    public Scenario At(double seconds, params ReadOnlySpan<Happening> happenings) => With(seconds, [.. happenings]);

    /// <summary>Adds what must hold at that very instant, once all that happens then has gone through the pipeline.</summary>
    public Scenario Expect(double seconds, params ImmutableArray<Condition> conditions) =>
        With(seconds, [new Expectation(ExpectationKind.AtOnce, null, conditions)]);

    /// <summary>Adds what must come to hold, at one moment of that span at least.</summary>
    public Scenario ExpectWithin(double seconds, double withinSeconds, params ImmutableArray<Condition> conditions) =>
        With(seconds, [new Expectation(ExpectationKind.Within, TimeSpan.FromSeconds(withinSeconds), conditions)]);

    /// <summary>Adds what must hold all the time, from then on; to the end when no span is given.</summary>
    public Scenario ExpectThroughout(double seconds, double? forSeconds, params ImmutableArray<Condition> conditions) =>
        With(seconds, [new Expectation(ExpectationKind.Throughout, Span(forSeconds), conditions)]);

    /// <summary>Adds what must not hold (not all of it at once) at any moment from then on; to the end when no span is given.</summary>
    public Scenario Never(double seconds, double? forSeconds, params ImmutableArray<Condition> conditions) =>
        With(seconds, [new Expectation(ExpectationKind.Never, Span(forSeconds), conditions)]);

    private static TimeSpan? Span(double? seconds) => seconds is { } span ? TimeSpan.FromSeconds(span) : null;

    private Scenario With(double seconds, IEnumerable<ScenarioAct> acts) =>
        this with { Steps = Steps.AddRange(acts.Select(act => new ScenarioStep(TimeSpan.FromSeconds(seconds), act))) };
}

/// <summary>One entry of a scenario's script.</summary>
/// <param name="At">From the end of the warm-up.</param>
/// <param name="Act">What happens, or what is expected.</param>
/// <param name="Line">Where it stands in its file; 0 when it was not read from one.</param>
public sealed record ScenarioStep(TimeSpan At, ScenarioAct Act, int Line = 0)
{
    /// <summary>When it is over; null when it lasts as long as the scenario.</summary>
    public TimeSpan? Until => Act.Lasts is { } span ? At + span : null;
}

/// <summary>A <see cref="Happening"/> or an <see cref="Expectation"/>.</summary>
public abstract record ScenarioAct
{
    /// <summary>Says it in words and numbers.</summary>
    public abstract string Text { get; }

    /// <summary>How long it goes on; null for as long as the scenario.</summary>
    public virtual TimeSpan? Lasts => TimeSpan.Zero;
}
