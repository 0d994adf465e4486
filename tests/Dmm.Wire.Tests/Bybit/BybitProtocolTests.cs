using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire.Tests;

public sealed class BybitProtocolTests
{
    private const string Receipt = """{"retCode":0,"retMsg":"OK","result":{"orderId":"1321003749386327552","orderLinkId":"dax1x2"},"retExtInfo":{},"time":1758841135824}""";

    private static readonly BybitProtocol Protocol = new(Bybits.Options());
    private static readonly VenueRequest Request = new BybitRequests(Bybits.Options(), [Bybits.Btc]).Cancel(Bybits.Btc, "dax1x2");

    [Fact]
    public void Success_IsTheBody() => Read(200, Receipt).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Accepted>().Value.ToArray().ShouldBe(Wires.Bytes(Receipt));

    /// <summary>With HTTP 200, as the venue refuses.</summary>
    [Theory]
    [InlineData(10001, RefusalKind.Order)]
    [InlineData(10002, RefusalKind.Credentials)]
    [InlineData(10003, RefusalKind.Credentials)]
    [InlineData(10004, RefusalKind.Credentials)]
    [InlineData(10005, RefusalKind.Credentials)]
    [InlineData(10006, RefusalKind.RateLimited)]
    [InlineData(10010, RefusalKind.Credentials)]
    [InlineData(10018, RefusalKind.RateLimited)]
    [InlineData(10014, RefusalKind.DuplicateOrder)]
    [InlineData(110001, RefusalKind.UnknownOrder)]
    [InlineData(110003, RefusalKind.Order)]
    [InlineData(110007, RefusalKind.Order)]
    [InlineData(110008, RefusalKind.UnknownOrder)]
    [InlineData(110010, RefusalKind.UnknownOrder)]
    [InlineData(110072, RefusalKind.DuplicateOrder)]
    [InlineData(170005, RefusalKind.RateLimited)]
    [InlineData(170131, RefusalKind.Order)]
    [InlineData(170139, RefusalKind.UnknownOrder)]
    [InlineData(170141, RefusalKind.DuplicateOrder)]
    [InlineData(170213, RefusalKind.UnknownOrder)]
    [InlineData(170218, RefusalKind.Order)]
    [InlineData(170222, RefusalKind.RateLimited)]
    public void Code_IsARefusal(int code, RefusalKind kind)
    {
        var refused = Read(200, Failure(code, "words")).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>();
        refused.Refusal.Kind.ShouldBe(kind);
        refused.Refusal.Reason.ShouldBe($"{code}: words");
    }

    [Theory]
    [InlineData(10000)]
    [InlineData(10016)]
    [InlineData(110079)]
    [InlineData(170001)]
    [InlineData(170007)]
    [InlineData(170032)]
    [InlineData(170035)]
    [InlineData(170146)]
    [InlineData(170147)]
    [InlineData(170212)]
    [InlineData(170310)]
    [InlineData(3400214)]
    [InlineData(99999999)]
    [InlineData(-1)]
    public void CodeOfATimeoutOrOneThatNobodyKnows_SaysNothing(int code) =>
        Read(200, Failure(code, "words")).ShouldBe(new VenueReply<ReadOnlyMemory<byte>>.Unknown(
            $"bybit-linear answers with code {code}, which does not say what was done: words"));

    [Fact]
    public void GeneralCodeForParameters_ThatSpeaksOfADuplicate_IsOne() =>
        Read(200, Failure(10001, "orderLinkId is duplicate")).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>().Refusal.Kind
            .ShouldBe(RefusalKind.DuplicateOrder);

    [Theory]
    [InlineData(500, "")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(503, """{"retCode":110001,"retMsg":"Order does not exist","result":{},"time":1758841135824}""")]
    [InlineData(504, """{"retCode":0,"retMsg":"OK","result":{},"time":1758841135824}""")]
    [InlineData(404, "nothing here")]
    [InlineData(200, "<html>")]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"retCode":"none"}""")]
    public void AnswerThatProvesNothing_IsUnknown(int status, string body) => Read(status, body).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Unknown>();

    [Theory]
    [InlineData(401, RefusalKind.Credentials)]
    [InlineData(403, RefusalKind.RateLimited)]
    [InlineData(429, RefusalKind.RateLimited)]
    public void HttpRefusal_WithoutABody(int status, RefusalKind kind) =>
        Read(status, "<html>").ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>().Refusal.Kind.ShouldBe(kind);

    [Fact]
    public void RefusedSignature_DoesNotShowWhatWasSigned()
    {
        var refused = Read(200, Failure(10004, "error sign! origin_string[1758841135824key-of-ann5000category=linear]"));
        refused.Fault.ShouldBe("10004: error sign! origin_string[…]");
    }

    [Fact]
    public void LongWords_AreARefusalAllTheSame_CutShort()
    {
        var refused = Read(200, Failure(110007, new string('w', 5_000))).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>();
        refused.Refusal.Kind.ShouldBe(RefusalKind.Order);
        refused.Refusal.Reason.Length.ShouldBe(508);
    }

    [Theory]
    [InlineData("1758841136324", 500)]
    [InlineData("1758841135824", 0)]
    [InlineData("soon", 0)]
    [InlineData(null, 0)]
    public void TooMany_WaitsUntilTheWindowBeginsAnew(string? reset, int milliseconds) =>
        Read(200, Failure(10006, "Too many visits!"), ("X-Bapi-Limit-Reset-Timestamp", reset)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>()
            .Refusal.RetryAfter.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void LimitHeaders_OfAPathWithABucketOfItsOwn()
    {
        Notice(Request, "20", "7").ShouldBe(new RateNotice(7, PerSecond: 20, Burst: 20));
        Notice(Request, "20", "-3").ShouldBe(new RateNotice(0, PerSecond: 20, Burst: 20));
        Notice(Request, null, "7").ShouldBeNull();
        Notice(Request, "0", "0").ShouldBeNull();
        Notice(BybitRequests.Balances(), "50", "49").ShouldBeNull();
    }

    [Fact]
    public void Receipt_IsPendingNew_WithWhatWasAskedFor()
    {
        var intent = Bybits.Intent(Bybits.Btc);
        BybitReceipts.One(Wires.Bytes(Receipt), intent).ShouldBe(new VenueReply<OrderUpdate>.Accepted(Pending(intent)));
        BybitReceipts.One(Wires.Bytes(Receipt.Replace("dax1x2", "other")), intent).Fault
            .ShouldBe("the reply cannot be read: orderLinkId is 'other': expected dax1x2");
        BybitReceipts.One(Wires.Bytes(Receipt.Replace("{\"orderId\"", "{\"oid\"").Replace("\"result\"", "\"res\"")), intent).Fault
            .ShouldBe("the reply cannot be read: result is missing: expected an object");
    }

    [Fact]
    public void BatchReceipt_AnAnswerEach()
    {
        OrderIntent[] intents = [.. new[] { "a1", "a2", "a3", "a4" }.Select(id => Bybits.Intent(Bybits.Btc, id))];
        const string Body = """{"retCode":0,"retMsg":"OK","result":{"list":[{"orderLinkId":"a1"},{"orderLinkId":""},{"orderLinkId":"a3"},{"orderLinkId":"x"}]},"retExtInfo":{"list":[{"code":0,"msg":"OK"},{"code":110007,"msg":"ab not enough"},{"code":10016,"msg":"server"},{"code":0,"msg":"OK"}]},"time":1758841135824}""";
        var replies = BybitReceipts.All(Wires.Bytes(Body), [.. intents]);
        replies[0].ShouldBe(new VenueReply<OrderUpdate>.Accepted(Pending(intents[0])));
        replies[1].ShouldBe(new VenueReply<OrderUpdate>.Refused(new(RefusalKind.Order, "110007: ab not enough")));
        replies[2].ShouldBe(new VenueReply<OrderUpdate>.Unknown("the venue answers with code 10016, which does not say what was done: server"));
        replies[3].ShouldBe(new VenueReply<OrderUpdate>.Unknown("the reply cannot be read: orderLinkId is 'x': expected a4"));
    }

    [Theory]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{"list":[{"orderLinkId":"a1"}]},"retExtInfo":{"list":[{"code":0,"msg":"OK"}]}}""")]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{},"retExtInfo":{}}""")]
    [InlineData("""{"retCode":0,"retMsg":"OK"}""")]
    [InlineData("not json")]
    public void BatchReceiptThatDoesNotFit_SaysNothingOfAny(string body)
    {
        var replies = BybitReceipts.All(Wires.Bytes(body), [Bybits.Intent(Bybits.Btc, "a1"), Bybits.Intent(Bybits.Btc, "a2")]);
        replies.Length.ShouldBe(2);
        foreach (var reply in replies) reply.ShouldBeOfType<VenueReply<OrderUpdate>.Unknown>();
    }

    private static OrderUpdate Pending(OrderIntent intent) => new()
    {
        Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = OrderStatus.PendingNew, Side = intent.Side,
        PriceTicks = intent.PriceTicks, RemainingLots = intent.SizeLots, Reason = "",
    };

    private static VenueReply<ReadOnlyMemory<byte>> Read(int status, string body, params (string Name, string? Value)[] headers) =>
        Protocol.Read(Request, Answer(status, body, headers));

    private static RateNotice? Notice(VenueRequest request, string? limit, string? remaining) => Protocol.Limit(
        request, Answer(200, Receipt, ("X-Bapi-Limit", limit), ("X-Bapi-Limit-Status", remaining)), Bybits.At);

    private static RestAnswer Answer(int status, string body, params (string Name, string? Value)[] headers) => new(
        status, Wires.Bytes(body), name => Array.Find(headers, h => h.Name == name).Value);

    private static string Failure(int code, string words) =>
        $$"""{"retCode":{{code}},"retMsg":"{{words}}","result":{},"retExtInfo":{},"time":1758841135824}""";
}
