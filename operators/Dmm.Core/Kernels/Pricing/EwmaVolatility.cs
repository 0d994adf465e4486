using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What <see cref="EwmaVolatility"/> keeps; the default value is a cold start.</summary>
public readonly record struct EwmaVolatilityState
{
    /// <summary>V, bps² per second.</summary>
    public double VarianceRate { get; init; }

    /// <summary>Sum of the weights that the returns so far have in V before they are scaled to 1; tends to 1.</summary>
    public double Weight { get; init; }

    /// <summary>Returns since the warm-up began.</summary>
    public int Returns { get; init; }

    /// <summary>The last price accepted; 0 before the first.</summary>
    public double LastPrice { get; init; }

    /// <summary>When that was.</summary>
    public Timestamp LastAt { get; init; }
}

/// <summary>
/// Exponentially weighted, zero-mean variance rate of log returns sampled on a grid: V ← (1−w)·V + w·x²/Δt with x = 10⁴·ln(m_i/m_{i−1}) and
/// w = 1 − 2^(−Δt/halfLife) (Hull, chapter "Estimating volatilities", with the half-life in place of λ).
/// During the warm-up w is divided by the sum of weights so far, so that V is a proper mean from the first return on: started from zero it would still be
/// half its true size when one half-life has passed. The factor tends to 1.
/// </summary>
public static class EwmaVolatility
{
    /// <summary>One step of an exponentially weighted mean: (1−weight)·mean + weight·sample.</summary>
    public static double Blend(double mean, double weight, double sample) => (1 - weight) * mean + weight * sample;

    /// <summary>
    /// Takes one sampled price. A price that is not finite and above zero is refused, as is one no later than the last: the state stays as it was, and the
    /// gap they leave counts. A gap longer than the half-life restarts the warm-up from this price.
    /// </summary>
    public static EwmaVolatilityState Step(in EwmaVolatilityState state, Timestamp at, double price, VolatilityParameters parameters)
    {
        if (!double.IsFinite(price) || price <= 0 || at <= state.LastAt) return state;
        var elapsed = at - state.LastAt;
        if (state.LastPrice == 0 || elapsed > parameters.HalfLife) return new() { LastPrice = price, LastAt = at };
        var returnBps = 1e4 * Math.Log(price / state.LastPrice);
        var weight = 1 - Math.Pow(2, -elapsed / parameters.HalfLife);
        var sum = Blend(state.Weight, weight, 1);
        return new()
        {
            VarianceRate = Blend(state.VarianceRate, weight / sum, returnBps * returnBps / elapsed.TotalSeconds),
            Weight = sum,
            Returns = state.Returns + 1,
            LastPrice = price,
            LastAt = at,
        };
    }

    /// <summary>
    /// The volatility over a horizon, √(V·T): raw, and clamped to σ_min and σ_max. Ready once the returns span a half-life of the grid, and for as long as
    /// the last sample is no older than a half-life.
    /// </summary>
    /// <param name="state">The estimate.</param>
    /// <param name="now">Engine time of the question.</param>
    /// <param name="parameters">Half-life, grid and clamp.</param>
    /// <param name="horizon">T.</param>
    public static VolatilitySnapshot Snapshot(in EwmaVolatilityState state, Timestamp now, VolatilityParameters parameters, TimeSpan horizon)
    {
        var raw = Quantised.Bps(Math.Sqrt(state.VarianceRate * horizon.TotalSeconds));
        var isWarm = state.Returns * parameters.Grid.Ticks >= parameters.HalfLife.Ticks;
        return new(Quantised.Bps(state.VarianceRate), raw, Math.Clamp(raw, parameters.MinBps, parameters.MaxBps),
            isWarm && now - state.LastAt <= parameters.HalfLife);
    }
}
