using System.Security.Cryptography;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire.Tests;

public sealed class BybitRequestsTests
{
    private static readonly BybitRequests Linear = new(Bybits.Options(), [Bybits.Btc, Bybits.Gram]);
    private static readonly BybitRequests Spot = new(Bybits.Options(BybitProduct.Spot), [Bybits.SpotBtc]);
    private static readonly BybitRequests Inverse = new(Bybits.Options(BybitProduct.Inverse), [Bybits.InverseBtc]);

    [Fact]
    public void Placement_OfAContract_InTheVenuesText()
    {
        var request = Linear.Place(Bybits.Btc, Bybits.Intent(Bybits.Btc));
        (request.Method, request.Path, request.Query, request.Bucket, request.Weight, request.IsUrgent, request.IsSigned)
            .ShouldBe(("POST", "/v5/order/create", "", "create", 1, false, true));
        Body(request).ShouldBe("""{"category":"linear","symbol":"BTCUSDT","orderLinkId":"dax1x2","side":"Sell","orderType":"Limit","qty":"0.015","price":"109378.9","timeInForce":"PostOnly","smpType":"CancelTaker","positionIdx":0}""");
    }

    [Theory]
    [InlineData(true, TimeInForce.GoodTillCancelled, "PostOnly")]
    [InlineData(false, TimeInForce.GoodTillCancelled, "GTC")]
    [InlineData(false, TimeInForce.ImmediateOrCancel, "IOC")]
    public void Placement_TimeInForce(bool isPostOnly, TimeInForce timeInForce, string text) =>
        Body(Linear.Place(Bybits.Btc, Bybits.Intent(Bybits.Btc) with { IsPostOnly = isPostOnly, TimeInForce = timeInForce }))
            .ShouldContain($"\"timeInForce\":\"{text}\"");

    [Fact]
    public void Placement_OnSpot_BorrowsOnlyWhereThatIsSet_AndSmallSizesHaveNoExponent()
    {
        var order = Bybits.Intent(Bybits.SpotBtc) with { SizeLots = 1, PriceTicks = 7_714_100 };
        Body(Spot.Place(Bybits.SpotBtc, order)).ShouldBe("""{"category":"spot","symbol":"BTCUSDT","orderLinkId":"dax1x2","side":"Sell","orderType":"Limit","qty":"0.000001","price":"77141","timeInForce":"PostOnly","smpType":"CancelTaker","isLeverage":0}""");
        var margin = new BybitRequests(
            Bybits.Options(BybitProduct.Spot) with { UsesMargin = true, SelfTrade = BybitSelfTrade.Allow }, [Bybits.SpotBtc]);
        Body(margin.Place(Bybits.SpotBtc, order)).ShouldEndWith("\"timeInForce\":\"PostOnly\",\"isLeverage\":1}");
    }

    [Fact]
    public void Amendment_CountsWhatIsExecuted() => Body(Linear.Amend(Bybits.Btc, Bybits.Intent(Bybits.Btc, kind: OrderIntentKind.Amend), executedLots: 5))
        .ShouldBe("""{"category":"linear","symbol":"BTCUSDT","orderLinkId":"dax1x2","qty":"0.02","price":"109378.9"}""");

    [Fact]
    public void Cancel_MayUseTheReserve()
    {
        var request = Spot.Cancel(Bybits.SpotBtc, "dax1x2");
        (request.Path, request.Bucket, request.IsUrgent).ShouldBe(("/v5/order/cancel", "cancel", true));
        Body(request).ShouldBe("""{"category":"spot","symbol":"BTCUSDT","orderLinkId":"dax1x2"}""");
    }

    [Fact]
    public void Batches_WeighAsManyAsTheyHold()
    {
        var place = Linear.PlaceBatch([(Bybits.Btc, Bybits.Intent(Bybits.Btc, "a1")), (Bybits.Gram, Bybits.Intent(Bybits.Gram, "a2"))]);
        (place.Path, place.Bucket, place.Weight).ShouldBe(("/v5/order/create-batch", "create", 2));
        Body(place).ShouldStartWith("""{"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"a1","side":"Sell",""");
        Body(place).ShouldContain("""},{"symbol":"GRAMUSDT","orderLinkId":"a2",""");
        Body(Linear.AmendBatch([(Bybits.Btc, Bybits.Intent(Bybits.Btc, "a1"), 0)]))
            .ShouldBe("""{"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"a1","qty":"0.015","price":"109378.9"}]}""");
        Body(Linear.CancelBatch([(Bybits.Btc, "a1"), (Bybits.Btc, "a2")]))
            .ShouldBe("""{"category":"linear","request":[{"symbol":"BTCUSDT","orderLinkId":"a1"},{"symbol":"BTCUSDT","orderLinkId":"a2"}]}""");
    }

    [Fact]
    public void BatchMax_IsWhatTheVenueTakes_AndWhatOurLimitEverHolds()
    {
        Linear.BatchMax(OrderIntentKind.Place).ShouldBe(8);
        Linear.BatchMax(OrderIntentKind.Cancel).ShouldBe(10);
        var wide = new RequestLimits { PerSecond = 100, Burst = 100, CancelReserve = 2 };
        var limits = new BybitLimits { Create = wide, Amend = wide, Cancel = wide };
        new BybitRequests(Bybits.Options() with { Limits = limits }, [Bybits.Btc]).BatchMax(OrderIntentKind.Amend).ShouldBe(20);
        new BybitRequests(Bybits.Options(BybitProduct.Spot) with { Limits = limits }, [Bybits.SpotBtc]).BatchMax(OrderIntentKind.Place).ShouldBe(10);
    }

    [Fact]
    public void Queries_NameWhatTheVenueWantsNamed()
    {
        Linear.Order("dax1x2").Query.ShouldBe("category=linear&settleCoin=USDT&orderLinkId=dax1x2");
        Linear.OldOrder("dax1x2").ShouldBe(new VenueRequest("GET", "/v5/order/history", "category=linear&orderLinkId=dax1x2", default, "query"));
        Linear.OpenOrders("USDT", "").Query.ShouldBe("category=linear&settleCoin=USDT&openOnly=0&limit=50");
        Spot.OpenOrders(Spot.Settlements.Single(), "").Query.ShouldBe("category=spot&openOnly=0&limit=50");
        Inverse.EndedOrders(Inverse.Settlements.Single(), "page%3D2").Query.ShouldBe("category=inverse&openOnly=1&limit=50&cursor=page%3D2");
        Linear.OpenOrders("USDT", "a b&c").Query.ShouldEndWith("&cursor=a%20b%26c");
        Linear.Fills(Timestamp.FromUnixMilliseconds(1_758_841_135_824), Timestamp.FromUnixMilliseconds(1_758_841_135_999), "").Query
            .ShouldBe("category=linear&startTime=1758841135824&endTime=1758841135999&limit=100");
        BybitRequests.Balances().Query.ShouldBe("accountType=UNIFIED");
        Linear.Position(Bybits.Btc).Query.ShouldBe("category=linear&symbol=BTCUSDT");
        Linear.Positions("USDT", "").ShouldBe(new VenueRequest("GET", "/v5/position/list", "category=linear&settleCoin=USDT&limit=200", default, "query"));
        Linear.Book(Bybits.Btc).ShouldBe(
            new VenueRequest("GET", "/v5/market/orderbook", "category=linear&symbol=BTCUSDT&limit=50", default, "market", IsSigned: false));
        Spot.Trades(Bybits.SpotBtc).Query.ShouldBe("category=spot&symbol=BTCUSDT&limit=60");
        Linear.Instruments("next").Query.ShouldBe("category=linear&limit=1000&cursor=next");
        BybitRequests.Time().Path.ShouldBe("/v5/market/time");
    }

    [Fact]
    public void DeadMansSwitch_OfTheProductGroup()
    {
        Body(Linear.CancelAllAfterDisconnect(TimeSpan.FromSeconds(30))).ShouldBe("""{"product":"DERIVATIVES","timeWindow":30}""");
        Body(Spot.CancelAllAfterDisconnect(TimeSpan.FromSeconds(10))).ShouldBe("""{"product":"SPOT","timeWindow":10}""");
    }

    /// <summary>The venue publishes no vector that can be computed again: the formula of its documentation is written out here.</summary>
    [Fact]
    public void Headers_SignTimeKeyWindowAndWhatIsSent()
    {
        var protocol = new BybitProtocol(Bybits.Options());
        var post = Linear.Cancel(Bybits.Btc, "dax1x2");
        protocol.Headers(post, Bybits.At).ShouldBe(
        [
            new("X-BAPI-API-KEY", "key-of-ann"), new("X-BAPI-TIMESTAMP", "1758841135824"), new("X-BAPI-RECV-WINDOW", "5000"),
            new("X-BAPI-SIGN", Mac($"1758841135824key-of-ann5000{Body(post)}")),
        ]);
        var get = Linear.OpenOrders("USDT", "page%3D2");
        protocol.Headers(get, Bybits.At).Last().Value.ShouldBe(Mac($"1758841135824key-of-ann5000{get.Query}"));
        protocol.Headers(Linear.Book(Bybits.Btc), Bybits.At).ShouldBeEmpty();
    }

    [Fact]
    public void WithoutCredentials_NothingIsSigned()
    {
        var protocol = new BybitProtocol(Bybits.Options() with { Credentials = null });
        protocol.HasCredentials.ShouldBeFalse();
        protocol.Headers(Linear.Cancel(Bybits.Btc, "dax1x2"), Bybits.At).ShouldBeEmpty();
    }

    internal static string Mac(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("the secret of ann"), Encoding.UTF8.GetBytes(text)));

    private static string Body(in VenueRequest request) => Encoding.UTF8.GetString(request.Body.Span);
}
