using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>Follows a script from step to step and says where it contradicts itself.</summary>
internal sealed class ScenarioStory(Scenario scenario)
{
    private readonly SortedSet<string> _silent = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _closed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _rejecting = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _marks = new(StringComparer.Ordinal);
    private readonly HashSet<BreakerKind> _causes = [];
    private bool _isReferenceSilent;
    private bool _isJournalDown;
    private bool _isKilled;
    private bool _isPaused;

    /// <summary>Takes the next step; what is wrong with it, in view of those before.</summary>
    public IEnumerable<string> Take(int place) => scenario.Steps[place].Act switch
    {
        Happening happening => Take(happening),
        Expectation expectation => Take(place, expectation),
        _ => [],
    };

    private IEnumerable<string> Take(Happening happening)
    {
        BreakerKind? cause = happening switch
        {
            OperatorOrders { Action: OperatorAction.Kill } => BreakerKind.Kill,
            OperatorOrders { Action: OperatorAction.Pause } => BreakerKind.Pause,
            JournalFails { Reason: not null } => BreakerKind.Journal,
            VenueDisconnects => BreakerKind.OrderPath,
            _ => null,
        };
        if (cause is { } kind) _causes.Add(kind);
        return Turned(happening);
    }

    private IEnumerable<string> Turned(Happening happening) => happening switch
    {
        FeedFallsSilent silent => Enter(_silent, silent.Venue, "the feed at {0} is silent already"),
        FeedComesBack back => Leave(_silent, back.Venue, "the feed at {0} comes back without having gone silent"),
        VenueDisconnects disconnects => Enter(_closed, disconnects.Venue, "the order path to {0} is closed already"),
        VenueReconnects reconnects => Leave(_closed, reconnects.Venue, "{0} reconnects without having been disconnected"),
        VenueRejects { Reason: not null } rejects => Enter(_rejecting, rejects.Venue, "{0} rejects orders already"),
        VenueRejects accepts => Leave(_rejecting, accepts.Venue, "{0} takes orders again without having rejected any"),
        ReferenceFallsSilent => Turn(ref _isReferenceSilent, true, "the TON reference is silent already"),
        ReferenceComesBack => Turn(ref _isReferenceSilent, false, "the TON reference comes back without having gone silent"),
        JournalFails fails => Turn(ref _isJournalDown, fails.Reason is not null, fails.Reason is null
            ? "the journal can be written again without having failed" : "the journal cannot be written already"),
        OperatorOrders { Action: OperatorAction.Kill } => Turn(ref _isKilled, true, "everything is killed already"),
        OperatorOrders { Action: OperatorAction.Reenable } => Turn(ref _isKilled, false, "the operator re-enables what was not killed"),
        OperatorOrders { Action: OperatorAction.Pause } => Turn(ref _isPaused, true, "quoting is paused already"),
        MarkQuotes mark => _marks.Add(mark.Name) ? [] : [$"quotes are kept as '{mark.Name}' already"],
        _ => Resumed(happening),
    };

    // Resuming what is not paused is a drill worth playing (a kill survives it); it changes nothing.
    private IEnumerable<string> Resumed(Happening happening)
    {
        if (happening is OperatorOrders { Action: OperatorAction.Resume }) _isPaused = false;
        return [];
    }

    private IEnumerable<string> Take(int place, Expectation expectation)
    {
        foreach (var condition in expectation.Conditions)
        {
            if (condition.NamedMark is { } mark && !_marks.Contains(mark))
                yield return $"it compares with '{mark}', which no step above keeps: expected {Known(_marks)}";
            if (expectation.Kind != ExpectationKind.Never && MissingCause(condition) is { } missing) yield return missing;
        }

        if (Opposite(place, expectation) is { } other)
            yield return $"it demands what {Name(other)} forbids at that time: {string.Join(" and ", expectation.Conditions.Select(c => c.Text))}";
    }

    private string? MissingCause(Condition condition) => condition switch
    {
        StateIs { State: TradingState.Killed } when !_causes.Contains(BreakerKind.Kill) => Early("a killed state", "the operator kills"),
        BreakerStands { Demand: not TradingState.Active } breaker when !_causes.Contains(breaker.Kind) => breaker.Kind switch
        {
            BreakerKind.Kill => Early("the kill", "the operator kills"),
            BreakerKind.Pause => Early("the pause", "the operator pauses"),
            BreakerKind.Journal => Early("trouble of the journal", "the journal cannot be written"),
            BreakerKind.OrderPath => Early("a closed order path", "a venue is disconnected"),
            // What a market brings about has no single cause.
            _ => null,
        },
        _ => null,
    };

    private static string Early(string what, string cause) => $"it expects {what} before its cause: expected a step above by which {cause}";

    /// <summary>A step that forbids what this one demands, or demands what this one forbids, at a time that both cover.</summary>
    private ScenarioStep? Opposite(int place, Expectation expectation)
    {
        var step = scenario.Steps[place];
        foreach (var other in scenario.Steps.Take(place))
        {
            if (other.Act is not Expectation earlier || !earlier.Conditions.SequenceEqual(expectation.Conditions)) continue;
            if (earlier.Kind == ExpectationKind.Never == (expectation.Kind == ExpectationKind.Never)) continue;
            var (never, must) = earlier.Kind == ExpectationKind.Never ? (other, step) : (step, other);
            var isWithin = ((Expectation)must.Act).Kind == ExpectationKind.Within;
            var demandedAt = isWithin || must.At >= never.At ? must.At : never.At;
            if (demandedAt < never.At || (must.Until is { } lasts && demandedAt > lasts)) continue;
            // A demand that may still be met after the ban is over contradicts nothing.
            if (never.Until is { } over && (isWithin ? must.Until > over : demandedAt > over)) continue;
            return other;
        }

        return null;
    }

    private static string Name(ScenarioStep step) => step.Line > 0 ? $"line {step.Line}" : $"the step at {Say.Span(step.At)}";

    private static string Known(SortedSet<string> names) => names.Count == 0 ? "a mark before it" : $"one of {string.Join(", ", names)}";

    private IEnumerable<string> Enter(SortedSet<string> venues, string? venue, string fault) =>
        [.. Meant(venue).Where(v => !venues.Add(v)).Select(v => string.Format(null, fault, v))];

    private IEnumerable<string> Leave(SortedSet<string> venues, string? venue, string fault) =>
        [.. Meant(venue).Where(v => !venues.Remove(v)).Select(v => string.Format(null, fault, v))];

    private IEnumerable<string> Meant(string? venue) => venue is null ? scenario.Market.Instruments.All.Select(i => i.Venue) : [venue];

    private static IEnumerable<string> Turn(ref bool state, bool to, string fault)
    {
        if (state == to) return [fault];
        state = to;
        return [];
    }
}
