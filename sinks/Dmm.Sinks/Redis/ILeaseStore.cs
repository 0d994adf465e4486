using Dmm.Core.Ports;

namespace Dmm.Sinks.Redis;

/// <summary>Who owns an asset, as one server keeps it. Each call is atomic there; it may be carried out though its answer never came.</summary>
public interface ILeaseStore
{
    /// <summary>
    /// Gives the asset to the node with an epoch above the stored one and the floor, if nobody holds it, or the node itself does.
    /// A store that may have forgotten an owner (it is empty, or began anew) gives it to nobody for one <paramref name="ttl"/>, in which an owner
    /// that is alive renews.
    /// </summary>
    /// <exception cref="SinkException">The store cannot be reached; the request may have been carried out.</exception>
    Task<LeaseGrant> AcquireAsync(string asset, string node, int floorEpoch, TimeSpan ttl);

    /// <summary>
    /// Prolongs the ownership to one <paramref name="ttl"/> from now; also where the store has forgotten it, unless a higher epoch was given.
    /// </summary>
    /// <returns>The asset is still the node's; false where another holds it, or a higher epoch was given.</returns>
    /// <exception cref="SinkException">The store cannot be reached; the request may have been carried out.</exception>
    Task<bool> RenewAsync(string asset, string node, int epoch, TimeSpan ttl);

    /// <summary>Gives the asset up, if the node holds it with that epoch.</summary>
    /// <exception cref="SinkException">The store cannot be reached.</exception>
    Task ReleaseAsync(string asset, string node, int epoch);
}

/// <summary>How a store answers who asks for an asset.</summary>
/// <param name="Epoch">The epoch given; 0 where it was not given.</param>
/// <param name="Holder">Who holds it instead; empty where nobody may yet.</param>
/// <param name="HeldFor">How long that lasts if it is not renewed.</param>
public readonly record struct LeaseGrant(int Epoch, string Holder, TimeSpan HeldFor);
