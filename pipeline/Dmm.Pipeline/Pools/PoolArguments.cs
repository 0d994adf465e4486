namespace Dmm.Pipeline.Pools;

/// <summary>Pools as they were asked for.</summary>
/// <param name="Pools">Each <c>KIND:ADDRESS</c>, with the base token's name behind it where the chain does not tell it.</param>
/// <param name="Nodes">Who is asked, in the order of preference; the public one of toncenter where nobody is named.</param>
/// <param name="Poll">How often they are asked; null for the ordinary interval.</param>
internal sealed record PoolArguments(IReadOnlyList<string> Pools, IReadOnlyList<string> Nodes, string? Poll)
{
    public static readonly PoolArguments None = new([], Nodes: [], Poll: null);

    /// <summary>Those that trade there, each <c>EXCHANGE=FILE</c>; pools without one are priced from alone.</summary>
    public IReadOnlyList<string> Wallets { get; init; } = [];
}
