namespace Dmm.Sinks.Ton;

/// <summary>A contract was not heard, or told something else than was expected; the text says which contract, which method and why.</summary>
public sealed class ContractException(string reason) : IOException(reason);
