using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;

namespace Dmm.Pipeline.Incidents;

/// <summary>What the decisions of a range came to.</summary>
internal sealed record IncidentFigures
{
    public required long Inputs { get; init; }

    public required long Decisions { get; init; }

    public required long Quotes { get; init; }

    /// <summary>Quotes with a side or both withheld whole.</summary>
    public required long QuotesCut { get; init; }

    /// <summary>Mean δ of the quotes that had a level, bps; null when none had.</summary>
    public required double? HalfSpreadMeanBps { get; init; }

    /// <summary>Mean distance of best bid and ask from each other, bps of the fair value, of quotes with both; null when none had.</summary>
    public required double? SpreadMeanBps { get; init; }

    public required double? VolatilityMeanBps { get; init; }

    public required double InventoryRatioMax { get; init; }

    public required long OrdersPlaced { get; init; }

    public required long OrdersAmended { get; init; }

    public required long OrdersCancelled { get; init; }

    public required long StateChanges { get; init; }

    /// <summary>How often a control came to ask for something.</summary>
    public required long BreakerTrips { get; init; }

    public required long Alerts { get; init; }

    public required long Fills { get; init; }

    public required ImmutableArray<StateTime> States { get; init; }
}

/// <summary>Adds up <see cref="IncidentFigures"/>.</summary>
internal sealed class FigureTally
{
    private Mean _halfSpread;
    private Mean _spread;
    private Mean _volatility;
    private StateClock? _clock;
    private long _inputs, _decisions, _quotes, _cut, _placed, _amended, _cancelled, _changes, _trips, _alerts, _fills;
    private double _ratioMax;

    /// <summary>The range begins, in that state.</summary>
    public void Begin(Timestamp from, TradingState state) => _clock ??= new(from, state);

    public void Enter(Timestamp at, TradingState state) => _clock?.Enter(state, at);

    public void OnInput(in Input input)
    {
        _inputs++;
        if (input is { Kind: InputKind.Control, Control: Fill }) _fills++;
    }

    public void OnDecision(object body, InstrumentCatalog instruments)
    {
        _decisions++;
        switch (body)
        {
            case QuoteTarget quote:
                Take(quote, instruments[quote.Instrument]);
                break;
            case OrderIntent { Kind: OrderIntentKind.Place }:
                _placed++;
                break;
            case OrderIntent { Kind: OrderIntentKind.Amend }:
                _amended++;
                break;
            case OrderIntent:
                _cancelled++;
                break;
            case BreakerState breaker:
                if (breaker.Demand > TradingState.Active || breaker.Multiplier > 1) _trips++;
                break;
            case TradingStateChange:
                _changes++;
                break;
            case Alert:
                _alerts++;
                break;
            case VolatilitySnapshot { IsReady: true } volatility:
                _volatility.Add(volatility.VolatilityBps);
                break;
        }
    }

    public IncidentFigures Total(Timestamp end) => new()
    {
        Inputs = _inputs, Decisions = _decisions, Quotes = _quotes, QuotesCut = _cut, HalfSpreadMeanBps = _halfSpread.Value,
        SpreadMeanBps = _spread.Value, VolatilityMeanBps = _volatility.Value, InventoryRatioMax = _ratioMax, OrdersPlaced = _placed,
        OrdersAmended = _amended, OrdersCancelled = _cancelled, StateChanges = _changes, BreakerTrips = _trips, Alerts = _alerts, Fills = _fills,
        States = _clock?.Until(end) ?? [],
    };

    private void Take(QuoteTarget quote, Instrument instrument)
    {
        _quotes++;
        if (quote.Bids.IsEmpty || quote.Asks.IsEmpty) _cut++;
        if (Math.Abs(quote.Terms.InventoryRatio) > Math.Abs(_ratioMax)) _ratioMax = quote.Terms.InventoryRatio;
        if (quote.Bids.IsEmpty && quote.Asks.IsEmpty) return;
        _halfSpread.Add(quote.Terms.HalfSpreadBps);
        if (quote.Bids.IsEmpty || quote.Asks.IsEmpty || quote.FairValue <= 0) return;
        _spread.Add(instrument.Prices.ToDouble(quote.Asks[0].PriceTicks - quote.Bids[0].PriceTicks) / quote.FairValue * 10_000);
    }

    private struct Mean
    {
        private double _sum;
        private long _count;

        public readonly double? Value => _count > 0 ? _sum / _count : null;

        public void Add(double value) => (_sum, _count) = (_sum + value, _count + 1);
    }
}
