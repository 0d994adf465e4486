using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

/// <summary>
/// A random message is written in the venue's grammar; the span parser and the general one must both give it back, whatever the order and spacing.
/// </summary>
public sealed class AgreementTests
{
    private static readonly Gen<long> Ids = Gen.Long[0, 9_999_999_999_999];
    private static readonly Gen<long> Times = Gen.Long[1_600_000_000_000, 1_900_000_000_000];
    private static readonly Gen<BookLevel> Levels =
        Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[0, 999_999_999]).Select((p, s) => new BookLevel(p, s));
    private static readonly Gen<BookLevel> Traded =
        Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[1, 999_999_999]).Select((p, s) => new BookLevel(p, s));

    private static readonly Gen<string> UsdmBooks =
        Gen.Select(Times, Ids, Gen.Long[0, 1_000], Levels.Array[0, 12], Levels.Array[0, 12]).Select((t, u, n, b, a) =>
        $$"""{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":{{t}},"T":{{t}},"s":"BTCUSDT","U":{{u}},"u":{{u + n}},"pu":{{u}},"b":{{Written(b, Wires.UsdmBtc)}},"a":{{Written(a, Wires.UsdmBtc)}}""" + "}}");

    private static readonly Gen<string> UsdmTops = Gen.Select(Times, Ids, Levels, Levels).Select((t, u, b, a) =>
        $$"""{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":{{u}},"s":"BTCUSDT","b":"{{Price(b, Wires.UsdmBtc)}}","B":"{{Size(b, Wires.UsdmBtc)}}","a":"{{Price(a, Wires.UsdmBtc)}}","A":"{{Size(a, Wires.UsdmBtc)}}","T":{{t}},"E":{{t}}""" + "}}");

    private static readonly Gen<string> UsdmTrades = Gen.Select(Times, Ids, Traded, Gen.Bool).Select((t, id, l, m) =>
        $$"""{"stream":"btcusdt@trade","data":{"e":"trade","E":{{t}},"T":{{t}},"s":"BTCUSDT","t":{{id}},"p":"{{Price(l, Wires.UsdmBtc)}}","q":"{{Size(l, Wires.UsdmBtc)}}","X":"MARKET","m":{{(m ? "true" : "false")}}""" + "}}");

    private static readonly Gen<string> OkxBooks =
        Gen.Select(Times, Gen.Int, Gen.Bool, Levels.Array[0, 12], Levels.Array[0, 12], Gen.Select(Gen.Bool, Ids, Gen.Long[-1, 50]))
        .Select((t, checksum, full, a, b, ids) =>
        $$"""{"arg":{"channel":"books","instId":"TON-USDT"},"action":"{{(full ? "snapshot" : "update")}}","data":[{"asks":{{Detailed(a)}},"bids":{{Detailed(b)}},"ts":"{{t}}","checksum":{{checksum}}{{(ids.Item1 ? $",\"prevSeqId\":{ids.Item3},\"seqId\":{ids.Item2}" : "")}}}]}""");

    private static readonly Gen<string> OkxTrades = Gen.Select(Times, Ids, Traded, Gen.Bool).Select((t, id, l, buy) =>
        $$"""{"instId":"TON-USDT","tradeId":"{{id}}","px":"{{Price(l, Wires.OkxTon)}}","sz":"{{Size(l, Wires.OkxTon)}}","side":"{{(buy ? "buy" : "sell")}}","ts":"{{t}}"}""")
        .Array[1, 4].Select(trades => $$"""{"arg":{"channel":"trades","instId":"TON-USDT"},"data":[{{string.Join(',', trades)}}]}""");

    private static readonly Gen<string> BinanceFrames = Gen.OneOf(UsdmBooks, UsdmTops, UsdmTrades);

    private static readonly Gen<string> OkxTops = Gen.Select(Times, Ids, Levels, Levels).Select((t, id, b, a) =>
        $$"""{"arg":{"channel":"bbo-tbt","instId":"TON-USDT"},"data":[{"asks":{{Detailed([a])}},"bids":{{Detailed([b])}},"ts":"{{t}}","seqId":{{id}}}]}""");

    private static readonly Gen<string> OkxFrames = Gen.OneOf(OkxBooks, OkxTrades, OkxTops);

    [Fact]
    public void BinanceInItsOwnGrammar_SpanParserTakesIt_GeneralAgrees() => BinanceFrames.Sample(frame =>
    {
        var wire = Wires.Usdm;
        var batch = new MessageBatch();
        wire.TryParseFast(Wires.Bytes(frame), Wires.Received, batch).ShouldBeTrue(frame);
        Generally(wire.ParseGeneral, frame).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
    });

    [Fact]
    public void OkxInItsOwnGrammar_SpanParserTakesIt_GeneralAgrees() => OkxFrames.Sample(frame =>
    {
        var wire = Wires.OkxWire;
        var batch = new MessageBatch();
        wire.TryParseFast(Wires.Bytes(frame), Wires.Received, batch).ShouldBeTrue(frame);
        Generally(wire.ParseGeneral, frame).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
    });

    [Fact]
    public void FieldsInAnyOrderWithBlanksAndStrangers_SameMessages() => Gen.Select(
        Gen.OneOf(BinanceFrames, OkxFrames), Gen.Int[0, int.MaxValue]).Sample((frame, seed) =>
    {
        IVenueWire wire = frame.Contains("btcusdt", StringComparison.Ordinal) ? Wires.Usdm : Wires.OkxWire;
        var shuffled = Shuffled(JsonNode.Parse(frame)!, ref seed).ToJsonString(new() { WriteIndented = true });
        wire.Parsed(shuffled).ShouldBe(wire.Parsed(frame));
    });

    [Fact]
    public void BytesFlippedOrCutOff_NeverThrows_AndBothParsersAgree() => Gen.Select(
        Gen.OneOf(BinanceFrames, OkxFrames), Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 10_000]).Sample((frame, flips, cut) =>
    {
        var bytes = Wires.Bytes(frame);
        foreach (var (at, value) in flips) bytes[at % bytes.Length] = value;
        if (cut < 5_000) bytes = bytes[..(cut % bytes.Length)];
        var batch = new MessageBatch();
        var general = new MessageBatch();
        if (frame.Contains("btcusdt", StringComparison.Ordinal))
        {
            var wire = Wires.Usdm;
            var status = wire.ParseGeneral(bytes, Wires.Received, general);
            if (wire.TryParseFast(bytes, Wires.Received, batch)) Wires.Shown(status, general).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
        }
        else
        {
            var wire = Wires.OkxWire;
            var status = wire.ParseGeneral(bytes, Wires.Received, general);
            if (wire.TryParseFast(bytes, Wires.Received, batch)) Wires.Shown(status, general).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
        }
    }, iter: 20_000);

    [Fact]
    public void HotChannels_AllocateNothing()
    {
        var binance = Wires.Usdm;
        var okx = Wires.OkxWire;
        byte[][] binanceFrames = [.. Examples(BinanceFrames)];
        byte[][] okxFrames = [.. Examples(OkxFrames)];
        var batch = new MessageBatch();
        Allocations.PerItem(i => binance.Parse(binanceFrames[i % binanceFrames.Length], Wires.Received, batch)).ShouldBe(0);
        Allocations.PerItem(i => okx.Parse(okxFrames[i % okxFrames.Length], Wires.Received, batch)).ShouldBe(0);
    }

    private delegate ParseStatus Parser(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch);

    private static string Generally(Parser parse, string frame)
    {
        var batch = new MessageBatch();
        return Wires.Shown(parse(Wires.Bytes(frame), Wires.Received, batch), batch);
    }

    private static IEnumerable<byte[]> Examples(Gen<string> frames)
    {
        List<byte[]> examples = [];
        frames.Sample(frame => { lock (examples) examples.Add(Wires.Bytes(frame)); }, iter: 200, threads: 1);
        return examples;
    }

    /// <summary>The same JSON with its objects' fields in another order, and one more field in each.</summary>
    private static JsonNode Shuffled(JsonNode node, ref int seed)
    {
        switch (node)
        {
            case JsonObject fields:
                List<KeyValuePair<string, JsonNode?>> rest = [.. fields, new("unheardOf", JsonNode.Parse("""{"b":[{"a":null}]}"""))];
                var shuffled = new JsonObject();
                while (rest.Count > 0)
                {
                    seed = (int)((seed * 48_271L + 11) % int.MaxValue);
                    var next = rest[seed % rest.Count];
                    rest.Remove(next);
                    shuffled.Add(next.Key, next.Key == "unheardOf" ? next.Value : Shuffled(next.Value!, ref seed));
                }

                return shuffled;
            case JsonArray items:
                var copy = new JsonArray();
                foreach (var item in items) copy.Add(Shuffled(item!, ref seed));
                return copy;
            default:
                return node.DeepClone();
        }
    }

    private static string Written(BookLevel[] levels, Instrument instrument) =>
        $"[{string.Join(',', levels.Select(l => $"[\"{Price(l, instrument)}\",\"{Size(l, instrument)}\"]"))}]";

    private static string Detailed(BookLevel[] levels) =>
        $"[{string.Join(',', levels.Select((l, i) => $"[\"{Price(l, Wires.OkxTon)}\",\"{Size(l, Wires.OkxTon)}\",\"0\",\"{i}\"]"))}]";

    private static string Price(BookLevel level, Instrument instrument) =>
        instrument.Prices.ToDecimal(level.PriceTicks).ToString(CultureInfo.InvariantCulture);

    private static string Size(BookLevel level, Instrument instrument) =>
        instrument.Sizes.ToDecimal(level.SizeLots).ToString(CultureInfo.InvariantCulture);
}
