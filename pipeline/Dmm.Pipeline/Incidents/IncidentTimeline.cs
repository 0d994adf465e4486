using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;

namespace Dmm.Pipeline.Incidents;

/// <summary>The timeline of a page: for each column the same panels over the same axes.</summary>
internal sealed class IncidentTimeline(IncidentReport report)
{
    /// <summary>What is marked by events, row by row.</summary>
    public static readonly ImmutableArray<(EventKind Kind, string Name)> Lanes =
        [(EventKind.Operator, "operator"), (EventKind.Parameters, "parameters"), (EventKind.Alert, "alerts"), (EventKind.Gap, "journal gaps")];

    private readonly TimeAxis _axis = new(report.From, report.To);

    /// <summary>One column, or two beside each other (below each other on a phone).</summary>
    public HtmlWriter Html()
    {
        var html = new HtmlWriter().Raw("<div class=\"columns\">").Add(Column("as recorded", report.Recorded));
        if (report.WhatIf is { } whatIf) html.Add(Column($"what if {whatIf.Changes.Text}", whatIf.Recorder));
        return html.Raw("</div>\n");
    }

    private HtmlWriter Column(string title, IncidentRecorder recorder)
    {
        var html = new HtmlWriter().Add($"<div><h3>{title}</h3>\n").Add(Bands(recorder));
        foreach (var market in Drawn(recorder)) html.Add(Price(market));
        return html.Add(Single("inventory q̂", "soft limits from the target", "held", r => r.InventoryRatio, recorder))
            .Add(Single("volatility σ over the horizon", "bps", "sigma", r => r.VolatilityBps, recorder))
            .Add(Single("widening for toxic flow", "×", "toxic", r => r.Toxicity, recorder)).Raw("</div>\n");
    }

    private HtmlWriter Bands(IncidentRecorder recorder)
    {
        var html = new HtmlWriter().Raw("<div class=\"panel\"><h4>trading state and controls</h4><p class=\"legend\">");
        foreach (var state in Enum.GetValues<TradingState>()) html.Add($"<span><i class=\"key state {ChartPanel.State(state)}\"></i>{state}</span>");
        html.Raw("</p>\n").Add(ChartPanel.Band("trading state", recorder.States(), _axis));
        foreach (var control in report.Controls)
            html.Add(ChartPanel.Band($"{control.Kind} · {control.Subject}", recorder.Control(control), _axis));
        foreach (var (kind, name) in Lanes)
        {
            var marks = recorder.Events.Kept.Where(e => e.Kind == kind)
                .Select(e => (e.At, $"{InstantText.Clock(e.At)} {e.Subject}: {e.Text}")).ToArray();
            if (marks.Length > 0) html.Add(ChartPanel.Lane($"{name}, {marks.Length}", StyleOf(kind), marks, _axis));
        }

        return html.Add(ChartPanel.Times(_axis)).Raw("</div>\n");
    }

    private HtmlWriter Price(MarketSeries market)
    {
        var both = Both(recorder => recorder.Markets[market.Instrument.Id.Index]).ToArray();
        var extent = Extent.Of(both.SelectMany(m => new[] { m.FairValue, m.MarketBid, m.MarketAsk, m.Bid, m.Ask, m.OuterBid, m.OuterAsk }));
        var fills = report.Recorded.Fills.Kept.Where(f => f.Instrument.Id == market.Instrument.Id).Take(IncidentLimits.Marks).ToArray();
        return new ChartPanel(_axis, extent, report.Moment.At)
            .Area("our bids, near to far", "bids", market.Bid, market.OuterBid).Area("our asks, near to far", "asks", market.Ask, market.OuterAsk)
            .Line("market's best bid and ask", "market", market.MarketBid).Line("", "market", market.MarketAsk)
            .Line("best bid", "bid", market.Bid).Line("best ask", "ask", market.Ask).Line("fair value", "fair", market.FairValue)
            .Marks("bought", "bought", fills.Where(f => f.Fill.Side == Side.Buy).Select(Mark))
            .Marks("sold", "sold", fills.Where(f => f.Fill.Side == Side.Sell).Select(Mark))
            .Html(market.Instrument.Name, $"{market.Instrument.QuoteAsset} per {market.Instrument.BaseAsset}");
    }

    private HtmlWriter Single(string title, string unit, string style, Func<IncidentRecorder, TimeSeries> series, IncidentRecorder recorder) =>
        new ChartPanel(_axis, Extent.Of(Both(series)), report.Moment.At).Line("", style, series(recorder)).Html(title, unit);

    private IEnumerable<T> Both<T>(Func<IncidentRecorder, T> part) =>
        report.WhatIf is { } whatIf ? [part(report.Recorded), part(whatIf.Recorder)] : [part(report.Recorded)];

    /// <summary>The markets that have a panel.</summary>
    public static IEnumerable<MarketSeries> Drawn(IncidentRecorder recorder) =>
        recorder.Markets.OrderByDescending(m => m.IsQuoted).Take(IncidentLimits.Markets);

    private static (Timestamp, double, string) Mark(FillRow row) => (row.At, (double)row.Fill.Price,
        DeskText.Of($"{InstantText.Clock(row.At)} {(row.Fill.Side == Side.Buy ? "bought" : "sold")} {row.Fill.Quantity} at {row.Fill.Price}"));

    private static string StyleOf(EventKind kind) => kind switch
    {
        EventKind.Operator or EventKind.Parameters => "person",
        _ => "alarm",
    };
}
