using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class GasRegimesOperator
{
    /// <summary>Whether gas is in a spike, by <see cref="GasRegime"/>; for pools only.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | a gas price | a step, then the state, if a spike began or ended with it |
    /// | OnError, OnCompleted | passed on |
    /// </remarks>
    /// <param name="prices">What a swap costs in gas.</param>
    /// <param name="port">Where the state starts from, and is read.</param>
    public static IObservable<GasRegimeState> GasRegimes(this IObservable<GasPrice> prices, StatePort<GasRegimeState> port) =>
        port.Lift(
            state => new StrongBox<GasRegimeState>(state),
            regime => regime.Value,
            regime => prices
                .Select(price =>
                {
                    var wasSpike = regime.Value.IsSpike;
                    regime.Value = GasRegime.Step(regime.Value, price);
                    return regime.Value.IsSpike == wasSpike ? null : (GasRegimeState?)regime.Value;
                })
                .WherePresent());
}
