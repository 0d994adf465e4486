using System.Diagnostics;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire.Tests;

/// <summary>Every documented message of the calls used is read, and no mutation of one makes a parser throw.</summary>
public sealed class BybitFixtureTests(ITestOutputHelper output)
{
    private const string Replies = "Endpoints/V5Api/";
    private const string Streams = "Subscriptions/V5/";

    private static readonly VenueRequest Signed = BybitRequests.Balances();
    private static readonly BybitProtocol Protocol = new(Bybits.Options());

    private static readonly Instrument Eth = Bybits.Btc with { Id = new(1), Symbol = "ETHUSDT", BaseAsset = "ETH", Prices = new(0.01m), Sizes = new(0.01m) };
    private static readonly Instrument EthPerp = Eth with { Id = new(2), Symbol = "ETHPERP", QuoteAsset = "USDC", Prices = new(0.01m) };
    private static readonly Instrument Xrp = Bybits.Btc with { Id = new(7), Symbol = "XRPUSDT", BaseAsset = "XRP", Prices = new(0.0001m), Sizes = new(1m) };

    private static readonly Instrument FixtureBtc = Bybits.Btc with { Prices = new(0.01m) };

    private delegate string Reader(string file);

    /// <summary>Each fixture with its reader, and the beginning of what it must give.</summary>
    private static readonly (string Name, Reader Read, string Expected)[] Cases =
    [
        (Replies + "ExchangeData/GetOrderbook", Reply((body, batch) => Book.ParseSnapshot(FixtureBtc, body, Wires.Received, batch)),
            "Parsed\nsnapshot #3 243781..243781 after -1 bids [5520@6271020] asks [10@6271030]"),
        (Replies + "ExchangeData/GetTradeHistory", Reply((body, batch) => Bybits.Spot.ParseTrades(Bybits.SpotBtc, body, Wires.Received, batch)),
            "Parsed\ntrade #5 2100000000007764263 Buy 120@1661849"),
        (Replies + "ExchangeData/GetLinearInverseSymbols", Listing(BybitProduct.Linear), "BTCUSDT tick 0.1 lot 0.001 minimum 0.001 and 5"),
        (Replies + "ExchangeData/GetLinearInverseSymbolsPreListing", Listing(BybitProduct.Linear), "PRE02ZROUSDT: status is 'PreLaunch': expected Trading"),
        (Replies + "ExchangeData/GetSpotSymbols", Listing(BybitProduct.Spot), "BTCUSDT tick 0.01 lot 0.000001 minimum 0.000048 and 1"),
        (Replies + "Trading/GetOrders", Reply((body, batch) => Orders.ParseOrders(body, Timestamp.None, batch, out _)),
            "Parsed\nOrderUpdate { Instrument = InstrumentId { Index = 1 }, ClientOrderId = fx1, Status = Live, Side = Buy, PriceTicks = 160000, RemainingLots = 10"),
        (Replies + "Trading/GetOrderHistory", Reply((body, batch) => Orders.ParseOrders(body, Timestamp.None, batch, out _)),
            "Parsed\nOrderUpdate { Instrument = InstrumentId { Index = 3 }, ClientOrderId = fx1, Status = Rejected, Side = Buy, PriceTicks = 2686440, RemainingLots = 3, FilledLots = 0, Reason = EC_PostOnlyWillTakeLiquidity"),
        (Replies + "Trading/GetUserTrades", Reply((body, batch) => Orders.ParseFills(body, batch, out _)),
            "Parsed\nFill { Instrument = InstrumentId { Index = 2 }, TradeId = e0cbe81d-0f18-5866-9415-cf319b5dab3b, ClientOrderId = fx1, Side = Buy, Price = 1190.15, Quantity = 0.1, Fee = 0.071409, FeeAsset = USDC, IsMaker = False"),
        (Replies + "Trading/GetPositions", Reply((body, batch) => Bybits.Inverse.ParsePositions(body, batch, out _)), "Parsed"),
        (Replies + "Account/GetBalances", Reply((body, batch) => Bybits.Spot.ParseBalances(body, batch)),
            "Parsed\nBalanceReport { Venue = bybit-spot, Asset = BTC, Total = 0, VenueTime = 2023-08-01T06:54:22.4810000Z }"),
        (Replies + "Trading/PlaceOrder", Receipt, "Accepted PendingNew fx1"),
        (Replies + "Trading/EditOrder", Receipt, "Accepted PendingNew fx1"),
        (Replies + "Trading/CancelOrder", Receipt, "Accepted PendingNew fx1"),
        (Replies + "Trading/PlaceMultipleOrders", Receipts, "Accepted, Accepted"),
        (Replies + "Trading/EditMultipleOrders", Receipts, "Accepted, Accepted"),
        (Replies + "Trading/CancelMultipleOrders", Receipts, "Accepted, UnknownOrder"),
        (Replies + "Trading/SetDisconnectCancelAll", file => Answered(file).GetType().Name, "Accepted"),
        (Streams + "Linear/Trades", Stream(() => Orders), "Parsed\ntrade #3 3595728650936088734 Buy 1@1657850"),
        (Streams + "Spot/Trades", Stream(() => Bybits.Spot), "Parsed\ntrade #5 3595728650936088734 Buy 1000@1657850"),
        (Streams + "Linear/Ticker", Stream(() => Orders), "Parsed\nFundingRate { Instrument = InstrumentId { Index = 3 }, Rate = -0.000212, NextFundingAt = 2023-01-09T16:00:00.0000000Z"),
        (Streams + "Spot/Ticker", Stream(() => Bybits.Spot), "Ignored"),
        (Streams + "Option/Book", Stream(() => new("bybit-linear", BybitProduct.Linear, 25, [FixtureBtc])),
            "Parsed\nsnapshot #3 18521288..18521288 after -1 bids [6@1649350 100@1649300] asks [29@1661100 213@1661200] checksum 0 at 2022-12-29T09:01:24.9760000Z"),
        (Streams + "Private/UserTrades", Stream(() => Orders),
            "Parsed\nFill { Instrument = InstrumentId { Index = 7 }, TradeId = 7e2ae69c-4edf-5800-a352-893d52b446aa, ClientOrderId = fx1, Side = Sell, Price = 0.3374, Quantity = 25, Fee = 0.005061, FeeAsset = USDT"),
        (Streams + "Private/Order", Stream(() => Orders), "Ignored"),
        (Streams + "Private/Balance", Stream(() => Bybits.Spot), "Parsed\nBalanceReport { Venue = bybit-spot, Asset = BTC, Total = 0.00102964, VenueTime = 2023-11-15T07:52:02.1040000Z }"),
        (Streams + "Private/Position", Stream(() => Orders), "Ignored"),
    ];

    private static BybitWire Book => new("bybit-linear", BybitProduct.Linear, 50, [FixtureBtc]);

    private static BybitWire Orders => new("bybit-linear", BybitProduct.Linear, 50, [FixtureBtc, Eth, EthPerp, Xrp]);

    [Fact]
    public void EveryFixtureOfTheCallsUsed_IsRead()
    {
        var files = BybitFixtures.Read();
        foreach (var (name, read, expected) in Cases) read(files[name]).ShouldStartWith(expected, customMessage: name);
        output.WriteLine($"{Cases.Length} fixtures of Bybit read");
    }

    [Fact]
    public void EveryAnswerToALoginOrASubscription_IsKnown()
    {
        var answers = BybitFixtures.Read().Where(f => f.Key.StartsWith(Streams, StringComparison.Ordinal) && !f.Key.Contains("Option/", StringComparison.Ordinal))
            .SelectMany(f => BybitFixtures.Answers(f.Value)).ToArray();
        answers.Length.ShouldBe(21);
        foreach (var answer in answers)
        {
            var (shown, heard) = Bybits.Linear.Heard(answer);
            shown.ShouldBe("Ignored", answer);
            heard.Kind.ShouldBe(answer.Contains("auth", StringComparison.Ordinal) ? VenueFrameKind.LoggedIn : VenueFrameKind.Subscribed);
        }
    }

    [Fact]
    public void BytesFlippedOrCutOff_NeverThrows()
    {
        var files = BybitFixtures.Read();
        var texts = Cases.Select(c => (c.Name, c.Read, Text: files[c.Name])).ToArray();
        var taken = Stopwatch.StartNew();
        var count = 0;
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Select(Gen.Int[0, 100_000], Gen.Char[' ', '~']).Array[1, 4], Gen.Int[0, 10_000]).Sample((at, flips, cut) =>
        {
            var (name, read, text) = texts[at];
            var characters = text.ToCharArray();
            // The lines before the JSON belong to the fixture and not to the venue.
            var start = name.StartsWith(Replies, StringComparison.Ordinal) ? text.IndexOf('{') + 1 : text.IndexOf("\n=", StringComparison.Ordinal) + 3;
            foreach (var (place, value) in flips) characters[start + place % (characters.Length - start)] = value;
            var length = cut < 3_000 ? start + cut % (characters.Length - start) : characters.Length;
            read(new string(characters, 0, length));
            Interlocked.Increment(ref count);
        }, iter: 20_000);
        output.WriteLine($"{count} mutated fixtures in {taken.Elapsed.TotalSeconds:0.0} s, {taken.Elapsed.TotalMicroseconds / count:0} µs each");
    }

    private static Reader Reply(Func<byte[], MessageBatch, ParseStatus> parse) => file =>
    {
        var body = Wires.Bytes(BybitFixtures.Ours(BybitFixtures.Body(file)));
        Protocol.Read(Signed, Answer(body));
        var batch = new MessageBatch();
        return Wires.Shown(parse(body, batch), batch);
    };

    private static Reader Stream(Func<BybitWire> wire) => file => wire().Heard(BybitFixtures.Ours(BybitFixtures.Frame(file))).Shown;

    private static Reader Listing(BybitProduct product) => file =>
    {
        try
        {
            var listing = BybitInstruments.Parse("bybit", product, [Wires.Bytes(BybitFixtures.Body(file))]);
            BybitInstruments.NextCursor("bybit", Wires.Bytes(BybitFixtures.Body(file)));
            return listing.Instruments is [var i, ..]
                ? FormattableString.Invariant($"{i.Symbol} tick {i.Prices.Step} lot {i.Sizes.Step} minimum {i.MinimumSize} and {i.MinimumNotional}")
                : string.Join('\n', listing.Faults);
        }
        catch (FormatException malformed)
        {
            return malformed.Message;
        }
    };

    private static string Receipt(string file)
    {
        if (Answered(file) is not VenueReply<ReadOnlyMemory<byte>>.Accepted { Value: var body }) return "not accepted";
        return BybitReceipts.One(body.Span, Bybits.Intent(FixtureBtc, "fx1")) is VenueReply<OrderUpdate>.Accepted order
            ? $"Accepted {order.Value.Status} {order.Value.ClientOrderId}"
            : "not accepted";
    }

    private static string Receipts(string file)
    {
        if (Answered(file) is not VenueReply<ReadOnlyMemory<byte>>.Accepted { Value: var body }) return "not accepted";
        var replies = BybitReceipts.All(body.Span, [Bybits.Intent(FixtureBtc, "fx1"), Bybits.Intent(FixtureBtc, "fx1")]);
        return string.Join(", ", replies.Select(r => r is VenueReply<OrderUpdate>.Refused refused ? refused.Refusal.Kind.ToString() : r.GetType().Name));
    }

    private static VenueReply<ReadOnlyMemory<byte>> Answered(string file) =>
        Protocol.Read(Signed, Answer(Wires.Bytes(BybitFixtures.Ours(BybitFixtures.Body(file)))));

    private static RestAnswer Answer(byte[] body) => new(200, body, _ => null);
}
