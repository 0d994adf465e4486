using Dmm.Core;

namespace Dmm.Simulation.Scenarios;

/// <summary>An expectation while its span lasts.</summary>
internal sealed class Watch(ScenarioStep step, Expectation expectation, Timestamp until, long since)
{
    private long _since = since;
    private string _seen = "";

    public ScenarioStep Step { get; } = step;

    /// <summary>Looks at the board once all of an instant has happened; null while the question is open.</summary>
    /// <param name="board">What has been seen.</param>
    /// <param name="now">The instant.</param>
    /// <param name="isLast">The scenario is over.</param>
    public Seen? Look(ScenarioBoard board, Timestamp now, bool isLast)
    {
        var seen = expectation.Conditions.Select(c => c.Look(board, _since, any: expectation.Kind == ExpectationKind.Never)).ToArray();
        var holds = seen.All(s => s.Holds);
        _seen = string.Join("; ", seen.Select(s => s.Text));
        var isOver = now >= until || isLast;
        switch (expectation.Kind)
        {
            case ExpectationKind.AtOnce:
                return Answer(holds, $"expected {expectation.Text}; {_seen}");
            case ExpectationKind.Within:
                if (holds) return Answer(true, "");
                return isOver ? Answer(false, $"expected {expectation.Text}; at the end of that time {_seen}") : null;
            case ExpectationKind.Throughout:
                if (!holds) return Answer(false, $"expected {expectation.Text}; {_seen}");
                return isOver ? Answer(true, "") : null;
            default:
                // An event of one instant is not one of the next.
                _since = board.Decisions.Count;
                if (holds) return Answer(false, $"expected {expectation.Text}; {_seen}");
                return isOver ? Answer(true, "") : null;
        }
    }

    private Seen Answer(bool isMet, string failure) => new(isMet, isMet ? $"{expectation.Text}{Shown}" : failure);

    private string Shown => expectation.Kind is ExpectationKind.AtOnce or ExpectationKind.Within && expectation.Conditions.Length > 0 ? $"  [{_seen}]" : "";
}
