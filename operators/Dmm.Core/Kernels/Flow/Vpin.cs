using System.Collections.Immutable;

namespace Dmm.Core.Kernels;

/// <summary>The flow of one instrument. Volumes are in the base asset.</summary>
/// <param name="BucketVolume">Volume of each bucket; another one in the parameters restarts the window.</param>
/// <param name="Imbalances">|bought − sold| of each full bucket of the window, oldest first.</param>
/// <param name="Bought">Volume of buyers in the bucket being filled.</param>
/// <param name="Sold">Volume of sellers in it.</param>
/// <param name="BucketsFilled">Since the beginning, also those that left the window.</param>
/// <param name="IsToxic">The imbalance was above the threshold and has not yet come back.</param>
public sealed record VpinState(
    double BucketVolume, ImmutableArray<double> Imbalances, double Bought, double Sold, long BucketsFilled, bool IsToxic)
{
    public static VpinState Empty(ToxicityParameters parameters) => new((double)parameters.VpinBucketVolume, [], 0, 0, 0, false);
}

/// <summary>
/// Volume-synchronised probability of informed trading (Easley, López de Prado, O'Hara 2012), with the venue's aggressor side in place of bulk
/// classification: mean |bought − sold| over bucket volume, over a window of equal-volume buckets. A trade larger than what is left of a bucket is
/// split, across several if need be. Toxic above the threshold once the window is full; no longer below <see cref="ToxicityScore.RecoverFraction"/>
/// of it.
/// </summary>
public sealed class Vpin
{
    private readonly double _bucketVolume;
    private readonly double _threshold;
    private readonly double[] _window;
    private int _oldest;
    private int _full;
    private double _bought;
    private double _sold;

    public Vpin(ToxicityParameters parameters, VpinState state)
    {
        _bucketVolume = (double)parameters.VpinBucketVolume;
        _threshold = parameters.VpinThreshold;
        _window = new double[parameters.VpinBuckets];
        if (state.BucketVolume != _bucketVolume) state = VpinState.Empty(parameters);
        foreach (var imbalance in state.Imbalances) Append(imbalance);
        (_bought, _sold, BucketsFilled, IsToxic) = (state.Bought, state.Sold, state.BucketsFilled, state.IsToxic);
    }

    public long BucketsFilled { get; private set; }

    public bool IsToxic { get; private set; }

    public bool IsReady => _full == _window.Length;

    /// <summary>0 to 1; 0 before the first bucket is full.</summary>
    public double Imbalance { get; private set; }

    /// <summary>Volume in the bucket that is being filled.</summary>
    public double PartialVolume => _bought + _sold;

    /// <summary>Adds a trade of that base volume, above zero; true when it filled a bucket.</summary>
    public bool Add(Side aggressor, double volume)
    {
        var filledBefore = BucketsFilled;
        while (true)
        {
            var room = _bucketVolume - PartialVolume;
            var part = Math.Min(volume, room);
            if (aggressor == Side.Buy) _bought += part;
            else _sold += part;
            if (volume < room) break;
            volume -= part;
            CloseBucket();
            SkipWhatLeavesTheWindow(ref volume);
        }

        if (BucketsFilled == filledBefore) return false;
        Measure();
        return true;
    }

    public VpinState Capture() => new(_bucketVolume, [.. InOrder()], _bought, _sold, BucketsFilled, IsToxic);

    private IEnumerable<double> InOrder() => Enumerable.Range(0, _full).Select(i => _window[(_oldest + i) % _window.Length]);

    private void CloseBucket()
    {
        Append(Math.Abs(_bought - _sold));
        BucketsFilled++;
        (_bought, _sold) = (0, 0);
    }

    /// <summary>
    /// A trade of more buckets than the window holds costs no more than the window: the buckets that would leave it are only counted.
    /// </summary>
    private void SkipWhatLeavesTheWindow(ref double volume)
    {
        var skipped = Math.Floor(volume / _bucketVolume) - _window.Length;
        if (skipped <= 0) return;
        volume -= skipped * _bucketVolume;
        BucketsFilled += (long)skipped;
    }

    private void Append(double imbalance)
    {
        if (_full < _window.Length)
        {
            _window[(_oldest + _full++) % _window.Length] = imbalance;
        }
        else
        {
            _window[_oldest] = imbalance;
            _oldest = (_oldest + 1) % _window.Length;
        }
    }

    private void Measure()
    {
        var sum = 0.0;
        for (var i = 0; i < _full; i++) sum += _window[(_oldest + i) % _window.Length];
        Imbalance = Quantised.Bps(sum / (_full * _bucketVolume));
        IsToxic = IsReady && Imbalance > _threshold * (IsToxic ? ToxicityScore.RecoverFraction : 1);
    }
}
