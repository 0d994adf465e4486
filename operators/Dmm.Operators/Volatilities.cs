using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class VolatilitiesOperator
{
    /// <summary>The volatility of the fair value over the quoting horizon, by <see cref="EwmaVolatility"/>: one estimate for each sample.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | a sample that is ready | a step of the estimate, then the estimate |
    /// | a sample that is not ready | no step, then the estimate as it stands: not ready once the gap is longer than the half-life |
    /// | OnError, OnCompleted | passed on |
    /// </remarks>
    /// <param name="sampledOnGrid">Fair values at the ticks of the volatility grid.</param>
    /// <param name="parameters">The parameters in force; read at each sample.</param>
    /// <param name="port">Where the state starts from, and is read.</param>
    public static IObservable<VolatilitySnapshot> Volatilities(
        this IObservable<FairValue> sampledOnGrid, Func<QuotingParameters> parameters, StatePort<EwmaVolatilityState> port) =>
        port.Lift(
            state => new StrongBox<EwmaVolatilityState>(state),
            estimate => estimate.Value,
            estimate => sampledOnGrid.Select(sample =>
            {
                var set = parameters();
                if (sample.IsReady) estimate.Value = EwmaVolatility.Step(estimate.Value, sample.At, sample.Value, set.Volatility);
                return EwmaVolatility.Snapshot(estimate.Value, sample.At, set.Volatility, set.Quote.Horizon);
            }));
}
