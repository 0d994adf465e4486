using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using static Dmm.Wire.Tests.OkxVenues;

namespace Dmm.Wire.Tests;

public sealed class OkxReplyTests
{
    [Fact]
    public void Orders_WithoutTheirLastFill_AndHowFarThePageReaches()
    {
        var batch = new MessageBatch();
        var body = Body(Order(Filled), Order(("clOrdId", "")), Order([("ordId", "12"), ("uTime", "1654084353999"), ("clOrdId", "dax1x3")]));
        OfVenue.ParseOrders(body, changedFrom: 0, batch, out var page).ShouldBe(ParseStatus.Parsed);
        Enumerable.Range(0, batch.Count).Select(i => ((OrderUpdate)batch[i].Control).ClientOrderId).ShouldBe(["dax1x2", "dax1x3"]);
        page.ShouldBe(new(3, "12", 1_654_084_353_999));
        page.IsLast.ShouldBeTrue();
        new OkxPage(100, "12", 0).IsLast.ShouldBeFalse();
    }

    [Fact]
    public void OrdersThatChangedEarlier_PassedOver_ButCounted()
    {
        var batch = new MessageBatch();
        var body = Body(Order(("uTime", "1654084353000")), Order(("uTime", "1654084353001"), ("clOrdId", "dax1x3")));
        OfVenue.ParseOrders(body, changedFrom: 1_654_084_353_001, batch, out var page).ShouldBe(ParseStatus.Parsed);
        ((OrderUpdate)batch[0].Control).ClientOrderId.ShouldBe("dax1x3");
        (batch.Count, page.Count).ShouldBe((1, 2));
    }

    [Fact]
    public void Fills_ThoseOfTheStream()
    {
        var batch = new MessageBatch();
        const string Row = """
            {"side":"sell","fillSz":"0.001","fillPx":"31527.1","fee":"-0.02522168","ordId":"1","instType":"SPOT","instId":"BTC-USDT","clOrdId":"dax1x2",
            "billId":"680800019754098688","execType":"M","tradeId":"242589207","feeCcy":"USDT","fillTime":"1654084353263","ts":"1654084353264"}
            """;
        OfVenue.ParseFills(Body(Row, Row.Replace("dax1x2", "")), batch, out var page).ShouldBe(ParseStatus.Parsed);
        batch.Count.ShouldBe(1);
        batch[0].Control.ShouldBe(Heard(OrderFrame(Order(Filled)))[0]);
        page.ShouldBe(new(2, "680800019754098688", 0));
    }

    [Fact]
    public void EmptyPage_NoMessages()
    {
        var batch = new MessageBatch();
        OfVenue.ParseFills(Body(), batch, out var page).ShouldBe(ParseStatus.Parsed);
        (batch.Count, page).ShouldBe((0, new(0, "", 0)));
    }

    [Fact]
    public void Receipts_EachForItself()
    {
        var body = """
            {"code":"2","msg":"Bulk operation partially succeeded","data":[{"clOrdId":"a","ordId":"1","sCode":"0","sMsg":"","ts":"1695190491421"},
            {"clOrdId":"b","ordId":"","sCode":"51008","sMsg":"Order failed. Insufficient USDT balance"},{"ordId":"3","sCode":"51016","sMsg":""}]}
            """;
        OkxReceipts.Read(Wires.Bytes(body), out var reason)!.Value.ShouldBe(
            [new("a", "0", ""), new("b", "51008", "Order failed. Insufficient USDT balance"), new("", "51016", "")]);
        reason.ShouldBe("");
    }

    [Theory]
    [InlineData("""{"code":"50011","msg":"","data":[]}""", "code is '50011': expected 0, 1 or 2")]
    [InlineData("""{"code":"0","data":{}}""", "data is missing: expected an array")]
    [InlineData("""{"code":"0","data":[{"clOrdId":"a"}]}""", "sCode is missing: expected a string")]
    [InlineData("""{"code":"0","data":["a"]}""", "expected a JSON object")]
    public void BodyWithoutReceipts_SaysWhatIsMissing(string body, string reason)
    {
        OkxReceipts.Read(Wires.Bytes(body), out var said).ShouldBeNull();
        said.ShouldBe(reason);
    }

    [Fact]
    public void FilledLots_AndNames_OfAPage()
    {
        OkxReceipts.FilledLots(Btc, Body(Order(Filled), Order(("clOrdId", "b")))).ShouldBe(
            new Dictionary<string, long> { ["dax1x2"] = 100_000, ["b"] = 0 }, ignoreOrder: true);
        OkxReceipts.FilledLots(Btc, Body(Order(("accFillSz", null)))).ShouldBeNull();
        OkxReceipts.Names(Body(Order(("instId", "DOGE-USDT"), ("px", "")), Order())).ShouldBe([new("DOGE-USDT", "dax1x2"), new("BTC-USDT", "dax1x2")]);
        OkxReceipts.Names("{"u8).ShouldBeNull();
    }

    [Theory]
    [InlineData("BTC-USDT-SWAP", "net", "-3.5", "PositionReport -0.035")]
    [InlineData("BTC-USDT-SWAP", "net", "", "PositionReport 0")]
    [InlineData("BTC-USDT-SWAP", "long", "0", "PositionReport 0")]
    [InlineData("BTC-USDT-SWAP", "short", "3.5", "position: posSide of BTC-USDT-SWAP is 'short': expected net, one position for a contract")]
    [InlineData("BTC-USDT-SWAP", "net", "many", "position: pos is 'many': expected a decimal as a string")]
    [InlineData("BTC-USDT", "net", "1", "")]
    [InlineData("DOGE-USDT-SWAP", "net", "1", "")]
    public void Position_FromContractsToTheBase(string symbol, string side, string contracts, string told)
    {
        var batch = new MessageBatch();
        OfVenue.ParsePositions(Body($$"""{"instId":"{{symbol}}","posSide":"{{side}}","pos":"{{contracts}}","uTime":"1654084353264"}"""), batch);
        Enumerable.Range(0, batch.Count).Select(i => batch[i].Control switch
        {
            PositionReport report => FormattableString.Invariant($"PositionReport {report.Quantity.Canonical()}"),
            Rejected rejected => rejected.Reason,
            var other => other.ToString(),
        }).ShouldBe(told.Length == 0 ? [] : [told]);
    }

    [Theory]
    [InlineData("net_mode", "2", null)]
    [InlineData("long_short_mode", "2", "posMode is 'long_short_mode': expected net_mode")]
    [InlineData("net_mode", "1", "acctLv is '1', spot mode: expected a mode with contracts")]
    public void SettingsOfAnAccount_MustSuitContracts(string mode, string level, string? fault)
    {
        var body = Body($$"""{"posMode":"{{mode}}","acctLv":"{{level}}"}""");
        OkxReceipts.SettingsFault([Btc, Swap], body).ShouldBe(fault);
        OkxReceipts.SettingsFault([Btc], body).ShouldBeNull();
    }

    [Theory]
    [InlineData(200, "51008", RefusalKind.Order)]
    [InlineData(200, "51019", RefusalKind.Order)]
    [InlineData(400, "51000", RefusalKind.Order)]
    [InlineData(200, "51016", RefusalKind.DuplicateOrder)]
    [InlineData(200, "51400", RefusalKind.UnknownOrder)]
    [InlineData(200, "51402", RefusalKind.UnknownOrder)]
    [InlineData(200, "51503", RefusalKind.UnknownOrder)]
    [InlineData(200, "51603", RefusalKind.UnknownOrder)]
    [InlineData(429, "50011", RefusalKind.RateLimited)]
    [InlineData(200, "50061", RefusalKind.RateLimited)]
    [InlineData(401, "50113", RefusalKind.Credentials)]
    [InlineData(401, "50102", RefusalKind.Credentials)]
    [InlineData(401, "50105", RefusalKind.Credentials)]
    public void Code_IsWhatItMeansToUs(int status, string code, RefusalKind kind)
    {
        var refusal = OkxErrors.Parse(status, Wires.Bytes($$"""{"code":"{{code}}","msg":"words","data":[]}""")).ShouldNotBeNull();
        (refusal.Kind, refusal.Reason).ShouldBe((kind, $"{code}: words"));
        refusal.RetryAfter.ShouldBe(kind == RefusalKind.RateLimited ? TimeSpan.FromSeconds(2) : TimeSpan.Zero);
    }

    [Theory]
    [InlineData(500, """{"code":"51008","msg":"","data":[]}""")]
    [InlineData(503, """{"code":"50001","msg":"","data":[]}""")]
    [InlineData(200, """{"code":"50004","msg":"API endpoint request timeout","data":[]}""")]
    [InlineData(200, """{"code":"51149","msg":"Order timed out","data":[]}""")]
    [InlineData(429, """{"code":"50013","msg":"Systems are busy","data":[]}""")]
    [InlineData(502, "<html>Bad gateway</html>")]
    [InlineData(400, "<html>Bad request</html>")]
    [InlineData(200, """{"code":"1","msg":"All operations failed","data":[]}""")]
    [InlineData(200, """{"code":"0","msg":"","data":[]}""")]
    [InlineData(400, """{"code":"ABC","msg":""}""")]
    public void WhatProvesNothing_IsNoRefusal(int status, string body) => OkxErrors.Parse(status, Wires.Bytes(body)).ShouldBeNull();

    [Fact]
    public void WordsOfAnError_ShowNoSecret() =>
        OkxErrors.Parse(400, Wires.Bytes("""{"code":"51000","msg":"Invalid {\"passphrase\":\"pa55\"}"}"""))!.Reason.ShouldNotContain("pa55");

    [Theory]
    [InlineData(200, """{"code":"0","msg":"","data":[]}""", "Accepted")]
    [InlineData(200, """{"code":"1","msg":"","data":[{"sCode":"51008"}]}""", "Accepted")]
    [InlineData(200, """{"code":"51603","msg":"","data":[]}""", "Refused")]
    [InlineData(200, """{"code":"50026","msg":"","data":[]}""", "Unknown")]
    [InlineData(200, "", "Unknown")]
    [InlineData(301, """{"code":"0","msg":"","data":[]}""", "Unknown")]
    [InlineData(500, """{"code":"0","msg":"","data":[]}""", "Unknown")]
    public void Answer_DoneNotDoneOrNobodyKnows(int status, string body, string outcome) =>
        new OkxProtocol(Options).Read(OkxRequests.Balances(), new(status, Wires.Bytes(body), _ => null)).GetType().Name.ShouldBe(outcome);

    [Fact]
    public void ServerTime_OrNone()
    {
        OkxReceipts.ServerTime(Body("""{"ts":"1597026383085"}""")).ShouldBe(Timestamp.FromUnixMilliseconds(1_597_026_383_085));
        OkxReceipts.ServerTime(Body()).ShouldBeNull();
        OkxReceipts.ServerTime("no"u8).ShouldBeNull();
    }

    private static byte[] Body(params string[] rows) => Wires.Bytes($$"""{"code":"0","msg":"","data":[{{string.Join(',', rows)}}]}""");
}
