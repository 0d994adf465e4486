using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using static Dmm.Wire.Tests.HmacVenues;

namespace Dmm.Wire.Tests;

public sealed class HmacVenueWireTests
{
    private const string Delta =
        """{"channel":"book","symbol":"DCT-USDT","type":"delta","U":10,"u":12,"time":1723161256299,"bids":[["1.0495","100.5"],["1.049","0"]],"asks":[["1.05","3"]]}""";

    private const string Trades =
        """{"channel":"trades","symbol":"TON-USDT","trades":[{"id":7,"side":"buy","price":"3.001","size":"2.5","time":1723161256299},{"id":8,"side":"sell","price":"3","size":"0.01","time":1723161256300}]}""";

    private const string OrderFrame =
        """{"channel":"orders","seq":4,"order":{"clientOrderId":"dsx1x2","symbol":"DCT-USDT","side":"sell","status":"partiallyFilled","price":"1.05","remaining":"1.5","reason":""}}""";

    private const string FillFrame =
        """{"channel":"fills","seq":9,"fill":{"tradeId":"77","clientOrderId":"dsx1x2","symbol":"DCT-USDT","side":"sell","price":"1.05","size":"2.5","fee":"-0.000525","feeAsset":"USDT","maker":true,"time":1723161256299}}""";

    [Fact]
    public void Delta_TicksAndLotsWithItsRangeOfIds() => OfVenue.Parsed(Delta).ShouldBe(
        "Parsed\ndelta #3 10..12 after -1 bids [1005@2099 0@2098] asks [30@2100] checksum 0 at 2024-08-08T23:54:16.2990000Z");

    [Fact]
    public void Snapshot_OnTheStreamAndByRest_SameMessage()
    {
        var frame = Delta.Replace("delta", "snapshot").Replace("\"U\":10", "\"U\":12");
        var body = """{"symbol":"DCT-USDT","u":12,"time":1723161256299,"bids":[["1.0495","100.5"],["1.049","0"]],"asks":[["1.05","3"]]}""";
        var expected = "Parsed\nsnapshot #3 12..12 after -1 bids [1005@2099 0@2098] asks [30@2100] checksum 0 at 2024-08-08T23:54:16.2990000Z";
        OfVenue.Parsed(frame).ShouldBe(expected);
        Read(body, (text, batch) => OfVenue.ParseSnapshot(Dct, text, Wires.Received, batch)).ShouldBe(expected);
        Read(body, (text, batch) => OfVenue.ParseSnapshot(HmacVenues.Ton, text, Wires.Received, batch)).ShouldContain("a snapshot of DCT-USDT: expected TON-USDT");
    }

    [Fact]
    public void Trades_AggressorAndTime_EachAMessage() => OfVenue.Parsed(Trades).ShouldBe(
        "Parsed\ntrade #5 7 Buy 250@3001 at 2024-08-08T23:54:16.2990000Z\ntrade #5 8 Sell 1@3000 at 2024-08-08T23:54:16.3000000Z");

    [Fact]
    public void OrderAndFill_ControlMessagesWithTheirNumber()
    {
        var batch = new MessageBatch();
        OfVenue.Parse(Wires.Bytes(OrderFrame), Wires.Received, batch, out var frame).ShouldBe(ParseStatus.Parsed);
        frame.ShouldBe(new(VenueFrameKind.Data, Number: 4));
        batch[0].Control.ShouldBe(OurOrder);
        OfVenue.Parse(Wires.Bytes(FillFrame), Wires.Received, batch, out frame).ShouldBe(ParseStatus.Parsed);
        frame.ShouldBe(new(VenueFrameKind.Data, Number: 9));
        batch[0].Control.ShouldBe(OurFill);
    }

    [Fact]
    public void VenueWrites_TheFramesOfTheDocument()
    {
        var delta = new BookUpdate
        {
            Instrument = Dct.Id, IsSnapshot = false, VenueTime = At, ReceiveTime = At, FirstUpdateId = 10, LastUpdateId = 12, BidCount = 2,
            Levels = new BookLevel[] { new(2_099, 1_005), new(2_098, 0), new(2_100, 30) },
        };
        Written((w, into) => w.Book(delta, into)).ShouldBe(Delta);
        Trade[] trades =
        [
            new() { Instrument = HmacVenues.Ton.Id, VenueTime = At, ReceiveTime = At, TradeId = 7, PriceTicks = 3_001, SizeLots = 250, Aggressor = Side.Buy },
            new() { Instrument = HmacVenues.Ton.Id, VenueTime = At + TimeSpan.FromMilliseconds(1), ReceiveTime = At, TradeId = 8, PriceTicks = 3_000, SizeLots = 1, Aggressor = Side.Sell },
        ];
        Written((w, into) => w.Trades(trades, into)).ShouldBe(Trades);
        Written((w, into) => w.Order(OurOrder, 4, into)).ShouldBe(OrderFrame);
        Written((w, into) => w.Fill(OurFill, 9, into)).ShouldBe(FillFrame);
    }

    [Fact]
    public void Answers_NothingForTheEngine_ButTheirKind()
    {
        Kind(Written((w, into) => w.Pong(6, At, into))).ShouldBe((ParseStatus.Ignored, new(VenueFrameKind.Pong, Number: 6)));
        Kind(Written((w, into) => w.LoggedIn(into))).ShouldBe((ParseStatus.Ignored, new(VenueFrameKind.LoggedIn)));
        Kind(Written((w, into) => w.Subscribed(into))).ShouldBe((ParseStatus.Ignored, new(VenueFrameKind.Subscribed)));
    }

    [Fact]
    public void Error_RefusedWithTheVenuesWords_AndItsCode()
    {
        var frame = Written((w, into) => w.Error(HmacVenueErrors.BadSignature, "the signature is wrong", into));
        Kind(frame).ShouldBe((ParseStatus.Rejected, new(VenueFrameKind.Error, "the venue answers with error bad_signature: the signature is wrong")));
        OfVenue.Refusal(frame).ShouldBe("the venue answers with error bad_signature: the signature is wrong");
    }

    [Fact]
    public void Replies_ReadBackAsWritten()
    {
        Read(Written((w, into) => w.OrderBody(OurOrder, into)), (text, batch) => OfVenue.ParseOrder(text, batch)).ShouldBe($"Parsed\n{OurOrder}");
        long sequence = 0;
        Read(Written((w, into) => w.OrdersBody([OurOrder, OurOrder], 12, into)), (text, batch) => OfVenue.ParseOrders(text, batch, out sequence))
            .ShouldBe($"Parsed\n{OurOrder}\n{OurOrder}");
        sequence.ShouldBe(12);
        Read(Written((w, into) => w.FillsBody([OurFill], 3, into)), (text, batch) => OfVenue.ParseFills(text, batch, out sequence)).ShouldBe($"Parsed\n{OurFill}");
        sequence.ShouldBe(3);
        Read(Written((w, into) => w.BalancesBody([("DCT", 12.5m)], At, into)), (text, batch) => OfVenue.ParseBalances(text, batch))
            .ShouldBe($"Parsed\n{new BalanceReport("hmac", "DCT", 12.5m, At)}");
        HmacVenueWire.ParseCancelled(Wires.Bytes(Written((w, into) => w.CancelledBody(4, into)))).ShouldBe(4);
        HmacVenueWire.ParseCancelled("{}"u8).ShouldBeNull();
    }

    [Fact]
    public void Instruments_ReadBackAsListed_HaltedOneIsAFault()
    {
        var body = Wires.Bytes(Written((w, into) => w.InstrumentsBody(
            [(Dct, new("DCT-USDT", -0.5, 4), true), (HmacVenues.Ton, new("TON-USDT", 1, 5), false)], into)));
        var listing = HmacVenueInstruments.Parse("hmac", body);
        listing.Require("DCT-USDT", Dct.Id).ShouldBe(Dct);
        Should.Throw<KeyNotFoundException>(() => listing.Require("TON-USDT", new(0))).Message
            .ShouldBe("hmac lists TON-USDT: state is 'halted': expected trading");
        HmacVenueInstruments.ParseFees("hmac", body).ShouldBe([new("DCT-USDT", -0.5, 4)]);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("{}", "channel is missing: expected a string")]
    [InlineData("""{"channel":"candles"}""", "channel 'candles' is not known")]
    [InlineData("""{"channel":"book","symbol":"X-Y"}""", "a frame of X-Y: expected DCT-USDT, TON-USDT")]
    [InlineData("""{"channel":"book","symbol":"DCT-USDT","type":"diff","U":1,"u":1,"time":1723161256299,"bids":[],"asks":[]}""", "DCT-USDT book: type is 'diff': expected snapshot or delta")]
    [InlineData("""{"channel":"book","symbol":"DCT-USDT","type":"delta","U":3,"u":2,"time":1723161256299,"bids":[],"asks":[]}""", "DCT-USDT book: U 3 and u 2: expected U not above u")]
    [InlineData("""{"channel":"book","symbol":"DCT-USDT","type":"snapshot","U":1,"u":2,"time":1723161256299,"bids":[],"asks":[]}""", "DCT-USDT book: U 1 and u 2")]
    [InlineData("""{"channel":"book","symbol":"DCT-USDT","type":"delta","U":1,"u":2,"time":1723161256,"bids":[],"asks":[]}""", "DCT-USDT book: time is '1723161256': expected Unix time in milliseconds")]
    [InlineData("""{"channel":"book","symbol":"DCT-USDT","type":"delta","U":1,"u":2,"time":1723161256299,"bids":[["1.0501","1"]],"asks":[]}""", "DCT-USDT book: bids[0] price '1.0501' lies between two steps: expected a multiple of 0.0005")]
    [InlineData("""{"channel":"book","symbol":"DCT-USDT","type":"delta","U":1,"u":2,"time":1723161256299,"bids":[["0","1"]],"asks":[]}""", "DCT-USDT book: bids[0] price '0' is zero")]
    [InlineData("""{"channel":"trades","symbol":"DCT-USDT","trades":[{"id":7,"side":"buy","price":"1.05","size":"0","time":1723161256299}]}""", "DCT-USDT trade: size is zero")]
    [InlineData("""{"channel":"trades","symbol":"DCT-USDT"}""", "DCT-USDT trades: trades is missing")]
    [InlineData("""{"channel":"orders","seq":0,"order":{}}""", "order: seq is '0': expected a whole number from 1")]
    [InlineData("""{"channel":"orders","seq":1}""", "order: order is missing: expected an object")]
    [InlineData("""{"channel":"orders","seq":1,"order":{"clientOrderId":"a","symbol":"DCT-USDT","side":"sell","status":"pendingUnknown","price":"1.05","remaining":"1"}}""", "order: status is 'pendingUnknown': expected live")]
    [InlineData("""{"channel":"fills","seq":1,"fill":{"tradeId":"","clientOrderId":"a","symbol":"DCT-USDT"}}""", "fill: size is missing")]
    [InlineData("""{"channel":"pong"}""", "pong: id is missing")]
    public void MalformedFrame_RefusedWithTheReason(string frame, string reason)
    {
        var batch = new MessageBatch();
        OfVenue.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch[batch.Count - 1].Control.ShouldBeOfType<Rejected>().Reason.ShouldStartWith(reason);
    }

    [Fact]
    public void Requests_ReadBackByTheVenue()
    {
        var commands = new HmacVenueCommands("hmac", [Dct, HmacVenues.Ton]);
        var requests = new HmacVenueRequests(new());
        var intent = new OrderIntent
        {
            Kind = OrderIntentKind.Place, Instrument = Dct.Id, ClientOrderId = "dsx1x2", Side = Side.Buy, PriceTicks = 2_099, SizeLots = 105, IsPostOnly = true,
        };
        commands.ReadOrder(OrderIntentKind.Place, requests.Place(Dct, intent).Body.Span, out _, out _).ShouldBe(intent);
        var taking = intent with { IsPostOnly = false, TimeInForce = TimeInForce.ImmediateOrCancel };
        commands.ReadOrder(OrderIntentKind.Place, requests.Place(Dct, taking).Body.Span, out _, out _).ShouldBe(taking);
        var batch = requests.Batch(Dct, [intent, taking with { ClientOrderId = "dsx1x3" }]);
        (batch.Method, batch.Path).ShouldBe(("POST", "/v1/batch"));
        commands.ReadBatch(OrderIntentKind.Place, batch.Body.Span, out _)!.Select(o => o.Order)
            .ShouldBe([intent, taking with { ClientOrderId = "dsx1x3" }]);
        requests.Batch(Dct, [intent with { Kind = OrderIntentKind.Amend }]).Method.ShouldBe("PATCH");
        var cancels = requests.Cancel(["dsx1x2", "dsx1x3"]);
        (cancels.Method, cancels.Query).ShouldBe(("DELETE", "clientOrderIds=dsx1x2,dsx1x3"));
        HmacVenueCommands.ReadBatchIds("dsx1x2,dsx1x3").ShouldBe(["dsx1x2", "dsx1x3"]);
        var subscribe = commands.ReadCommand(HmacVenueRequests.Subscribe([Dct, HmacVenues.Ton], isPrivate: true), out _)!;
        subscribe.Channels.ShouldBe(["book", "trades", "orders", "fills"]);
        subscribe.Symbols.ShouldBe(["DCT-USDT", "TON-USDT"]);
        commands.ReadCommand(HmacVenueRequests.Ping(8), out _)!.Number.ShouldBe(8);
    }

    [Theory]
    [InlineData("""{"clientOrderId":"a","symbol":"DCT-USDT","side":"buy","price":"1.0501","size":"1","postOnly":true}""", "off_grid", "price price '1.0501' lies between two steps")]
    [InlineData("""{"clientOrderId":"a","symbol":"DCT-USDT","side":"buy","price":"1.05","size":"0","postOnly":true}""", "off_grid", "size is zero")]
    [InlineData("""{"clientOrderId":"a","symbol":"X","side":"buy","price":"1","size":"1","postOnly":true}""", "unknown_symbol", "symbol is 'X': expected DCT-USDT")]
    [InlineData("""{"clientOrderId":"a b","symbol":"DCT-USDT","side":"buy","price":"1","size":"1","postOnly":true}""", "bad_request", "clientOrderId is 'a b'")]
    [InlineData("""{"clientOrderId":"a","symbol":"DCT-USDT","side":"hold","price":"1","size":"1","postOnly":true}""", "bad_request", "side is 'hold'")]
    [InlineData("""{"clientOrderId":"a","symbol":"DCT-USDT","side":"buy","price":"1","size":"1","postOnly":true,"timeInForce":"ioc"}""", "bad_request", "an order that takes at once")]
    [InlineData("""{"clientOrderId":"a","symbol":"DCT-USDT","side":"buy","price":"1","size":"1","postOnly":true,"timeInForce":"day"}""", "bad_request", "timeInForce is 'day'")]
    [InlineData("nothing", "bad_request", "not JSON")]
    public void OrderThatIsNone_CodeAndWords(string body, string code, string words)
    {
        new HmacVenueCommands("hmac", [Dct]).ReadOrder(OrderIntentKind.Place, Wires.Bytes(body), out var found, out var said).ShouldBeNull();
        found.ShouldBe(code);
        said.ShouldStartWith(words);
    }

    [Theory]
    [InlineData("""{"orders":[]}""", "expected orders, an array of 1 to 20")]
    [InlineData("""{"orders":{}}""", "expected orders, an array of 1 to 20")]
    [InlineData("""{"orders":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}""", "expected orders, an array of 1 to 20")]
    [InlineData("nothing", "not JSON")]
    public void BatchThatIsNone_Words(string body, string words)
    {
        new HmacVenueCommands("hmac", [Dct]).ReadBatch(OrderIntentKind.Place, Wires.Bytes(body), out var said).ShouldBeNull();
        said.ShouldStartWith(words);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21")]
    public void BatchOfCancelsThatIsNone_Refused(string? ids) => HmacVenueCommands.ReadBatchIds(ids).ShouldBeNull();

    [Fact]
    public void BatchReply_AnAnswerForEach_ByItsPlace_WhatItDoesNotSpeakOfIsUnknown()
    {
        var body = Wires.Bytes(Written((w, into) => w.BatchBody(
            [new(OurOrder), new(null, HmacVenueErrors.WouldCross, "it would"), new(OurOrder with { ClientOrderId = "strange" })], into)));
        var answers = HmacBatch.Read(OfVenue, [Placing(OurOrder.ClientOrderId), Placing("b"), Placing("c"), Placing("d")], body);
        answers[0].ShouldBe(new VenueReply<OrderUpdate>.Accepted(OurOrder));
        answers[1].ShouldBe(new VenueReply<OrderUpdate>.Refused(new(RefusalKind.Order, "would_cross: it would")));
        answers[2].Fault.ShouldBe("the reply to the batch says neither that c was taken nor why not");
        answers[3].Fault.ShouldBe("the reply to the batch does not speak of the order");
        answers.Skip(2).ShouldAllBe(a => a is VenueReply<OrderUpdate>.Unknown);
    }

    private static OrderIntent Placing(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = Dct.Id, ClientOrderId = id, Side = Side.Buy, PriceTicks = 2_099, SizeLots = 105, IsPostOnly = true,
    };

    private static (ParseStatus, VenueFrame) Kind(string frame)
    {
        var status = OfVenue.Parse(Wires.Bytes(frame), Wires.Received, new(), out var kind);
        return (status, kind);
    }
}
