using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>Binance's public REST calls and combined stream, from the venue's side: spot or USD-M; it takes no orders.</summary>
/// <param name="market">Which.</param>
/// <param name="instruments">What the venue lists.</param>
public sealed class BinanceDialect(BinanceMarket market, IReadOnlyList<Instrument> instruments) : IVenueDialect
{
    /// <summary>Of every perpetual, told when it is subscribed.</summary>
    public const decimal FundingRate = 0.0001m;

    private readonly bool _isSpot = market == BinanceMarket.Spot;
    private readonly string _root = market == BinanceMarket.Spot ? "/api/v3" : "/fapi/v1";

    public VenueOperation Operation(FakeRequest request) => request.Method != "GET" ? VenueOperation.None
        : request.Path == $"{_root}/depth" ? VenueOperation.Book
        : request.Path == $"{_root}/time" ? VenueOperation.Time
        : request.Path == $"{_root}/exchangeInfo" ? VenueOperation.Instruments
        : VenueOperation.None;

    public FakeAnswer Answer(FakeRequest request, FakeMarket market)
    {
        if (request.Operation == VenueOperation.Instruments)
            return Written(new JsonObject { ["symbols"] = new JsonArray([.. instruments.Select(i => Listed(i, !market.Halted.Contains(i.Id)))]) });
        if (request.Operation == VenueOperation.Time) return Written(new JsonObject { ["serverTime"] = Milliseconds(market.Clock) });
        if (request.Operation != VenueOperation.Book) return new(404, "<html>not found</html>");
        if (instruments.FirstOrDefault(i => i.Symbol == request["symbol"]) is not { } instrument)
            return Refuse(request, new(RefusalCode.UnknownSymbol, "Invalid symbol."));
        var book = market.Book(instrument);
        return Written(new JsonObject
        {
            ["lastUpdateId"] = book.LastUpdateId, ["bids"] = Levels(book.Bids, instrument), ["asks"] = Levels(book.Asks, instrument),
        });
    }

    public FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal) =>
        Written(new JsonObject { ["code"] = -1121, ["msg"] = refusal.Words }) with { Status = refusal.Code == RefusalCode.RateLimited ? 429 : 400 };

    public ISocketDialect? Connect(FakeRequest request, FakeMarket truth) =>
        request.Path == "/stream" ? new BinanceSocketDialect(market, truth) : null;

    internal static JsonArray Levels(ReadOnlySpan<BookLevel> levels, Instrument instrument)
    {
        var array = new JsonArray();
        foreach (var level in levels)
            array.Add(new JsonArray(Text(instrument.Prices.ToDecimal(level.PriceTicks)), Text(instrument.Sizes.ToDecimal(level.SizeLots))));
        return array;
    }

    internal static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    internal static long Milliseconds(Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds();

    private JsonObject Listed(Instrument instrument, bool isTrading) => new()
    {
        ["symbol"] = instrument.Symbol, ["status"] = isTrading ? "TRADING" : "BREAK", ["baseAsset"] = instrument.BaseAsset,
        ["quoteAsset"] = instrument.QuoteAsset, ["baseAssetPrecision"] = instrument.Sizes.Step.Scale,
        ["filters"] = new JsonArray(
            new JsonObject { ["filterType"] = "PRICE_FILTER", ["tickSize"] = Text(instrument.Prices.Step) },
            new JsonObject
            {
                ["filterType"] = "LOT_SIZE", ["stepSize"] = Text(instrument.Sizes.ToDecimal(instrument.OrderStepLots)),
                ["minQty"] = Text(Math.Max(instrument.MinimumSize, instrument.Sizes.ToDecimal(instrument.OrderStepLots))),
            },
            new JsonObject
            {
                ["filterType"] = _isSpot ? "NOTIONAL" : "MIN_NOTIONAL",
                [_isSpot ? "minNotional" : "notional"] = Text(Math.Max(instrument.MinimumNotional, 1m)),
            }),
    };

    private static FakeAnswer Written(JsonNode node) => new(200, node.ToJsonString());
}

/// <summary>The combined stream: subscribed by JSON, asked for its list as a sign of life.</summary>
internal sealed class BinanceSocketDialect(BinanceMarket market, FakeMarket truth) : ISocketDialect
{
    private readonly HashSet<string> _streams = new(StringComparer.Ordinal);

    public void Hear(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        if (JsonNode.Parse(frame) is not JsonObject command) return;
        var id = command["id"]?.DeepClone();
        switch (command["method"]?.GetValue<string>())
        {
            case "SUBSCRIBE":
                _streams.UnionWith(command["params"]!.AsArray().Select(p => p!.GetValue<string>()));
                Say(FrameKind.Reply, new JsonObject { ["result"] = null, ["id"] = id }, sink);
                foreach (var instrument in truth.Instruments) TellFunding(instrument, sink);
                break;
            case "LIST_SUBSCRIPTIONS":
                Say(FrameKind.Reply, new JsonObject { ["result"] = new JsonArray([.. _streams.Select(s => JsonValue.Create(s))]), ["id"] = id }, sink);
                break;
            default:
                Say(FrameKind.Reply, new JsonObject { ["error"] = new JsonObject { ["code"] = 2, ["msg"] = "Invalid request" }, ["id"] = id }, sink);
                break;
        }
    }

    public void Tell(MarketEvent happened, IFrameSink sink)
    {
        switch (happened)
        {
            case MarketEvent.BookChanged changed:
                TellBook(changed, sink);
                break;
            case MarketEvent.Traded traded:
                TellTrade(traded, sink);
                break;
        }
    }

    private void TellBook(MarketEvent.BookChanged changed, IFrameSink sink)
    {
        var stream = $"{changed.Instrument.Symbol.ToLowerInvariant()}@depth@100ms";
        if (!_streams.Contains(stream)) return;
        var update = changed.Update;
        var now = BinanceDialect.Milliseconds(truth.Clock);
        var data = new JsonObject { ["e"] = "depthUpdate", ["E"] = now };
        if (market != BinanceMarket.Spot) data["T"] = now;
        data["s"] = changed.Instrument.Symbol;
        data["U"] = update.FirstUpdateId;
        data["u"] = update.LastUpdateId;
        if (market != BinanceMarket.Spot) data["pu"] = update.PreviousUpdateId;
        data["b"] = BinanceDialect.Levels(update.Bids, changed.Instrument);
        data["a"] = BinanceDialect.Levels(update.Asks, changed.Instrument);
        Say(FrameKind.Book, new JsonObject { ["stream"] = stream, ["data"] = data }, sink);
    }

    private void TellTrade(MarketEvent.Traded traded, IFrameSink sink)
    {
        var stream = $"{traded.Instrument.Symbol.ToLowerInvariant()}@trade";
        if (!_streams.Contains(stream)) return;
        var (instrument, trade) = traded;
        var at = BinanceDialect.Milliseconds(trade.VenueTime);
        Say(FrameKind.Trade, new JsonObject
        {
            ["stream"] = stream,
            ["data"] = new JsonObject
            {
                ["e"] = "trade", ["E"] = at, ["T"] = at, ["s"] = instrument.Symbol, ["t"] = trade.TradeId,
                ["p"] = BinanceDialect.Text(instrument.Prices.ToDecimal(trade.PriceTicks)),
                ["q"] = BinanceDialect.Text(instrument.Sizes.ToDecimal(trade.SizeLots)), ["X"] = "MARKET", ["m"] = trade.Aggressor == Side.Sell,
            },
        }, sink);
    }

    private void TellFunding(Instrument instrument, IFrameSink sink)
    {
        var stream = $"{instrument.Symbol.ToLowerInvariant()}@markPrice";
        if (!_streams.Contains(stream)) return;
        Say(FrameKind.Reply, new JsonObject
        {
            ["stream"] = stream,
            ["data"] = new JsonObject
            {
                ["e"] = "markPriceUpdate", ["E"] = BinanceDialect.Milliseconds(truth.Clock), ["s"] = instrument.Symbol,
                ["p"] = "1", ["i"] = "1", ["P"] = "1",
                ["r"] = BinanceDialect.Text(BinanceDialect.FundingRate), ["T"] = BinanceDialect.Milliseconds(truth.Clock + TimeSpan.FromHours(4)),
            },
        }, sink);
    }

    private static void Say(FrameKind kind, JsonObject frame, IFrameSink sink) => sink.Say(kind, Encoding.UTF8.GetBytes(frame.ToJsonString()));
}
