using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class BybitRepliesTests
{
    private const string Order =
        """{"symbol":"BTCUSDT","orderLinkId":"ID","side":"Sell","orderType":"Limit","orderStatus":"Cancelled","cancelType":"CancelByUser","rejectReason":"EC_NoError","price":"109378.90","qty":"0.015","cumExecQty":"0.000","updatedTime":"TIME"}""";

    [Fact]
    public void Orders_ChangedSince_OfOursAlone_WithTheCursorAndTheVenuesTime()
    {
        var body = List($"{Of("a1", 7_000)},{Of("a2", 8_000)},{Of("by-hand", 9_000)},{Of("a3", 8_001)}", "page%3D2");
        var batch = new MessageBatch();
        Bybits.Linear.ParseOrders(Wires.Bytes(body), At(8_000), batch, out var page).ShouldBe(ParseStatus.Parsed);
        Ids(batch).ShouldBe(["a3"]);
        page.ShouldBe(new BybitPage("page%3D2", Bybits.At, 4, At(8_001)));
        Bybits.Linear.ParseOrders(Wires.Bytes(body), Timestamp.None, batch, out _);
        Ids(batch).ShouldBe(["a1", "a2", "a3"]);
    }

    [Fact]
    public void OneOrderThatCannotBeRead_NeighboursKept_ButTheReplyIsRejected()
    {
        var batch = new MessageBatch();
        var body = List($"{Of("a1", 1)},{Of("a2", 1).Replace("109378.90", "x")},{Of("a3", 1)}", "");
        Bybits.Linear.ParseOrders(Wires.Bytes(body), Timestamp.None, batch, out _).ShouldBe(ParseStatus.Rejected);
        batch.Count.ShouldBe(3);
        batch[1].Control.ShouldBeOfType<Rejected>().Reason.ShouldBe("order: price price 'x' is not a plain decimal: expected a multiple of 0.1");
    }

    [Theory]
    [InlineData("""{"retCode":10006,"retMsg":"Too many visits!","result":{},"time":1758841135824}""", "the venue answers with code 10006: Too many visits!")]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":[],"time":1758841135824}""", "result is missing: expected an object")]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{},"time":1758841135824}""", "list is missing: expected an array")]
    [InlineData("""{"retCode":0,"retMsg":"OK","result":{"list":[]}}""", "time is missing: expected a whole number")]
    [InlineData("<html>", "not JSON")]
    public void ReplyOfAnotherShape_Refused(string body, string reason)
    {
        var shown = Bybits.Read(body, (bytes, batch) => Bybits.Linear.ParseFills(bytes, batch, out _));
        shown.ShouldStartWith("Rejected");
        shown.ShouldContain(reason);
    }

    [Fact]
    public void EmptyList_IsNothing() =>
        Bybits.Read(List("", ""), (bytes, batch) => Bybits.Linear.ParseFills(bytes, batch, out _)).ShouldBe("Parsed");

    [Fact]
    public void Positions_OfEachContract() => Bybits.Read(
        List("""{"positionIdx":0,"symbol":"BTCUSDT","side":"Sell","size":"0.1"},{"positionIdx":0,"symbol":"GRAMUSDT","side":"","size":"0.0"},{"positionIdx":0,"symbol":"XRPUSDT","side":"Buy","size":"7"}""", ""),
        (bytes, batch) => Bybits.Linear.ParsePositions(bytes, batch, out _)).Split('\n').Skip(1).ShouldBe(
    [
        $"PositionReport {{ Instrument = {Bybits.Btc.Id}, Quantity = -0.1, VenueTime = {Bybits.At} }}",
        $"PositionReport {{ Instrument = {Bybits.Gram.Id}, Quantity = 0, VenueTime = {Bybits.At} }}",
    ]);

    [Fact]
    public void Book_OfAnotherSymbol_Refused()
    {
        const string Body = """{"retCode":0,"retMsg":"OK","result":{"s":"GRAMUSDT","b":[],"a":[],"ts":1709199771584,"u":7,"seq":3887177875},"time":1709199771643}""";
        Bybits.Read(Body, (bytes, batch) => Bybits.Linear.ParseSnapshot(Bybits.Btc, bytes, Wires.Received, batch))
            .ShouldContain("BTCUSDT book: s is 'GRAMUSDT': expected BTCUSDT");
        Bybits.Read(Body, (bytes, batch) => Bybits.Linear.ParseSnapshot(Bybits.Gram, bytes, Wires.Received, batch))
            .ShouldBe("Parsed\nsnapshot #4 7..7 after -1 bids [] asks [] checksum 0 at 2024-02-29T09:42:51.5840000Z");
    }

    [Fact]
    public void Listing_PagesInOne_StatesAndDatedContractsAreFaults()
    {
        const string Sound = """{"symbol":"GRAMUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"GRAM","quoteCoin":"USDT","priceFilter":{"tickSize":"0.0001"},"lotSizeFilter":{"minOrderQty":"0.1","qtyStep":"0.1"}}""";
        string[] pages =
        [
            List($"{Sound},{Sound.Replace("GRAMUSDT", "OLDUSDT").Replace("\"Trading\"", "\"Closed\"")}", "next"),
            List($"{Sound.Replace("GRAMUSDT", "BTCUSDT").Replace("\"qtyStep\"", "\"minNotionalValue\":\"0\",\"qtyStep\"")},{Sound.Replace("GRAMUSDT", "NOUSDT").Replace("\"qtyStep\"", "\"minNotionalValue\":\"-5\",\"qtyStep\"")},{Sound.Replace("GRAMUSDT", "BTC-26DEC").Replace("LinearPerpetual", "LinearFutures")},{Sound.Replace("GRAMUSDT", "BADUSDT").Replace("0.0001", "0")}", ""),
        ];
        var listing = BybitInstruments.Parse("bybit-linear", BybitProduct.Linear, pages.Select(p => (ReadOnlyMemory<byte>)Wires.Bytes(p)));
        listing.Instruments.Select(i => (i.Symbol, i.Id.Index, i.MinimumNotional)).ShouldBe([("GRAMUSDT", 0, 0m), ("BTCUSDT", 1, 0m)]);
        listing.Faults.ShouldBe(
        [
            "OLDUSDT: status is 'Closed': expected Trading", "NOUSDT: minNotionalValue is '-5': expected a decimal above zero",
            "BTC-26DEC: contractType is 'LinearFutures': expected LinearPerpetual",
            "BADUSDT: tickSize is '0': expected a decimal above zero",
        ]);
        Should.Throw<KeyNotFoundException>(() => listing.Require("OLDUSDT", default)).Message
            .ShouldBe("bybit-linear lists OLDUSDT: status is 'Closed': expected Trading");
        BybitInstruments.NextCursor("bybit-linear", Wires.Bytes(pages[0])).ShouldBe("next");
        BybitInstruments.NextCursor("bybit-linear", Wires.Bytes(pages[1])).ShouldBe("");
        Should.Throw<FormatException>(() => BybitInstruments.Parse("bybit-linear", BybitProduct.Linear, [Wires.Bytes("{}")])).Message
            .ShouldBe("bybit-linear: retCode is missing: expected a whole number");
    }

    private static string List(string elements, string cursor) =>
        $$"""{"retCode":0,"retMsg":"OK","result":{"list":[{{elements}}],"nextPageCursor":"{{cursor}}","category":"linear"},"retExtInfo":{},"time":1758841135824}""";

    private static string Of(string id, long milliseconds) => Order.Replace("ID", id).Replace("TIME", $"{1_700_000_000_000 + milliseconds}");

    private static Timestamp At(long milliseconds) => Timestamp.FromUnixMilliseconds(1_700_000_000_000 + milliseconds);

    private static IEnumerable<string> Ids(MessageBatch batch) =>
        Enumerable.Range(0, batch.Count).Select(i => batch[i].Control).OfType<OrderUpdate>().Select(o => o.ClientOrderId);
}
