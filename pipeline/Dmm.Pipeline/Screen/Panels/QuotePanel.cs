using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>The market and each term of the quotes, a column a market.</summary>
internal static class QuotePanel
{
    private const int LongLabel = 22;
    private const int ShortLabel = 12;
    private const int Cell = 12;

    private static readonly ImmutableArray<Row> All =
    [
        new("state", "state", 1, m => m.Quote is { } q ? DeskStyle.Word(q.State).ToLowerInvariant() : "no quote"),
        new("mid (fair value)", "mid", 0, m => m.Quote is { FairValue: > 0 } q ? DeskText.Price(m.Instrument, q.FairValue, 1) : "none"),
        new("venue's touch, bid", "touch bid", 14, m => m.Touch is { } t ? DeskText.Price(m.Instrument, m.Instrument.Prices.ToDecimal(t.Bid.PriceTicks)) : "-"),
        new("venue's touch, ask", "touch ask", 14, m => m.Touch is { } t ? DeskText.Price(m.Instrument, m.Instrument.Prices.ToDecimal(t.Ask.PriceTicks)) : "-"),
        new("last trade", "last trade", 15, m => m.LastTrade is { } t ? DeskText.Price(m.Instrument, m.Instrument.Prices.ToDecimal(t.PriceTicks)) : "-"),
        Term("σ_T, clamped", "σ_T", 2, t => DeskText.Bps(t.VolatilityBps)),
        Term("  before the clamp", " raw", 13, t => DeskText.Bps(t.RawVolatilityBps)),
        Term("r shift", "r shift", 5, t => DeskText.SignedBps(t.ReservationShiftBps)),
        Term("δ half-spread", "δ", 3, t => DeskText.Bps(t.HalfSpreadBps)),
        Term("  risk γσ²/2", " risk", 6, t => DeskText.Bps(t.RiskTermBps)),
        Term("  arrival ln(1+γ/κ)/γ", " arrival", 7, t => DeskText.Bps(t.ArrivalTermBps)),
        Term("  × toxic flow", " × toxic", 10, t => DeskText.Of($"×{t.ToxicityMultiplier:0.00}")),
        Term("  × breakers", " × breaker", 9, t => DeskText.Of($"×{t.BreakerMultiplier:0.00}")),
        Term("skew b", "skew b", 8, t => DeskText.SignedBps(t.SkewBps)),
        Term("floor, full spread", "floor", 11, t => DeskText.Bps(t.FloorBps)),
        Term("bid from mid", "bid", 4, t => DeskText.SignedBps(t.BidBps)),
        Term("ask from mid", "ask", 4, t => DeskText.SignedBps(t.AskBps)),
        Term("spread", "spread", 12, t => DeskText.Bps(t.AskBps - t.BidBps)),
        new("toxicity buy, bps/s", "tox buy", 16, m => m.BuyToxicity is { } score ? DeskText.SignedBps(score) : "-"),
        new("toxicity sell, bps/s", "tox sell", 16, m => m.SellToxicity is { } score ? DeskText.SignedBps(score) : "-"),
        new("feed", "feed", 17, m => m.Feed is { } feed ? DeskText.Word(feed.State) : "-"),
    ];

    public static ScreenPanel Of(DeskSnapshot desk, int importance) =>
        new("quotes, bps", importance, 8, All.Length + 1, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows)
    {
        // The long labels come only where every market has its column beside them.
        var isLong = width >= LongLabel + desk.Markets.Length * Cell;
        var label = isLong ? LongLabel : ShortLabel;
        var shown = desk.Markets.Take(Math.Max((width - label) / Cell, 1)).ToArray();
        var kept = All.OrderBy(row => row.Importance).Take(rows - 1).ToHashSet();
        return
        [
            Heading(desk, shown, label),
            .. All.Where(kept.Contains).Select(row =>
            {
                var line = new ScreenLine().Left(isLong ? row.Label : row.Short, label, DeskStyle.Dim);
                foreach (var market in shown) line.Right(row.Value(market), Cell, StyleOf(row, market));
                return line;
            }),
        ];
    }

    private static ScreenLine Heading(DeskSnapshot desk, DeskMarket[] shown, int label)
    {
        var line = new ScreenLine().Left(shown.Length < desk.Markets.Length ? DeskText.Of($"{shown.Length} of {desk.Markets.Length}") : "", label);
        foreach (var market in shown)
        {
            var name = DeskText.Within(market.Instrument.Venue, Cell - 1);
            line.Right(name, Cell, DeskStyle.Strong);
        }

        return line;
    }

    private static Spectre.Console.Style StyleOf(Row row, DeskMarket market) => row.Short switch
    {
        "state" when market.Quote is { } quote => DeskStyle.Of(quote.State),
        "mid" or "bid" or "ask" or "δ" => DeskStyle.Strong,
        _ => DeskStyle.Plain,
    };

    private static Row Term(string label, string brief, int importance, Func<QuoteTerms, string> value) =>
        new(label, brief, importance, market => market.Quote is { } quote ? value(quote.Terms) : "-");

    private sealed record Row(string Label, string Short, int Importance, Func<DeskMarket, string> Value);
}
