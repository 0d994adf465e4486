using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Simulation.Scenarios;

/// <summary>Why a scenario cannot be played as it is written.</summary>
/// <param name="Step">The step's place; −1 where it is about the whole scenario.</param>
/// <param name="Text">What is wrong, and what was expected.</param>
public sealed record ScenarioFault(int Step, string Text);

/// <summary>
/// Finds what makes no sense in a scenario before it is played: times that run backwards, unknown venues, values out of range, an end without its
/// beginning, an expectation before its cause, and the same thing demanded and forbidden.
/// </summary>
public static class ScenarioCheck
{
    /// <summary>All faults, in the order of the steps; empty when it can be played.</summary>
    public static ImmutableArray<ScenarioFault> Faults(Scenario scenario)
    {
        List<ScenarioFault> faults = [];
        CheckWhole(scenario, faults);
        var story = new ScenarioStory(scenario);
        var last = TimeSpan.Zero;
        for (var i = 0; i < scenario.Steps.Length; i++)
        {
            var step = scenario.Steps[i];
            // What stands in one step of a file has one time, and one fault of it.
            var isToldAlready = i > 0 && step.At == scenario.Steps[i - 1].At;
            if (step.At < TimeSpan.Zero && !isToldAlready)
                Add(i, $"its time, {Say.Span(step.At)}, lies before the scenario begins: expected 0 s or later");
            else if (step.At < last && !isToldAlready)
                Add(i, $"its time, {Say.Span(step.At)}, lies before that of the step above it, {Say.Span(last)}: expected rising times");
            if (step.At > last) last = step.At;
            if (scenario.Length is { } length && step.At > length)
                Add(i, $"its time, {Say.Span(step.At)}, lies after the end of the scenario at {Say.Span(length)}");
            foreach (var text in OfStep(scenario.Market, step).Concat(story.Take(i))) Add(i, text);
        }

        return [.. faults];

        void Add(int step, string text) => faults.Add(new(step, text));
    }

    private static void CheckWhole(Scenario scenario, List<ScenarioFault> faults)
    {
        var values = new ParameterFaults();
        values.Within("warmUp", scenario.WarmUp, TimeSpan.Zero, TimeSpan.FromHours(1));
        values.Within("market.mid", scenario.Market.Mid, 0.01, 1e6, "USD");
        values.Within("market.tonRate", scenario.Market.TonRate, 1e-4, 1e6, "USD");
        values.Within("market.spreadBps", scenario.Market.SpreadBps, 0.01, 5_000, "bps");
        values.Within("market.levelSize", scenario.Market.LevelSize, 0.1, 1e9, "DCT");
        values.Within("market.heartbeat", scenario.Market.Heartbeat, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        if (scenario.Length is { } length) values.Within("length", length, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));
        scenario.Market.Rules.CollectFaults(values);
        if (!scenario.Steps.Any(s => s.Act is Expectation)) values.Require("steps", false, "expect nothing", "at least one expectation");
        faults.AddRange(values.Faults.Select(text => new ScenarioFault(-1, text)));
    }

    private static IEnumerable<string> OfStep(ScenarioMarket market, ScenarioStep step)
    {
        var values = new ParameterFaults();
        if (step.Act is Happening happening)
        {
            happening.CollectFaults(values);
            if (UnknownVenue(market, happening.NamedVenue) is { } unknown) yield return unknown;
            if (happening is ReferenceMoves or ReferenceFallsSilent or ReferenceComesBack or GasCosts && market.Instruments.All.All(i => !i.IsPool))
                yield return $"'{happening.Text}' concerns pools only: expected a market with a pool";
            if (happening is SwapAnnounced swap && market.Find(swap.Venue) is { IsPool: false })
                yield return $"'{happening.Text}' goes to a pool: expected the venue of one";
        }
        else if (step.Act is Expectation expectation)
        {
            foreach (var venue in expectation.Conditions.Select(c => c.NamedVenue))
                if (UnknownVenue(market, venue) is { } unknown) yield return unknown;
            values.Require("expectation", !expectation.Conditions.IsEmpty, "is empty", "at least one condition");
            if (expectation.Span is { } span) values.Within("span", span, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));
            foreach (var bounds in expectation.Conditions.Select(c => c.Limits).OfType<Bounds>())
            {
                values.Require("bounds", bounds.Min is not null || bounds.Max is not null, "are open", "is, min or max");
                values.Require("bounds", !(bounds.Min > bounds.Max), $"have min {bounds.Min} above max {bounds.Max}", "min at or below max");
            }
        }

        foreach (var fault in values.Faults) yield return fault;
    }

    private static string? UnknownVenue(ScenarioMarket market, string? venue) => venue is null || market.Find(venue) is not null
        ? null : $"unknown venue '{venue}': expected one of {string.Join(", ", market.Instruments.All.Select(i => i.Venue))}";
}
