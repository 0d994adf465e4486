using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Either a fair value or a fill, both in the numeraire per base asset.</summary>
public readonly record struct SlippageInput
{
    public SlippageInput(double fairValue) => FairValue = fairValue;

    public SlippageInput(in ValuedFill fill) => Fill = fill;

    /// <summary>0 or not finite when it is not known.</summary>
    public double FairValue { get; }

    /// <summary>Null when this is a fair value.</summary>
    public ValuedFill? Fill { get; }
}

/// <param name="Twap">The reference.</param>
/// <param name="LastBreach">When the latest fill came that holds the guard; none at rest.</param>
public sealed record SlippageGuardState(TwapState Twap, Timestamp LastBreach)
{
    public static readonly SlippageGuardState Starting = new(TwapState.Empty, Timestamp.None);
}

/// <summary>
/// Slippage: a fill farther than <see cref="BreakerParameters.SlippageBps"/>, to either side, from the time-weighted average of the fair value over
/// <see cref="BreakerParameters.TwapWindow"/> halts the whole asset: what one venue was filled at is what the others are about to be.
/// A halted pipeline has no more fills that could prove calm, so the way back is time: <see cref="BreakerParameters.RecoverAfter"/> after the last
/// fill that breached, at that very instant. While halted, a late fill beyond <see cref="BreakerParameters.RecoverFraction"/> of the limit starts
/// that time again. A fill that cannot be compared (no fair value within the window, a price that is not a positive number) counts as a breach.
/// </summary>
public sealed class SlippageGuard : IBreaker<SlippageInput, SlippageGuardState>
{
    private readonly InstrumentCatalog _instruments;
    private readonly BreakerParameters _parameters;
    private readonly Twap _twap;
    private Timestamp _lastBreach;

    public SlippageGuard(SlippageGuardState initial, InstrumentCatalog instruments, BreakerParameters parameters)
    {
        _instruments = instruments;
        _parameters = parameters;
        _twap = new(initial.Twap, parameters.TwapWindow);
        _lastBreach = initial.LastBreach;
    }

    public SlippageGuardState Capture() => new(_twap.Capture(), _lastBreach);

    public Timestamp NextDue => _lastBreach.IsKnown ? _lastBreach + _parameters.RecoverAfter : Timestamp.None;

    public ImmutableArray<BreakerState> Take(in SlippageInput input, Timestamp now)
    {
        if (input.Fill is { } fill) return Take(fill, now);
        _twap.Add(input.FairValue, now);
        return [];
    }

    public ImmutableArray<BreakerState> Elapse(Timestamp now)
    {
        if (!_lastBreach.IsKnown || now < NextDue) return [];
        _lastBreach = Timestamp.None;
        return [Describe(TradingState.Active, 0, Text($"no fill breached for {_parameters.RecoverAfter.TotalSeconds:0.##} s"))];
    }

    private ImmutableArray<BreakerState> Take(in ValuedFill fill, Timestamp now)
    {
        var average = _twap.Average(now);
        var deviation = average is { } reference && fill.Price > 0 ? Quantised.Bps(Math.Abs(fill.Price / reference - 1) * 1e4) : double.NaN;
        var limit = _parameters.SlippageBps;
        if (deviation <= (_lastBreach.IsKnown ? Hysteresis.RecoverBelow(limit, _parameters) : limit)) return [];
        var wasTripped = _lastBreach.IsKnown;
        _lastBreach = now;
        if (wasTripped) return [];
        var name = $"{(fill.Side == Side.Buy ? "buy" : "sell")} on {_instruments[fill.Instrument].Name}";
        var twap = Text($"{_parameters.TwapWindow.TotalSeconds:0.##} s average");
        return [double.IsFinite(deviation)
            ? Describe(TradingState.Halted, deviation,
                Text($"{name} at {fill.Price:0.########} is {deviation:F2} bps from the {twap} {average:0.########}, limit {limit:F2} bps: no refresh"))
            : Describe(TradingState.Halted, 0, Text($"{name} cannot be held against a {twap}: no refresh"))];
    }

    private BreakerState Describe(TradingState demand, double deviationBps, string reason) => new()
    {
        Kind = BreakerKind.Slippage, Subject = BreakerSubjects.Asset, Demand = demand, Multiplier = 1, Value = deviationBps,
        Threshold = _parameters.SlippageBps, Reason = reason,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
