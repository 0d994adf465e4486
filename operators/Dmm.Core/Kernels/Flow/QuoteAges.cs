using System.Collections.Immutable;

namespace Dmm.Core.Kernels;

/// <summary>How long a quote rested; a censored one ended without a fill.</summary>
public readonly record struct QuoteAgeObservation(TimeSpan Age, bool IsFilled) : IComparable<QuoteAgeObservation>
{
    /// <summary>By age; at the same age fills come first, as the estimate takes it that the censored one would have lived on.</summary>
    public int CompareTo(QuoteAgeObservation other)
    {
        var byAge = Age.CompareTo(other.Age);
        return byAge != 0 ? byAge : other.IsFilled.CompareTo(IsFilled);
    }
}

/// <param name="Observations">Oldest first.</param>
/// <param name="Limit">As of the last fill; null while not known.</param>
public sealed record QuoteAgesState(ImmutableArray<QuoteAgeObservation> Observations, TimeSpan? Limit)
{
    public static QuoteAgesState Empty { get; } = new([], null);
}

/// <summary>
/// The age beyond which a resting quote of one venue is too old: a quantile of its time to fill over the last <see cref="ObservationsMaximum"/>
/// quotes, our own cancels censored. Not known before the minimum of fills, never below twice the refresh interval. Estimated anew at each fill.
/// </summary>
public sealed class QuoteAges
{
    /// <summary>Quotes remembered per venue.</summary>
    public const int ObservationsMaximum = 4_096;

    private readonly OrderParameters _parameters;
    private readonly TimeSpan _floor;
    private readonly Queue<QuoteAgeObservation> _oldestFirst = new(ObservationsMaximum);
    private readonly QuoteAgeObservation[] _sorted = new QuoteAgeObservation[ObservationsMaximum];
    private int _fills;

    public QuoteAges(OrderParameters parameters, TimeSpan refreshInterval, QuoteAgesState state)
    {
        _parameters = parameters;
        _floor = 2 * refreshInterval;
        foreach (var observation in state.Observations) Insert(observation);
        Limit = state.Limit;
    }

    public TimeSpan? Limit { get; private set; }

    public void Observe(QuoteAgeObservation observation)
    {
        if (_oldestFirst.Count == ObservationsMaximum) Remove(_oldestFirst.Dequeue());
        Insert(observation);
        if (observation.IsFilled) Limit = Estimate();
    }

    public QuoteAgesState Capture() => new([.. _oldestFirst], Limit);

    private TimeSpan? Estimate()
    {
        if (_fills < _parameters.QuoteAgeMinimumFills) return null;
        return KaplanMeier.Quantile(_sorted.AsSpan(0, _oldestFirst.Count), _parameters.QuoteAgeQuantile) is { } age
            ? age > _floor ? age : _floor
            : null;
    }

    private void Insert(QuoteAgeObservation observation)
    {
        var count = _oldestFirst.Count;
        var at = Array.BinarySearch(_sorted, 0, count, observation);
        if (at < 0) at = ~at;
        Array.Copy(_sorted, at, _sorted, at + 1, count - at);
        _sorted[at] = observation;
        _oldestFirst.Enqueue(observation);
        if (observation.IsFilled) _fills++;
    }

    private void Remove(QuoteAgeObservation observation)
    {
        var at = Array.BinarySearch(_sorted, 0, _oldestFirst.Count + 1, observation);
        Array.Copy(_sorted, at + 1, _sorted, at, _oldestFirst.Count - at);
        if (observation.IsFilled) _fills--;
    }
}
