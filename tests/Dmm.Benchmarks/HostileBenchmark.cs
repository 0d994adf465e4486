using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Simulation;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>
/// What a hostile or damaged frame costs, by wire: frames as the venue writes them, mutated (bytes changed, cut off, parts repeated, brackets and
/// digits without end), and the longest that a socket lets in. Of each the slowest is told, by the best of several rounds.
/// </summary>
internal static class HostileBenchmark
{
    private const int Mutations = 20_000;
    private const int LongestFrame = 1 << 20;
    private const int Suspects = 50;
    private const int Rounds = 5;
    private const double BoundMs = 10;

    public static void Run()
    {
        Report.Title("hostile frames: the slowest, bytes → refusal");
        Measure("okx", new OkxWire([Instrument("okx", "BTC-USDT", BookSequenceRule.PreviousId)]),
            $"{{\"arg\":{{\"channel\":\"books\",\"instId\":\"BTC-USDT\"}},\"action\":\"update\",\"data\":[{{\"asks\":[{Levels("[\"{0}\",\"{1}\",\"0\",\"2\"]")}],\"bids\":[{Levels("[\"{0}\",\"{1}\",\"0\",\"2\"]")}],\"ts\":\"1670324386802\",\"checksum\":0,\"seqId\":363996337,\"prevSeqId\":363996336}}]}}",
            OkxBenchmark.Order);
        Measure("bybit", new BybitWire("bybit-spot", BybitProduct.Spot, 50, [Instrument("bybit-spot", "BTCUSDT", BookSequenceRule.RisingId)]),
            $"{{\"topic\":\"orderbook.50.BTCUSDT\",\"ts\":1758841134603,\"type\":\"delta\",\"data\":{{\"s\":\"BTCUSDT\",\"b\":[{Levels("[\"{0}\",\"{1}\"]")}],\"a\":[{Levels("[\"{0}\",\"{1}\"]")}],\"u\":14869255,\"seq\":457514742271}},\"cts\":1758841134598}}",
            """{"id":"5","topic":"execution","creationTime":1746270400355,"data":[{"category":"spot","symbol":"BTCUSDT","execFee":"0.01","execId":"7e2ae69c","execPrice":"95900.1","execQty":"0.001","orderLinkId":"dax1x2","side":"Sell","execTime":"1746270400353","isMaker":true,"execType":"Trade","feeCurrency":"USDT"}]}""");
        Measure("gateio", new GateioWire(GateioProduct.UsdtPerpetual, [Instrument("gateio-usdt", "BTC_USDT", BookSequenceRule.ContiguousRange, ContractKind.Linear)]),
            $"{{\"time\":1615366381,\"time_ms\":1615366381123,\"channel\":\"futures.order_book_update\",\"event\":\"update\",\"result\":{{\"t\":1615366381417,\"s\":\"BTC_USDT\",\"U\":2517661101,\"u\":2517661106,\"b\":[{Levels("{{\"p\":\"{0}\",\"s\":{1}}}")}],\"a\":[{Levels("{{\"p\":\"{0}\",\"s\":{1}}}")}],\"l\":\"100\"}}}}",
            """{"time":1605176741,"channel":"futures.usertrades","event":"update","result":[{"id":"3335259","create_time_ms":1628736848321,"contract":"BTC_USDT","order_id":"4872460","size":1,"price":"40000.4","role":"maker","text":"t-dax1x2","fee":0.0009290592,"point_fee":0}]}""");
        Measure("binance", new BinanceWire("binance-spot", [Instrument("binance-spot", "BTCUSDT", BookSequenceRule.ContiguousRange)]),
            $"{{\"stream\":\"btcusdt@depth@100ms\",\"data\":{{\"e\":\"depthUpdate\",\"E\":1672515782136,\"s\":\"BTCUSDT\",\"U\":157,\"u\":160,\"b\":[{Levels("[\"{0}\",\"{1}\"]")}],\"a\":[{Levels("[\"{0}\",\"{1}\"]")}]}}}}",
            """{"stream":"btcusdt@trade","data":{"e":"trade","E":1672515782136,"s":"BTCUSDT","t":12345,"p":"31527.1","q":"1.5","T":1672515782136,"m":true,"M":true}}""");
        Measure("hmac", new HmacVenueWire("hmac", [Instrument("hmac", "BTC-USDT", BookSequenceRule.ContiguousRange)]),
            $"{{\"channel\":\"book\",\"symbol\":\"BTC-USDT\",\"type\":\"delta\",\"U\":10,\"u\":12,\"time\":1723161256299,\"bids\":[{Levels("[\"{0}\",\"{1}\"]")}],\"asks\":[{Levels("[\"{0}\",\"{1}\"]")}]}}",
            """{"channel":"fills","seq":9,"fill":{"tradeId":"77","clientOrderId":"dax1x2","symbol":"BTC-USDT","side":"sell","price":"1.1","size":"2.5","fee":"0","feeAsset":"USDT","maker":true,"time":1723161256299}}""");
    }

    private static void Measure(string name, IVenueWire wire, params string[] frames)
    {
        byte[][] whole = [.. frames.Select(Encoding.UTF8.GetBytes)];
        var batch = new MessageBatch();
        foreach (var frame in whole)
            if (wire.Parse(frame, Timestamp.None, batch) != ParseStatus.Parsed)
                throw new InvalidDataException($"{name}: a frame is not what it should be: {(batch.Count > 0 ? batch[0].Control : "ignored")}");
        var random = SeededRandom.For(1, name);
        var slowest = new PriorityQueue<byte[], double>();
        for (var i = 0; i < Mutations; i++)
        {
            var frame = Mutated(whole[random.NextInt(whole.Length)], random);
            slowest.Enqueue(frame, Time(wire, frame, batch, rounds: 1));
            if (slowest.Count > Suspects) slowest.Dequeue();
        }

        // What seemed slow again, and again: a busy machine and code that was not compiled yet make any frame slow once.
        var (ms, length) = slowest.UnorderedItems.Select(s => (Time(wire, s.Element, batch, Rounds), s.Element.Length)).Max();
        Report.Figure($"{name}, {Mutations} mutations", ms, "ms", atMost: BoundMs, beside: Text($"of {length} bytes"));
        var longest = whole.SelectMany(Longest).Max(frame => Time(wire, frame, batch, Rounds));
        Report.Figure(Text($"{name}, frames of {LongestFrame >> 20} MiB"), longest, "ms");
    }

    private static double Time(IVenueWire wire, byte[] frame, MessageBatch batch, int rounds)
    {
        var best = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var since = Stopwatch.GetTimestamp();
            wire.Parse(frame, Timestamp.None, batch);
            best = Math.Min(best, Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        return best;
    }

    private static byte[] Mutated(byte[] frame, SeededRandom random)
    {
        var at = random.NextInt(frame.Length);
        switch (random.NextInt(5))
        {
            case 0:
                var flipped = (byte[])frame.Clone();
                for (var i = random.NextInt(8); i >= 0; i--) flipped[random.NextInt(flipped.Length)] = (byte)random.NextInt(256);
                return flipped;
            case 1:
                return frame[..at];
            case 2:
                var part = frame[at..Math.Min(frame.Length, at + 1 + random.NextInt(200))];
                return [.. frame[..at], .. Enumerable.Repeat(part, 1 + random.NextInt(500)).SelectMany(p => p), .. frame[at..]];
            case 3:
                return [.. frame[..at], .. Enumerable.Repeat((byte)"[{\"1e"[random.NextInt(5)], random.NextInt(20_000)), .. frame[at..]];
            default:
                return [.. frame[..at], 0xC3, 0x28, 0xFF, .. frame[at..]];
        }
    }

    /// <summary>The frame as long as a socket lets in: digits, blanks, fields nobody knows and brackets at its middle, and levels without end.</summary>
    private static IEnumerable<byte[]> Longest(byte[] frame)
    {
        foreach (var filling in (string[])["9", " ", "\"x\":1,", "[", "[\"1.1\",\"2\"],", "{\"p\":\"1.1\",\"s\":2},"])
        {
            var part = Encoding.UTF8.GetBytes(filling);
            foreach (var at in (int[])[1, frame.AsSpan().IndexOf("["u8) + 1])
                yield return [.. frame[..at], .. Enumerable.Repeat(part, (LongestFrame - frame.Length) / part.Length).SelectMany(p => p), .. frame[at..]];
        }
    }

    private static string Levels(string shape) => string.Join(
        ',', Enumerable.Range(0, 200).Select(k => string.Format(CultureInfo.InvariantCulture, shape, Text($"{31_000 + k}.1"), 1 + k)));

    private static Instrument Instrument(string venue, string symbol, BookSequenceRule rule, ContractKind kind = ContractKind.Spot) => new()
    {
        Id = new(0), Venue = venue, Symbol = symbol, BaseAsset = "BTC", QuoteAsset = "USDT", Kind = kind, SequenceRule = rule, Prices = new(0.1m),
        Sizes = kind == ContractKind.Spot ? new(0.0001m) : new(1m),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
