namespace Dmm.Pipeline.Pools;

/// <summary>Pools as they were asked for.</summary>
/// <param name="Pools">Each <c>KIND:ADDRESS</c>, with the base token's name behind it where the chain does not tell it.</param>
/// <param name="Node">Where a node is; null for the public one.</param>
/// <param name="Poll">How often it is asked; null for the ordinary interval.</param>
internal sealed record PoolArguments(IReadOnlyList<string> Pools, string? Node, string? Poll)
{
    public static readonly PoolArguments None = new([], Node: null, Poll: null);
}
