namespace Dmm.Testing;

/// <summary>
/// What <see cref="OperatorMatrix"/> is to expect of an operator. The defaults fit most: silent while the source is, completes and fails with it
/// at the same instant, and adds nothing.
/// </summary>
public sealed record OperatorTraits
{
    /// <summary>
    /// The answer to a source that completes at the instant of the subscription, without a value. Values from the subscription itself count.
    /// </summary>
    public Reaction Empty { get; init; } = Reaction.Completes;

    /// <summary>
    /// The answer to a source that is silent for ever; it also allows an end in the silence after the sample. "Later" has no meaning here.
    /// </summary>
    public Reaction Never { get; init; } = Reaction.StaysOpen;

    /// <summary>
    /// The answer to an error that follows on the last value of the sample. After a part of it, values may be missing and the end be at once.
    /// </summary>
    public Reaction Error { get; init; } = Reaction.Fails;

    /// <summary>The answer to a completion that follows on the last value of the sample. After a part of it, as for <see cref="Error"/>.</summary>
    public Reaction Completion { get; init; } = Reaction.Completes;

    /// <summary>True when the operator ends of its own accord before the sample does, as <c>Take</c> does.</summary>
    public bool EndsEarly { get; init; }
}
