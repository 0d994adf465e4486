using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class OkxWireTests
{
    private const string Update =
        """{"arg":{"channel":"books","instId":"TON-USDT"},"action":"update","data":[{"asks":[["2.1501","7.5","0","1"],["2.151","0","0","0"]],"bids":[["2.15","12","0","3"]],"ts":"1652459225464","checksum":-914047754}]}""";

    private const string Trades =
        """{"arg":{"channel":"trades","instId":"TON-USDT"},"data":[{"instId":"TON-USDT","tradeId":"7","px":"2.15","sz":"3","side":"buy","ts":"1652459224818"},{"instId":"TON-USDT","tradeId":"8","px":"2.1499","sz":"0.0001","side":"sell","ts":"1652459224819"}]}""";

    private const string Delta = "bids [120000@21500] asks [75000@21501 0@21510] checksum -914047754 at 2022-05-13T16:27:05.4640000Z";

    private static OkxWire WithIds => new([Wires.OkxTon with { SequenceRule = BookSequenceRule.PreviousId }]);

    [Fact]
    public void Update_BidsBeforeAsks_WithChecksum() => Wires.OkxWire.Parsed(Update).ShouldBe($"Parsed\ndelta #0 0..0 after -1 {Delta}");

    [Fact]
    public void Snapshot_Replaces() =>
        Wires.OkxWire.Parsed(Update.Replace("update", "snapshot")).ShouldBe($"Parsed\nsnapshot #0 0..0 after -1 {Delta}");

    [Fact]
    public void WithoutChecksum_AsWithNone() =>
        Wires.OkxWire.Parsed(Update.Replace(",\"checksum\":-914047754", "")).ShouldBe($"Parsed\ndelta #0 0..0 after -1 {Delta.Replace("-914047754", "0")}");

    [Theory]
    [InlineData(",\"seqId\":15,\"prevSeqId\":11", "12..15 after 11")]
    [InlineData(",\"prevSeqId\":11,\"seqId\":15", "12..15 after 11")]
    [InlineData(",\"prevSeqId\":15,\"seqId\":15", "15..15 after 15")]
    [InlineData(",\"prevSeqId\":15,\"seqId\":3", "3..3 after 15")]
    [InlineData(",\"prevSeqId\":-1,\"seqId\":15", "15..15 after -1")]
    public void Ids_CoverWhatIsBehindTheFormer(string ids, string range) =>
        WithIds.Parsed(Update.Replace("-914047754", "-914047754" + ids)).ShouldBe($"Parsed\ndelta #0 {range} {Delta}");

    [Fact]
    public void NoIdsWhereTheyAreTheRule_Refused() =>
        WithIds.Parsed(Update).ShouldContain("TON-USDT book: prevSeqId is missing: expected a whole number");

    [Fact]
    public void Trades_EachWithItsAggressor() => Wires.OkxWire.Parsed(Trades).ShouldBe(
        "Parsed\ntrade #0 7 Buy 30000@21500 at 2022-05-13T16:27:04.8180000Z\ntrade #0 8 Sell 1@21499 at 2022-05-13T16:27:04.8190000Z");

    [Theory]
    [InlineData("\"1652459224819\"", "\"1652459224819\",\"count\":\"3\"")]
    [InlineData("\"1652459224819\"", "\"1652459224819\",\"count\":\"3\",\"source\":\"0\",\"seqId\":1234")]
    public void TradesWithWhatTheVenueAddedLater_TakenByTheSpanParser(string end, string longer)
    {
        var batch = new MessageBatch();
        Wires.OkxWire.TryParseFast(Wires.Bytes(Trades.Replace(end, longer)), Wires.Received, batch).ShouldBeTrue();
        Wires.Shown(ParseStatus.Parsed, batch).ShouldBe(Wires.OkxWire.Parsed(Trades));
    }

    private const string Top =
        """{"arg":{"channel":"bbo-tbt","instId":"TON-USDT"},"data":[{"asks":[["2.16","5.5","0","2"]],"bids":[["2.15","7","0","2"]],"ts":"1670324386802","seqId":363996337}]}""";

    [Fact]
    public void VenueTop_ByBothParsersTheSame()
    {
        var batch = new MessageBatch();
        Wires.OkxWire.TryParseFast(Wires.Bytes(Top), Wires.Received, batch).ShouldBeTrue();
        Wires.Shown(ParseStatus.Parsed, batch).ShouldBe("Parsed\ntop #0 u363996337 70000@21500 55000@21600 at 2022-12-06T10:59:46.8020000Z");
        Wires.OkxWire.ParseGeneral(Wires.Bytes(Top), Wires.Received, batch);
        Wires.Shown(ParseStatus.Parsed, batch).ShouldBe("Parsed\ntop #0 u363996337 70000@21500 55000@21600 at 2022-12-06T10:59:46.8020000Z");
    }

    [Fact]
    public void VenueTopWithAnEmptySide_SaysNothing() =>
        Wires.OkxWire.Parsed(Top.Replace("""[["2.16","5.5","0","2"]]""", "[]")).ShouldBe("Parsed");

    [Fact]
    public void Funding_RateUntilItsSettlement()
    {
        var swap = Wires.Okx("TON-USDT-SWAP", tick: 0.0001m, lot: 1m, BookSequenceRule.PreviousId) with { Kind = ContractKind.Linear };
        var frame = """
            {"arg":{"channel":"funding-rate","instId":"TON-USDT-SWAP"},"data":[{"fundingRate":"-0.0001875391284828","fundingTime":"1700726400000",
            "instId":"TON-USDT-SWAP","instType":"SWAP","nextFundingRate":"","nextFundingTime":"1700755200000","ts":"1700724675402"}]}
            """;
        var batch = new MessageBatch();
        new OkxWire([swap]).Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Parsed);
        batch[0].Control.ShouldBe(new FundingRate(
            swap.Id, -0.0001875391284828m, Timestamp.FromUnixMilliseconds(1_700_726_400_000), Timestamp.FromUnixMilliseconds(1_700_724_675_402)));
    }

    [Theory]
    [InlineData("pong", VenueFrameKind.Pong)]
    [InlineData("""{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}""", VenueFrameKind.LoggedIn)]
    [InlineData("""{"event":"subscribe","arg":{"channel":"account"},"connId":"a4d3ae55"}""", VenueFrameKind.Subscribed)]
    [InlineData("""{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a4d3ae55"}""", VenueFrameKind.Notice)]
    [InlineData("""{"event":"notice","code":"64000","msg":"other","connId":"a4d3ae55"}""", VenueFrameKind.Notice)]
    [InlineData("""{"event":"notice","code":"64008","msg":"The connection will soon be closed"}""", VenueFrameKind.Error)]
    [InlineData("""{"event":"login","code":"60009","msg":"Login failed."}""", VenueFrameKind.Error)]
    [InlineData("""{"event":"error","code":"60012","msg":"Illegal request"}""", VenueFrameKind.Error)]
    [InlineData("""{"event":"channel-conn-count-error","channel":"orders","connCount":"30"}""", VenueFrameKind.Error)]
    [InlineData(Trades, VenueFrameKind.Data)]
    [InlineData("nothing", VenueFrameKind.Unknown)]
    public void Frame_IsWhatItIsToTheSession(string frame, VenueFrameKind kind)
    {
        Wires.OkxWire.Parse(Wires.Bytes(frame), Wires.Received, new(), out var heard);
        heard.Kind.ShouldBe(kind);
    }

    [Fact]
    public void OneFaultyTrade_NeighboursKept()
    {
        var batch = new MessageBatch();
        Wires.OkxWire.Parse(Wires.Bytes(Trades.Replace("2.1499", "2.14995")), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch.Count.ShouldBe(2);
        batch[0].Trade.TradeId.ShouldBe(7);
        var rejected = batch[1].Control.ShouldBeOfType<Rejected>();
        rejected.Reason.ShouldBe("TON-USDT trade: px price '2.14995' lies between two steps: expected a multiple of 0.0001");
        rejected.Raw.ShouldBe("""{"instId":"TON-USDT","tradeId":"8","px":"2.14995","sz":"0.0001","side":"sell","ts":"1652459224819"}""");
    }

    [Fact]
    public void TwoBooksInAFrame_OneFaulty_TheOtherKept()
    {
        var body = Update[(Update.IndexOf("[{", StringComparison.Ordinal) + 1)..^2];
        var frame = Update.Replace(body, body.Replace("2.1501", "x") + "," + body);
        var batch = new MessageBatch();
        Wires.OkxWire.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch.Count.ShouldBe(2);
        batch[0].Control.ShouldBeOfType<Rejected>().Reason
            .ShouldBe("TON-USDT book: asks[0] price 'x' is not a plain decimal: expected a multiple of 0.0001");
        Wires.Shown(batch[1]).ShouldBe($"delta #0 0..0 after -1 {Delta}");
    }

    [Fact]
    public void RestBook_Snapshot()
    {
        var batch = new MessageBatch();
        var wire = WithIds;
        var body = """{"code":"0","msg":"","data":[{"asks":[["2.16","1","0","2"]],"bids":[["2.15","4","0","2"]],"ts":"1652459225464","seqId":99}]}""";
        wire.ParseSnapshot(wire.Instruments[0], Wires.Bytes(body), Wires.Received, batch).ShouldBe(ParseStatus.Parsed);
        Wires.Shown(batch[0])
            .ShouldBe("snapshot #0 99..99 after -1 bids [40000@21500] asks [10000@21600] checksum 0 at 2022-05-13T16:27:05.4640000Z");
        wire.ParseSnapshot(wire.Instruments[0], Wires.Bytes("""{"code":"50011","msg":"Too Many Requests","data":[]}"""), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch[0].Control.ShouldBeOfType<Rejected>().Reason.ShouldBe("the venue answers with code 50011, \"Too Many Requests\"");
    }

    [Theory]
    [InlineData("pong")]
    [InlineData("""{"event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a4d3ae55"}""")]
    [InlineData("""{"event":"login","code":"0","msg":""}""")]
    [InlineData("""{"arg":{"channel":"tickers","instId":"TON-USDT"},"data":[{"instId":"TON-USDT","last":"2.15","askPx":"2.16","bidPx":"2.15"}]}""")]
    public void KnownButUnused_Ignored(string frame) => Wires.OkxWire.Parsed(frame).ShouldBe("Ignored");

    [Theory]
    [InlineData("""{"event":"error","code":"60012","msg":"Illegal request"}""", "the venue sends event 'error', code \"60012\", \"Illegal request\"")]
    [InlineData("""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[]}""", "a frame of BTC-USDT: expected TON-USDT")]
    [InlineData("""{"arg":{"channel":"liquidations","instId":"TON-USDT"},"data":[]}""", "channel 'liquidations' is not known: expected books, trades, funding-rate, bbo-tbt, orders or account")]
    [InlineData("""{"arg":{"channel":"books","instId":"TON-USDT"},"action":"patch","data":[]}""", "action is 'patch': expected snapshot or update")]
    [InlineData("""{"arg":{"channel":"books","instId":"TON-USDT"},"data":[]}""", "action is missing: expected a string")]
    [InlineData("""{"event":"login","code":"60009","msg":"Login failed."}""", "the venue sends event 'login', code \"60009\", \"Login failed.\"")]
    [InlineData("""{"event":"notice","code":"64008","msg":"The connection will soon be closed"}""",
        "the venue sends event 'notice', code \"64008\", \"The connection will soon be closed\"")]
    [InlineData("""{"arg":{"channel":"trades","instId":"TON-USDT"}}""", "data is missing: expected an array")]
    [InlineData("""{"arg":{"channel":"orders","instType":"SPOT"}}""", "data is missing: expected an array")]
    [InlineData("""{"data":[]}""", "arg is missing: expected the channel and instId of the data")]
    [InlineData("7", "expected a JSON object")]
    public void FaultyFrame_RefusedWithTheReason(string frame, string reason) => Wires.OkxWire.Refusal(frame).ShouldBe(reason);

    [Theory]
    [InlineData("\"ts\":\"1652459225464\"", "\"ts\":\"1652459225\"", "ts is '1652459225': expected Unix time in milliseconds")]
    [InlineData("-914047754", "4294967296", "checksum is '4294967296': expected a whole number from -2147483648 to 2147483647")]
    [InlineData("\"bids\"", "\"bits\"", "bids is missing: expected an array of levels")]
    [InlineData("\"7.5\"", "\"7.50001\"", "asks[0] size '7.50001' lies between two steps: expected a multiple of 0.0001")]
    public void FaultyBook_RefusedByNameValueAndExpectation(string part, string replacement, string reason)
    {
        Update.ShouldContain(part);
        var batch = new MessageBatch();
        Wires.OkxWire.Parse(Wires.Bytes(Update.Replace(part, replacement)), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch[0].Control.ShouldBeOfType<Rejected>().Reason.ShouldBe($"TON-USDT book: {reason}");
    }

    [Theory]
    [InlineData("\"side\":\"sell\"", "\"side\":\"short\"", "side is 'short': expected buy or sell")]
    [InlineData("\"instId\":\"TON-USDT\",\"tradeId\":\"8\"", "\"instId\":\"BTC-USDT\",\"tradeId\":\"8\"", "a trade of BTC-USDT: expected TON-USDT")]
    [InlineData("\"sz\":\"0.0001\"", "\"sz\":\"0\"", "sz size is zero: expected above zero")]
    public void FaultyTrade_RefusedByNameValueAndExpectation(string part, string replacement, string reason) =>
        Wires.OkxWire.Parsed(Trades.Replace(part, replacement)).ShouldContain($"Reason = TON-USDT trade: {reason}");

    [Fact]
    public void FrameCutOffAnywhere_RefusedWhole()
    {
        foreach (var frame in new[] { Update, Trades })
            for (var length = 0; length < frame.Length; length++)
                Wires.OkxWire.Refusal(frame[..length]).ShouldNotBeEmpty();
    }

    [Fact]
    public void MoreTradesThanTheLimit_TheRestRefused()
    {
        var trade = """{"instId":"TON-USDT","tradeId":"7","px":"2.15","sz":"3","side":"buy","ts":"1652459224818"}""";
        var frame = """{"arg":{"channel":"trades","instId":"TON-USDT"},"data":[""" + string.Join(',', Enumerable.Repeat(trade, 1_025)) + "]}";
        var batch = new MessageBatch();
        Wires.OkxWire.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        batch.Count.ShouldBe(1_025);
        batch[1_024].Control.ShouldBeOfType<Rejected>().Reason.ShouldBe("TON-USDT trade: the frame has more than 1024 messages; the rest is dropped");
    }
}
