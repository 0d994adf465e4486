using System.Globalization;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

/// <summary>Random frames in the venue's grammar, of today and of 2021: the span parser and the general one give the same.</summary>
public sealed class GateioAgreementTests
{
    private static readonly Gen<long> Ids = Gen.Long[0, 9_999_999_999_999];
    private static readonly Gen<long> Times = Gen.Long[1_600_000_000_000, 1_900_000_000_000];
    private static readonly Gen<BookLevel> Levels = Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[0, 999_999_999]).Select((p, s) => new BookLevel(p, s));
    private static readonly Gen<BookLevel> Traded = Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[1, 999_999_999]).Select((p, s) => new BookLevel(p, s));

    private static readonly Gen<string> Envelopes = Gen.Select(Times, Gen.Int[0, 3]).Select((t, kind) => kind switch
    {
        0 => $$"""{"time":{{t / 1_000}},""",
        1 => $$"""{"time":{{t / 1_000}},"time_ms":{{t}},""",
        2 => $$"""{"time":{{t / 1_000}},"time_ms":{{t}},"conn_id":"b61f",""",
        _ => "{",
    });

    private static readonly Gen<string> SpotBooks =
        Gen.Select(Envelopes, Times, Ids, Gen.Long[0, 1_000], Gen.Select(Levels.Array[0, 12], Levels.Array[0, 12]), Gen.Int[0, 2])
        .Select((envelope, t, u, n, levels, kind) => envelope + (kind switch
        {
            0 => $$"""
                "channel":"spot.order_book_update","event":"update","result":{"t":{{t}},"e":"depthUpdate","E":{{t / 1_000}},"s":"BTC_USDT","U":{{u}},"u":{{u + n}},"b":{{Pairs(levels.Item1)}},"a":{{Pairs(levels.Item2)}}
                """,
            1 => $$"""
                "channel":"spot.order_book_update","event":"update","result":{"t":{{t}},"full":true,"l":"100","e":"depthUpdate","E":{{t / 1_000}},"s":"BTC_USDT","U":{{u}},"u":{{u + n}},"a":{{Pairs(levels.Item2)}},"b":{{Pairs(levels.Item1)}}
                """,
            _ => $$"""
                "channel":"spot.obu","event":"update","result":{"t":{{t}},"s":"ob.BTC_USDT.400","U":{{u}},"u":{{u + n}},"b":{{Pairs(levels.Item1)}},"a":{{Pairs(levels.Item2)}}
                """,
        }) + "}}");

    private static readonly Gen<string> ContractBooks =
        Gen.Select(Envelopes, Times, Ids, Gen.Long[0, 1_000], Gen.Select(Levels.Array[0, 12], Levels.Array[0, 12], Gen.Bool), Gen.Int[0, 2])
        .Select((envelope, t, u, n, levels, kind) => envelope + (kind switch
        {
            0 => $$"""
                "channel":"futures.order_book_update","event":"update","result":{"t":{{t}},"U":{{u}},"u":{{u + n}},"s":"BTC_USDT","a":{{Objects(levels.Item2, levels.Item3)}},"b":{{Objects(levels.Item1, levels.Item3)}},"l":"20"
                """,
            1 => $$"""
                "channel":"futures.order_book_update","event":"update","result":{"t":{{t}},"s":"BTC_USDT","U":{{u}},"u":{{u + n}},"b":{{Objects(levels.Item1, levels.Item3)}},"a":{{Objects(levels.Item2, levels.Item3)}}
                """,
            _ => $$"""
                "channel":"futures.obu","event":"update","result":{"t":{{t}},"full":true,"s":"ob.BTC_USDT.50","u":{{u}},"b":{{Pairs(levels.Item1, Gateios.BtcPerpetual)}},"a":{{Pairs(levels.Item2, Gateios.BtcPerpetual)}}
                """,
        }) + "}}");

    private static readonly Gen<string> SpotTrades = Gen.Select(Envelopes, Times, Ids, Traded, Gen.Bool, Gen.Int[0, 9_999]).Select((envelope, t, id, l, buy, fraction) =>
        envelope + $$"""
            "channel":"spot.trades","event":"update","result":{"id":{{id}},"create_time":{{t / 1_000}},"create_time_ms":"{{t}}.{{fraction}}","side":"{{(buy ? "buy" : "sell")}}","currency_pair":"BTC_USDT","amount":"{{Size(l, Gateios.Btc)}}","price":"{{Price(l, Gateios.Btc)}}"{{(buy ? ",\"range\":\"2390902-2390902\"" : "")}}
            """ + "}}");

    private static readonly Gen<string> ContractTrades = Gen.Select(Envelopes, Times,
        Gen.Select(Ids, Traded, Gen.Bool, Gen.Bool).Array[1, 4]).Select((envelope, t, trades) =>
        envelope + $$"""
            "channel":"futures.trades","event":"update","result":[{{string.Join(',', trades.Select(x => ContractTrade(x.Item1, x.Item2, x.Item3, x.Item4, t)))}}]
            """ + "}");

    private static readonly Gen<string> SpotFrames = Gen.OneOf(SpotBooks, SpotTrades);

    private static readonly Gen<string> ContractFrames = Gen.OneOf(ContractBooks, ContractTrades);

    [Fact]
    public void InItsOwnGrammar_SpanParserTakesIt_GeneralAgrees() => Gen.OneOf(SpotFrames, ContractFrames).Sample(frame =>
    {
        var wire = WireOf(frame);
        var batch = new MessageBatch();
        wire.TryParseFast(Wires.Bytes(frame), Wires.Received, batch).ShouldBeTrue(frame);
        var fast = Wires.Shown(ParseStatus.Parsed, batch);
        Wires.Shown(wire.ParseGeneral(Wires.Bytes(frame), Wires.Received, batch, out var heard), batch).ShouldBe(fast, frame);
        heard.Kind.ShouldBe(VenueFrameKind.Data);
    });

    [Fact]
    public void BytesFlippedOrCutOff_NeverThrows_AndBothParsersAgree() => Gen.Select(
        Gen.OneOf(SpotFrames, ContractFrames), Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 10_000]).Sample((frame, flips, cut) =>
    {
        var wire = WireOf(frame);
        var bytes = Wires.Bytes(frame);
        foreach (var (at, value) in flips) bytes[at % bytes.Length] = value;
        if (cut < 5_000) bytes = bytes[..(cut % bytes.Length)];
        var general = new MessageBatch();
        var status = wire.ParseGeneral(bytes, Wires.Received, general, out _);
        var fast = new MessageBatch();
        if (wire.TryParseFast(bytes, Wires.Received, fast)) Wires.Shown(status, general).ShouldBe(Wires.Shown(ParseStatus.Parsed, fast), frame);
    }, iter: 20_000);

    [Fact]
    public void HotChannels_AllocateNothing()
    {
        foreach (var (wire, frames) in new[] { (Gateios.Spot, SpotFrames), (Gateios.Perpetual, ContractFrames) })
        {
            List<byte[]> examples = [];
            frames.Sample(frame => examples.Add(Wires.Bytes(frame)), iter: 200, threads: 1);
            var batch = new MessageBatch();
            Allocations.PerItem(i => wire.Parse(examples[i % examples.Count], Wires.Received, batch, out _)).ShouldBe(0);
        }
    }

    private static GateioWire WireOf(string frame) => frame.Contains("\"spot.", StringComparison.Ordinal) ? Gateios.Spot : Gateios.Perpetual;

    private static string ContractTrade(long id, BookLevel level, bool isBuy, bool isQuoted, long time)
    {
        var size = $"{(isBuy ? "" : "-")}{Size(level, Gateios.BtcPerpetual)}";
        var price = Price(level, Gateios.BtcPerpetual);
        return isQuoted
            ? $$"""{"contract":"BTC_USDT","create_time":{{time / 1_000}},"create_time_ms":{{time}},"id":{{id}},"price":"{{price}}","size":"{{size}}"}"""
            : $$"""{"id":{{id}},"size":{{size}},"create_time":{{time / 1_000}},"create_time_ms":{{time}},"price":"{{price}}","contract":"BTC_USDT"}""";
    }

    private static string Pairs(BookLevel[] levels, Instrument? instrument = null) =>
        $"[{string.Join(',', levels.Select(l => $"[\"{Price(l, instrument ?? Gateios.Btc)}\",\"{Size(l, instrument ?? Gateios.Btc)}\"]"))}]";

    private static string Objects(BookLevel[] levels, bool isQuoted)
    {
        var quote = isQuoted ? "\"" : "";
        return $"[{string.Join(',', levels.Select(l => $"{{\"p\":\"{Price(l, Gateios.BtcPerpetual)}\",\"s\":{quote}{Size(l, Gateios.BtcPerpetual)}{quote}}}"))}]";
    }

    private static string Price(BookLevel level, Instrument instrument) => instrument.Prices.ToDecimal(level.PriceTicks).ToString(CultureInfo.InvariantCulture);

    private static string Size(BookLevel level, Instrument instrument) => instrument.Sizes.ToDecimal(level.SizeLots).ToString(CultureInfo.InvariantCulture);
}
