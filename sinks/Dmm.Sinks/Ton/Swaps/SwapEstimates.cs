using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>What a pool says itself that a swap would bring, where no formula of ours is exact.</summary>
internal static class SwapEstimates
{
    /// <summary>Whether the pool gives the least output now. Of STON.fi it does: the swap was reckoned by the contract's own arithmetic.</summary>
    public static async Task<bool> IsGivenAsync(ITonNode node, FoundPool pool, SwapOrder order, CancellationToken cancellation)
    {
        if (pool is not FoundDedustPool { Place: var place }) return true;
        var offered = order.Side == Side.Buy ? DedustAsset.Native : new(place.BaseMinter);
        StackItem[] arguments = [offered.ToArgument(), StackItem.Number(order.Amount)];
        return await node.MethodAsync(pool.Pool, DedustEstimate.Method, arguments, cancellation)
            is VenueReply<ImmutableArray<StackItem>>.Accepted { Value: var answer }
            && DedustEstimate.TryRead(answer, out var estimate, out _)
            && estimate!.AssetOut == (order.Side == Side.Buy ? new(place.BaseMinter) : DedustAsset.Native)
            && estimate.AmountOut >= order.LeastOut;
    }
}
