using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Looks at pools, as one feed takes them: the head first, then each pool of that head's teller, so that what a pool shows is at least as new as the
/// head, whoever else there is to ask. Not for two feeds.
/// </summary>
/// <param name="node">Who is asked: of several, each look asks one.</param>
public sealed class PoolLooks(ITonNode node)
{
    private ITonNode? _teller;

    /// <summary>Begins a look.</summary>
    public async Task<VenueReply<ChainHead>> HeadAsync(CancellationToken cancellation)
    {
        var reply = await node.HeadAsync(cancellation);
        if (reply is VenueReply<NodeHead>.Accepted { Value: var told }) _teller = told.Teller;
        return reply.Select(told => told.Head);
    }

    /// <summary>What a pool shows, as of the block of the look or a later one.</summary>
    public async Task<VenueReply<PoolSight>> LookAsync(FoundPool pool, CancellationToken cancellation) =>
        (await (_teller ?? node).MethodAsync(pool.Pool, pool.Method, [], cancellation)).Select(answer => pool.Read(answer));
}
