using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels.Books;

/// <summary>Instruments and updates in few words. Levels are written <c>bid/ask</c>, each <c>ticks*lots</c>: <c>"99*5 98*1 / 100*2"</c>.</summary>
internal static class BookSamples
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T12:00:00Z");

    public static Instrument Instrument(BookSequenceRule rule, decimal tick = 1m, decimal lot = 1m) => new()
    {
        Id = new(0), Venue = "venue", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot, SequenceRule = rule,
        Prices = new(tick), Sizes = new(lot),
    };

    public static OrderBook Book(BookSequenceRule rule, OrderBookLimits? limits = null) =>
        new(Instrument(rule), OrderBookState.Empty, limits ?? OrderBookLimits.Default);

    public static BookUpdate Snapshot(long id, string levels = "99*1 / 101*1", int checksum = 0, int second = 0) =>
        Update(true, id, id, -1, levels, checksum, second);

    public static BookUpdate Delta(long first, long last, long previous = -1, string levels = "/", int checksum = 0, int second = 0) =>
        Update(false, first, last, previous, levels, checksum, second);

    public static BookLevel[] Levels(string side) =>
    [
        .. side.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(level => level.Split('*').Select(long.Parse).ToArray())
            .Select(pair => new BookLevel(pair[0], pair[1])),
    ];

    /// <summary>The book in the words of <see cref="Levels"/>.</summary>
    public static string Text(OrderBook book) => $"{Text(book, Side.Buy)} / {Text(book, Side.Sell)}";

    public static string Json<T>(T value) => JsonSerializer.Serialize(value);

    public static T ThroughJson<T>(T value) => JsonSerializer.Deserialize<T>(Json(value))!;

    private static string Text(OrderBook book, Side side)
    {
        Span<BookLevel> levels = new BookLevel[100];
        return string.Join(' ', levels[..book.CopyLevels(side, levels)].ToArray().Select(level => $"{level.PriceTicks}*{level.SizeLots}"));
    }

    private static BookUpdate Update(bool isSnapshot, long first, long last, long previous, string levels, int checksum, int second)
    {
        var sides = levels.Split('/');
        var bids = Levels(sides[0]);
        return new()
        {
            Instrument = new(0), IsSnapshot = isSnapshot, VenueTime = Start + TimeSpan.FromSeconds(second), ReceiveTime = Start,
            FirstUpdateId = first, LastUpdateId = last, PreviousUpdateId = previous, Checksum = checksum,
            BidCount = bids.Length, Levels = (BookLevel[])[.. bids, .. Levels(sides[1])],
        };
    }
}
