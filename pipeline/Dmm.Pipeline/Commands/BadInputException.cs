namespace Dmm.Pipeline.Commands;

/// <summary>What the user gave cannot be used; all faults that could be found together.</summary>
internal class BadInputException(params IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
