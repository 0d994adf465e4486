using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sources;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>
/// OKX's hot channels, bytes to message: recorded book deltas of ten levels and trades; the venue's top and our orders as it writes them.
/// </summary>
internal static class OkxBenchmark
{
    private const int Repeats = 200_000;

    private const string Top =
        """{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[["31527.2","0.55154","0","2"]],"bids":"""
        + """[["31527.1","1.57745","0","2"]],"ts":"1670324386802","seqId":363996337}]}""";

    /// <summary>One of our orders, with a fill.</summary>
    public const string Order = """
        {"arg":{"channel":"orders","instType":"SPOT","uid":"614488474791936"},"data":[{"accFillSz":"0.001","algoId":"","amendResult":"",
        "avgPx":"31527.1","cancelSource":"","category":"normal","clOrdId":"dax1x2","code":"0","cTime":"1654084334977","execType":"M",
        "fee":"-0.02522168","feeCcy":"USDT","fillFee":"-0.02522168","fillFeeCcy":"USDT","fillPx":"31527.1","fillSz":"0.001",
        "fillTime":"1654084353263","instId":"BTC-USDT","instType":"SPOT","msg":"","ordId":"452197707845865472","ordType":"post_only",
        "px":"31527.1","side":"sell","state":"filled","sz":"0.001","tag":"","tdMode":"cash","tradeId":"242589207","uTime":"1654084353264"}]}
        """;

    public static void Run()
    {
        Report.Title("okx: frames of the hot channels, bytes → message");
        var btc = new Instrument
        {
            Id = new(0), Venue = "okx", Symbol = "BTC-USDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.1m), Sizes = new(0.00000001m),
        };
        Measure("bbo-tbt", new OkxWire([btc]), [Encoding.UTF8.GetBytes(Top)], allocated: 0);
        Measure("orders, with a fill", new OkxWire([btc]), [Encoding.UTF8.GetBytes(Order)], allocated: null);
        var (listing, capture) = (SharedData.Path("data", "okx", "OKX.0.gz"), SharedData.Path("data", "okx", "OKX.ws.1.0.gz"));
        if (!File.Exists(listing) || !File.Exists(capture))
        {
            Report.Note($"skipped: the recording is not there ({capture})");
            return;
        }

        var instruments = OkxCapture.ReadInstruments(listing, BookSequenceRule.ChecksumOnly).Values.SelectMany(l => l.Instruments).ToArray();
        var wire = new OkxWire([.. instruments.Select((instrument, i) => instrument with { Id = new(i) })]);
        var deltas = Recorded(wire, capture, i => i is { Kind: InputKind.Book, Book: { IsSnapshot: false, Levels.Length: 10 } });
        Measure("book delta of 10 levels", wire, deltas, allocated: 0);
        Measure("trades", wire, Recorded(wire, capture, i => i.Kind == InputKind.Trade), allocated: 0);
    }

    private static void Measure(string name, OkxWire wire, byte[][] frames, double? allocated)
    {
        var batch = new MessageBatch();
        var measured = Measured.Of(() => frames, all =>
        {
            for (var i = 0; i < Repeats; i++) wire.Parse(all[i % all.Length], Timestamp.None, batch);
        });
        Report.Figure($"{name} ({frames.Length} different)", measured.MedianSeconds / Repeats * 1e9, "ns", atMost: allocated is null ? null : 1_000,
            beside: $"best {Report.Number(measured.LeastSeconds / Repeats * 1e9)}");
        Report.Figure("allocated", measured.BytesPerItem(Repeats), "B/frame", atMost: allocated);
    }

    private static byte[][] Recorded(OkxWire wire, string path, Func<Input, bool> isMeant)
    {
        List<byte[]> frames = [];
        var batch = new MessageBatch();
        using var capture = OkxCapture.Open(path);
        while (capture.Read() == CaptureRead.Frame)
        {
            wire.Parse(capture.Frame.Span, capture.ReceiveTime, batch);
            if (batch.Count == 1 && isMeant(batch[0])) frames.Add(capture.Frame.ToArray());
        }

        return frames.Count > 0 ? [.. frames] : throw new InvalidDataException($"{path} holds no such frame");
    }
}
