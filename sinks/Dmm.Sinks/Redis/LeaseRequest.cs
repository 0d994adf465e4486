namespace Dmm.Sinks.Redis;

/// <summary>For which asset a lease is asked.</summary>
/// <param name="Asset">The traded asset.</param>
/// <param name="Node">Name of the process; one that asks again, having been restarted, gets the asset at once with a new epoch.</param>
/// <param name="FloorEpoch">The highest epoch that the journal knows of, read anew each time the store is asked; 0 for none.</param>
public sealed record LeaseRequest(string Asset, string Node, int FloorEpoch)
{
    /// <summary>How long the server keeps the asset for a node that is silent.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(5);

    internal void Check(TimeSpan shortest)
    {
        if (Asset.Length == 0) throw new ArgumentException("a lease needs the name of an asset");
        if (Node.Length == 0) throw new ArgumentException($"a lease of {Asset} needs the name of a node");
        ArgumentOutOfRangeException.ThrowIfNegative(FloorEpoch);
        ArgumentOutOfRangeException.ThrowIfLessThan(Ttl, shortest);
    }
}
