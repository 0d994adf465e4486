using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What <see cref="GasRegime"/> keeps; the default value is a cold start, which counts as ordinary.</summary>
public readonly record struct GasRegimeState
{
    /// <summary>The usual cost of a swap, TON; 0 before the first price.</summary>
    public double BaselineTon { get; init; }

    /// <summary>The last cost of a swap, TON.</summary>
    public double LatestTon { get; init; }

    /// <summary>Exchange time of that.</summary>
    public Timestamp At { get; init; }

    /// <summary>Whether gas is in a spike.</summary>
    public bool IsSpike { get; init; }
}

/// <summary>
/// Tells when gas on TON is dear against its own baseline, an exponential mean with a half-life of an hour. A spike begins at twice the baseline and ends
/// below one and a half times of it. While it lasts, pools refresh half as often and keep only the nearest rung: the fee budget is
/// spared, and the top of the book stays ours. The baseline follows on through a spike, so that a lasting change becomes the usual cost.
/// </summary>
public static class GasRegime
{
    private const int SpikeCadenceMultiplier = 2;
    private const int SpikeTiers = 1;
    private const double BeginsAt = 2;
    private const double EndsBelow = 1.5;

    private static readonly TimeSpan BaselineHalfLife = TimeSpan.FromHours(1);

    /// <summary>Takes one gas price. One that is not above zero, or not later than the last, is refused: the state stays as it was.</summary>
    public static GasRegimeState Step(in GasRegimeState state, GasPrice price)
    {
        if (price.TonPerSwap <= 0 || price.VenueTime <= state.At) return state;
        var latest = (double)price.TonPerSwap;
        if (state.BaselineTon == 0) return new() { BaselineTon = latest, LatestTon = latest, At = price.VenueTime };
        var multiple = latest / state.BaselineTon;
        var weight = 1 - Math.Pow(2, -(price.VenueTime - state.At) / BaselineHalfLife);
        return new()
        {
            BaselineTon = Quantised.Bps(EwmaVolatility.Blend(state.BaselineTon, weight, latest)),
            LatestTon = latest,
            At = price.VenueTime,
            IsSpike = state.IsSpike ? multiple >= EndsBelow : multiple >= BeginsAt,
        };
    }

    /// <summary>Every how many refresh intervals a pool is quoted anew.</summary>
    public static int CadenceMultiplier(in GasRegimeState state) => state.IsSpike ? SpikeCadenceMultiplier : 1;

    /// <summary>How many rungs of the ladder a pool keeps, nearest first.</summary>
    public static int Tiers(in GasRegimeState state, QuoteParameters parameters) => state.IsSpike ? SpikeTiers : parameters.LevelMultiples.Length;

    /// <summary>
    /// Whether a refresh tick of a pool is due in this regime: each one ordinarily, in a spike those on the coarser grid. It follows from the tick alone,
    /// so that the phase survives a restart.
    /// </summary>
    public static bool IsRefreshDue(in GasRegimeState state, Timestamp tick, TimeSpan refreshInterval) =>
        tick.Ticks % (refreshInterval.Ticks * CadenceMultiplier(state)) == 0;
}
