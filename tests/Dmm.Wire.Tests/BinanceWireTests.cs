using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class BinanceWireTests
{
    private const string UsdmDepth =
        """{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":10,"u":12,"pu":9,"b":[["61496.50","0.010"],["61510.90","0.000"]],"a":[["61800.30","2.510"]]}}""";

    private const string UsdmTop =
        """{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":12,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}}""";

    private const string UsdmTrade =
        """{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,"s":"BTCUSDT","t":77,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}""";

    [Fact]
    public void UsdmDepth_DeltaWithPreviousIdAndEngineTime() => Wires.Usdm.Parsed(UsdmDepth).ShouldBe(
        "Parsed\ndelta #1 10..12 after 9 bids [10@614965 0@615109] asks [2510@618003] checksum 0 at 2024-08-08T23:54:16.2980000Z");

    [Fact]
    public void UsdmTop_BothSides() => Wires.Usdm.Parsed(UsdmTop).ShouldBe(
        "Parsed\ntop #1 u12 2507@618002 2510@618003 at 2024-08-08T23:54:16.3130000Z");

    [Fact]
    public void UsdmTrade_SellerWasMaker_BuyerIsAggressor() => Wires.Usdm.Parsed(UsdmTrade).ShouldBe(
        "Parsed\ntrade #1 77 Buy 6@618003 at 2024-08-08T23:54:16.3210000Z");

    [Fact]
    public void UsdmSnapshot_TakesTheOnlyInstrument() => Wires.Usdm
        .Parsed("""{"lastUpdateId":15,"E":1723161256501,"T":1723161256493,"bids":[["61800.20","2.909"]],"asks":[["61800.30","1.000"],["61800.40","2.000"]]}""")
        .ShouldBe("Parsed\nsnapshot #1 15..15 after -1 bids [2909@618002] asks [1000@618003 2000@618004] checksum 0 at 2024-08-08T23:54:16.4930000Z");

    [Fact]
    public void SpotDepth_NoPreviousId_EventTime() => Wires.Spot
        .Parsed("""{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":3,"u":5,"b":[],"a":[["61837.64000000","1.54698000"]]}}""")
        .ShouldBe("Parsed\ndelta #0 3..5 after -1 bids [] asks [154698000@6183764] checksum 0 at 2024-08-08T23:54:15.2080000Z");

    [Fact]
    public void SpotTop_NoExchangeTime() => Wires.Spot
        .Parsed("""{"stream":"btcusdt@bookTicker","data":{"u":5,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}""")
        .ShouldBe("Parsed\ntop #0 u5 378826000@6183763 154698000@6183764 at ?");

    [Fact]
    public void SpotTrade_BuyerWasMaker_SellerIsAggressor() => Wires.Spot
        .Parsed("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":8,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}""")
        .ShouldBe("Parsed\ntrade #0 8 Sell 2000000@6183763 at 2024-08-08T23:54:15.3420000Z");

    [Fact]
    public void SpotTradeWithOrderIds_AsBefore2023_IdsPassedOver() => Wires.Spot
        .Parsed("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":8,"p":"61837.63","q":"0.02","b":88,"a":50,"T":1723161255342,"m":true,"M":true}}""")
        .ShouldBe("Parsed\ntrade #0 8 Sell 2000000@6183763 at 2024-08-08T23:54:15.3420000Z");

    [Fact]
    public void SpotSnapshot_NoExchangeTime() => Wires.Spot
        .Parsed("""{"lastUpdateId":5,"bids":[["61837.63000000","3.78826000"]],"asks":[["61837.64000000","1.00000000"]]}""")
        .ShouldBe("Parsed\nsnapshot #0 5..5 after -1 bids [378826000@6183763] asks [100000000@6183764] checksum 0 at ?");

    [Fact]
    public void SpotSizeFinerThanTheOrderStep_Kept() => Wires.Spot
        .Parsed("""{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":3,"u":5,"b":[],"a":[["61837.64000000","25.42618900"]]}}""")
        .ShouldContain("asks [2542618900@6183764]");

    [Fact]
    public void CoinmDepthAndTop_NameThePair_TradeDoesNot()
    {
        var wire = Wires.Coinm;
        wire.Parsed("""{"stream":"btcusd_perp@depth@0ms","data":{"e":"depthUpdate","E":1723161257440,"T":1723161257432,"s":"BTCUSD_PERP","ps":"BTCUSD","U":1,"u":2,"pu":0,"b":[["61773.6","1001"]],"a":[]}}""")
            .ShouldBe("Parsed\ndelta #2 1..2 after 0 bids [1001@617736] asks [] checksum 0 at 2024-08-08T23:54:17.4320000Z");
        wire.Parsed("""{"stream":"btcusd_perp@bookTicker","data":{"u":2,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"61804.7","B":"35","a":"61804.8","A":"1645","T":1723161257465,"E":1723161257476}}""")
            .ShouldBe("Parsed\ntop #2 u2 35@618047 1645@618048 at 2024-08-08T23:54:17.4650000Z");
        wire.Parsed("""{"stream":"btcusd_perp@trade","data":{"e":"trade","E":1723161257687,"T":1723161257679,"s":"BTCUSD_PERP","t":9,"p":"61804.8","q":"4","X":"MARKET","m":false}}""")
            .ShouldBe("Parsed\ntrade #2 9 Buy 4@618048 at 2024-08-08T23:54:17.6790000Z");
    }

    [Fact]
    public void RawStreamWithoutEnvelope_SameMessage()
    {
        foreach (var frame in new[] { UsdmDepth, UsdmTop, UsdmTrade })
            Wires.Usdm.Parsed(frame[(frame.IndexOf("\"data\":", StringComparison.Ordinal) + 7)..^1]).ShouldBe(Wires.Usdm.Parsed(frame));
    }

    [Fact]
    public void SnapshotForANamedInstrument_AmongSeveral()
    {
        var eth = Wires.UsdmBtc with { Symbol = "ETHUSDT", Id = new(4) };
        var wire = new BinanceWire("binance-usdm", [Wires.UsdmBtc, eth]);
        var body = """{"lastUpdateId":15,"E":1723161256501,"T":1723161256493,"bids":[["2600.1","1.000"]],"asks":[]}""";
        var batch = new MessageBatch();
        wire.ParseSnapshot(eth, Wires.Bytes(body), Wires.Received, batch).ShouldBe(ParseStatus.Parsed);
        batch[0].Instrument.ShouldBe(eth.Id);
        wire.Refusal(body).ShouldBe("a depth snapshot without a symbol: expected with one instrument only, not with BTCUSDT, ETHUSDT");
    }

    [Fact]
    public void SeveralInstruments_EachFrameToItsOwn()
    {
        Instrument[] instruments = [.. Enumerable.Range(0, 40).Select(i => Wires.UsdmBtc with { Symbol = $"C{i}USDT", Id = new(i) })];
        var wire = new BinanceWire("binance-usdm", instruments);
        for (var i = 0; i < instruments.Length; i++)
            wire.Parsed(UsdmTop.Replace("BTC", $"C{i}").Replace("btc", $"c{i}")).ShouldStartWith($"Parsed\ntop #{i} ");
    }

    [Theory]
    [InlineData("""{"result":null,"id":1}""")]
    [InlineData("""{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161256322,"s":"BTCUSDT","a":1,"p":"1","q":"1"}}""")]
    [InlineData("""{"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1723161256322,"s":"BTCUSDT","p":"1"}}""")]
    [InlineData("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,"s":"BTCUSDT","t":77,"p":"0","q":"0","X":"NA","m":true}}""")]
    [InlineData("""{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,"s":"BTCUSDT","t":77,"p":"61800.10","q":"1","X":"INSURANCE_FUND","m":true}}""")]
    [InlineData("""{"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1723161256322,"s":"BTCUSDT","p":"1","r":"","T":0}}""")]
    public void KnownButUnused_Ignored(string frame) => Wires.Usdm.Parsed(frame).ShouldBe("Ignored");

    [Fact]
    public void MarkPrice_IsTheFundingAndWhenItIsPaid() => Funding("""{"r":"-0.00023","T":1723190400000}""").ShouldBe(
        new FundingRate(Wires.UsdmBtc.Id, -0.00023m, Timestamp.Parse("2024-08-09T08:00:00Z"), Timestamp.Parse("2024-08-08T23:54:16.322Z")));

    [Theory]
    [InlineData("""{"r":"a lot","T":1723190400000}""")]
    [InlineData("""{"r":"0.0001"}""")]
    public void MarkPriceThatCannotBeRead_Rejected(string fields) => Funding(fields).ShouldBeOfType<Rejected>();

    private static ControlMessage Funding(string fields)
    {
        var frame = $$"""{"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1723161256322,"s":"BTCUSDT","p":"61800.1",{{fields[1..]}}}""";
        var batch = new MessageBatch();
        Wires.Usdm.Parse(Wires.Bytes(frame), Wires.Received, batch);
        batch.Count.ShouldBe(1);
        return batch[0].Control;
    }

    [Theory]
    [InlineData("61496.50", "61496.55", "BTCUSDT depthUpdate: b[0] price '61496.55' lies between two steps: expected a multiple of 0.1")]
    [InlineData("61496.50", "-61496.50", "BTCUSDT depthUpdate: b[0] price '-61496.50' is negative: expected a multiple of 0.1")]
    [InlineData("61496.50", "0.00", "BTCUSDT depthUpdate: b[0] price '0' is zero: expected a multiple of 0.1 above zero")]
    [InlineData("61496.50", "NaN", "BTCUSDT depthUpdate: b[0] price 'NaN' is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("61496.50", "6.1e4", "BTCUSDT depthUpdate: b[0] price '6.1e4' is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("61510.90", "9999999999999999999", "BTCUSDT depthUpdate: b[1] price '9999999999999999999' does not fit 64 bits: expected a multiple of 0.1")]
    [InlineData("2.510", "2.5105", "BTCUSDT depthUpdate: a[0] size '2.5105' lies between two steps: expected a multiple of 0.001")]
    [InlineData("\"2.510\"", "2.510", "BTCUSDT depthUpdate: a[0] size '2.510' is not a quoted decimal: expected a multiple of 0.001")]
    [InlineData("[\"61800.30\",\"2.510\"]", "7", "BTCUSDT depthUpdate: a is '[7]': expected an array of levels, each [\"price\",\"size\"]")]
    [InlineData("\"U\":10", "\"U\":13", "BTCUSDT depthUpdate: U 13 is above u 12: expected the first update id of the range not above its last")]
    [InlineData("\"U\":10", "\"U\":-1", "BTCUSDT depthUpdate: U is '-1': expected a whole number from 0 to 9223372036854775807")]
    [InlineData("\"U\":10", "\"U\":1.5", "BTCUSDT depthUpdate: U is '1.5': expected a whole number from 0 to 9223372036854775807")]
    [InlineData("\"U\":10,", "", "BTCUSDT depthUpdate: U is missing: expected a whole number")]
    [InlineData(",\"pu\":9", "", "BTCUSDT depthUpdate: pu is missing: expected a whole number")]
    [InlineData("1723161256298", "1723161256", "BTCUSDT depthUpdate: T is '1723161256': expected Unix time in milliseconds")]
    [InlineData("1723161256298", "1723161256298000", "BTCUSDT depthUpdate: T is '1723161256298000': expected Unix time in milliseconds")]
    [InlineData("\"u\":12", "\"u\":12,\"u\":12", "u is given twice")]
    [InlineData("\"s\":\"BTCUSDT\"", "\"s\":\"ETHUSDT\"", "a frame of ETHUSDT: expected BTCUSDT")]
    [InlineData("btcusdt@depth", "ethusdt@depth", "stream 'ethusdt@depth@0ms' carries BTCUSDT")]
    [InlineData("\"s\":\"BTCUSDT\",", "", "s is missing: expected a string")]
    [InlineData("\"stream\":\"btcusdt@depth@0ms\",", "", null)]
    [InlineData("depthUpdate", "depthChange", "event 'depthChange' of stream 'btcusdt@depth@0ms' is not known: expected depthUpdate, bookTicker, trade or markPriceUpdate")]
    public void FaultyDepth_RefusedByNameValueAndExpectation(string part, string replacement, string? reason)
    {
        UsdmDepth.ShouldContain(part);
        var frame = UsdmDepth.Replace(part, replacement);
        Wires.Usdm.Refusal(frame).ShouldBe(reason ?? "stream is missing: expected a string");
    }

    [Theory]
    [InlineData("\"q\":\"0.006\"", "\"q\":\"0.000\"", "BTCUSDT trade: q size is zero: expected above zero")]
    [InlineData("\"p\":\"61800.30\"", "\"p\":\"0\"", "BTCUSDT trade: p price '0' is zero: expected a multiple of 0.1 above zero")]
    [InlineData("\"m\":false", "\"m\":\"false\"", "BTCUSDT trade: m is 'false': expected true or false")]
    [InlineData("\"t\":77", "\"t\":99999999999999999999", "BTCUSDT trade: t is '99999999999999999999': expected a whole number from 0 to 9223372036854775807")]
    public void FaultyTrade_RefusedByNameValueAndExpectation(string part, string replacement, string reason)
    {
        UsdmTrade.ShouldContain(part);
        Wires.Usdm.Refusal(UsdmTrade.Replace(part, replacement)).ShouldBe(reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pong")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"stream\":\"btcusdt@trade\"}")]
    [InlineData("{\"stream\":\"btcusdt@trade\",\"data\":null}")]
    [InlineData("{\"stream\":\"btcusdt@trade\",\"data\":[1]}")]
    [InlineData("{\"stream\":7,\"data\":{}}")]
    [InlineData("{\"error\":{\"code\":2,\"msg\":\"Invalid request\"},\"id\":1}")]
    [InlineData("{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"1\"}}")]
    public void NotAFrame_Refused(string frame) => Wires.Usdm.Refusal(frame).ShouldNotBeEmpty();

    [Fact]
    public void FrameWithSomethingBehindIt_Refused() => Wires.Usdm.Refusal(UsdmTop + "}").ShouldStartWith("not JSON: ");

    [Fact]
    public void ControlCharacterInTheStreamsName_Refused() => Wires.Usdm.Refusal(UsdmDepth.Replace("@0ms", "@\u000fms")).ShouldStartWith("not JSON: ");

    [Fact]
    public void FrameCutOffAnywhere_RefusedWhole()
    {
        foreach (var frame in new[] { UsdmDepth, UsdmTop, UsdmTrade })
            for (var length = 0; length < frame.Length; length++)
                Wires.Usdm.Refusal(frame[..length]).ShouldNotBeEmpty();
    }

    [Fact]
    public void LongFrame_RawIsCutWithItsLength()
    {
        var batch = new MessageBatch();
        Wires.Usdm.Parse(Wires.Bytes(new string('x', 5_000)), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch[0].Control.ShouldBeOfType<Rejected>().Raw.ShouldBe(new string('x', 2_048) + "… (5000 bytes)");
    }

    [Fact]
    public void MoreLevelsThanTheLimit_Refused()
    {
        var levels = string.Join(',', Enumerable.Range(1, 30_001).Select(i => $"[\"{i}\",\"1\"]"));
        var body = "{\"lastUpdateId\":15,\"bids\":[" + levels + "],\"asks\":[]}";
        var batch = new MessageBatch();
        Wires.Spot.Parse(Wires.Bytes(body), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch[0].Control.ShouldBeOfType<Rejected>().Reason.ShouldBe("bids brings the frame above 30000 levels");
    }

    [Fact]
    public void InstrumentOfAnotherVenue_RefusedAtConstruction() =>
        Should.Throw<ArgumentException>(() => new BinanceWire("binance-spot", [Wires.UsdmBtc])).Message
            .ShouldStartWith("binance-usdm:BTCUSDT is not of venue binance-spot");
}
