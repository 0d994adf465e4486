using System.Collections.Immutable;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

/// <param name="Flows">One for each instrument of the catalogue, in its order.</param>
public sealed record VpinsState(ImmutableArray<VpinState> Flows)
{
    public static VpinsState Empty { get; } = new(Flows: []);
}

public static class VpinsOperator
{
    /// <summary>
    /// Order-flow imbalance of each instrument's public trades, over equal-volume buckets.
    /// <list type="table">
    /// <listheader><term>Event</term><description>Behaviour</description></listheader>
    /// <item><term>trade that fills a bucket, or several</term><description>one <see cref="VpinReading"/> after the last of them</description></item>
    /// <item><term>any other trade</term><description>nothing</description></item>
    /// <item><term>OnError, OnCompleted</term><description>forwarded at once</description></item>
    /// </list>
    /// </summary>
    public static IObservable<VpinReading> Vpins(
        this IObservable<Trade> trades, InstrumentCatalog instruments, ToxicityParameters parameters, StatePort<VpinsState> port) =>
        port.Lift(
            state => instruments.All
                .Select((_, i) => new Vpin(parameters, i < state.Flows.Length ? state.Flows[i] : VpinState.Empty(parameters)))
                .ToArray(),
            flows => new VpinsState([.. flows.Select(flow => flow.Capture())]),
            flows => trades
                .Where(trade => flows[trade.Instrument.Index]
                    .Add(trade.Aggressor, instruments[trade.Instrument].BaseQuantity(trade.SizeLots, trade.PriceTicks)))
                .Select(trade =>
                {
                    var flow = flows[trade.Instrument.Index];
                    return new VpinReading(trade.Instrument, flow.Imbalance, flow.IsReady, flow.IsToxic ? 1 + parameters.Widening : 1);
                }));
}
