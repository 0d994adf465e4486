using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

public sealed record VenueFillQualityState(QuoteAgesState Ages, SpreadEfficiencyState Spread);

/// <param name="Venues">One for each instrument of the catalogue, in its order.</param>
public sealed record FillQualityState(ImmutableArray<VenueFillQualityState> Venues)
{
    public static FillQualityState Empty { get; } = new(Venues: []);
}

/// <summary>Per venue: how much of the quoted spread fills bring in, and how long quotes may rest.</summary>
public sealed class FillQualityTracker
{
    private readonly QuotingParameters _parameters;
    private readonly QuoteAges[] _ages;
    private readonly SpreadEfficiencyState[] _spreads;

    public FillQualityTracker(QuotingParameters parameters, FillQualityState state)
    {
        _parameters = parameters;
        _ages = new QuoteAges[parameters.Venues.Length];
        _spreads = new SpreadEfficiencyState[parameters.Venues.Length];
        for (var i = 0; i < _ages.Length; i++)
        {
            var venue = i < state.Venues.Length ? state.Venues[i] : new(QuoteAgesState.Empty, default);
            _ages[i] = new(parameters.Orders, parameters.Venues[i].RefreshInterval, venue.Ages);
            _spreads[i] = venue.Spread;
        }
    }

    public void Observe(in QuoteAge age) => _ages[age.Instrument.Index].Observe(new(age.Age, age.IsFilled));

    /// <summary>
    /// Realised spread of a maker fill, 2·markout at <see cref="ToxicityParameters.ScoreHorizon"/>, against 2δ at quote time; null for any other
    /// markout, and for a fill whose δ is not known.
    /// </summary>
    public FillQuality? Measure(in Markout markout)
    {
        if (!markout.IsMaker || markout.Horizon != _parameters.Toxicity.ScoreHorizon || !(markout.QuotedHalfSpreadBps > 0)) return null;
        var (realised, theoretical) = (2 * markout.Bps, 2 * markout.QuotedHalfSpreadBps);
        ref var spread = ref _spreads[markout.Instrument.Index];
        spread = SpreadEfficiency.Step(spread, realised, theoretical, _parameters.Toxicity.HalfLifeFills, _parameters.Orders.SlippageShareOfEdge);
        var limit = _ages[markout.Instrument.Index].Limit;
        return new(markout.Instrument, markout.TradeId, Quantised.Bps(realised), Quantised.Bps(theoretical))
        {
            SpreadEfficiency = spread.Ratio,
            IsSizeCut = spread.IsSizeCut,
            QuoteAgeLimit = limit,
            Reason = Reason(spread),
        };
    }

    public FillQualityState Capture() => new([.. _ages.Select((ages, i) => new VenueFillQualityState(ages.Capture(), _spreads[i]))]);

    private string Reason(in SpreadEfficiencyState spread)
    {
        var size = spread.IsSizeCut ? "size cut" : "full size";
        var (slippage, limit) = ((1 - spread.Ratio) * 100, _parameters.Orders.SlippageShareOfEdge * 100);
        return string.Create(CultureInfo.InvariantCulture,
            $"{size}: realised {spread.RealisedBps:F2} of {spread.TheoreticalBps:F2} bps, slippage {slippage:F2} % of the edge, limit {limit:F2} %");
    }
}
