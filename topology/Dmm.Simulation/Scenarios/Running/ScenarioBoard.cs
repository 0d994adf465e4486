using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>What a scenario has seen so far: the pipeline's decisions, what it was told, and what really rests at the venues.</summary>
internal sealed class ScenarioBoard
{
    private readonly ScenarioMarket _setting;
    private readonly ScriptedMarket _market;
    private readonly QuoteTarget?[] _quotes;
    private readonly (Timestamp Last, TimeSpan? Between)[] _refreshes;
    private readonly SortedDictionary<string, QuoteTarget?[]> _marks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(BreakerKind Kind, string Subject), BreakerState> _breakers =
        new(Comparer<(BreakerKind Kind, string Subject)>.Create((a, b) => (a.Kind, b.Subject) == (b.Kind, a.Subject) ? 0
            : a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Subject, b.Subject)));
    private readonly SortedDictionary<string, decimal> _cash = new(StringComparer.Ordinal);
    private readonly HashSet<(string Venue, string TradeId)> _told = [];

    public ScenarioBoard(ScenarioMarket setting, ScriptedMarket market)
    {
        (_setting, _market, Parameters) = (setting, market, setting.Parameters);
        _quotes = new QuoteTarget?[setting.Instruments.Count];
        _refreshes = new (Timestamp, TimeSpan?)[setting.Instruments.Count];
    }

    public List<Decision> Decisions { get; } = [];

    public QuotingParameters Parameters { get; set; }

    public ImmutableArray<Instrument> Instruments => _setting.Instruments.All;

    /// <summary>What the freest market may do; nothing at first, as the pipeline warms up.</summary>
    public TradingState State { get; private set; } = TradingState.Halted;

    /// <summary>σ over the horizon, not clamped, bps; 0 before the first estimate.</summary>
    public double RawVolatilityBps { get; private set; }

    public IEnumerable<BreakerState> Breakers => _breakers.Values;

    /// <summary>DCT bought less sold in all fills told, each once.</summary>
    public decimal Traded { get; private set; }

    /// <summary>Starting inventory and all that fills told have changed of it.</summary>
    public decimal Inventory => _setting.Parameters.Inventory.Starting + Traded;

    /// <summary>
    /// What all fills told earned, USD: cash in and out at the present rates, and what was traded at the present mid of the first market.
    /// </summary>
    public decimal Pnl
    {
        get
        {
            var sum = Traded * (decimal)_market.Feeds[0].Mid;
            foreach (var (asset, amount) in _cash) sum += amount * (asset == "TON" ? (decimal)_market.TonRate : 1);
            return sum;
        }
    }

    public QuoteTarget? QuoteOf(InstrumentId instrument) => _quotes[instrument.Index];

    public TimeSpan? CadenceOf(InstrumentId instrument) => _refreshes[instrument.Index].Between;

    public ScriptedVenue VenueOf(InstrumentId instrument) => _market.Venues[instrument.Index];

    public void Mark(string name) => _marks[name] = [.. _quotes];

    public QuoteTarget? MarkedQuote(string name, InstrumentId instrument) => _marks.GetValueOrDefault(name)?[instrument.Index];

    /// <summary>The inventory that the pipeline reckons with, by its latest quote; null before the first.</summary>
    public decimal? BelievedInventory
    {
        get
        {
            if (_quotes.Select(q => q?.Terms.InventoryRatio).FirstOrDefault(r => r is not null) is not { } ratio) return null;
            var limits = Parameters.Inventory;
            return limits.Target + (decimal)ratio * (ratio >= 0 ? limits.SoftLong : limits.SoftShort);
        }
    }

    public IEnumerable<(long Index, T Body)> Since<T>(long count)
    {
        for (var i = count; i < Decisions.Count; i++)
            if (Decisions[(int)i].Body is T body) yield return (i, body);
    }

    public void OnDecision(in Decision decision)
    {
        Decisions.Add(decision);
        switch (decision.Body)
        {
            case QuoteTarget quote:
                _quotes[quote.Instrument.Index] = quote;
                if (decision.Cause.Timer is { } timer && timer.StartsWith("refresh ", StringComparison.Ordinal))
                    Refreshed(quote.Instrument, decision.Cause.At);
                break;
            case BreakerState breaker:
                _breakers[(breaker.Kind, breaker.Subject)] = breaker;
                break;
            case TradingStateChange change:
                State = change.To;
                break;
            case VolatilitySnapshot volatility:
                RawVolatilityBps = volatility.RawVolatilityBps;
                break;
        }
    }

    public void OnFill(Fill fill)
    {
        var instrument = _setting.Instruments[fill.Instrument];
        if (!_told.Add((instrument.Venue, fill.TradeId))) return;
        var bought = fill.Side.Sign() * fill.Quantity;
        Traded += bought;
        Pay(instrument.QuoteAsset, bought * fill.Price);
        Pay(fill.FeeAsset, fill.Fee);
    }

    private void Pay(string asset, decimal amount) => _cash[asset] = _cash.GetValueOrDefault(asset) - amount;

    private void Refreshed(InstrumentId instrument, Timestamp at)
    {
        ref var refresh = ref _refreshes[instrument.Index];
        refresh = (at, refresh.Last.IsKnown ? at - refresh.Last : null);
    }
}
