using System.Collections.Immutable;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sinks;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Running;

/// <summary>
/// Hands orders to their venue's order path as they leave the engine, and keeps count of those that may rest. Belongs to the engine's thread, but for
/// <see cref="OpenOrders"/>.
/// </summary>
/// <param name="paths">The order path of each instrument, in the catalogue's order; null for one that is not quoted.</param>
/// <param name="latency">Told of frames and orders.</param>
/// <param name="watch">Everybody who watches.</param>
/// <param name="left">Orders of an earlier process that may rest.</param>
internal sealed class LiveOrderSink(
    ImmutableArray<VenueOrders?> paths, OrderLatency latency, IDeskWatch watch, IEnumerable<LiveOrder> left) : IDecisionSink
{
    private LiveOrdersState _live = new([.. left]);
    private int _openOrders;

    /// <summary>Orders that were sent and have not ended, as far as the engine has heard.</summary>
    public int OpenOrders => Volatile.Read(ref _openOrders);

    public void OnInput(in Stamp stamp, in Input input)
    {
        latency.OnInput(stamp, input);
        if (input.Kind == InputKind.Control && input.Control is OrderUpdate update)
        {
            paths[update.Instrument.Index]?.Heard(update);
            Count(LiveOrders.Step(_live, update));
        }

        watch.OnInput(stamp, input);
    }

    public void OnDecision(in Decision decision)
    {
        if (decision.Body is OrderIntent intent)
        {
            latency.OnIntent(decision.Cause, intent);
            Count(LiveOrders.Step(_live, intent, decision.Cause.At, halfSpreadBps: 0));
            // The order path waits for the engine to take its reports; the engine must not wait for it in turn.
            if (paths[intent.Instrument.Index]?.TrySend(intent) != true)
                throw new InvalidOperationException("the venue's order path takes no more orders: it has ended, or is hopelessly behind");
        }

        watch.OnDecision(decision);
        watch.Show(decision.Cause.At);
    }

    private void Count(LiveOrdersState live)
    {
        _live = live;
        Volatile.Write(ref _openOrders, live.Orders.Length);
    }
}
