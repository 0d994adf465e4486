using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>Our orders at one market, asks above bids, around the mid.</summary>
internal static class LadderPanel
{
    public static ScreenPanel Of(DeskSnapshot desk, DeskMarket market, int importance)
    {
        var levels = desk.Parameters.Quote.LevelMultiples.Length;
        return new($"ladder {market.Instrument.Name}", importance, 3, 2 * levels + 2, (width, rows) => Draw(market, width, rows));
    }

    private static ScreenLine[] Draw(DeskMarket market, int width, int rows)
    {
        var hasHeading = rows % 2 == 0;
        var perSide = (rows - 1) / 2;
        var asks = Side(market, Core.Side.Sell, perSide, width).Reverse();
        return [.. hasHeading ? [Heading(width)] : Array.Empty<ScreenLine>(), .. asks, Middle(market, width), .. Side(market, Core.Side.Buy, perSide, width)];
    }

    /// <summary>Near to far; filled up with blank lines, so that the mid keeps its place.</summary>
    private static ScreenLine[] Side(DeskMarket market, Side side, int rows, int width)
    {
        var orders = market.Orders.Where(o => o.Side == side).OrderBy(o => -side.Sign() * o.PriceTicks).ToArray();
        var lines = orders.Take(rows).Select(order => Level(market, order, width)).ToList();
        if (orders.Length > rows) lines[^1] = new ScreenLine().Add(DeskText.Of($"{Word(side)}  and {orders.Length - rows + 1} more"), DeskStyle.Of(side));
        if (orders.Length == 0)
        {
            var why = market.Quote is { Withheld.Length: > 0 } quote ? quote.Withheld : "none";
            lines.Add(new ScreenLine().Add($"{Word(side)}  ", DeskStyle.Of(side)).Left(why, width - 5, DeskStyle.Dim));
        }

        while (lines.Count < rows) lines.Add(ScreenLine.Empty);
        return [.. lines];
    }

    private static ScreenLine Heading(int width) =>
        new ScreenLine().Left("", 4).Right("price", PriceWidth(width)).Right("size", 9).Right("bps", 9).Add("  ").Left("order", 11);

    private static ScreenLine Level(DeskMarket market, LiveOrder order, int width)
    {
        var instrument = market.Instrument;
        var price = instrument.Prices.ToDouble(order.PriceTicks);
        var bps = market.Quote is { FairValue: > 0 and var fair } ? DeskText.SignedBps((price / fair - 1) * 1e4) : "-";
        var isResting = order.Status is OrderStatus.Live or OrderStatus.PartiallyFilled;
        return new ScreenLine().Left(Word(order.Side), 4, DeskStyle.Of(order.Side))
            .Right(DeskText.Price(instrument, instrument.Prices.ToDecimal(order.PriceTicks)), PriceWidth(width))
            .Right(DeskText.Size(instrument, instrument.Sizes.ToDecimal(order.RemainingLots)), 9)
            .Right(bps, 9).Add("  ").Left(DeskText.Word(order.Status), 11, isResting ? DeskStyle.Plain : DeskStyle.Warning);
    }

    private static ScreenLine Middle(DeskMarket market, int width) =>
        market.Quote is { FairValue: > 0 and var fair }
            ? new ScreenLine().Left("mid", 4, DeskStyle.Strong).Right(DeskText.Price(market.Instrument, fair), PriceWidth(width), DeskStyle.Strong)
                .Add(DeskText.Of($" {market.Instrument.QuoteAsset}"), DeskStyle.Dim)
            : new ScreenLine().Left("mid", 4, DeskStyle.Strong).Add(" none yet", DeskStyle.Warning);

    private static int PriceWidth(int width) => width >= 48 ? 14 : 11;

    private static string Word(Side side) => side == Core.Side.Buy ? "bid" : "ask";
}
