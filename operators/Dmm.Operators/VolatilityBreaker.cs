using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class VolatilityBreakerOperator
{
    /// <summary>
    /// Where the volatility breaker stands, whenever its demand changes: widen above σ_max, halt above its multiple and while the estimate is not
    /// ready.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; a starting state halts without saying so, as <see cref="TradingStatesState.Starting"/> knows |
    /// | estimate | judged at the scheduler's time; emits when the demand changes |
    /// | OnError | forwarded |
    /// | OnCompleted | completes |
    /// </summary>
    /// <param name="volatilities">Estimates at a steady cadence: a recovery needs one to prove it.</param>
    /// <param name="maxBps">σ_max, bps over the horizon.</param>
    /// <param name="parameters">k, the pause's multiple, and the way back.</param>
    /// <param name="port">The breaker's state; <see cref="VolatilityBreakerState.Starting"/> at first.</param>
    /// <param name="scheduler">The engine's clock.</param>
    public static IObservable<BreakerState> VolatilityBreaker(
        this IObservable<VolatilitySnapshot> volatilities, double maxBps, BreakerParameters parameters, StatePort<VolatilityBreakerState> port,
        IScheduler scheduler) =>
        BreakerRun<VolatilitySnapshot, VolatilityBreakerState>.Over(
            volatilities, state => new VolatilityBreaker(state, maxBps, parameters), port, scheduler);
}
