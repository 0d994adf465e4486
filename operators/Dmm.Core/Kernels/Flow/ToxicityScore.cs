using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>The fills of one side of one instrument. The default has seen none.</summary>
/// <param name="HasScore">A fill was scored, so that <paramref name="Score"/> means something.</param>
/// <param name="Score">Moving average of scores, bps/s.</param>
/// <param name="Consecutive">Toxic fills in a row.</param>
/// <param name="IsWidening">The spread is widened.</param>
/// <param name="CyclesLeft">Refresh cycles that it stays so at least.</param>
/// <param name="IsQuiet">No fill was scored since the last refresh cycle.</param>
public readonly record struct ToxicFlowState(bool HasScore, double Score, int Consecutive, bool IsWidening, int CyclesLeft, bool IsQuiet);

/// <param name="Flows">Buy side, then sell side, of each instrument of the catalogue, in its order.</param>
public sealed record ToxicityState(ImmutableArray<ToxicFlowState> Flows)
{
    public static ToxicityState Empty { get; } = new(Flows: []);
}

/// <summary>
/// Score of a fill: how far the mid moved against us within the horizon, over the time to fill, times the venue's coefficient. A move in our favour
/// counts below zero, so that plain volatility averages out. M fills in a row that leave the moving average above the threshold widen the spread for
/// N refresh cycles, and each further one begins the N anew. The way back: N cycles are over and the average is below <see cref="RecoverFraction"/>
/// of the threshold. From then on a cycle without a fill counts as a fill of score 0; otherwise a widening that ends all fills would never end
/// itself.
/// </summary>
public sealed class ToxicityScore
{
    /// <summary>Share of the threshold below which a widening may end.</summary>
    public const double RecoverFraction = 0.8;

    private readonly ToxicityParameters _parameters;
    private readonly ImmutableArray<double> _coefficients;
    private readonly ToxicFlowState[] _flows;
    private readonly double _weight;

    public ToxicityScore(QuotingParameters parameters, ToxicityState state)
    {
        _parameters = parameters.Toxicity;
        _coefficients = [.. parameters.Venues.Select(v => v.ToxicityCoefficient)];
        _flows = new ToxicFlowState[2 * _coefficients.Length];
        state.Flows.CopyTo(_flows);
        _weight = 1 - Math.Pow(2, -1 / _parameters.HalfLifeFills);
    }

    /// <summary>
    /// Scores a maker fill by its markout at <see cref="ToxicityParameters.ScoreHorizon"/>; null for any other markout, and where the mid at the fill
    /// or the time to fill is not known.
    /// </summary>
    public Toxicity? Score(in Markout markout)
    {
        if (!markout.IsMaker || markout.Horizon != _parameters.ScoreHorizon) return null;
        if (markout is not { MidMoveBps: { } move, TimeToFill: { } rested }) return null;
        var seconds = Math.Max(rested.TotalSeconds, _parameters.MinimumTimeToFill.TotalSeconds);
        var score = -move / seconds * _coefficients[markout.Instrument.Index];

        ref var flow = ref _flows[IndexOf(markout.Instrument, markout.Side)];
        var average = flow.HasScore ? flow.Score + _weight * (score - flow.Score) : score;
        var consecutive = Quantised.Bps(average) > _parameters.ThresholdBpsPerSecond ? flow.Consecutive + 1 : 0;
        var starts = consecutive >= _parameters.ConsecutiveFills;
        flow = new(true, average, consecutive, flow.IsWidening || starts, starts ? _parameters.WideningCycles : flow.CyclesLeft, IsQuiet: false);
        return Describe(markout.Instrument, markout.Side, flow);
    }

    /// <summary>A refresh cycle of one side of an instrument is over; says so when its widening ends with it, else null.</summary>
    public Toxicity? Cycle(InstrumentId instrument, Side side)
    {
        ref var flow = ref _flows[IndexOf(instrument, side)];
        var wasWidening = flow.IsWidening;
        var isOver = wasWidening && flow.CyclesLeft == 0;
        if (isOver && flow.IsQuiet) flow = flow with { Score = flow.Score * (1 - _weight) };
        flow = flow with { CyclesLeft = Math.Max(0, flow.CyclesLeft - 1), IsQuiet = true };
        if (wasWidening && flow.CyclesLeft == 0 && Quantised.Bps(flow.Score) < RecoverFraction * _parameters.ThresholdBpsPerSecond)
            flow = flow with { IsWidening = false, Consecutive = 0 };
        return wasWidening && !flow.IsWidening ? Describe(instrument, side, flow) : null;
    }

    public ToxicityState Capture() => new([.. _flows]);

    private static int IndexOf(InstrumentId instrument, Side side) => 2 * instrument.Index + (int)side;

    private Toxicity Describe(InstrumentId instrument, Side side, in ToxicFlowState flow)
    {
        var multiplier = flow.IsWidening ? 1 + _parameters.Widening : 1;
        var (threshold, needed) = (_parameters.ThresholdBpsPerSecond, _parameters.ConsecutiveFills);
        var compared = string.Create(CultureInfo.InvariantCulture,
            $"score {flow.Score:F2} bps/s, threshold {threshold:F2}, {flow.Consecutive} of {needed} fills above");
        return new()
        {
            Instrument = instrument,
            Side = side,
            ScoreBpsPerSecond = Quantised.Bps(flow.Score),
            Multiplier = multiplier,
            CyclesLeft = flow.CyclesLeft,
            Reason = flow.IsWidening
                ? string.Create(CultureInfo.InvariantCulture, $"widened ×{multiplier:F2} for {flow.CyclesLeft} cycles at least: {compared}")
                : $"not widened: {compared}",
        };
    }
}
