using System.Security.Cryptography;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using static Dmm.Wire.Tests.OkxVenues;

namespace Dmm.Wire.Tests;

public sealed class OkxRequestTests
{
    private static readonly Timestamp At = Timestamp.Parse("2020-12-08T09:08:57.715Z");

    [Fact]
    public void Place_ExactTextAndOurId() => Text(new OkxRequests(Options).Place(Btc, Intent())).ShouldBe(
        """
        POST /api/v5/trade/order place/BTC-USDT 1
        {"instId":"BTC-USDT","tdMode":"cash","clOrdId":"dax1x2","side":"buy","ordType":"post_only","px":"31527.1","sz":"0.003","stpMode":"cancel_maker"}
        """);

    [Theory]
    [InlineData(true, TimeInForce.GoodTillCancelled, "post_only")]
    [InlineData(false, TimeInForce.GoodTillCancelled, "limit")]
    [InlineData(false, TimeInForce.ImmediateOrCancel, "ioc")]
    public void OrderType_ByPostOnlyAndTimeInForce(bool isPostOnly, TimeInForce timeInForce, string type) =>
        Text(new OkxRequests(Options).Place(Btc, Intent() with { IsPostOnly = isPostOnly, TimeInForce = timeInForce })).ShouldContain($"\"ordType\":\"{type}\"");

    [Fact]
    public void PlaceContract_WithMarginModeTagAndPrevention()
    {
        var options = Options with { MarginMode = OkxMarginMode.Isolated, OrderTag = "dmm1", SelfTradePrevention = OkxSelfTradePrevention.CancelBoth };
        Text(new OkxRequests(options).Place(Swap, Intent() with { Instrument = Swap.Id, SizeLots = 150, Side = Side.Sell })).ShouldBe(
            """
            POST /api/v5/trade/order place/BTC-USDT-SWAP 1
            {"instId":"BTC-USDT-SWAP","tdMode":"isolated","clOrdId":"dax1x2","tag":"dmm1","side":"sell","ordType":"post_only","px":"31527.1","sz":"1.5","stpMode":"cancel_both"}
            """);
    }

    [Fact]
    public void SmallestSteps_AreWrittenInFull() =>
        Text(new OkxRequests(Options).Place(Btc, Intent() with { PriceTicks = 1, SizeLots = 1 })).ShouldContain("\"px\":\"0.1\",\"sz\":\"0.00000001\"");

    [Fact]
    public void PlaceBatch_AsManyTokensAsOrders() => Text(new OkxRequests(Options).Place(Btc, [Intent(), Intent(id: "dax1x3")])).ShouldBe(
        """
        POST /api/v5/trade/batch-orders place-batch/BTC-USDT 2
        [{"instId":"BTC-USDT","tdMode":"cash","clOrdId":"dax1x2","side":"buy","ordType":"post_only","px":"31527.1","sz":"0.003","stpMode":"cancel_maker"},{"instId":"BTC-USDT","tdMode":"cash","clOrdId":"dax1x3","side":"buy","ordType":"post_only","px":"31527.1","sz":"0.003","stpMode":"cancel_maker"}]
        """);

    [Fact]
    public void Amend_SizeCountsWhatWasFilled_AndTheOrderEndsWhereItFails() =>
        Text(OkxRequests.Amend(Btc, [(Intent(OrderIntentKind.Amend), 100_000)])).ShouldBe(
            """
            POST /api/v5/trade/amend-order amend/BTC-USDT 1
            {"instId":"BTC-USDT","cxlOnFail":true,"clOrdId":"dax1x2","newSz":"0.004","newPx":"31527.1"}
            """);

    [Fact]
    public void AmendBatch_AndCancelBatch()
    {
        Text(OkxRequests.Amend(Btc, [(Intent(), 0), (Intent(id: "dax1x3"), 0)])).ShouldStartWith("POST /api/v5/trade/amend-batch-orders amend-batch/BTC-USDT 2\n[{");
        Text(OkxRequests.Cancel([new("BTC-USDT", "a"), new("DOGE-USDT", "b")])).ShouldBe(
            """
            POST /api/v5/trade/cancel-batch-orders cancel-batch 2
            [{"instId":"BTC-USDT","clOrdId":"a"},{"instId":"DOGE-USDT","clOrdId":"b"}]
            """);
        Text(OkxRequests.Cancel(new OkxOrderName("BTC-USDT", "a"))).ShouldBe(
            """
            POST /api/v5/trade/cancel-order cancel/BTC-USDT 1
            {"instId":"BTC-USDT","clOrdId":"a"}
            """);
    }

    [Fact]
    public void BatchOfNoneOrTooMany_Refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => OkxRequests.Cancel([]));
        Should.Throw<ArgumentOutOfRangeException>(() => OkxRequests.Cancel([.. Enumerable.Repeat(new OkxOrderName("A-B", "x"), 21)]));
    }

    [Theory]
    [InlineData(0, "{\"timeOut\":\"0\"}")]
    [InlineData(10, "{\"timeOut\":\"10\"}")]
    [InlineData(120, "{\"timeOut\":\"120\"}")]
    public void CancelAllAfter_InWholeSeconds(int seconds, string body) =>
        Text(new OkxRequests(Options).CancelAllAfter(TimeSpan.FromSeconds(seconds))).ShouldBe($"POST /api/v5/trade/cancel-all-after switch 1\n{body}");

    [Theory]
    [InlineData(9)]
    [InlineData(121)]
    [InlineData(10.5)]
    public void CancelAllAfter_OutsideWhatTheVenueTakes_Refused(double seconds) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new OkxRequests(Options).CancelAllAfter(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void CancelAllAfter_ReachesItsTagAlone() =>
        Text(new OkxRequests(Options with { OrderTag = "dmm1" }).CancelAllAfter(TimeSpan.FromSeconds(30))).ShouldEndWith("{\"timeOut\":\"30\",\"tag\":\"dmm1\"}");

    [Fact]
    public void Queries_PathsAndPages()
    {
        Text(OkxRequests.Order(Btc, "dax1x2")).ShouldBe("GET /api/v5/trade/order?instId=BTC-USDT&clOrdId=dax1x2 order/BTC-USDT 1\n");
        Text(OkxRequests.OpenOrders("")).ShouldBe("GET /api/v5/trade/orders-pending?limit=100 open-orders 1\n");
        Text(OkxRequests.OpenOrders(Btc, "77")).ShouldBe("GET /api/v5/trade/orders-pending?instId=BTC-USDT&limit=100&after=77 open-orders 1\n");
        Text(OkxRequests.EndedOrders("SPOT", At, "77"))
            .ShouldBe("GET /api/v5/trade/orders-history?instType=SPOT&begin=1607418537715&limit=100&after=77 order-history 1\n");
        Text(OkxRequests.Fills("9")).ShouldBe("GET /api/v5/trade/fills?limit=100&after=9 fills 1\n");
        Text(OkxRequests.FillsArchive("SWAP", "9")).ShouldBe("GET /api/v5/trade/fills-history?instType=SWAP&limit=100&after=9 fills-archive 1\n");
        Text(OkxRequests.Balances()).ShouldBe("GET /api/v5/account/balance account 1\n");
        Text(OkxRequests.Positions("SWAP")).ShouldBe("GET /api/v5/account/positions?instType=SWAP account 1\n");
        Text(OkxRequests.Book(Btc)).ShouldBe("GET /api/v5/market/books?instId=BTC-USDT&sz=400 book 1\n");
        OkxRequests.Book(Btc).IsSigned.ShouldBeFalse();
        OkxRequests.Trades(Btc).IsSigned.ShouldBeFalse();
        OkxRequests.Instruments("SWAP").IsSigned.ShouldBeFalse();
        OkxRequests.ServerTime().IsSigned.ShouldBeFalse();
        OkxRequests.Balances().IsSigned.ShouldBeTrue();
    }

    [Fact]
    public void EveryBucket_HasALimit()
    {
        var requests = new OkxRequests(Options);
        VenueRequest[] all =
        [
            OkxRequests.Instruments("SPOT"), OkxRequests.ServerTime(), OkxRequests.Book(Btc), OkxRequests.Trades(Btc), OkxRequests.AccountSettings(),
            OkxRequests.Balances(), OkxRequests.Order(Btc, "a"), OkxRequests.OpenOrders(""), OkxRequests.EndedOrders("SPOT", At, ""), OkxRequests.Fills(""),
            OkxRequests.FillsArchive("SPOT", ""),
            requests.Place(Btc, Intent()), requests.Place(Btc, [Intent()]), OkxRequests.Amend(Btc, [(Intent(), 0)]),
            OkxRequests.Amend(Btc, [(Intent(), 0), (Intent(), 0)]), OkxRequests.Cancel(new OkxOrderName("A-B", "a")),
            OkxRequests.Cancel([new OkxOrderName("A-B", "a")]), requests.CancelAllAfter(TimeSpan.Zero),
        ];
        foreach (var request in all) OkxLimits.Published.ShouldContainKey(request.Bucket.Split('/')[0]);
        all.Select(r => r.Bucket.Split('/')[0]).Concat(all.Select(r => r.Shared)).Where(l => l.Length > 0).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(OkxLimits.Published.Keys);
        all.Where(r => r.Shared.Length > 0).Select(r => r.Path).Distinct().Order(StringComparer.Ordinal).ShouldBe(
            ["/api/v5/trade/amend-batch-orders", "/api/v5/trade/amend-order", "/api/v5/trade/batch-orders", "/api/v5/trade/order"]);
        all.Where(r => !r.IsUrgent).Select(r => r.Bucket.Split('/')[0]).Distinct().ShouldBe(["place", "place-batch", "amend", "amend-batch"]);
    }

    /// <summary>The formula of the documentation, computed here by itself: base64 of HMAC-SHA256 over time, method, path with query, and body.</summary>
    [Fact]
    public void Signature_IsThatOfTheFormula()
    {
        var post = new OkxRequests(Options).Place(Btc, Intent());
        var get = OkxRequests.Order(Btc, "dax1x2");
        foreach (var request in new[] { post, get })
        {
            var headers = new OkxProtocol(Options).Headers(request, At).ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);
            var target = request.Query.Length > 0 ? $"{request.Path}?{request.Query}" : request.Path;
            var prehash = $"2020-12-08T09:08:57.715Z{request.Method}{target}{Encoding.UTF8.GetString(request.Body.Span)}";
            headers["OK-ACCESS-SIGN"].ShouldBe(Convert.ToBase64String(HMACSHA256.HashData("secret-1"u8, Encoding.UTF8.GetBytes(prehash))));
            headers["OK-ACCESS-KEY"].ShouldBe("key-1");
            headers["OK-ACCESS-TIMESTAMP"].ShouldBe("2020-12-08T09:08:57.715Z");
            headers["OK-ACCESS-PASSPHRASE"].ShouldBe("pass-1");
            // Only what must not be acted on late has a deadline.
            headers.GetValueOrDefault("expTime").ShouldBe(request.Method == "POST" ? "1607418542715" : null);
        }
    }

    [Fact]
    public void CancelAndUnsignedRequests_HaveNoDeadlineAndNoProof()
    {
        var protocol = new OkxProtocol(Options with { IsDemoTrading = true });
        protocol.Headers(OkxRequests.Book(Btc), At).ShouldBe([new("x-simulated-trading", "1")]);
        protocol.Headers(OkxRequests.Cancel(new OkxOrderName("A-B", "a")), At).Select(h => h.Key)
            .ShouldBe(["OK-ACCESS-KEY", "OK-ACCESS-TIMESTAMP", "OK-ACCESS-SIGN", "OK-ACCESS-PASSPHRASE", "x-simulated-trading"]);
    }

    [Fact]
    public void Login_SignsTheVerificationPathInSeconds()
    {
        var signed = Convert.ToBase64String(HMACSHA256.HashData("secret-1"u8, "1607418537GET/users/self/verify"u8));
        Encoding.UTF8.GetString(new OkxSignature(Options.Credentials!, TimeSpan.FromSeconds(5)).Login(At)).Replace("\\u002B", "+").ShouldBe(
            $$"""{"op":"login","args":[{"apiKey":"key-1","passphrase":"pass-1","timestamp":"1607418537","sign":"{{signed}}"}]}""");
    }

    [Fact]
    public void Sockets_SubscribeEachChannelOfEachInstrument()
    {
        var (options, wire) = (Options with { HasVenueTop = true, BookChannel = OkxBookChannel.BooksTickByTick }, OfVenue);
        var market = new OkxPublicSocket(options, wire);
        market.Login(At).ShouldBeNull();
        Encoding.UTF8.GetString(market.Subscriptions(At, out var answers).Single()).ShouldBe(
            """{"op":"subscribe","args":[{"channel":"books-l2-tbt","instId":"BTC-USDT"},{"channel":"trades","instId":"BTC-USDT"},{"channel":"bbo-tbt","instId":"BTC-USDT"},{"channel":"books-l2-tbt","instId":"BTC-USDT-SWAP"},{"channel":"trades","instId":"BTC-USDT-SWAP"},{"channel":"funding-rate","instId":"BTC-USDT-SWAP"},{"channel":"bbo-tbt","instId":"BTC-USDT-SWAP"}]}""");
        answers.ShouldBe(7);
        var own = new OkxPrivateSocket(options, wire, new(options.Credentials!, options.ReceiveWindow));
        own.Login(At).ShouldNotBeNull();
        Encoding.UTF8.GetString(own.Subscriptions(At, out answers).Single()).ShouldBe(
            """{"op":"subscribe","args":[{"channel":"orders","instType":"SPOT"},{"channel":"orders","instType":"SWAP"},{"channel":"account"}]}""");
        answers.ShouldBe(3);
        foreach (IVenueSocket socket in new IVenueSocket[] { market, own })
        {
            Encoding.UTF8.GetString(socket.Ping(At)).ShouldBe("ping");
            socket.Parse("pong"u8, At, new(), out var heard).ShouldBe(ParseStatus.Ignored);
            heard.Kind.ShouldBe(VenueFrameKind.Pong);
        }
    }

    private static string Text(VenueRequest request)
    {
        var target = request.Query.Length > 0 ? $"{request.Path}?{request.Query}" : request.Path;
        return $"{request.Method} {target} {request.Bucket} {request.Weight}\n{Encoding.UTF8.GetString(request.Body.Span)}";
    }
}
