using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Access to the chain, through one provider or several. Nothing throws but for our own mistakes and when cancelled: what a provider
/// says that cannot be used is <see cref="VenueReply{T}.Unknown"/> with the reason.</summary>
public interface ITonNode
{
    /// <summary>How far the chain is known, and by whom.</summary>
    Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation);

    /// <summary>A wallet's number and balance, with a time of the chain that is not later than they are.</summary>
    Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation);

    /// <summary>Hands a message over. Accepted says that a node took it, and nothing of what the chain will do.</summary>
    Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation);

    /// <summary>What followed from an external message, by its normalised hash.</summary>
    Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation);

    /// <summary>Asks a contract; <see cref="StackReader"/> reads what it says.</summary>
    /// <exception cref="ArgumentException">An argument is neither number nor cell nor slice.</exception>
    Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation);

    /// <summary>An owner's jettons, in the smallest units.</summary>
    Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation);
}

/// <summary>The last block of the masterchain that a provider knows.</summary>
/// <param name="Head">The block.</param>
/// <param name="Teller">
/// The one provider that told it: what it is asked after that, it tells as of that block or a later one. What another tells may be older.
/// </param>
public sealed record NodeHead(ChainHead Head, ITonNode Teller);

/// <summary>What an indexer knows of a message.</summary>
/// <param name="Trace">Null where it knows none.</param>
/// <param name="IndexedTo">Unix time in seconds up to which it knew the chain before it looked.</param>
public sealed record TraceLookup(Trace? Trace, uint IndexedTo);
