using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class GateioWireTests
{
    private const string Order = """
        {"time":1694655225,"time_ms":1694655225315,"channel":"spot.orders","event":"update","result":[{"id":"399123456","text":"t-dax1x2","currency_pair":"BTC_USDT","type":"limit","side":"sell","amount":"0.002","price":"26253.3","left":"LEFT","event":"EVENT","finish_as":"FINISH"}]}
        """;

    [Theory]
    [InlineData("0.002", "put", "open", OrderStatus.Live, "")]
    [InlineData("0.0015", "update", "open", OrderStatus.PartiallyFilled, "")]
    [InlineData("0", "update", "open", OrderStatus.Filled, "")]
    [InlineData("0", "finish", "filled", OrderStatus.Filled, "")]
    [InlineData("0", "finish", "cancelled", OrderStatus.Filled, "")]
    [InlineData("0.0015", "finish", "cancelled", OrderStatus.Cancelled, "")]
    [InlineData("0.0015", "finish", "ioc", OrderStatus.Cancelled, "")]
    [InlineData("0.002", "finish", "poc", OrderStatus.Rejected, "poc: a post-only order that would have taken")]
    [InlineData("0.0015", "finish", "poc", OrderStatus.Cancelled, "poc")]
    [InlineData("0.002", "finish", "stp", OrderStatus.Cancelled, "stp")]
    [InlineData("0.002", "finish", "expired", OrderStatus.Expired, "expired")]
    public void SpotOrder_StatusByQuantities_ThenByHowItEnded(string left, string happening, string finishAs, OrderStatus status, string reason)
    {
        var batch = new MessageBatch();
        Gateios.Spot.Parse(Wires.Bytes(Order.Replace("LEFT", left).Replace("EVENT", happening).Replace("FINISH", finishAs)), Wires.Received, batch)
            .ShouldBe(ParseStatus.Parsed);
        batch.Count.ShouldBe(1);
        var lots = (long)(decimal.Parse(left, System.Globalization.CultureInfo.InvariantCulture) * 10_000_000_000m);
        batch[0].Control.ShouldBe(new OrderUpdate
        {
            Instrument = Gateios.Btc.Id, ClientOrderId = "dax1x2", Status = status, Side = Side.Sell, PriceTicks = 262_533,
            RemainingLots = lots, FilledLots = 20_000_000 - lots, Reason = reason,
        });
    }

    [Theory]
    [InlineData(-10, -10, "open", "_new", OrderStatus.Live, "")]
    [InlineData(-10, -4, "open", "_update", OrderStatus.PartiallyFilled, "")]
    [InlineData(-10, 0, "finished", "filled", OrderStatus.Filled, "")]
    [InlineData(-10, -4, "finished", "cancelled", OrderStatus.Cancelled, "")]
    [InlineData(-10, -10, "finished", "poc", OrderStatus.Rejected, "poc: a post-only order that would have taken")]
    [InlineData(-10, -10, "finished", "reduce_only", OrderStatus.Cancelled, "reduce_only")]
    [InlineData(-10, -4, "finished", "auto_deleveraged", OrderStatus.Cancelled, "auto_deleveraged")]
    public void ContractOrder_SignIsTheSide(int size, int left, string state, string finishAs, OrderStatus status, string reason)
    {
        var body = $$"""{"id":15675394,"contract":"BTC_USDT","size":{{size}},"left":{{left}},"price":3.765e+4,"text":"t-dax1x2","status":"{{state}}","finish_as":"{{finishAs}}"}""";
        var batch = new MessageBatch();
        Gateios.Perpetual.ParseOrder(Wires.Bytes(body), batch).ShouldBe(ParseStatus.Parsed);
        batch[0].Control.ShouldBe(new OrderUpdate
        {
            Instrument = Gateios.BtcPerpetual.Id, ClientOrderId = "dax1x2", Status = status, Side = Side.Sell, PriceTicks = 376_500,
            RemainingLots = -left, FilledLots = left - size, Reason = reason,
        });
    }

    [Theory]
    [InlineData("web")]
    [InlineData("apiv4")]
    [InlineData("-")]
    [InlineData("t-Another_Bot.7")]
    [InlineData("t-")]
    public void OrdersAndFillsOfOthers_PassedOver_OursBesideThemKept(string text)
    {
        var fills = $$"""
            {"channel":"spot.usertrades","event":"update","result":[
              {"id":1,"currency_pair":"BTC_USDT","side":"buy","role":"taker","amount":"1","price":"10","fee":"0","create_time_ms":"1605176741123","text":"{{text}}"},
              {"id":2,"currency_pair":"BTC_USDT","side":"buy","role":"taker","amount":"1","price":"10","fee":"0","create_time_ms":"1605176741123","text":"t-da"},
              {"id":3,"currency_pair":"DOGE_USDT","side":"buy","role":"taker","amount":"1","price":"10","fee":"0","create_time_ms":"1605176741123","text":"t-db"}]}
            """;
        var batch = new MessageBatch();
        Gateios.Spot.Parse(Wires.Bytes(fills), Wires.Received, batch).ShouldBe(ParseStatus.Parsed);
        batch.Count.ShouldBe(1);
        ((Fill)batch[0].Control).ClientOrderId.ShouldBe("da");
        var order = $$"""{"text":"{{text}}","currency_pair":"BTC_USDT","side":"buy","price":"0","amount":"off the grid","left":"1","status":"open"}""";
        Gateios.Spot.ParseOrder(Wires.Bytes(order), batch).ShouldBe(ParseStatus.Parsed);
        batch.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("buy", "maker", "\"fee\":\"0.002\",\"fee_currency\":\"BTC\"", 0.002, "BTC")]
    [InlineData("buy", "taker", "\"fee\":\"0.002\"", 0.002, "BTC")]
    [InlineData("sell", "taker", "\"fee\":\"0.002\"", 0.002, "USDT")]
    [InlineData("sell", "maker", "\"fee\":\"-2e-3\",\"fee_currency\":\"USDT\"", -0.002, "USDT")]
    [InlineData("buy", "maker", "\"fee\":\"0\",\"fee_currency\":\"BTC\",\"point_fee\":\"0\",\"gt_fee\":\"0.5\"", 0.5, "GT")]
    [InlineData("buy", "maker", "\"fee\":\"0\",\"point_fee\":\"0.25\",\"gt_fee\":\"0\"", 0.25, "POINT")]
    [InlineData("buy", "maker", "\"fee\":\"0\"", 0, "BTC")]
    public void SpotFill_FeeInTheAssetItWasTakenIn_CostAboveZero(string side, string role, string fee, double amount, string asset)
    {
        var frame = $$"""
            {"channel":"spot.usertrades","event":"update","result":[{"id":5736713,"order_id":"30784428","currency_pair":"BTC_USDT","create_time":1605176741,"create_time_ms":"1605176741123.456","side":"{{side}}","amount":"1.00000000","role":"{{role}}","price":"10000.00000000",{{fee}},"text":"t-dax1x2"}]}
            """;
        var batch = new MessageBatch();
        Gateios.Spot.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Parsed);
        batch[0].Control.ShouldBe(new Fill
        {
            Instrument = Gateios.Btc.Id, TradeId = $"BTC_USDT:5736713{role[0]}", ClientOrderId = "dax1x2", Side = side == "buy" ? Side.Buy : Side.Sell,
            Price = 10_000m, Quantity = 1m, Fee = (decimal)amount, FeeAsset = asset, IsMaker = role == "maker",
            VenueTime = Timestamp.FromUnixMilliseconds(1_605_176_741_123) + TimeSpan.FromTicks(4_560),
        });
    }

    /// <summary>The stream's fill and the same in a reply, which names it otherwise, have one identity.</summary>
    [Fact]
    public void ContractFill_StreamAndReplies_SameFill()
    {
        var onStream = """{"channel":"futures.usertrades","event":"update","result":[{"id":"3335259","create_time":1628736848,"create_time_ms":1628736848321,"contract":"BTC_USDT","order_id":"4872460","size":-1,"price":"40000.4","role":"maker","text":"t-dax1x2","fee":-9.290592e-04,"point_fee":0}]}""";
        var inReply = """[{"trade_id":"3335259","create_time":1628736848.321,"contract":"BTC_USDT","order_id":"4872460","size":"-1","price":"40000.4","role":"maker","text":"t-dax1x2","fee":"-0.0009290592","point_fee":"0"}]""";
        var stream = new MessageBatch();
        Gateios.Perpetual.Parse(Wires.Bytes(onStream), Wires.Received, stream).ShouldBe(ParseStatus.Parsed);
        var reply = new MessageBatch();
        Gateios.Perpetual.ParseFills(Gateios.BtcPerpetual, Wires.Bytes(inReply), reply, out var count).ShouldBe(ParseStatus.Parsed);
        count.ShouldBe(1);
        reply[0].Control.ShouldBe(stream[0].Control);
        ((Fill)reply[0].Control).Fee.ShouldBe(-0.0009290592m);
    }

    [Fact]
    public void TradeIds_ApartByMarketAndByTheSideOfATradeWithOurselves()
    {
        GateioIds.TradeId("BTC_USDT", "7", isMaker: true).ShouldNotBe(GateioIds.TradeId("ETH_USDT", "7", isMaker: true));
        GateioIds.TradeId("BTC_USDT", "7", isMaker: true).ShouldNotBe(GateioIds.TradeId("BTC_USDT", "7", isMaker: false));
        GateioIds.TryReadTradeId("BTC_USDT:7m", out var symbol, out var number).ShouldBeTrue();
        (symbol, number).ShouldBe(("BTC_USDT", 7));
        foreach (var other in new[] { "", "7", ":7m", "BTC_USDT:m", "BTC_USDT:7", "BTC_USDT:-7m" })
            GateioIds.TryReadTradeId(other, out _, out _).ShouldBeFalse(other);
    }

    [Fact]
    public void BookMarkedFull_IsASnapshot()
    {
        const string Full = """{"channel":"spot.order_book_update","event":"update","result":{"t":1700000000000,"full":true,"l":"100","e":"depthUpdate","E":1700000000,"s":"BTC_USDT","U":10,"u":12,"b":[["63999","0.3"]],"a":[["64001","0.2"]]}}""";
        Gateios.Spot.Parsed(Full).ShouldBe("Parsed\nsnapshot #0 12..12 after -1 bids [3000000000@639990] asks [2000000000@640010] checksum 0 at 2023-11-14T22:13:20.0000000Z");
        Gateios.Perpetual.Parsed("""{"channel":"futures.obu","event":"update","result":{"t":1700000000000,"s":"ob.BTC_USDT.50","U":101,"u":103}}""")
            .ShouldBe("Parsed\ndelta #2 101..103 after -1 bids [] asks [] checksum 0 at 2023-11-14T22:13:20.0000000Z");
    }

    [Fact]
    public void RestBook_OfEachMarket()
    {
        var batch = new MessageBatch();
        var status = Gateios.Perpetual.ParseSnapshot(Gateios.BtcPerpetual, Wires.Bytes(
            """{"id":123456,"current":1623898993.123,"update":1623898993.121,"asks":[{"p":"1.5","s":100}],"bids":[{"p":"1.1","s":"150"}]}"""), Wires.Received, batch);
        Wires.Shown(status, batch).ShouldBe("Parsed\nsnapshot #2 123456..123456 after -1 bids [150@11] asks [100@15] checksum 0 at 2021-06-17T03:03:13.1210000Z");
    }

    [Fact]
    public void ContractTrade_SignOfTheTaker_InternalOnesPassedOver()
    {
        Gateios.Perpetual.Parsed("""{"channel":"futures.trades","event":"update","result":[{"size":"-108","id":27753479,"create_time":1545136464,"create_time_ms":1545136464123,"price":"96.4","contract":"BTC_USDT"},{"size":3,"id":27753480,"create_time":1545136464,"create_time_ms":1545136464123,"price":"96.4","contract":"BTC_USDT","is_internal":true}]}""")
            .ShouldBe("Parsed\ntrade #2 27753479 Sell 108@964 at 2018-12-18T12:34:24.1230000Z");
    }

    [Fact]
    public void Funding_FromTheTicker()
    {
        var batch = new MessageBatch();
        Gateios.Perpetual.Parse(Wires.Bytes("""{"time":1541659086,"time_ms":1541659086123,"channel":"futures.tickers","event":"update","result":[{"contract":"BTC_USDT","last":"118.4","funding_rate":"-0.000114"}]}"""), Wires.Received, batch)
            .ShouldBe(ParseStatus.Parsed);
        batch[0].Control.ShouldBe(new FundingRate(Gateios.BtcPerpetual.Id, -0.000114m, Timestamp.None, Timestamp.FromUnixMilliseconds(1_541_659_086_123)));
    }

    [Fact]
    public void TopWithAnEmptySide_Ignored()
    {
        var batch = new MessageBatch();
        Gateios.Spot.Parse(Wires.Bytes("""{"channel":"spot.book_ticker","event":"update","result":{"t":1606293275123,"u":48733182,"s":"BTC_USDT","b":"","B":"0","a":"19179.3","A":"0.09"}}"""), Wires.Received, batch)
            .ShouldBe(ParseStatus.Ignored);
    }

    [Theory]
    [InlineData("""{"time":1,"channel":"spot.pong","event":"","error":null,"result":null}""", VenueFrameKind.Pong, ParseStatus.Ignored)]
    [InlineData("""{"time":1,"channel":"spot.orders","event":"subscribe","error":{"code":4,"message":"authentication fail"},"result":null}""", VenueFrameKind.Error, ParseStatus.Rejected)]
    [InlineData("""{"time":1,"channel":"spot.orders","event":"subscribe","result":{"status":"fail"}}""", VenueFrameKind.Error, ParseStatus.Rejected)]
    [InlineData("""{"time":1,"channel":"spot.orders","event":"subscribe","result":{"status":"success"}}""", VenueFrameKind.Subscribed, ParseStatus.Ignored)]
    [InlineData("""{"time":1,"channel":"spot.candlesticks","event":"update","result":{}}""", VenueFrameKind.Data, ParseStatus.Ignored)]
    [InlineData("""{"time":1,"channel":"futures.trades","event":"update","result":[]}""", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    [InlineData("""{"time":1,"channel":"spot.something","event":"update","result":{}}""", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    [InlineData("[]", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    [InlineData("", VenueFrameKind.Unknown, ParseStatus.Rejected)]
    public void FramesOfTheSession_SaidAsWhatTheyAre(string frame, VenueFrameKind kind, ParseStatus status)
    {
        Gateios.Spot.Parse(Wires.Bytes(frame), Wires.Received, new MessageBatch(), out var heard).ShouldBe(status);
        heard.Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData("\"u\":12,", "spot.order_book_update: BTC_USDT: u is missing: expected a whole number")]
    [InlineData("\"U\":10,", "spot.order_book_update: BTC_USDT: U is missing: expected a whole number")]
    [InlineData("\"t\":1700000000000,", "spot.order_book_update: BTC_USDT: t is missing: expected a whole number")]
    [InlineData("\"b\":[[\"63999\",\"0.3\"]],", "spot.order_book_update: BTC_USDT: b is missing: expected an array of levels")]
    public void RequiredFieldMissing_NamedInTheRefusal(string without, string reason)
    {
        const string Frame = """{"channel":"spot.order_book_update","event":"update","result":{"t":1700000000000,"s":"BTC_USDT","U":10,"u":12,"b":[["63999","0.3"]],"a":[["64001","0.2"]]}}""";
        Gateios.Spot.Refusal(Frame.Replace(without, "")).ShouldBe(reason);
    }

    [Theory]
    [InlineData("""["63999.05","0.3"]""", "b[0] price '63999.05' lies between two steps: expected a multiple of 0.1")]
    [InlineData("""["0","0.3"]""", "b[0] price is zero: expected a multiple of 0.1 above zero")]
    [InlineData("""["63999","-1"]""", "b[0] size '-1' is negative: expected a multiple of 0.0000000001")]
    [InlineData("""["63999"]""", "b[0] size '' is not a plain decimal: expected a multiple of 0.0000000001")]
    [InlineData("7", "b[0] is not a level: expected [\"price\",\"size\"] or {\"p\":\"price\",\"s\":size}")]
    [InlineData("""["6399e400","1"]""", "b[0] price '6399e400' is not a plain decimal: expected a multiple of 0.1")]
    public void BadLevel_NamedInTheRefusal(string level, string reason)
    {
        var frame = $$$"""{"channel":"spot.order_book_update","event":"update","result":{"t":1700000000000,"s":"BTC_USDT","U":10,"u":12,"b":[{{{level}}}],"a":[]}}""";
        Gateios.Spot.Refusal(frame).ShouldBe($"spot.order_book_update: BTC_USDT: {reason}");
    }

    [Theory]
    [InlineData("6.3999e4", 639_990)]
    [InlineData("63999", 639_990)]
    [InlineData("63999.0000", 639_990)]
    public void NumbersBareOrWithExponents_Exact(string price, long ticks)
    {
        var frame = $$$"""{"channel":"spot.order_book_update","event":"update","result":{"t":1700000000000,"s":"BTC_USDT","U":10,"u":12,"b":[[{{{price}}},"1"]],"a":[]}}""";
        Gateios.Spot.Parsed(frame).ShouldContain($"bids [10000000000@{ticks}]");
    }

    [Fact]
    public void HugeAndDeepFrames_RefusedByLimit()
    {
        var levels = string.Join(',', Enumerable.Repeat("[\"1\",\"1\"]", 30_001));
        Gateios.Spot.Parsed($$$"""{"channel":"spot.order_book_update","event":"update","result":{"t":1700000000000,"s":"BTC_USDT","U":10,"u":12,"b":[{{{levels}}}],"a":[]}}""")
            .ShouldContain("brings the frame above 30000 levels");
        var deep = new string('[', 5_000);
        Gateios.Spot.Parsed($$"""{"channel":"spot.order_book_update","event":"update","result":{{deep}}}""").ShouldStartWith("Rejected");
        var batch = new MessageBatch();
        Gateios.Spot.Parse([.. "{\"channel\":\"spot.trades\",\"event\":\"update\",\"result\":{\"currency_pair\":\""u8, 0xff, 0xfe, .. "\"}}"u8], Wires.Received, batch)
            .ShouldBe(ParseStatus.Rejected);
    }

    [Fact]
    public void Balances_OfEachMarket()
    {
        Gateios.Read("""[{"currency":"ETH","available":"968.8","locked":"1.2","update_id":98}]""", (body, batch) => Gateios.Spot.ParseBalances(body, Wires.Received, batch))
            .ShouldBe("Parsed\n" + new BalanceReport("gateio-spot", "ETH", 970m, Wires.Received));
        Gateios.Read("""{"user":1666,"currency":"usdt","total":"9707.80","available":"1"}""", (body, batch) => Gateios.Perpetual.ParseBalances(body, Wires.Received, batch))
            .ShouldBe("Parsed\n" + new BalanceReport("gateio-usdt", "USDT", 9707.8m, Wires.Received));
    }

    [Fact]
    public void WhatOrdersHaveTraded_ForAmending()
    {
        Gateios.Spot.ParseFilled("""{"text":"t-da","currency_pair":"BTC_USDT","side":"buy","price":"1","amount":"3","left":"1","status":"open"}"""u8)!
            .ShouldHaveSingleItem().ShouldBe(new("da", 20_000_000_000));
        Gateios.Perpetual.ParseFilled("""[{"text":"web","contract":"X"},{"text":"t-da","contract":"BTC_USDT","size":-7,"left":-3}]"""u8)!
            .ShouldHaveSingleItem().ShouldBe(new("da", 4));
        Gateios.Spot.ParseFilled("nonsense"u8).ShouldBeNull();
    }

    [Fact]
    public void MarketsThatDoNotTrade_AreFaultsOfTheListing()
    {
        var listing = GateioInstruments.Parse(GateioProduct.Spot, Wires.Bytes(
            """[{"id":"A_USDT","base":"A","quote":"USDT","amount_precision":0,"precision":6,"min_quote_amount":"1","min_base_amount":null,"trade_status":"tradable"},{"id":"B_USDT","base":"B","quote":"USDT","amount_precision":3,"precision":6,"trade_status":"untradable"}]"""));
        listing.Instruments.ShouldHaveSingleItem().OrderStepLots.ShouldBe(1_000_000);
        listing.Instruments[0].MinimumNotional.ShouldBe(1m);
        Should.Throw<KeyNotFoundException>(() => listing.Require("B_USDT", default)).Message
            .ShouldBe("gateio-spot lists B_USDT: trade_status is 'untradable': expected tradable");
        GateioInstruments.Parse(GateioProduct.UsdtPerpetual, Wires.Bytes("""[{"name":"C_USDT","type":"direct","in_delisting":true},{"name":"D_USDT","status":"prelaunch"}]"""))
            .Faults.ShouldBe(["C_USDT: in_delisting is true: expected a contract that goes on", "D_USDT: status is 'prelaunch': expected trading"]);
        Should.Throw<FormatException>(() => GateioInstruments.Parse(GateioProduct.Spot, Wires.Bytes("{}"))).Message
            .ShouldBe("gateio-spot: the reply is not an array of instruments");
    }
}
