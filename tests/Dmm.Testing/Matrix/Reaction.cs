using System.Reactive;

namespace Dmm.Testing;

/// <summary>
/// What an operator gives in answer to its source's silence or end: <see cref="StaysOpen"/>, <see cref="Completes"/> or <see cref="Fails"/>, the
/// last two at the same instant as the source unless <see cref="Later"/>, and without values unless <see cref="WithValues"/>.
/// </summary>
public sealed record Reaction
{
    private Reaction(NotificationKind? terminal) => Terminal = terminal;

    /// <summary>No terminal comes.</summary>
    public static Reaction StaysOpen { get; } = new((NotificationKind?)null);

    /// <summary>OnCompleted comes.</summary>
    public static Reaction Completes { get; } = new(NotificationKind.OnCompleted);

    /// <summary>OnError comes; when the source failed, with the source's own exception.</summary>
    public static Reaction Fails { get; } = new(NotificationKind.OnError);

    internal NotificationKind? Terminal { get; }

    internal bool EmitsValues { get; private init; }

    internal bool IsLater { get; private init; }

    /// <summary>The same with at least one value in the answer: a flush, a value instead of an error.</summary>
    public Reaction WithValues() => this with { EmitsValues = true };

    /// <summary>The same with the terminal at a later instant than the source's, as for a delay.</summary>
    public Reaction Later() => this with { IsLater = true };

    /// <summary>The reaction in words, as the matrix prints it.</summary>
    public override string ToString() =>
        (Terminal switch { null => "stays open", NotificationKind.OnError => "fails", _ => "completes" })
        + (IsLater ? " later" : "") + (EmitsValues ? " with values" : " without values");
}
