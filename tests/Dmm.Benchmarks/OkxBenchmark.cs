using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sources;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>OKX book deltas of about ten levels, bytes to message.</summary>
internal static class OkxBenchmark
{
    private const int Repeats = 200_000;

    public static void Run()
    {
        Report.Title("okx: book delta of 10 levels, bytes → message");
        var (listing, capture) = (SharedData.Path("data", "okx", "OKX.0.gz"), SharedData.Path("data", "okx", "OKX.ws.1.0.gz"));
        if (!File.Exists(listing) || !File.Exists(capture))
        {
            Report.Note($"skipped: the recording is not there ({capture})");
            return;
        }

        var instruments = OkxCapture.ReadInstruments(listing, BookSequenceRule.ChecksumOnly).Values.SelectMany(l => l.Instruments).ToArray();
        var wire = new OkxWire([.. instruments.Select((instrument, i) => instrument with { Id = new(i) })]);
        var frames = TenLevelDeltas(wire, capture);
        var batch = new MessageBatch();
        var measured = Measured.Of(() => frames, deltas =>
        {
            for (var i = 0; i < Repeats; i++) wire.Parse(deltas[i % deltas.Length], Timestamp.None, batch);
        });
        Report.Figure($"a delta ({frames.Length} different ones)", measured.MedianSeconds / Repeats * 1e9, "ns", atMost: 1_000,
            beside: $"best {Report.Number(measured.LeastSeconds / Repeats * 1e9)}");
        Report.Figure("allocated", measured.BytesPerItem(Repeats), "B/delta", atMost: 0);
    }

    private static byte[][] TenLevelDeltas(OkxWire wire, string path)
    {
        List<byte[]> deltas = [];
        var batch = new MessageBatch();
        using var capture = OkxCapture.Open(path);
        while (capture.Read() == CaptureRead.Frame)
        {
            wire.Parse(capture.Frame.Span, capture.ReceiveTime, batch);
            if (batch.Count == 1 && batch[0].Kind == InputKind.Book && batch[0].Book is { IsSnapshot: false, Levels.Length: 10 })
                deltas.Add(capture.Frame.ToArray());
        }

        return deltas.Count > 0 ? [.. deltas] : throw new InvalidDataException($"{path} holds no delta of ten levels");
    }
}
