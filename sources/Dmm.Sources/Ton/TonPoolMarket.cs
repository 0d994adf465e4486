using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sources.Ton;

/// <summary>The last block that a node knows.</summary>
public delegate Task<VenueReply<ChainHead>> ChainHeads(CancellationToken cancellation);

/// <summary>A pool as a market.</summary>
/// <param name="Instrument">A pool against TON; its base token has nine decimals, as TON has.</param>
/// <param name="Look">What the pool shows now: at least as new as the head that was told before.</param>
public sealed record TonPoolMarket(Instrument Instrument, Func<CancellationToken, Task<VenueReply<PoolSight>>> Look);
