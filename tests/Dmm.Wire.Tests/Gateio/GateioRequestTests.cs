using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire.Tests;

public sealed class GateioRequestTests
{
    private static readonly Timestamp Now = Timestamp.FromUnixMilliseconds(1_541_993_715_400);
    private static readonly HmacCredentials Ann = new("key-of-ann", "secret");
    private static readonly GateioRequests Spot = new(GateioProduct.Spot);
    private static readonly GateioRequests Contracts = new(GateioProduct.UsdtPerpetual, GateioSelfTradePrevention.CancelNewest);

    private static readonly OrderIntent Quote = new()
    {
        Kind = OrderIntentKind.Place, Instrument = Gateios.Btc.Id, ClientOrderId = "dax1x2", Side = Side.Sell, PriceTicks = 837_909,
        SizeLots = 29_840_000, IsPostOnly = true,
    };

    [Fact]
    public void Placement_OfEachMarket()
    {
        Shown(Spot.Place(Gateios.Btc, Quote)).ShouldBe(
            """POST /api/v4/spot/orders  {"text":"t-dax1x2","currency_pair":"BTC_USDT","type":"limit","side":"sell","amount":"0.002984","price":"83790.9","time_in_force":"poc"} of orders/BTC_USDT""");
        var taker = Quote with { IsPostOnly = false, TimeInForce = TimeInForce.ImmediateOrCancel, SizeLots = 3 };
        Shown(Contracts.Place(Gateios.BtcPerpetual, taker)).ShouldBe(
            """POST /api/v4/futures/usdt/orders  {"text":"t-dax1x2","contract":"BTC_USDT","size":-3,"price":"83790.9","tif":"ioc","stp_act":"cn"} of orders/BTC_USDT""");
        Shown(Contracts.Place(Gateios.EthPerpetual, Quote with { Side = Side.Buy, SizeLots = 15 })).ShouldContain("\"size\":\"1.5\"");
        Spot.Place(Gateios.Btc, Quote).IsUrgent.ShouldBeFalse();
    }

    [Fact]
    public void Amendment_NamesTheWholeOrder_WithWhatHasTraded()
    {
        Shown(Spot.Amend(Gateios.Btc, Quote, filledLots: 10_000_000)).ShouldBe(
            """PATCH /api/v4/spot/orders/t-dax1x2  {"currency_pair":"BTC_USDT","amount":"0.003984","price":"83790.9"} of orders/BTC_USDT""");
        Shown(Contracts.Amend(Gateios.BtcPerpetual, Quote with { SizeLots = 3 }, filledLots: 2)).ShouldBe(
            """PUT /api/v4/futures/usdt/orders/t-dax1x2  {"size":-5,"price":"83790.9"} of orders/BTC_USDT""");
        Shown(Contracts.AmendMany(Gateios.BtcPerpetual, [Quote with { SizeLots = 3 }], new Dictionary<string, long> { ["dax1x2"] = 1 })).ShouldBe(
            """POST /api/v4/futures/usdt/batch_amend_orders  [{"text":"t-dax1x2","size":-4,"price":"83790.9"}] of orders/BTC_USDT""");
    }

    [Fact]
    public void Cancels_AndQueries()
    {
        Shown(Spot.Cancel(Gateios.Btc, "dax1x2")).ShouldBe("DELETE /api/v4/spot/orders/t-dax1x2 currency_pair=BTC_USDT  of cancels");
        Shown(Contracts.Cancel(Gateios.BtcPerpetual, "dax1x2")).ShouldBe("DELETE /api/v4/futures/usdt/orders/t-dax1x2   of cancels");
        Shown(Spot.CancelMany(Gateios.Btc, ["da", "db"])).ShouldBe(
            """POST /api/v4/spot/cancel_batch_orders  [{"currency_pair":"BTC_USDT","id":"t-da"},{"currency_pair":"BTC_USDT","id":"t-db"}] of cancels""");
        Shown(Spot.OpenOrders(Gateios.Btc, 1)).ShouldBe("GET /api/v4/spot/orders currency_pair=BTC_USDT&status=open&limit=100&page=2  of queries");
        Shown(Contracts.OpenOrders(Gateios.BtcPerpetual, 1)).ShouldBe(
            "GET /api/v4/futures/usdt/orders contract=BTC_USDT&status=open&limit=100&offset=100  of queries");
        Shown(Spot.EndedOrders(Gateios.Btc, Now, 0)).ShouldBe(
            "GET /api/v4/spot/orders currency_pair=BTC_USDT&status=finished&limit=100&page=1&from=1541993715  of queries");
        Shown(Contracts.EndedOrders(Gateios.BtcPerpetual, Now, 2)).ShouldBe(
            "GET /api/v4/futures/usdt/orders_timerange contract=BTC_USDT&from=1541993715&limit=100&offset=200  of queries");
        Shown(Spot.Fills(Gateios.Btc, Timestamp.None, 0)).ShouldBe("GET /api/v4/spot/my_trades currency_pair=BTC_USDT&limit=1000&page=1  of queries");
        Shown(Contracts.Order(Gateios.BtcPerpetual, "dax1x2")).ShouldBe("GET /api/v4/futures/usdt/orders/t-dax1x2   of queries");
        Shown(Contracts.CancelAllAfter(TimeSpan.FromSeconds(30))).ShouldBe("""POST /api/v4/futures/usdt/countdown_cancel_all  {"timeout":30} of cancels""");
        Shown(Spot.Book(Gateios.Btc, 100)).ShouldBe("GET /api/v4/spot/order_book currency_pair=BTC_USDT&limit=100&with_id=true  of public");
        Spot.Book(Gateios.Btc, 100).IsSigned.ShouldBeFalse();
    }

    /// <summary>The formula written out once more; its published vector is checked with the other venues'.</summary>
    [Fact]
    public void SignedRequest_HeadersByThePublishedFormula()
    {
        var protocol = new GateioProtocol(Options(GateioProduct.UsdtPerpetual));
        var request = Contracts.Place(Gateios.BtcPerpetual, Quote with { SizeLots = 3 });
        var headers = protocol.Headers(request, Now).ToDictionary(h => h.Key, h => h.Value);
        var prehash = $"POST\n/api/v4/futures/usdt/orders\n\n{Convert.ToHexStringLower(SHA512.HashData(request.Body.Span))}\n1541993715";
        headers["SIGN"].ShouldBe(Hmac(prehash));
        headers["KEY"].ShouldBe("key-of-ann");
        headers["Timestamp"].ShouldBe("1541993715");
        headers["X-Gate-Size-Decimal"].ShouldBe("1");
        new GateioProtocol(Options(GateioProduct.Spot)).Headers(Spot.Book(Gateios.Btc, 20), Now).ShouldBeEmpty();
    }

    [Fact]
    public void PrivateSubscriptions_EachWithItsProof()
    {
        var socket = GateioSocket.Private(Options(GateioProduct.UsdtPerpetual), Gateios.Perpetual);
        socket.Login(Now).ShouldBeNull();
        var frames = socket.Subscriptions(Now, out var answers);
        answers.ShouldBe(5);
        using var first = JsonDocument.Parse(frames[0]);
        var root = first.RootElement;
        root.GetProperty("channel").GetString().ShouldBe("futures.orders");
        root.GetProperty("payload").ToString().ShouldBe("""["1666","BTC_USDT"]""");
        root.GetProperty("auth").GetProperty("SIGN").GetString().ShouldBe(Hmac("channel=futures.orders&event=subscribe&time=1541993715"));
        Encoding.UTF8.GetString(frames[4]).ShouldContain("""{"time":1541993715,"channel":"futures.balances","event":"subscribe","payload":["1666"],"auth":""");
    }

    [Theory]
    [InlineData(GateioProduct.Spot, GateioBookFeed.Updates, """{"time":1541993715,"channel":"spot.order_book_update","event":"subscribe","payload":["BTC_USDT","100ms"]}""", 4)]
    [InlineData(GateioProduct.Spot, GateioBookFeed.Best400, """{"time":1541993715,"channel":"spot.obu","event":"subscribe","payload":["ob.BTC_USDT.400"]}""", 4)]
    [InlineData(GateioProduct.UsdtPerpetual, GateioBookFeed.Updates, """{"time":1541993715,"channel":"futures.order_book_update","event":"subscribe","payload":["BTC_USDT","100ms","100"]}""", 5)]
    public void PublicSubscriptions_BookOfEachInstrument_TheRestTogether(GateioProduct product, GateioBookFeed feed, string first, int count)
    {
        var wire = product == GateioProduct.Spot ? Gateios.Spot : Gateios.Perpetual;
        var frames = GateioSocket.Public(Options(product) with { BookFeed = feed, Credentials = null }, wire).Subscriptions(Now, out var answers);
        answers.ShouldBe(count);
        frames.Count.ShouldBe(count);
        Encoding.UTF8.GetString(frames[0]).ShouldBe(first);
    }

    [Theory]
    [InlineData(400, """{"label":"POC_FILL_IMMEDIATELY","message":"would fill"}""", RefusalKind.Order)]
    [InlineData(400, """{"label":"ORDER_POC_IMMEDIATE","detail":"order price 1 while counter price 2"}""", RefusalKind.Order)]
    [InlineData(404, """{"label":"ORDER_NOT_FOUND","message":"Order not found"}""", RefusalKind.UnknownOrder)]
    [InlineData(400, """{"label":"ORDER_FINISHED"}""", RefusalKind.UnknownOrder)]
    [InlineData(400, """{"label":"REPEATED_CREATION","message":""}""", RefusalKind.DuplicateOrder)]
    [InlineData(401, """{"label":"INVALID_SIGNATURE","message":"Signature mismatch"}""", RefusalKind.Credentials)]
    [InlineData(403, """{"label":"REQUEST_EXPIRED","message":"gap"}""", RefusalKind.Credentials)]
    [InlineData(429, """{"label":"TOO_MANY_REQUESTS","message":"slow"}""", RefusalKind.RateLimited)]
    [InlineData(429, "<html>", RefusalKind.RateLimited)]
    [InlineData(400, """{"label":"A_NEW_ONE","message":"?"}""", RefusalKind.Order)]
    public void Errors_CertainRefusals(int status, string body, RefusalKind kind) => GateioErrors.Parse(status, Wires.Bytes(body))!.Kind.ShouldBe(kind);

    [Theory]
    [InlineData(500, """{"label":"INTERNAL","message":"?"}""")]
    [InlineData(503, """{"label":"TOO_BUSY","message":"?"}""")]
    [InlineData(400, """{"label":"SERVER_ERROR","message":"?"}""")]
    [InlineData(502, "<html>")]
    [InlineData(404, "<html>")]
    [InlineData(400, "{}")]
    [InlineData(204, "")]
    public void Errors_ThatProveNothing_Unknown(int status, string body)
    {
        GateioErrors.Parse(status, Wires.Bytes(body)).ShouldBeNull();
        var answer = new RestAnswer(status, Wires.Bytes(body), _ => null);
        new GateioProtocol(Options(GateioProduct.Spot)).Read(default, answer).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Unknown>();
    }

    [Fact]
    public void LimitHeaders_WhatIsLeft()
    {
        string? Header(string name) => name switch
        {
            "X-Gate-RateLimit-Requests-Remain" => "0", "X-Gate-RateLimit-Reset-Timestamp" => "1541993718", _ => null,
        };
        var notice = new GateioProtocol(Options(GateioProduct.Spot)).Limit(default, new(200, default, Header), Now);
        notice.ShouldBe(new RateNotice(0, TimeSpan.FromSeconds(2.6)));
        new GateioProtocol(Options(GateioProduct.Spot)).Limit(default, new(200, default, _ => "x"), Now).ShouldBeNull();
    }

    [Fact]
    public void BulkReply_EachOrderHasItsAnswer()
    {
        OrderIntent[] intents = [.. new[] { "da", "db", "dc", "dd" }.Select(id => Quote with { ClientOrderId = id })];
        var answers = GateioBulk.Read(Gateios.Spot, [.. intents], Wires.Bytes(
            """
            [{"text":"t-db","succeeded":false,"label":"BALANCE_NOT_ENOUGH","message":"Not enough balance"},
             {"text":"t-da","succeeded":true,"label":"","message":"","id":"7","currency_pair":"BTC_USDT","side":"sell","amount":"2","left":"2","price":"5.1","status":"open","finish_as":"open"},
             {"text":"t-dd","succeeded":false,"label":"SERVER_ERROR","message":"?"}]
            """));
        answers[0].ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>().Value.Status.ShouldBe(OrderStatus.Live);
        answers[1].ShouldBeOfType<VenueReply<OrderUpdate>.Refused>().Refusal.Reason.ShouldBe("BALANCE_NOT_ENOUGH: Not enough balance");
        answers[2].Fault.ShouldBe("the reply to a bulk request does not speak of the order");
        answers[3].ShouldBeOfType<VenueReply<OrderUpdate>.Unknown>();
    }

    [Fact]
    public void BulkReplyWithoutNames_ByPlaceWhereItIsComplete_ReceiptsWhereItIsAllThereIs()
    {
        OrderIntent[] intents = [Quote with { ClientOrderId = "da" }, Quote with { ClientOrderId = "db" }];
        var answers = GateioBulk.Read(Gateios.Spot, [.. intents], Wires.Bytes(
            """[{"succeeded":false,"label":"ORDER_NOT_FOUND","detail":"?"},{"id":"t-db","currency_pair":"BTC_USDT","succeeded":true,"label":null}]"""));
        answers[0].ShouldBeOfType<VenueReply<OrderUpdate>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.UnknownOrder);
        answers[1].ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>().Value.Status.ShouldBe(OrderStatus.PendingNew);
        foreach (var broken in new[] { "", "{}", "[", "[1,2]", """[{"succeeded":false,"label":"X"}]""" })
            GateioBulk.Read(Gateios.Spot, [.. intents], Wires.Bytes(broken)).ShouldAllBe(a => a is VenueReply<OrderUpdate>.Unknown, broken);
    }

    [Fact]
    public void Options_AllFaultsAtOnce()
    {
        var wrong = Options(GateioProduct.UsdtPerpetual) with
        {
            BaseUrl = new("http://api.gateio.ws"), SocketUrl = new("ws://fx-ws.gateio.ws/v4/ws/usdt"), UserId = "", BookDepth = 7,
            ReconnectMax = TimeSpan.FromSeconds(0.1),
        };
        var faults = Should.Throw<ParameterException>(wrong.Checked).Faults;
        faults.Select(f => f.Split(' ')[0]).ShouldBe(["baseUrl", "socketUrl", "userId", "bookDepth", "reconnectMax"]);
        string.Join(' ', faults).ShouldNotContain("secret");
        wrong.ToString().ShouldNotContain("key-of-ann");
        Options(GateioProduct.Spot).Checked().Limits.Keys.ShouldBe(["orders", "cancels", "queries", "public"]);
    }

    private static GateioOptions Options(GateioProduct product) => new() { Product = product, Credentials = Ann, UserId = "1666" };

    private static string Hmac(string prehash) => Convert.ToHexStringLower(HMACSHA512.HashData("secret"u8, Encoding.UTF8.GetBytes(prehash)));

    private static string Shown(VenueRequest request) =>
        $"{request.Method} {request.Path} {request.Query} {Encoding.UTF8.GetString(request.Body.Span)} of {request.Bucket}";
}
