using Dmm.Core;

namespace Dmm.Simulation.Scenarios;

/// <summary>An expectation while its span lasts.</summary>
internal sealed class Watch(ScenarioStep step, Expectation expectation, Timestamp until, long since)
{
    private long _since = since;

    public ScenarioStep Step { get; } = step;

    /// <summary>Looks at the board once all of an instant has happened; null while the question is open.</summary>
    /// <param name="board">What has been seen.</param>
    /// <param name="now">The instant.</param>
    /// <param name="isLast">The scenario is over.</param>
    public Seen? Look(ScenarioBoard board, Timestamp now, bool isLast)
    {
        var seen = expectation.Conditions.Select(c => (Condition: c, Seen: c.Look(board, _since, any: expectation.Kind == ExpectationKind.Never)))
            .ToArray();
        // An event of one instant is not one of the next.
        if (expectation.Kind == ExpectationKind.Never) _since = board.Decisions.Count;
        var holds = seen.All(s => s.Seen.Holds);
        var isOver = now >= until || isLast;
        return expectation.Kind switch
        {
            ExpectationKind.AtOnce => holds ? Met(seen) : Failed(seen, ""),
            ExpectationKind.Within when holds => Met(seen),
            ExpectationKind.Within => isOver ? Failed(seen, "in the end ") : null,
            ExpectationKind.Throughout when !holds => Failed(seen, ""),
            ExpectationKind.Never when holds => Failed(seen, ""),
            _ => isOver ? new Seen(true, expectation.Text) : null,
        };
    }

    /// <summary>With the numbers, where the bounds leave them open.</summary>
    private Seen Met((Condition Condition, Seen Seen)[] seen)
    {
        var open = seen.Where(s => s.Condition.Limits is { } limits && limits.Min != limits.Max).Select(s => s.Seen.Text).ToArray();
        return new(true, open.Length == 0 ? expectation.Text : $"{expectation.Text}  [{string.Join("; ", open)}]");
    }

    /// <summary>With what does not comply; where something was forbidden, with all of it.</summary>
    private Seen Failed((Condition Condition, Seen Seen)[] seen, string when)
    {
        var wrong = seen.Where(s => expectation.Kind == ExpectationKind.Never || !s.Seen.Holds).Select(s => s.Seen.Text);
        return new(false, $"expected {expectation.Text}; but {when}{string.Join("; ", wrong)}");
    }
}
