using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class BybitWireTests
{
    private const string Delta =
        """{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1758841134603,"data":{"s":"BTCUSDT","b":[["109378.80","1.273"],["109378.50","0"]],"a":[["109378.90","6.278"]],"u":14869255,"seq":457514742271},"cts":1758841134598}""";

    private const string SpotDelta =
        """{"topic":"orderbook.50.BTCUSDT","ts":1789299655700,"type":"delta","data":{"s":"BTCUSDT","b":[],"a":[["77141","1.5"]],"u":1980706,"seq":2189232160},"cts":1789299655690}""";

    private const string Trades =
        """{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1758841135824,"data":[{"T":1758841135823,"s":"BTCUSDT","S":"Buy","v":"0.020","p":"109378.90","L":"ZeroPlusTick","i":"2a74ac78-691c-5b54-9dbe-5aafe8364627","BT":false,"RPI":false,"seq":457514743450},{"T":1758841135824,"s":"BTCUSDT","S":"Sell","v":"0.001","p":"109378.80","L":"MinusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false}]}""";

    private const string SpotTrades =
        """{"topic":"publicTrade.BTCUSDT","ts":1761520812165,"type":"snapshot","data":[{"i":"2240000000970262966","T":1761520812163,"p":"114513.1","v":"0.00862","S":"Sell","seq":111156121170,"s":"BTCUSDT","BT":false,"RPI":false}]}""";

    private const string Levels = "bids [1273@1093788 0@1093785] asks [6278@1093789] checksum 0 at 2025-09-25T22:58:54.5980000Z";

    [Fact]
    public void Delta_IdsOfItsOwn_TimeOfTheMatchingEngine() =>
        Bybits.Linear.Parsed(Delta).ShouldBe($"Parsed\ndelta #3 14869255..14869255 after -1 {Levels}");

    [Fact]
    public void Delta_WithoutTimeOfTheMatchingEngine_TimeOfSending() => Bybits.Linear.Parsed(Delta.Replace(",\"cts\":1758841134598", ""))
        .ShouldBe($"Parsed\ndelta #3 14869255..14869255 after -1 {Levels.Replace("54.598", "54.603")}");

    [Theory]
    [InlineData("delta", "snapshot", "14869255")]
    [InlineData("14869255", "1", "1")]
    public void SnapshotAndRestart_Replace(string part, string other, string id) =>
        Bybits.Linear.Parsed(Delta.Replace(part, other)).ShouldBe($"Parsed\nsnapshot #3 {id}..{id} after -1 {Levels}");

    [Fact]
    public void SpotDelta_OtherOrderOfFields() => Bybits.Spot.Parsed(SpotDelta)
        .ShouldBe("Parsed\ndelta #5 1980706..1980706 after -1 bids [] asks [1500000@7714100] checksum 0 at 2026-09-13T11:40:55.6900000Z");

    /// <summary>The numbers are the halves of the UUIDs, combined by CPython: int(u[:16], 16) ^ int(u[16:], 16) &amp; 2**63 - 1.</summary>
    [Fact]
    public void ContractTrades_UuidsFolded() => Bybits.Linear.Parsed(Trades).ShouldBe(
        "Parsed\ntrade #3 4020297022827011443 Buy 20@1093789 at 2025-09-25T22:58:55.8230000Z\n"
        + "trade #3 3595728650936088734 Sell 1@1093788 at 2025-09-25T22:58:55.8240000Z");

    [Fact]
    public void SpotTrades_NumberedByTheVenue() => Bybits.Spot.Parsed(SpotTrades)
        .ShouldBe("Parsed\ntrade #5 2240000000970262966 Sell 8620@11451310 at 2025-10-26T23:20:12.1630000Z");

    [Fact]
    public void BlockTrade_IsNoTradeOfTheBook() =>
        Bybits.Linear.Parsed(Trades.Replace("\"BT\":false,", "\"BT\":true,")).ShouldBe("Parsed\ntrade #3 3595728650936088734 Sell 1@1093788 at 2025-09-25T22:58:55.8240000Z");

    [Theory]
    [InlineData("\"p\":\"109378.80\"", "\"p\":\"109378.85\"", "p price '109378.85' lies between two steps: expected a multiple of 0.1")]
    [InlineData("20f43950-d8dd-5b31-9112-a178eb6023af", "20f43950", "i is '20f43950': expected a whole number or a UUID")]
    [InlineData("\"S\":\"Sell\"", "\"S\":\"sell\"", "side is 'sell': expected Buy or Sell")]
    [InlineData("\"v\":\"0.001\"", "\"v\":\"0\"", "v size is zero: expected above zero")]
    public void OneFaultyTrade_NeighboursKept_SessionLives(string part, string other, string fault)
    {
        var (shown, heard) = Bybits.Linear.Heard(Trades.Replace(part, other));
        shown.ShouldStartWith("Rejected\ntrade #3 4020297022827011443");
        shown.ShouldContain($"BTCUSDT trade: {fault}");
        heard.Kind.ShouldBe(VenueFrameKind.Data);
    }

    [Theory]
    [InlineData("109378.80", "109378.85", "BTCUSDT book: b[0] price '109378.85' lies between two steps: expected a multiple of 0.1")]
    [InlineData("109378.90", "1.0937890E5", "BTCUSDT book: a[0] price '1.0937890E5' is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("14869255", "0", "BTCUSDT book: u is '0': expected a whole number from 1 to 9223372036854775807")]
    [InlineData(",\"u\":14869255", "", "BTCUSDT book: u is missing: expected a whole number")]
    [InlineData("\"type\":\"delta\"", "\"type\":\"patch\"", "BTCUSDT book: type is 'patch': expected snapshot or delta")]
    [InlineData("\"s\":\"BTCUSDT\"", "\"s\":\"GRAMUSDT\"", "BTCUSDT book: s is 'GRAMUSDT': expected BTCUSDT")]
    [InlineData("1758841134603", "1758841134", "BTCUSDT book: ts is '1758841134': expected Unix time in milliseconds")]
    public void BookRefused_EndsTheSession_BecauseNoIdWouldShowTheLoss(string part, string other, string reason)
    {
        var frame = Delta.Replace(part, other);
        Bybits.Linear.Refusal(frame).ShouldBe(reason);
        Bybits.Linear.Heard(frame).Heard.ShouldBe(new VenueFrame(VenueFrameKind.Error, reason));
    }

    [Fact]
    public void IdAsText_IsRead() =>
        Bybits.Linear.Parsed(Delta.Replace("\"u\":14869255", "\"u\":\"14869255\"")).ShouldBe($"Parsed\ndelta #3 14869255..14869255 after -1 {Levels}");

    [Fact]
    public void BookOfAnotherDepth_IsNotMixedIn() => Bybits.Linear.Refusal(Delta.Replace("orderbook.50", "orderbook.200"))
        .ShouldBe("topic 'orderbook.200.BTCUSDT' is not known: expected orderbook.50, publicTrade, tickers, order, execution, wallet or position");

    [Fact]
    public void UnknownSymbol_Named()
    {
        var batch = new MessageBatch();
        Bybits.Linear.Parse(Wires.Bytes(Delta.Replace("BTCUSDT", "XRPUSDT")), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch.UnknownSymbol.ShouldBe("XRPUSDT");
        batch[0].Control.ShouldBeOfType<Rejected>().Reason.ShouldBe("a book of XRPUSDT: expected BTCUSDT, GRAMUSDT");
    }

    [Fact]
    public void Tickers_FundingPutTogetherFromDifferences_ToldWhenItChanges()
    {
        var wire = Bybits.Linear;
        wire.Parsed(Ticker("snapshot", "\"markPrice\":\"17217.33\",\"nextFundingTime\":\"1673280000000\",\"fundingRate\":\"-0.000212\""))
            .ShouldContain("FundingRate { Instrument = InstrumentId { Index = 3 }, Rate = -0.000212, NextFundingAt = 2023-01-09T16:00:00.0000000Z");
        wire.Parsed(Ticker("delta", "\"markPrice\":\"17217.40\"")).ShouldBe("Ignored");
        wire.Parsed(Ticker("delta", "\"fundingRate\":\"-0.000212\"")).ShouldBe("Ignored");
        wire.Parsed(Ticker("delta", "\"fundingRate\":\"0.0001\"")).ShouldContain("Rate = 0.0001, NextFundingAt = 2023-01-09T16:00:00.0000000Z");
        wire.Parsed(Ticker("delta", "\"nextFundingTime\":\"1673308800000\"")).ShouldContain("Rate = 0.0001, NextFundingAt = 2023-01-10T00:00:00.0000000Z");
        wire.Parsed(Ticker("delta", "\"fundingRate\":\"1e-4\"")).ShouldBe("Ignored");
        wire.Parsed(Ticker("delta", "\"fundingRate\":\"much\"")).ShouldContain("BTCUSDT ticker: fundingRate is 'much': expected a decimal as a string");
    }

    [Fact]
    public void Tickers_DifferenceBeforeTheWhole_OrWithoutFunding_TellsNothing()
    {
        Bybits.Linear.Parsed(Ticker("delta", "\"fundingRate\":\"0.0001\"")).ShouldBe("Ignored");
        Bybits.Linear.Parsed(Ticker("snapshot", "\"fundingRate\":\"\",\"nextFundingTime\":\"\"")).ShouldBe("Ignored");
        Bybits.Spot.Parsed(Ticker("snapshot", "\"lastPrice\":\"1\"")).ShouldBe("Ignored");
    }

    [Theory]
    [InlineData("""{"success":true,"ret_msg":"pong","conn_id":"0970e817","op":"ping"}""", VenueFrameKind.Pong)]
    [InlineData("""{"req_id":"test","op":"pong","args":["1675418560633"],"conn_id":"cfcb4ocsvfriu23r3er0-1b"}""", VenueFrameKind.Pong)]
    [InlineData("""{"success":true,"ret_msg":"","op":"auth","conn_id":"cejreaspqfh3sjdnldmg-p"}""", VenueFrameKind.LoggedIn)]
    [InlineData("""{"success":true,"ret_msg":"subscribe","conn_id":"2324d924","req_id":"10001","op":"subscribe"}""", VenueFrameKind.Subscribed)]
    [InlineData("""{"success":true,"ret_msg":"","op":"unsubscribe","conn_id":"2324d924"}""", VenueFrameKind.Notice)]
    public void Answer_IsNoMessage(string frame, VenueFrameKind kind)
    {
        var (shown, heard) = Bybits.Linear.Heard(frame);
        shown.ShouldBe("Ignored");
        heard.Kind.ShouldBe(kind);
    }

    [Fact]
    public void LoginRefused_EndsTheSession_WithoutTheTextThatWasSigned()
    {
        var (shown, heard) = Bybits.Linear.Heard(
            """{"success":false,"ret_msg":"error sign! origin_string[GET/realtime1662350400000key-of-ann]","op":"auth","conn_id":"x"}""");
        heard.ShouldBe(new VenueFrame(VenueFrameKind.Error, "the venue refuses auth: error sign! origin_string[…]"));
        shown.ShouldNotContain("key-of-ann");
    }

    [Fact]
    public void SubscriptionRefused_EndsTheSession_WithTheVenuesWords() => Bybits.Linear.Heard(
        """{"success":false,"ret_msg":"error:handler not found,topic:orderbook.7.BTCUSDT","conn_id":"x","req_id":"","op":"subscribe"}""").Heard
        .ShouldBe(new VenueFrame(VenueFrameKind.Error, "the venue refuses subscribe: error:handler not found,topic:orderbook.7.BTCUSDT"));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"topic\":7}")]
    [InlineData("{\"topic\":\"\"}")]
    [InlineData("{\"topic\":\"orderbook.50.BTCUSDT\",\"data\":[]}")]
    [InlineData("{\"topic\":\"publicTrade.BTCUSDT\",\"data\":{}}")]
    [InlineData("{\"topic\":\"order\",\"creationTime\":1672364262474}")]
    [InlineData("{\"op\":\"shutdown\",\"success\":true}")]
    public void StrangeFrame_Refused(string frame) => Bybits.Linear.Refusal(frame).ShouldNotBeEmpty();

    [Theory]
    [InlineData(64)]
    [InlineData(100_000)]
    public void DeepNesting_RefusedOrPassedOver(int depth)
    {
        var nested = $"{{\"topic\":\"publicTrade.BTCUSDT\",\"data\":[{new string('[', depth)}{new string(']', depth)}]}}";
        Bybits.Linear.Parsed(nested).ShouldStartWith("Rejected");
    }

    [Fact]
    public void MoreTradesThanAFrameMayHold_TheRestIsDropped()
    {
        var one = Trades[Trades.IndexOf("{\"T\"", StringComparison.Ordinal)..Trades.IndexOf(",{\"T\":1758841135824", StringComparison.Ordinal)];
        var frame = $"{{\"topic\":\"publicTrade.BTCUSDT\",\"type\":\"snapshot\",\"ts\":1758841135824,\"data\":[{string.Join(',', Enumerable.Repeat(one, 2_000))}]}}";
        var batch = new MessageBatch();
        Bybits.Linear.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch.Count.ShouldBe(MessageBatch.CountMax + 1);
    }

    [Fact]
    public void MoreLevelsThanAFrameMayHold_Refused()
    {
        var levels = string.Join(',', Enumerable.Range(1, LevelBuffer.CountMax + 1).Select(i => $"[\"{i}\",\"1\"]"));
        Bybits.Linear.Parsed(Delta.Replace("""["109378.80","1.273"],["109378.50","0"]""", levels)).ShouldStartWith("Rejected");
    }

    private static string Ticker(string type, string fields) =>
        $$"""{"topic":"tickers.BTCUSDT","type":"{{type}}","data":{"symbol":"BTCUSDT",{{fields}}},"cs":24987956059,"ts":1673272861686}""";
}
