using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

/// <summary>The wires under test, and messages as text, so that a difference shows.</summary>
internal static class Wires
{
    public static readonly Timestamp Received = Timestamp.Parse("2024-08-08T23:54:15.0303146Z");

    public static readonly Instrument SpotBtc = BinanceInstruments.BuiltIn(BinanceMarket.Spot, "BTCUSDT", new(0));
    public static readonly Instrument UsdmBtc = BinanceInstruments.BuiltIn(BinanceMarket.UsdMargined, "BTCUSDT", new(1));
    public static readonly Instrument CoinmBtc = BinanceInstruments.BuiltIn(BinanceMarket.CoinMargined, "BTCUSD_PERP", new(2));

    public static readonly Instrument OkxTon = Okx("TON-USDT", tick: 0.0001m, lot: 0.0001m, BookSequenceRule.ChecksumOnly);

    public static BinanceWire Spot => new("binance-spot", [SpotBtc]);

    public static BinanceWire Usdm => new("binance-usdm", [UsdmBtc]);

    public static BinanceWire Coinm => new("binance-coinm", [CoinmBtc]);

    public static OkxWire OkxWire => new([OkxTon]);

    public static Instrument Okx(string symbol, decimal tick, decimal lot, BookSequenceRule rule, int id = 0) => new()
    {
        Id = new(id), Venue = "okx", Symbol = symbol, BaseAsset = symbol.Split('-')[0], QuoteAsset = symbol.Split('-')[1], Kind = ContractKind.Spot,
        SequenceRule = rule, Prices = new(tick), Sizes = new(lot),
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Parses, and gives the status and each message, a line each.</summary>
    public static string Parsed(this IVenueWire wire, string frame)
    {
        var batch = new MessageBatch();
        var status = wire.Parse(Bytes(frame), Received, batch);
        return Shown(status, batch);
    }

    /// <summary>The one reason for which the frame is refused.</summary>
    public static string Refusal(this IVenueWire wire, string frame)
    {
        var batch = new MessageBatch();
        wire.Parse(Bytes(frame), Received, batch).ShouldBe(ParseStatus.Rejected);
        batch.Count.ShouldBe(1);
        var rejected = batch[0].Control.ShouldBeOfType<Rejected>();
        rejected.Venue.ShouldBe(wire.Venue);
        rejected.Raw.ShouldBe(frame);
        return rejected.Reason;
    }

    public static string Shown(ParseStatus status, MessageBatch batch) =>
        string.Join('\n', Enumerable.Range(0, batch.Count).Select(i => Shown(batch[i])).Prepend(status.ToString()));

    public static string Shown(in Input input) => input.Kind switch
    {
        InputKind.Book => Shown(input.Book),
        InputKind.Top => Shown(input.Top),
        InputKind.Trade => Shown(input.Trade),
        _ => input.Control.ToString(),
    };

    private static string Shown(VenueTop top) =>
        Text($"top #{top.Instrument.Index} u{top.UpdateId} {Shown(top.Bid)} {Shown(top.Ask)} at {Shown(top.VenueTime)}");

    private static string Shown(Trade trade) =>
        Text($"trade #{trade.Instrument.Index} {trade.TradeId} {trade.Aggressor} {trade.SizeLots}@{trade.PriceTicks} at {Shown(trade.VenueTime)}");

    private static string Shown(BookUpdate book)
    {
        var ids = Text($"{book.FirstUpdateId}..{book.LastUpdateId} after {book.PreviousUpdateId}");
        var levels = $"bids [{Shown(book.Bids)}] asks [{Shown(book.Asks)}]";
        var kind = book.IsSnapshot ? "snapshot" : "delta";
        return Text($"{kind} #{book.Instrument.Index} {ids} {levels} checksum {book.Checksum} at {Shown(book.VenueTime)}");
    }

    private static string Shown(ReadOnlySpan<BookLevel> levels) => string.Join(' ', levels.ToArray().Select(l => Shown(l)));

    private static string Shown(BookLevel level) => Text($"{level.SizeLots}@{level.PriceTicks}");

    private static string Shown(Timestamp at) => at.IsKnown ? at.ToString() : "?";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
