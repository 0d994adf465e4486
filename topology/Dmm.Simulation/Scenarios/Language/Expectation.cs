using System.Collections.Immutable;

namespace Dmm.Simulation.Scenarios;

public enum ExpectationKind : byte
{
    /// <summary>At that very instant.</summary>
    AtOnce,

    /// <summary>At one moment of the span at least.</summary>
    Within,

    /// <summary>At every moment of the span.</summary>
    Throughout,

    /// <summary>At no moment of the span.</summary>
    Never,
}

/// <summary>Something that must hold, or must not, some time in a span that begins with the step.</summary>
/// <param name="Kind">When.</param>
/// <param name="Span">Length of the span; null reaches to the end of the scenario.</param>
/// <param name="Conditions">They count together: all of them at one moment.</param>
public sealed record Expectation(ExpectationKind Kind, TimeSpan? Span, ImmutableArray<Condition> Conditions) : ScenarioAct
{
    public override TimeSpan? Lasts => Kind == ExpectationKind.AtOnce ? TimeSpan.Zero : Span;

    public override string Text
    {
        get
        {
            var what = string.Join(" and ", Conditions.Select(c => c.Text));
            return Kind switch
            {
                ExpectationKind.AtOnce => what,
                ExpectationKind.Within => $"within {Say.Span(Span ?? TimeSpan.Zero)}: {what}",
                ExpectationKind.Throughout => $"{Length}: {what}",
                _ => $"never, {Length}: {what}",
            };
        }
    }

    private string Length => Span is { } span ? $"for {Say.Span(span)}" : "to the end";

    public bool Equals(Expectation? other) =>
        other is not null && Kind == other.Kind && Span == other.Span && Conditions.SequenceEqual(other.Conditions);

    public override int GetHashCode() => HashCode.Combine(Kind, Span, Conditions.Length);
}
