namespace Dmm.Core.Messages;

/// <summary>A message with the judgement on its event time. A refused one goes on too, so that who lacks it knows.</summary>
/// <param name="Value">The message.</param>
/// <param name="Refusal">Why it was refused; null when it was accepted.</param>
/// <param name="IsMissing">It was refused and something is lost by it; false for one that a newer state had already replaced.</param>
public readonly record struct Guarded<T>(T Value, Rejected? Refusal, bool IsMissing)
{
    public bool IsAccepted => Refusal is null;
}
