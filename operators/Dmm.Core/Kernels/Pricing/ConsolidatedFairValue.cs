using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>The rate held for one quote asset, numeraire per unit; the rate is 0 before the first.</summary>
/// <param name="Asset">The quote asset.</param>
/// <param name="Rate">Numeraire per unit of it.</param>
/// <param name="AsOf">Exchange time of the rate, never later than its arrival.</param>
public readonly record struct ReferenceState(string Asset, decimal Rate, Timestamp AsOf);

/// <summary>
/// What <see cref="ConsolidatedFairValue"/> keeps. Books are not in it: they are read through <see cref="IBookView"/> when a sample is taken.
/// </summary>
public sealed record ConsolidatedFairValueState
{
    /// <summary>Per instrument, whether its feed is stale; empty for a cold start, at which all are, until they are reported fresh.</summary>
    public ImmutableArray<bool> Stale { get; init; } = [];

    /// <summary>One for each quote asset that has had a rate, by asset name.</summary>
    public ImmutableArray<ReferenceState> References { get; init; } = [];
}

/// <summary>
/// One value for the traded asset across its venues, in the numeraire: the mean of their mids, each weighted by the depth in base asset within 25 bps
/// of the mid on both sides. An instrument weighs nothing while its book is not valid, its feed is stale (as the staleness breaker finds by that
/// venue's limits), or its quote asset has no fresh reference rate, which is one younger than <see cref="BreakerParameters.StaleCancelAfter"/>.
/// Where no market has depth so near, as in a thin one that is wider than 50 bps, each weighs by the sizes at its touch instead: a wide
/// market is still a market. A sample is a function of the live books, the freshness and the references, so nothing else has to survive a restart.
/// </summary>
public sealed class ConsolidatedFairValue
{
    private const double DepthWithinBps = 25;

    private readonly ImmutableArray<Instrument> _instruments;
    private readonly string _asset;
    private readonly ImmutableArray<IBookView> _books;
    private readonly bool[] _stale;
    private readonly ReferenceState[] _references;
    private readonly int[] _referenceOf;
    private ImmutableArray<double> _rates;

    /// <param name="instruments">The catalogue.</param>
    /// <param name="asset">The traded asset: only instruments with this base asset count.</param>
    /// <param name="books">One for each instrument, in the catalogue's order.</param>
    /// <param name="initial">Where to start from.</param>
    /// <exception cref="ArgumentException">The number of books, or of freshness flags in the state, is not that of the instruments.</exception>
    public ConsolidatedFairValue(InstrumentCatalog instruments, string asset, ImmutableArray<IBookView> books, ConsolidatedFairValueState initial)
    {
        if (books.Length != instruments.Count)
            throw new ArgumentException($"{books.Length} books: expected one for each of {instruments.Count} instruments", nameof(books));
        if (initial.Stale.Length != 0 && initial.Stale.Length != instruments.Count)
            throw new ArgumentException($"state of {initial.Stale.Length} instruments: expected {instruments.Count}", nameof(initial));
        _instruments = instruments.All;
        _asset = asset;
        _books = books;
        _stale = initial.Stale.Length == 0 ? [.. Enumerable.Repeat(true, instruments.Count)] : [.. initial.Stale];
        var assets = _instruments.Select(i => i.QuoteAsset).Distinct().Order(StringComparer.Ordinal).ToList();
        _references = [.. assets.Select(name => initial.References.FirstOrDefault(r => r.Asset == name, new(name, 0m, Timestamp.None)))];
        _referenceOf = [.. _instruments.Select(i => assets.IndexOf(i.QuoteAsset))];
        _rates = [.. new double[instruments.Count]];
    }

    /// <summary>Takes an input; the fair value of the instant when the input asks for it, else null.</summary>
    public FairValue? Take(in FairValueInput input, QuotingParameters parameters)
    {
        switch (input.Kind)
        {
            case FairValueInputKind.Staleness:
                OnStaleness(input.Instrument, input.IsStale);
                return null;
            case FairValueInputKind.Reference:
                OnReference(input.Rate!, input.At, parameters);
                return null;
            default:
                return Sample(input.At, parameters);
        }
    }

    /// <summary>An instrument's feed became stale, or fresh again.</summary>
    public void OnStaleness(InstrumentId instrument, bool isStale) => _stale[instrument.Index] = isStale;

    /// <summary>
    /// Holds a rate of a quote asset in a numeraire asset. Others are of no use here and pass by, as does a rate that is not above zero, or older by
    /// exchange time than the one held.
    /// </summary>
    public void OnReference(ReferenceRate rate, Timestamp now, QuotingParameters parameters)
    {
        if (rate.Rate <= 0 || !parameters.NumeraireAssets.Contains(rate.QuoteAsset)) return;
        var index = Array.FindIndex(_references, r => r.Asset == rate.BaseAsset);
        var asOf = rate.VenueTime.IsKnown && rate.VenueTime < now ? rate.VenueTime : now;
        if (index >= 0 && asOf >= _references[index].AsOf) _references[index] = new(rate.BaseAsset, rate.Rate, asOf);
    }

    /// <summary>The fair value of this instant; not ready when no instrument has a weight.</summary>
    public FairValue Sample(Timestamp now, QuotingParameters parameters)
    {
        var (near, touch) = (default(WeightedMean), default(WeightedMean));
        for (var i = 0; i < _instruments.Length; i++)
        {
            var rate = RateOf(_references[_referenceOf[i]], now, parameters);
            if (rate != _rates[i]) _rates = _rates.SetItem(i, rate);
            if (rate == 0 || _stale[i] || _instruments[i].BaseAsset != _asset) continue;
            var top = _books[i].Top;
            if (!top.IsValid) continue;
            var mid = TopPrices.Mid(top, _instruments[i]) * rate;
            near.Add(mid, BaseDepth(top, _instruments[i]));
            touch.Add(mid, BaseTouch(top, _instruments[i]));
        }

        var mean = near.Count > 0 ? near : touch;
        return new() { Value = mean.Count > 0 ? Quantised.Price(mean.Value) : 0, Contributions = mean.Count, At = now, QuoteAssetRates = _rates };
    }

    /// <summary>Numeraire per unit of that instrument's quote asset at this instant; 0 when there is no fresh rate.</summary>
    public double RateOf(InstrumentId instrument, Timestamp now, QuotingParameters parameters) =>
        RateOf(_references[_referenceOf[instrument.Index]], now, parameters);

    public ConsolidatedFairValueState Capture() => new() { Stale = [.. _stale], References = [.. _references.Where(r => r.AsOf.IsKnown)] };

    private static double RateOf(in ReferenceState reference, Timestamp now, QuotingParameters parameters) =>
        parameters.NumeraireAssets.Contains(reference.Asset) ? 1
        : reference.AsOf.IsKnown && now - reference.AsOf < parameters.Breakers.StaleCancelAfter ? (double)reference.Rate
        : 0;

    private static double BaseTouch(in BookTop top, Instrument instrument) =>
        instrument.BaseQuantity(top.Bid.SizeLots, top.Bid.PriceTicks) + instrument.BaseQuantity(top.Ask.SizeLots, top.Ask.PriceTicks);

    private static double BaseDepth(in BookTop top, Instrument instrument) =>
        instrument.BaseQuantity(top.Depth.LotsWithin(Side.Buy, DepthWithinBps), top.Bid.PriceTicks)
        + instrument.BaseQuantity(top.Depth.LotsWithin(Side.Sell, DepthWithinBps), top.Ask.PriceTicks);

    private struct WeightedMean
    {
        private double _sum;
        private double _weights;

        public int Count { get; private set; }

        public readonly double Value => _sum / _weights;

        public void Add(double value, double weight)
        {
            if (weight <= 0) return;
            _sum += weight * value;
            _weights += weight;
            Count++;
        }
    }
}
