using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;
using static Dmm.Wire.Tests.OkxVenues;

namespace Dmm.Wire.Tests;

/// <summary>The published examples of the venue's frames and replies, for each call and channel that is used here.</summary>
public sealed partial class OkxFixtureTests(ITestOutputHelper output)
{
    /// <summary>Where an example lies, and what must come of it: the number of messages, or of rows where they are of others.</summary>
    private static readonly (string Path, Func<byte[], int> Read, int Expected)[] Used =
    [
        ("Trading/PlaceOrder", Receipts, 1), ("Trading/PlaceMultipleOrders", Receipts, 2), ("Trading/AmendOrder", Receipts, 1),
        ("Trading/AmendMultipleOrders", Receipts, 2), ("Trading/CancelOrder", Receipts, 1), ("Trading/CancelMultipleOrders", Receipts, 2),
        ("Trading/CancelAllAfter", body => OkxErrors.IsTakenUp(body) ? 1 : 0, 1),
        ("Trading/GetOrderDetails", OrdersOfOthers, 1), ("Trading/GetOrders", OrdersOfOthers, 1), ("Trading/GetOrderHistory", OrdersOfOthers, 1),
        ("Trading/GetOrders", OrdersAsOurs, 1),
        ("Trading/GetUserTrades", FillsAsOurs, 1), ("Trading/GetUserTradesArchive", FillsAsOurs, 1),
        ("ExchangeData/GetSymbols", body => OkxInstruments.Parse(body, BookSequenceRule.PreviousId).Instruments.Length, 1),
        ("ExchangeData/GetOrderBook", body => Messages((wire, batch) => wire.ParseSnapshot(wire.Instruments[0], body, Wires.Received, batch)), 1),
        ("ExchangeData/GetRecentTrades", body => Messages((wire, batch) => wire.ParseTrades(wire.Instruments[0], body, Wires.Received, batch)), 2),
        ("ExchangeData/GetServerTime", body => OkxReceipts.ServerTime(body) is null ? 0 : 1, 1),
        ("Account/GetAccountBalance", body => Messages((wire, batch) => wire.ParseBalances(body, batch)), 1),
        // Of a dated contract, which is none of ours.
        ("Account/GetAccountPositions", body => Messages((wire, batch) => wire.ParsePositions(body, batch)), 0),
        ("Account/GetAccountConfiguration", body => OkxReceipts.SettingsFault([Swap], body) is null ? 1 : 0, 1),
        ("Trading/Order", FramesAsOurs, 2), ("ExchangeData/OrderBook", Frames, 1), ("ExchangeData/Trades", Frames, 1), ("ExchangeData/FundingRate", Frames, 1),
        ("Account/Balance", Frames, 1),
    ];

    /// <summary>Examples that the wire is to know and to pass over.</summary>
    private static readonly string[] PassedOver = ["ExchangeData/Ticker", "Trading/UserTrade", "Account/BalanceAndPosition", "ExchangeData/SystemStatus"];

    [Fact]
    public void EveryExampleOfTheCallsUsed_IsParsed()
    {
        var examples = Examples();
        foreach (var (path, read, expected) in Used) read(examples[path]).ShouldBe(expected, path);
        foreach (var path in PassedOver)
        {
            OfVenue.Parse(examples[path], Wires.Received, new(), out var heard).ShouldBe(ParseStatus.Ignored, path);
            heard.Kind.ShouldBe(VenueFrameKind.Notice, path);
        }

        var count = Used.Select(u => u.Path).Distinct().Count() + PassedOver.Length;
        output.WriteLine($"{count} examples parsed");
        count.ShouldBe(28);
    }

    [Fact]
    public void ExamplesWithBytesFlippedOrCutOff_NeverThrow()
    {
        var examples = Examples();
        byte[][] bodies = [.. Used.Select(u => examples[u.Path]), Wires.Bytes(OrderFrame(Order(Filled), Order()))];
        var wire = OfVenue;
        var batch = new MessageBatch();
        Gen.Select(Gen.Int[0, bodies.Length - 1], Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 10_000]).Sample((which, flips, cut) =>
        {
            var bytes = bodies[which].ToArray();
            foreach (var (at, value) in flips) bytes[at % bytes.Length] = value;
            if (cut < 5_000) bytes = bytes[..(cut % bytes.Length)];
            ReadInEveryWay(wire, bytes, batch);
        }, iter: 10_000, threads: 1);
    }

    [Fact]
    public void HostileBodies_NeverThrow()
    {
        var wire = OfVenue;
        var batch = new MessageBatch();
        byte[][] bodies =
        [
            [], [0xFF, 0xFE], "{}"u8.ToArray(), "[]"u8.ToArray(), "null"u8.ToArray(), Wires.Bytes(new string('[', 100_000)),
            Wires.Bytes($$"""{"code":"0","data":{{new string('[', 60)}}{{new string(']', 60)}}}"""),
            Wires.Bytes($$"""{"code":"0","data":[{{string.Join(',', Enumerable.Repeat(Order(), 3_000))}}]}"""),
            Wires.Bytes($$"""{"code":"0","data":[{{string.Join(',', Enumerable.Repeat("[]", 20_000))}}]}"""),
            Wires.Bytes(OrderFrame([.. Enumerable.Repeat(Order(Filled), 3_000)])),
            [.. "{\"code\":\"0\",\"data\":[{\"clOrdId\":\""u8, 0xC3, 0x28, .. "\",\"sCode\":\"0\"}]}"u8],
            [.. "{\"arg\":{\"channel\":\"orders\"},\"data\":[{\"instId\":\""u8, 0xC3, 0x28, .. "\",\"clOrdId\":\"a\"}]}"u8],
            Wires.Bytes("""{"arg":{"channel":"orders"},"data":[{"instId":"\ud800","clOrdId":"\ud800","px":"1e400","sz":"1e-400","accFillSz":"NaN"}]}"""),
            Wires.Bytes($$"""{"code":"{{new string('5', 5_000)}}","msg":"{{new string('x', 100_000)}}","data":[]}"""),
        ];
        foreach (var body in bodies) ReadInEveryWay(wire, body, batch);
    }

    private static void ReadInEveryWay(OkxWire wire, byte[] bytes, MessageBatch batch)
    {
        wire.Parse(bytes, Wires.Received, batch);
        wire.ParseSnapshot(Btc, bytes, Wires.Received, batch);
        wire.ParseTrades(Btc, bytes, Wires.Received, batch);
        wire.ParseOrders(bytes, 0, batch, out _);
        wire.ParseFills(bytes, batch, out _);
        wire.ParseBalances(bytes, batch);
        wire.ParsePositions(bytes, batch);
        OkxReceipts.Read(bytes, out _);
        OkxReceipts.FilledLots(Btc, bytes);
        OkxReceipts.Names(bytes);
        OkxReceipts.ServerTime(bytes);
        OkxReceipts.SettingsFault([Swap], bytes);
        foreach (var status in (ReadOnlySpan<int>)[200, 400, 429, 500]) OkxErrors.Parse(status, bytes);
        try
        {
            OkxInstruments.Parse(bytes, BookSequenceRule.PreviousId);
        }
        catch (FormatException)
        {
            // What a reply that is no listing is answered with.
        }
    }

    private static int Receipts(byte[] body) => OkxReceipts.Read(body, out _)?.Length ?? -1;

    private static int OrdersOfOthers(byte[] body)
    {
        var batch = new MessageBatch();
        var status = OfVenue.ParseOrders(body, 0, batch, out var page);
        return status == ParseStatus.Parsed && batch.Count == 0 ? page.Count : -1;
    }

    private static int OrdersAsOurs(byte[] body) => Messages((wire, batch) => wire.ParseOrders(AsOurs(body), 0, batch, out _));

    private static int FillsAsOurs(byte[] body) => Messages((wire, batch) => wire.ParseFills(AsOurs(body), batch, out _));

    private static int FramesAsOurs(byte[] frame) => Messages((wire, batch) => wire.Parse(AsOurs(frame), Wires.Received, batch));

    private static int Frames(byte[] frame) => Messages((wire, batch) => wire.Parse(frame, Wires.Received, batch));

    private static byte[] AsOurs(byte[] body) => Wires.Bytes(Encoding.UTF8.GetString(body).Replace("\"clOrdId\": \"\"", "\"clOrdId\": \"dax1x2\""));

    private static int Messages(Func<OkxWire, MessageBatch, ParseStatus> parse)
    {
        // The published examples name instruments at random, and are older than the ids of the REST book.
        Instrument[] instruments = [Btc with { SequenceRule = BookSequenceRule.ChecksumOnly, Prices = new(0.01m) }, Swap with { Symbol = "BTC-USD-SWAP" }];
        var batch = new MessageBatch();
        return parse(new(instruments), batch) == ParseStatus.Parsed ? batch.Count : -1;
    }

    /// <summary>The JSON of each example by the last two parts of its path; where one names two instruments, the one of its data.</summary>
    private static Dictionary<string, byte[]> Examples()
    {
        var examples = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var archive = new TarReader(new GZipStream(
            File.OpenRead(SharedData.SkipUnlessPresent("data", "fixtures", "OKX.Net-fixtures.tar.gz")), CompressionMode.Decompress));
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || entry.Name.Contains("/Socket/")) continue;
            var text = new StreamReader(entry.DataStream).ReadToEnd();
            var name = string.Join('/', entry.Name.Split('/')[^2..])[..^".txt".Length];
            if (!entry.Name.Contains("/Subscriptions/"))
            {
                var start = text.IndexOf('{');
                if (start >= 0) examples[name] = Wires.Bytes(text[start..]);
                continue;
            }

            var at = text.IndexOf("\n= ", StringComparison.Ordinal);
            if (at < 0) continue;
            var frame = text[(at + 3)..];
            if (OfData().Match(frame) is { Success: true } match && match.Groups[1].Value is var symbol) frame = frame.Replace("ETH-USDT", symbol);
            if (name == "ExchangeData/OrderBook") frame = frame.Replace("ETH-USDT", "BTC-USDT").Replace("\"data\"", "\"action\": \"snapshot\", \"data\"");
            examples.TryAdd(name, Wires.Bytes(frame));
        }

        return examples;
    }

    [GeneratedRegex("\"data\".*?\"instId\"\\s*:\\s*\"([^\"]+)\"", RegexOptions.Singleline)]
    private static partial Regex OfData();
}
