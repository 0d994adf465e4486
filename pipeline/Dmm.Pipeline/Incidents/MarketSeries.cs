using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Incidents;

/// <summary>What is drawn of one market, in its quote asset.</summary>
internal sealed class MarketSeries(Instrument instrument, bool isQuoted, Timestamp from, Timestamp to)
{
    private OrderBook _book = new(instrument, OrderBookState.Empty);

    public Instrument Instrument { get; } = instrument;

    public bool IsQuoted { get; } = isQuoted;

    public TimeSeries FairValue { get; } = new(from, to);

    /// <summary>The market's own best bid, our orders among the others'.</summary>
    public TimeSeries MarketBid { get; } = new(from, to);

    /// <summary>The market's own best ask, likewise.</summary>
    public TimeSeries MarketAsk { get; } = new(from, to);

    /// <summary>Our best bid.</summary>
    public TimeSeries Bid { get; } = new(from, to);

    /// <summary>Our best ask.</summary>
    public TimeSeries Ask { get; } = new(from, to);

    /// <summary>Our farthest bid.</summary>
    public TimeSeries OuterBid { get; } = new(from, to);

    /// <summary>Our farthest ask.</summary>
    public TimeSeries OuterAsk { get; } = new(from, to);

    public void Begin(StateSet states) => _book = new(Instrument, states.Port($"books {Instrument.Name}", OrderBookState.Empty).Initial);

    public void OnBook(Timestamp at, in BookUpdate update)
    {
        _book.Apply(update);
        var top = _book.Top;
        MarketBid.Add(at, top.IsValid ? Instrument.Prices.ToDouble(top.Bid.PriceTicks) : double.NaN);
        MarketAsk.Add(at, top.IsValid ? Instrument.Prices.ToDouble(top.Ask.PriceTicks) : double.NaN);
    }

    public void OnQuote(Timestamp at, QuoteTarget quote)
    {
        FairValue.Add(at, quote.FairValue > 0 ? quote.FairValue : double.NaN);
        Bid.Add(at, Price(quote.Bids, 0));
        Ask.Add(at, Price(quote.Asks, 0));
        OuterBid.Add(at, Price(quote.Bids, ^1));
        OuterAsk.Add(at, Price(quote.Asks, ^1));
    }

    private double Price(IReadOnlyList<QuoteLevel> side, Index level) =>
        side.Count == 0 ? double.NaN : Instrument.Prices.ToDouble(side[level.GetOffset(side.Count)].PriceTicks);
}
