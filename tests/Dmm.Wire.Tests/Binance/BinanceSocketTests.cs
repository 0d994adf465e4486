using System.Text;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire.Tests;

public sealed class BinanceSocketTests
{
    private static readonly BinanceOptions Spot = new BinanceOptions { Market = BinanceMarket.Spot }.Checked();
    private static readonly BinanceOptions Usdm = new BinanceOptions { Market = BinanceMarket.UsdMargined }.Checked();

    [Fact]
    public void Subscription_EachInstrumentsStreams()
    {
        var frames = new BinanceSocket(Usdm, Wires.Usdm).Subscriptions(Wires.Received, out var answers);
        answers.ShouldBe(1);
        Encoding.UTF8.GetString(frames.ShouldHaveSingleItem())
            .ShouldBe("""{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@trade","btcusdt@bookTicker","btcusdt@markPrice"],"id":1}""");
        var slow = new BinanceSocket(Spot with { BookInterval = TimeSpan.FromSeconds(1) }, Wires.Spot).Subscriptions(Wires.Received, out _);
        Encoding.UTF8.GetString(slow[0]).ShouldBe("""{"method":"SUBSCRIBE","params":["btcusdt@depth","btcusdt@trade","btcusdt@bookTicker"],"id":1}""");
    }

    [Fact]
    public void ManyInstruments_SubscribedInParts()
    {
        var many = Enumerable.Range(0, 40).Select(i => Wires.SpotBtc with { Id = new(i), Symbol = $"A{i}USDT" }).ToArray();
        new BinanceSocket(Spot, new("binance-spot", many)).Subscriptions(Wires.Received, out var answers).Count.ShouldBe(2);
        answers.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"result":null,"id":1}""", VenueFrameKind.Subscribed, ParseStatus.Ignored)]
    [InlineData("""{"result":["btcusdt@depth"],"id":2}""", VenueFrameKind.Pong, ParseStatus.Ignored)]
    [InlineData("""{"error":{"code":2,"msg":"Invalid request"},"id":1}""", VenueFrameKind.Error, ParseStatus.Rejected)]
    [InlineData("""{"code":3,"msg":"Invalid JSON"}""", VenueFrameKind.Error, ParseStatus.Rejected)]
    [InlineData("""{"e":"serverShutdown","E":1770123456789}""", VenueFrameKind.Notice, ParseStatus.Ignored)]
    [InlineData("""{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1723161256299,"s":"BTCUSDT"}}""", VenueFrameKind.Data, ParseStatus.Ignored)]
    [InlineData("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256299,"T":1723161256299,"s":"BTCUSDT","t":7,"p":"61800.2","q":"0.5","X":"MARKET","m":true}}""", VenueFrameKind.Data, ParseStatus.Parsed)]
    [InlineData("""{"stream":"dogeusdt@trade","data":{"e":"trade","s":"DOGEUSDT"}}""", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    [InlineData("nonsense", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    [InlineData("", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    public void Frames_SaidAsWhatTheyAre(string frame, VenueFrameKind kind, ParseStatus status)
    {
        new BinanceSocket(Usdm, Wires.Usdm).Parse(Wires.Bytes(frame), Wires.Received, new MessageBatch(), out var heard).ShouldBe(status);
        heard.Kind.ShouldBe(kind);
    }

    [Fact]
    public void SignOfLife_IsAQuestionThatIsAnswered() =>
        Encoding.UTF8.GetString(new BinanceSocket(Spot, Wires.Spot).Ping(Wires.Received)).ShouldBe("""{"method":"LIST_SUBSCRIPTIONS","id":2}""");

    [Theory]
    [InlineData(BinanceMarket.Spot, 1_000, "/api/v3/depth", 50)]
    [InlineData(BinanceMarket.Spot, 5_000, "/api/v3/depth", 250)]
    [InlineData(BinanceMarket.UsdMargined, 1_000, "/fapi/v1/depth", 20)]
    [InlineData(BinanceMarket.UsdMargined, 100, "/fapi/v1/depth", 5)]
    public void Book_WithItsWeight(BinanceMarket market, int depth, string path, int weight)
    {
        var request = new BinanceRequests(new BinanceOptions { Market = market, BookDepth = depth }.Checked()).Book(Wires.SpotBtc);
        (request.Path, request.Query, request.Weight, request.IsSigned).ShouldBe((path, $"symbol=BTCUSDT&limit={depth}", weight, false));
    }

    [Fact]
    public void Answers_AndTheWeightUsed()
    {
        var requests = new BinanceRequests(Usdm);
        string? Header(string name) => name == "X-MBX-USED-WEIGHT-1M" ? "2390" : null;
        requests.Limit(default, new(200, default, Header), Wires.Received).ShouldBe(new RateNotice(10));
        requests.Limit(default, new(200, default, _ => null), Wires.Received).ShouldBeNull();
        Read(418, "").ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.RateLimited);
        Read(400, """{"code":-1121,"msg":"Invalid symbol."}""").ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>().Refusal.Reason.ShouldBe("-1121: Invalid symbol.");
        Read(403, "<html>").ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Unknown>();
        Read(503, """{"code":-1000,"msg":"?"}""").ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Unknown>();
        BinanceRequests.ParseTime("""{"serverTime":1723161256299}"""u8).ShouldBe(Timestamp.FromUnixMilliseconds(1_723_161_256_299));
        BinanceRequests.ParseTime("{}"u8).IsKnown.ShouldBeFalse();

        VenueReply<ReadOnlyMemory<byte>> Read(int status, string body) => requests.Read(default, new(status, Wires.Bytes(body), _ => null));
    }

    [Fact]
    public void Options_AllFaultsAtOnce()
    {
        var wrong = new BinanceOptions
        {
            Market = BinanceMarket.CoinMargined, BaseUrl = new("https://x/y"), SocketUrl = new("https://x"), BookDepth = 7, BookInterval = TimeSpan.Zero,
        };
        Should.Throw<ParameterException>(wrong.Checked).Faults.Select(f => f.Split(' ')[0]).ShouldBe(["market", "baseUrl", "socketUrl", "bookDepth", "bookInterval"]);
    }

    [Fact]
    public void MarketThatDoesNotTrade_IsAFaultOfTheListing()
    {
        var reply = """{"symbols":[{"symbol":"OLDUSDT","status":"BREAK","baseAsset":"OLD","quoteAsset":"USDT","filters":[]}]}""";
        Should.Throw<KeyNotFoundException>(() => BinanceInstruments.Parse(BinanceMarket.UsdMargined, Wires.Bytes(reply)).Require("OLDUSDT", default)).Message
            .ShouldBe("binance-usdm lists OLDUSDT: status is 'BREAK': expected TRADING");
    }
}
