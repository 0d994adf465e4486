using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

public readonly record struct VolatilityBreakerState(bool IsWarmingUp, HysteresisState Widen, HysteresisState Pause)
{
    /// <summary>Before the first estimate: warming up, which halts.</summary>
    public static readonly VolatilityBreakerState Starting = new(true, default, default);
}

/// <summary>
/// Volatility spike. Compares the unclamped σ_T with σ_max: widens by k above it, pauses above its multiple; either recovers by itself through
/// <see cref="Hysteresis"/>. An estimate that is not ready halts and forgets what came before; the first ready one is judged afresh.
/// A value that is not a finite number pauses.
/// </summary>
public sealed class VolatilityBreaker(VolatilityBreakerState initial, double maxBps, BreakerParameters parameters)
    : IBreaker<VolatilitySnapshot, VolatilityBreakerState>
{
    /// <summary>Holds before the first estimate, and is not announced.</summary>
    public static readonly BreakerState WarmingUp = new()
    {
        Kind = BreakerKind.Volatility, Subject = BreakerSubjects.Asset, Demand = TradingState.Halted, Multiplier = 1, Value = 0, Threshold = 0,
        Reason = "volatility is warming up",
    };

    private readonly double _pauseBps = maxBps * parameters.VolatilityPauseMultiple;
    private VolatilityBreakerState _state = initial;

    public VolatilityBreakerState Capture() => _state;

    public ImmutableArray<BreakerState> Take(in VolatilitySnapshot volatility, Timestamp now)
    {
        var before = _state;
        var raw = volatility.RawVolatilityBps;
        _state = volatility.IsReady
            ? new(false, Hysteresis.Step(before.Widen, raw, maxBps, parameters, now), Hysteresis.Step(before.Pause, raw, _pauseBps, parameters, now))
            : VolatilityBreakerState.Starting;
        var demand = Demand(_state);
        if (demand == Demand(before)) return [];
        return _state.IsWarmingUp ? [WarmingUp] : [Describe(raw, demand, before)];
    }

    private static TradingState Demand(in VolatilityBreakerState state) =>
        state.IsWarmingUp || state.Pause.IsTripped ? TradingState.Halted
        : state.Widen.IsTripped ? TradingState.Widened
        : TradingState.Active;

    private BreakerState Describe(double raw, TradingState demand, in VolatilityBreakerState before) => new()
    {
        Kind = BreakerKind.Volatility,
        Subject = BreakerSubjects.Asset,
        Demand = demand,
        Multiplier = demand == TradingState.Widened ? parameters.VolatilityWiden : 1,
        Value = double.IsFinite(raw) ? Quantised.Bps(raw) : 0,
        Threshold = demand == TradingState.Halted ? _pauseBps : maxBps,
        Reason = demand switch
        {
            TradingState.Halted when !double.IsFinite(raw) => "volatility is not a finite number: quoting pauses",
            TradingState.Halted => Text($"volatility {raw:F2} bps is above {_pauseBps:F2} bps: quoting pauses"),
            TradingState.Widened when raw > maxBps =>
                Text($"volatility {raw:F2} bps is above {maxBps:F2} bps: half-spread × {parameters.VolatilityWiden:0.##}"),
            TradingState.Widened =>
                Text($"volatility {raw:F2} bps is below the pause but not back at {Calm:F2} bps: half-spread × {parameters.VolatilityWiden:0.##}"),
            _ when before.IsWarmingUp => Text($"volatility is ready at {raw:F2} bps"),
            _ => Text($"volatility {raw:F2} bps, at or below {Calm:F2} bps for {parameters.RecoverAfter.TotalSeconds:0.##} s"),
        },
    };

    private double Calm => Hysteresis.RecoverBelow(maxBps, parameters);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
