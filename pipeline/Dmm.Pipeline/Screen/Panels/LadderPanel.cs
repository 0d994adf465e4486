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
        ScreenLine[] lines = [.. asks, Middle(market, width), .. Side(market, Core.Side.Buy, perSide, width)];
        return hasHeading ? [Heading(width), .. lines] : lines;
    }

    /// <summary>Near to far; filled up with blank lines, so that the mid keeps its place.</summary>
    private static ScreenLine[] Side(DeskMarket market, Side side, int rows, int width)
    {
        var orders = market.Orders.Where(o => o.Side == side).OrderBy(o => -side.Sign() * o.PriceTicks).ToArray();
        var lines = orders.Take(rows).Select((order, i) => Level(market, order, width, i == rows - 1 ? orders.Length - rows : 0)).ToList();
        if (orders.Length == 0)
        {
            var why = market.Quote is { Withheld.Length: > 0 } quote ? quote.Withheld : "none";
            lines.Add(new ScreenLine().Add($"{Word(side)}  ", DeskStyle.Of(side)).Left(why, width - 5, DeskStyle.Dim));
        }

        while (lines.Count < rows) lines.Add(ScreenLine.Empty);
        return [.. lines];
    }

    private static ScreenLine Heading(int width) =>
        new ScreenLine().Left("", 4, DeskStyle.Dim).Right("price", PriceWidth(width), DeskStyle.Dim).Right("size", NumberWidth(width), DeskStyle.Dim)
            .Right("bps", NumberWidth(width), DeskStyle.Dim).Add(width >= 40 ? " order" : "", DeskStyle.Dim);

    /// <param name="market">Where it is.</param>
    /// <param name="order">What is shown.</param>
    /// <param name="width">Of the panel.</param>
    /// <param name="beyond">Orders behind it that have no line.</param>
    private static ScreenLine Level(DeskMarket market, LiveOrder order, int width, int beyond)
    {
        var instrument = market.Instrument;
        var price = instrument.Prices.ToDouble(order.PriceTicks);
        var bps = market.Quote is { FairValue: > 0 and var fair } ? DeskText.SignedBps((price / fair - 1) * 1e4) : "-";
        var isResting = order.Status is OrderStatus.Live or OrderStatus.PartiallyFilled;
        var status = DeskText.Word(order.Status);
        var room = width - 5 - PriceWidth(width) - 2 * NumberWidth(width);
        if (beyond > 0) status = DeskText.Of($"{(room < 11 ? status[..4] : status)} +{beyond}");
        return new ScreenLine().Left(Word(order.Side), 4, DeskStyle.Of(order.Side))
            .Right(DeskText.Price(instrument, instrument.Prices.ToDecimal(order.PriceTicks)), PriceWidth(width))
            .Right(DeskText.Size(instrument, instrument.Sizes.ToDecimal(order.RemainingLots)), NumberWidth(width))
            .Right(bps, NumberWidth(width)).Add(" ")
            .Left(room < 7 ? status[..Math.Min(4, status.Length)] : status, room, isResting ? DeskStyle.Plain : DeskStyle.Warning);
    }

    private static ScreenLine Middle(DeskMarket market, int width) =>
        market.Quote is { FairValue: > 0 and var fair }
            ? new ScreenLine().Left("mid", 4, DeskStyle.Strong).Right(DeskText.Price(market.Instrument, fair), PriceWidth(width), DeskStyle.Strong)
                .Add(DeskText.Of($" {market.Instrument.QuoteAsset}"), DeskStyle.Dim)
            : new ScreenLine().Left("mid", 4, DeskStyle.Strong).Add(" none yet", DeskStyle.Warning);

    private static int PriceWidth(int width) => width >= 40 ? 11 : 9;

    private static int NumberWidth(int width) => width >= 40 ? 8 : 7;

    private static string Word(Side side) => side == Core.Side.Buy ? "bid" : "ask";
}
