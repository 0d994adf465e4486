using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Bus;

/// <summary>One market and messages of it, short to write.</summary>
internal static class BusFeed
{
    public const string Venue = "v";

    public static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    public static Instrument Instrument(BookSequenceRule rule = BookSequenceRule.ContiguousRange, string symbol = "DCT-USDT", int id = 0) => new()
    {
        Id = new(id), Venue = Venue, Symbol = symbol, BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot, SequenceRule = rule,
        Prices = new(0.01m), Sizes = new(1m),
    };

    /// <param name="milliseconds">Exchange time, since <see cref="Start"/>.</param>
    public static Timestamp At(double milliseconds) => Start + TimeSpan.FromMilliseconds(milliseconds);

    public static MarketMessage Delta(long first, long last, long previous = -1, double at = 0, params BookLevel[] levels) =>
        Book(isSnapshot: false, first, last, previous, at, levels);

    public static MarketMessage Snapshot(long last, double at = 0, params BookLevel[] levels) => Book(isSnapshot: true, last, last, -1, at, levels);

    public static MarketMessage Trade(long id, double at = 0) => new()
    {
        Kind = BusKind.Trade,
        Input = new(new Trade
        {
            Instrument = new(0), VenueTime = At(at), ReceiveTime = At(at), TradeId = id, PriceTicks = 100, SizeLots = 1, Aggressor = Side.Buy,
        }),
    };

    public static MarketMessage Top(long id, double at = 0) => new()
    {
        Kind = BusKind.Top,
        Input = new(new VenueTop
        {
            Instrument = new(0), VenueTime = At(at), ReceiveTime = At(at), UpdateId = id, Bid = new(99, 1), Ask = new(101, 1),
        }),
    };

    public static MarketMessage Rate(decimal rate, double at) =>
        new() { Kind = BusKind.Rate, Input = new(new ReferenceRate("TON", "USDT", rate, At(at))) };

    public static MarketMessage Feed(FeedState state, string detail = "") =>
        new() { Kind = BusKind.Feed, Input = new(new FeedStatus(Venue, state, detail)) };

    public static MarketMessage Listing(params Instrument[] instruments) =>
        new() { Kind = BusKind.Instruments, Listing = new(Venue, "DCT", [.. instruments]) };

    public static MarketMessage Heartbeat(FeedState state = FeedState.Connected, long? last = null) => new()
    {
        Kind = BusKind.Heartbeat,
        Heartbeat = new("a", Venue, "DCT", 1, Start, state, last is { } id ? [new(Instrument().Name, id)] : []),
    };

    /// <summary>An input in short: <c>s100</c>, <c>d101-105</c>, <c>t7</c>, <c>top8</c>, or the type of a control message.</summary>
    public static string Text(Input input) => input.Kind switch
    {
        InputKind.Book when input.Book.IsSnapshot => $"s{input.Book.LastUpdateId}",
        InputKind.Book => $"d{input.Book.FirstUpdateId}-{input.Book.LastUpdateId}",
        InputKind.Trade => $"t{input.Trade.TradeId}",
        InputKind.Top => $"top{input.Top.UpdateId}",
        _ => input.Control switch
        {
            FeedStatus status => $"{status.State}: {status.Detail}",
            ReferenceRate rate => $"{rate.BaseAsset}/{rate.QuoteAsset} {rate.Rate}",
            var other => other.GetType().Name,
        },
    };

    private static MarketMessage Book(bool isSnapshot, long first, long last, long previous, double at, BookLevel[] levels) => new()
    {
        Kind = BusKind.Book,
        Input = new(new BookUpdate
        {
            Instrument = new(0), IsSnapshot = isSnapshot, VenueTime = At(at), ReceiveTime = At(at), FirstUpdateId = first, LastUpdateId = last,
            PreviousUpdateId = previous, BidCount = levels.Count(l => l.PriceTicks < 100),
            Levels = levels.OrderBy(l => l.PriceTicks >= 100).ToArray(),
        }),
    };
}
