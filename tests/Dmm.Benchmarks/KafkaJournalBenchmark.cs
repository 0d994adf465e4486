using System.Diagnostics;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;
using HdrHistogram;

namespace Dmm.Benchmarks;

/// <summary>The journal's two places: segment files and Kafka topics.</summary>
internal static class KafkaJournalBenchmark
{
    // The mock keeps 5 MiB a partition.
    private const int Records = 10_000;
    private const int Flushes = 1_000;
    private const int Rounds = 5;

    public static void Run()
    {
        Report.Title("kafkajournal: a record each input and decision; segment files, and topics on one machine");
        using var kafka = new KafkaCluster();
        var folder = Directory.CreateTempSubdirectory("dmm-journal-").FullName;
        var round = 0;
        try
        {
            Measure("segment files", () => SegmentJournalWriter.Open(new() { Directory = Path.Combine(folder, $"{round++}") }));
            var topics = Topics(kafka, round++);
            Measure("Kafka", () => Open(topics = Topics(kafka, round++)));
            Read(topics);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string place, Func<IJournalWriter> open)
    {
        var rates = new double[Rounds];
        var flushes = new LongHistogram(TimeSpan.FromSeconds(60).Ticks, 3);
        for (var i = 0; i < Rounds; i++)
        {
            using var writer = open();
            writer.BeginRun(JournalSamples.Header());
            writer.Flush();
            var started = Stopwatch.GetTimestamp();
            for (var n = 0; n < Records; n++) Append(writer);
            writer.Flush();
            rates[i] = Records / Stopwatch.GetElapsedTime(started).TotalSeconds;
            for (var n = 0; n < Flushes; n++)
            {
                Append(writer);
                writer.Append(new Decision(writer.Position.Decision + 1, new(writer.Position.Sequence, null, writer.Position.ReachedAt),
                    new Alert(AlertLevel.Warning, "a", "b")));
                var flushed = Stopwatch.GetTimestamp();
                writer.Flush();
                flushes.RecordValue(Stopwatch.GetElapsedTime(flushed).Ticks);
            }
        }

        Report.Figure($"{place}: append, one flush at the end", rates.Order().ElementAt(Rounds / 2) / 1e3, "k records/s", beside:
            $"best {Report.Number(rates.Max() / 1e3)}");
        foreach (var percentile in (ReadOnlySpan<double>)[50, 99])
            Report.Figure($"{place}: flush of an input and its decision, p{percentile}", flushes.GetValueAtPercentile(percentile) / 10.0, "µs");
    }

    private static void Read(KafkaJournalTopics topics)
    {
        var middle = Timed(() => new KafkaJournalReader(topics), reader => reader.InputsFrom(Records / 2).First());
        Report.Figure("Kafka: open a reader and find a record by its number", middle, "ms");
        var whole = Timed(() => new KafkaJournalReader(topics), reader => reader.InputsFrom(0).Count());
        Report.Figure("Kafka: open a reader and read all inputs", (Records + Flushes) / whole, "k records/s");
        var started = Stopwatch.GetTimestamp();
        Open(topics with { }, epoch: 2).Dispose();
        Report.Figure("Kafka: take the journal over", Stopwatch.GetElapsedTime(started).TotalMilliseconds, "ms");
    }

    private static double Timed<T>(Func<KafkaJournalReader> open, Func<KafkaJournalReader, T> read)
    {
        var started = Stopwatch.GetTimestamp();
        using var reader = open();
        read(reader);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Append(IJournalWriter writer) => writer.Append(
        new(writer.Position.Sequence + 1, writer.Position.ReachedAt + Timestamp.Unit), new(JournalSamples.Trade), InputOrigin.Outside);

    private static KafkaJournalTopics Topics(KafkaCluster kafka, int round) => new()
    {
        Kafka = new() { Bootstrap = kafka.Bootstrap }, Asset = $"asset{round}",
        Journal = kafka.NewTopic("journal").GetAwaiter().GetResult(), Decisions = kafka.NewTopic("decisions").GetAwaiter().GetResult(),
    };

    private static KafkaJournalWriter Open(KafkaJournalTopics topics, long epoch = 1) =>
        KafkaJournalWriter.Open(new() { Topics = topics, Epoch = epoch, Writer = $"benchmark{epoch}" }, TimeProvider.System);
}
