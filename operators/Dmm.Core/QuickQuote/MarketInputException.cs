namespace Dmm.Core.QuickQuote;

/// <summary>One refused market input.</summary>
/// <param name="Name">The input in snake_case, as it is written in telemetry; <c>(root)</c> for the JSON value that should hold them all.</param>
/// <param name="Given">What stood there, printable and at most about 60 characters; <c>nothing</c> when the input is missing.</param>
/// <param name="Expected">What would have been accepted.</param>
public sealed record MarketInputFault(string Name, string Given, string Expected)
{
    public override string ToString() => $"{Name}: given {Given}, expected {Expected}";
}

/// <summary>Market inputs that cannot be quoted on. The message has one line a fault.</summary>
public sealed class MarketInputException(IReadOnlyList<MarketInputFault> faults)
    : Exception("Market inputs refused:\n" + string.Join('\n', faults))
{
    /// <summary>Every fault found, in the order of the inputs.</summary>
    public IReadOnlyList<MarketInputFault> Faults { get; } = faults;
}
