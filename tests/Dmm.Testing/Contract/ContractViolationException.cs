namespace Dmm.Testing;

/// <summary>An observable broke a rule of Rx. The message says which, where, and what happened.</summary>
/// <param name="rule">The rule that was broken.</param>
/// <param name="where">The observable: its expression, and the file and line at which it was validated.</param>
/// <param name="happened">What was seen instead.</param>
/// <param name="cause">The exception that Subscribe threw, if that is what happened.</param>
public sealed class ContractViolationException(ContractRule rule, string where, string happened, Exception? cause = null)
    : Exception($"{rule} broken by {where}: {happened}", cause)
{
    /// <summary>The rule that was broken.</summary>
    public ContractRule Rule { get; } = rule;

    /// <summary>The observable that broke it.</summary>
    public string Where { get; } = where;
}
