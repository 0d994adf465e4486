using System.Collections.Immutable;
using Dmm.Core.Messages;
using Spectre.Console;

namespace Dmm.Pipeline.Screen;

/// <summary>The market and each term of the quotes, a column a market.</summary>
internal static class QuotePanel
{
    private const int Label = 16;
    private const int Cell = 10;

    private static readonly ImmutableArray<Row> All =
    [
        new("state", 1, m => m.Quote is { } q ? DeskStyle.Word(q.State).ToLowerInvariant() : "no quote", StyleOfState),
        new("mid (fair)", 0, m => m.Quote is { FairValue: > 0 } q ? DeskText.Price(m.Instrument, q.FairValue, 1) : "none", Strong),
        new("touch bid", 14, m => m.Touch is { } t ? Price(m, t.Bid.PriceTicks) : "-"),
        new("touch ask", 14, m => m.Touch is { } t ? Price(m, t.Ask.PriceTicks) : "-"),
        new("last trade", 15, m => m.LastTrade is { } t ? Price(m, t.PriceTicks) : "-"),
        Term("σ_T clamped", 2, t => DeskText.Bps(t.VolatilityBps)),
        Term("  raw", 13, t => DeskText.Bps(t.RawVolatilityBps)),
        Term("r shift", 5, t => DeskText.SignedBps(t.ReservationShiftBps)),
        Term("δ half-spread", 3, t => DeskText.Bps(t.HalfSpreadBps), Strong),
        Term("  risk γσ²/2", 6, t => DeskText.Bps(t.RiskTermBps)),
        Term("  arrival", 7, t => DeskText.Bps(t.ArrivalTermBps)),
        Term("  × toxic flow", 10, t => DeskText.Of($"×{t.ToxicityMultiplier:0.00}"), t => Widening(t.ToxicityMultiplier)),
        Term("  × breakers", 9, t => DeskText.Of($"×{t.BreakerMultiplier:0.00}"), t => Widening(t.BreakerMultiplier)),
        Term("skew b", 8, t => DeskText.SignedBps(t.SkewBps)),
        Term("floor, spread", 11, t => DeskText.Bps(t.FloorBps)),
        Term("bid from mid", 4, t => DeskText.SignedBps(t.BidBps), Strong),
        Term("ask from mid", 4, t => DeskText.SignedBps(t.AskBps), Strong),
        Term("full spread", 12, t => DeskText.Bps(t.AskBps - t.BidBps)),
        new("toxicity buy /s", 16, m => m.BuyToxicity is { } score ? DeskText.SignedBps(score) : "-"),
        new("toxicity sell/s", 16, m => m.SellToxicity is { } score ? DeskText.SignedBps(score) : "-"),
        new("feed", 17, m => m.Feed is { } feed ? DeskText.Word(feed.State) : "-"),
    ];

    public static ScreenPanel Of(DeskSnapshot desk, int importance) =>
        new("quotes, bps", importance, 8, All.Length + 1, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        var shown = desk.Markets.Take(Math.Max((width - Label) / Cell, 1)).ToArray();
        var kept = All.OrderBy(row => row.Importance).Take(rows - 1).ToHashSet();
        return
        [
            Heading(desk, shown),
            .. All.Where(kept.Contains).Select(row =>
            {
                var line = new ScreenLine().Left(row.Label, Label, DeskStyle.Dim);
                foreach (var market in shown) line.Right(DeskText.Within(row.Value(market), Cell), Cell, row.Style(market));
                return line;
            }),
        ];
    }

    private static ScreenLine Heading(DeskSnapshot desk, DeskMarket[] shown)
    {
        var line = new ScreenLine().Left(shown.Length < desk.Markets.Length ? DeskText.Of($"{shown.Length} of {desk.Markets.Length}") : "", Label);
        foreach (var market in shown) line.Right(DeskText.Within(market.Instrument.Venue, Cell - 1), Cell, DeskStyle.Strong);
        return line;
    }

    private static string Price(DeskMarket market, long ticks) => DeskText.Price(market.Instrument, market.Instrument.Prices.ToDecimal(ticks));

    private static Style StyleOfState(DeskMarket market) => market.Quote is { } quote ? DeskStyle.Of(quote.State) : DeskStyle.Dim;

    private static Style Strong<T>(T shown) => DeskStyle.Strong;

    private static Style Widening(double multiplier) => multiplier > 1 ? DeskStyle.Warning : DeskStyle.Plain;

    private static Row Term(string label, int importance, Func<QuoteTerms, string> value, Func<QuoteTerms, Style>? style = null) => new(
        label, importance, market => market.Quote is { } quote ? value(quote.Terms) : "-",
        market => market.Quote is { } quote && style is not null ? style(quote.Terms) : DeskStyle.Plain);

    private sealed record Row(string Label, int Importance, Func<DeskMarket, string> Value, Func<DeskMarket, Style> Style)
    {
        public Row(string label, int importance, Func<DeskMarket, string> value)
            : this(label, importance, value, _ => DeskStyle.Plain)
        {
        }
    }
}
