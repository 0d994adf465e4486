using System.Globalization;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

/// <summary>
/// A random message is written in the venue's grammar; the span parser and the general one must both give it back, and no mutation may make them
/// differ.
/// </summary>
public sealed class BybitAgreementTests
{
    private static readonly Gen<long> Ids = Gen.Long[1, 9_999_999_999_999];
    private static readonly Gen<long> Times = Gen.Long[1_600_000_000_000, 1_900_000_000_000];
    private static readonly Gen<BookLevel> Levels = Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[0, 999_999_999]).Select((p, s) => new BookLevel(p, s));
    private static readonly Gen<BookLevel> Traded = Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[1, 999_999_999]).Select((p, s) => new BookLevel(p, s));
    private static readonly Gen<string> Uuids = Gen.Guid.Select(g => g.ToString());
    private static readonly Gen<string> TickDirections = Gen.Int[0, 3].Select(i => new[] { "PlusTick", "ZeroPlusTick", "MinusTick", "ZeroMinusTick" }[i]);

    private static readonly Gen<string> Books =
        Gen.Select(Times, Ids, Gen.Bool, Gen.Bool, Levels.Array[0, 12], Levels.Array[0, 12]).Select((t, u, isSnapshot, hasMatchTime, b, a) =>
            $$"""{"topic":"orderbook.50.BTCUSDT","type":"{{(isSnapshot ? "snapshot" : "delta")}}","ts":{{t}},"data":{"s":"BTCUSDT","b":{{Written(b, Bybits.Btc)}},"a":{{Written(a, Bybits.Btc)}},"u":{{u}},"seq":{{u}}}{{(hasMatchTime ? $",\"cts\":{t - 5}" : "")}}}""");

    private static readonly Gen<string> SpotBooks = Gen.Select(Times, Ids, Levels.Array[0, 12], Levels.Array[0, 12]).Select((t, u, b, a) =>
        $$"""{"topic":"orderbook.50.BTCUSDT","ts":{{t}},"type":"delta","data":{"s":"BTCUSDT","b":{{Written(b, Bybits.SpotBtc)}},"a":{{Written(a, Bybits.SpotBtc)}},"u":{{u}},"seq":{{u}}},"cts":{{t - 5}}}""");

    private static readonly Gen<string> Trades = Gen.Select(Times, Uuids, Traded, Gen.Bool, TickDirections, Gen.Int[0, 2]).Select((t, id, l, buy, tick, age) =>
        $$"""{"T":{{t}},"s":"BTCUSDT","S":"{{(buy ? "Buy" : "Sell")}}","v":"{{Size(l, Bybits.Btc)}}","p":"{{Price(l, Bybits.Btc)}}","L":"{{tick}}","i":"{{id}}","BT":false{{(age > 0 ? ",\"RPI\":true" : "")}}{{(age > 1 ? ",\"seq\":7" : "")}}}""")
        .Array[1, 4].Select(trades => $$"""{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1758841135824,"data":[{{string.Join(',', trades)}}]}""");

    private static readonly Gen<string> SpotTrades = Gen.Select(Times, Ids, Traded, Gen.Bool, Gen.Int[0, 2]).Select((t, id, l, buy, age) =>
        $$"""{"i":"{{id}}","T":{{t}},"p":"{{Price(l, Bybits.SpotBtc)}}","v":"{{Size(l, Bybits.SpotBtc)}}","S":"{{(buy ? "Buy" : "Sell")}}"{{(age > 1 ? ",\"seq\":7" : "")}},"s":"BTCUSDT","BT":false{{(age > 0 ? ",\"RPI\":false" : "")}}}""")
        .Array[1, 4].Select(trades => $$"""{"topic":"publicTrade.BTCUSDT","ts":1758841135824,"type":"snapshot","data":[{{string.Join(',', trades)}}]}""");

    private static readonly Gen<string> LinearFrames = Gen.OneOf(Books, Trades);
    private static readonly Gen<string> SpotFrames = Gen.OneOf(SpotBooks, SpotTrades);

    [Fact]
    public void InItsOwnGrammar_SpanParserTakesIt_GeneralAgrees()
    {
        LinearFrames.Sample(frame => Agrees(Bybits.Linear, frame));
        SpotFrames.Sample(frame => Agrees(Bybits.Spot, frame));
    }

    [Fact]
    public void BytesFlippedOrCutOff_NeverThrows_AndBothParsersAgree()
    {
        LinearFrames.Select(Mutations).Sample((frame, mutation) => Mutated(Bybits.Linear, frame, mutation), iter: 20_000);
        SpotFrames.Select(Mutations).Sample((frame, mutation) => Mutated(Bybits.Spot, frame, mutation), iter: 20_000);
    }

    /// <summary>Number parsers of the library take zero bytes behind the digits; JSON does not.</summary>
    [Theory]
    [InlineData("22400000009702629\u0000\u0000", false)]
    [InlineData("-5", false)]
    [InlineData("+5", false)]
    [InlineData("", false)]
    [InlineData("9223372036854775808", false)]
    [InlineData("9223372036854775807", true)]
    [InlineData("20f43950-d8dd-5b31-9112-a178eb6023af", true)]
    [InlineData("20F43950-D8DD-5B31-9112-A178EB6023AF", true)]
    [InlineData("20f43950d8dd5b319112a178eb6023af", false)]
    [InlineData("{20f43950-d8dd-5b31-9112-a178eb6023a}", false)]
    public void TradeId_DigitsOrAUuid_NothingElse(string text, bool isOne) =>
        BybitTradeId.TryParse(Wires.Bytes(text), out _).ShouldBe(isOne);

    [Fact]
    public void HotChannels_AllocateNothing()
    {
        HoldsNothing(Bybits.Linear, LinearFrames);
        HoldsNothing(Bybits.Spot, SpotFrames);
    }

    private static readonly Gen<((int At, byte Value)[] Flips, int Cut)> Mutations =
        Gen.Select(Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 10_000]);

    private static void Agrees(BybitWire wire, string frame)
    {
        var batch = new MessageBatch();
        wire.TryParseFast(Wires.Bytes(frame), Wires.Received, batch).ShouldBeTrue(frame);
        var general = new MessageBatch();
        Wires.Shown(wire.ParseGeneral(Wires.Bytes(frame), Wires.Received, general, out var heard), general).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
        heard.Kind.ShouldBe(VenueFrameKind.Data);
    }

    private static void Mutated(BybitWire wire, string frame, ((int At, byte Value)[] Flips, int Cut) mutation)
    {
        var bytes = Wires.Bytes(frame);
        foreach (var (at, value) in mutation.Flips) bytes[at % bytes.Length] = value;
        if (mutation.Cut < 5_000) bytes = bytes[..(mutation.Cut % bytes.Length)];
        var general = new MessageBatch();
        var status = wire.ParseGeneral(bytes, Wires.Received, general, out _);
        var batch = new MessageBatch();
        if (wire.TryParseFast(bytes, Wires.Received, batch)) Wires.Shown(status, general).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
    }

    private static void HoldsNothing(BybitWire wire, Gen<string> frames)
    {
        List<byte[]> examples = [];
        frames.Sample(frame => examples.Add(Wires.Bytes(frame)), iter: 200, threads: 1);
        var batch = new MessageBatch();
        Allocations.PerItem(i => wire.Parse(examples[i % examples.Count], Wires.Received, batch)).ShouldBe(0);
    }

    private static string Written(BookLevel[] levels, Instrument instrument) =>
        $"[{string.Join(',', levels.Select(l => $"[\"{Price(l, instrument)}\",\"{Size(l, instrument)}\"]"))}]";

    private static string Price(BookLevel level, Instrument instrument) =>
        instrument.Prices.ToDecimal(level.PriceTicks).ToString(CultureInfo.InvariantCulture);

    private static string Size(BookLevel level, Instrument instrument) =>
        instrument.Sizes.ToDecimal(level.SizeLots).ToString(CultureInfo.InvariantCulture);
}
