using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sinks.Journal;
using Dmm.Topology.Engine;

namespace Dmm.Benchmarks;

/// <summary>The throughput figures over the recorded market; README.md says what each means.</summary>
internal static class ThroughputBenchmarks
{
    // The second half of the recording: book and queues have grown to the market by then.
    private const int SteadyAfter = 47_000;

    public static void Parse(Market market)
    {
        var frames = market.Frames;
        Report.Title("parse: frame → messages");
        var measured = Measured.Of(frames.Rewind, f =>
        {
            for (var i = 0; i < f.Count; i++) f.Parse(i);
        });
        Report.Throughput("frames", measured, frames.Count, "frames");
        Report.Figure("allocated", measured.BytesPerItem(frames.Count), "B/frame");
    }

    public static void Book(Market market)
    {
        var frames = market.Frames;
        Report.Title("book: frame → messages → book");
        var measured = Measured.Of(
            () => new OrderBook(market.Instrument, OrderBookState.Empty), book => frames.Rewind().PushAll(new BookTaker(book)));
        Report.Throughput("frames", measured, frames.Count, "frames");
        Report.Figure("allocated", measured.BytesPerItem(frames.Count), "B/frame");
    }

    public static void Core(Market market)
    {
        Report.Title("core: parsed events → decisions");
        var inputs = market.Frames.Inputs();
        var measured = Measured.Of(() => market.Engine(new CountingLog()), engine =>
        {
            foreach (ref readonly var item in inputs.AsSpan()) engine.Take(item.At, item.Input);
        });
        Report.Throughput("events", measured, inputs.Length, "events", atLeast: 3);
        Report.Figure("allocated, decisions included", measured.BytesPerItem(inputs.Length), "B/event");
        ReportAllocations(market, inputs);
    }

    public static void Frames(Market market)
    {
        var frames = market.Frames;
        Report.Title("frames: frame → book → decisions");
        var measured = Measured.Of(() => market.Engine(new CountingLog()), engine => frames.Rewind().PushAll(new EngineTaker(engine)));
        Report.Throughput("frames", measured, frames.Count, "frames", atLeast: 1.5);
        Report.Figure("allocated, decisions included", measured.BytesPerItem(frames.Count), "B/frame");
        ReportAllocations(market, frames.Inputs());
        using var log = new HashingLog(market.Instruments);
        using var hashed = market.Engine(log);
        frames.Rewind().PushAll(new EngineTaker(hashed));
        Report.Note($"decisions {log.Decisions}, decisionsSha256 {log.DecisionsSha256()}");
    }

    public static void HandWritten(Market market)
    {
        var frames = market.Frames;
        Report.Title("handwritten: the same arithmetic by direct calls");
        using var ours = new HashingLog(market.Instruments);
        using var theirs = new HashingLog(market.Instruments);
        using (var engine = market.Engine(ours)) frames.Rewind().PushAll(new EngineTaker(engine));
        frames.Rewind().PushAll(new LoopTaker(market.Loop(theirs.TakeQuote)));
        var (hash, loopHash) = (ours.QuotesSha256(), theirs.QuotesSha256());
        if (ours.Quotes != theirs.Quotes || hash != loopHash)
            throw new InvalidOperationException($"the loop makes {theirs.Quotes} quotes {loopHash}, the engine {ours.Quotes} {hash}");
        Report.Note($"quotes {ours.Quotes} in both, quotesSha256 {hash}");
        // In turns, so that a neighbour on the machine disturbs both alike.
        double least = double.MaxValue, loopLeast = double.MaxValue;
        Measured measured = default, loop = default;
        for (var turn = 0; turn < 3; turn++)
        {
            loop = Measured.Of(() => market.Loop(static _ => { }), l => frames.Rewind().PushAll(new LoopTaker(l)));
            measured = Measured.Of(() => market.Engine(new CountingLog()), engine => frames.Rewind().PushAll(new EngineTaker(engine)));
            (least, loopLeast) = (Math.Min(least, measured.LeastSeconds), Math.Min(loopLeast, loop.LeastSeconds));
        }

        Report.Throughput("hand-written loop", loop, frames.Count, "frames");
        Report.Figure("hand-written loop, allocated", loop.BytesPerItem(frames.Count), "B/frame");
        Report.Throughput("engine and topology", measured, frames.Count, "frames");
        Report.Figure("ratio of throughputs (best rounds)", loopLeast / least, "×", atLeast: 0.5,
            beside: $"medians {loop.MedianSeconds / measured.MedianSeconds:0.###}");
    }

    public static void Journal(Market market)
    {
        var frames = market.Frames;
        Report.Title("journal: frame → journal file → decisions, each with its flush");
        var directory = Directory.CreateTempSubdirectory("dmm-journal-").FullName;
        var round = 0;
        try
        {
            var measured = Measured.Of(() => Path.Combine(directory, $"{round++}"), folder =>
            {
                using var writer = SegmentJournalWriter.Open(new() { Directory = folder });
                using var engine = new JournaledEngine(market.Topology, market.Instruments, market.Parameters,
                    EngineStart.Fresh(frames.Start) with { States = "{}"u8.ToArray() }, new("benchmark", "this machine", "", TradingMode.Shadow), writer,
                    new CountingSink());
                frames.Rewind().PushAll(new JournaledTaker(engine));
                engine.Close();
                writer.Dispose();
                Directory.Delete(folder, recursive: true);
            });
            Report.Throughput("frames", measured, frames.Count, "frames");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Decisions are records that outlive their event; what the other events allocate is the price of running.</summary>
    private static void ReportAllocations(Market market, (Timestamp At, Input Input)[] inputs)
    {
        var log = new CountingLog();
        using var engine = market.Engine(log);
        long quietBytes = 0, largest = 0, decisionBytes = 0;
        int quiet = 0, allocating = 0, decisions = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            var (before, bytes) = (log.Decisions, GC.GetAllocatedBytesForCurrentThread());
            engine.Take(inputs[i].At, inputs[i].Input);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (i < SteadyAfter) continue;
            if (log.Decisions != before)
            {
                (decisionBytes, decisions) = (decisionBytes + bytes, decisions + log.Decisions - before);
                continue;
            }

            (quietBytes, largest, quiet) = (quietBytes + bytes, Math.Max(largest, bytes), quiet + 1);
            if (bytes > 0) allocating++;
        }

        Report.Figure("allocated by events without a decision", (double)quietBytes / quiet, "B/event", atMost: 0,
            beside: $"by {allocating} of {quiet} events; largest {largest} B");
        Report.Figure("allocated by events with decisions", (double)decisionBytes / decisions, "B/decision");
    }

    private readonly struct BookTaker(OrderBook book) : IInputTaker
    {
        public void Take(Timestamp at, in Input input)
        {
            if (input.Kind == InputKind.Book) book.Apply(input.Book);
        }
    }

    private sealed class CountingSink : IDecisionSink
    {
        public void OnDecision(in Decision decision)
        {
        }
    }
}
