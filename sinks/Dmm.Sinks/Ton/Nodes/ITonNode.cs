using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Access to the chain, through one provider or several.</summary>
public interface ITonNode
{
    /// <summary>A wallet's number and balance, with a time of the chain that is not later than they are.</summary>
    Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation);

    /// <summary>Hands a message over. Accepted says that a node took it, and nothing of what the chain will do.</summary>
    Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation);

    /// <summary>What followed from an external message, by its normalised hash.</summary>
    Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation);
}

/// <summary>What an indexer knows of a message.</summary>
/// <param name="Trace">Null where it knows none.</param>
/// <param name="IndexedTo">Unix time in seconds up to which it knew the chain before it looked.</param>
public sealed record TraceLookup(Trace? Trace, uint IndexedTo);
