using System.Diagnostics;
using Dmm.Sinks.Kafka;
using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;
using HdrHistogram;

namespace Dmm.Benchmarks;

/// <summary>
/// Messages of 200 bytes through Kafka: how many a second are published and read, and how long one takes. On the mock cluster unless
/// DMM_TEST_KAFKA names another, so that the figures are those of our side.
/// </summary>
internal static class KafkaBenchmark
{
    private const int ValueBytes = 200;
    private const int Burst = 10_000;
    private const int Paced = 2_000;
    private const int PacedPerSecond = 1_000;
    private const long LongestMicroseconds = 60_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static void Run()
    {
        Report.Title($"kafka: messages of {ValueBytes} bytes, one partition, acknowledged by all replicas");
        using var cluster = new KafkaCluster();
        RunAsync(cluster).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(KafkaCluster cluster)
    {
        await using var publisher = new KafkaPublisher(
            new() { Kafka = new() { Bootstrap = cluster.Bootstrap } }, TimeProvider.System, () => 0, static _ => { });
        await Publish(publisher, await cluster.NewTopic("warm-up"), Paced);
        var topic = await cluster.NewTopic("bench");
        var start = Stopwatch.GetTimestamp();
        await Publish(publisher, topic, Burst);
        Report.Figure("published and acknowledged", Burst / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e3, "k msg/s");
        Report.Figure("read and observed", Burst / await ReadSeconds(cluster, topic, Burst) / 1e3, "k msg/s");
        await Latencies(publisher, cluster, await cluster.NewTopic("paced"));
    }

    private static BusMessage Message(string topic) => new() { Topic = topic, Key = "TON"u8.ToArray(), Value = new byte[ValueBytes] };

    private static async Task Publish(KafkaPublisher publisher, string topic, int count)
    {
        for (var i = 0; i < count; i++) await publisher.PublishAsync(Message(topic));
        if (!await publisher.FlushAsync(Patience)) throw new TimeoutException($"{count} messages were not acknowledged within {Patience}");
    }

    /// <summary>From the subscription, which connects, to the last record.</summary>
    private static async Task<double> ReadSeconds(KafkaCluster cluster, string topic, int count)
    {
        var (read, first) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0L);
        using var subscription = Records(cluster, topic).Subscribe(new Reader(record =>
        {
            if (record.Offset == 0) first = Stopwatch.GetTimestamp();
            if (record.Offset == count - 1) read.SetResult();
        }));
        await read.Task.WaitAsync(Patience);
        return Stopwatch.GetElapsedTime(first).TotalSeconds;
    }

    private static async Task Latencies(KafkaPublisher publisher, KafkaCluster cluster, string topic)
    {
        var (acknowledged, observed) = (new LongHistogram(LongestMicroseconds, 3), new LongHistogram(LongestMicroseconds, 3));
        var starts = new long[Paced];
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = Records(cluster, topic).Subscribe(new Reader(record =>
        {
            observed.RecordValue(Microseconds(starts[record.Offset]));
            if (record.Offset == Paced - 1) read.SetResult();
        }));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Paced; i++)
        {
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(began).TotalSeconds * PacedPerSecond >= i);
            starts[i] = Stopwatch.GetTimestamp();
            await publisher.PublishAsync(Message(topic), delivery => acknowledged.RecordValue(Microseconds(starts[delivery.Offset])));
        }

        await publisher.FlushAsync(Patience);
        await read.Task.WaitAsync(Patience);
        foreach (var (name, histogram) in (ReadOnlySpan<(string, LongHistogram)>)[("acknowledged", acknowledged), ("observed", observed)])
        {
            Report.Figure($"publish → {name}, {PacedPerSecond}/s, p50", histogram.GetValueAtPercentile(50) / 1e3, "ms");
            Report.Figure($"publish → {name}, {PacedPerSecond}/s, p99", histogram.GetValueAtPercentile(99) / 1e3, "ms");
        }
    }

    private static long Microseconds(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds;

    private static KafkaRecords Records(KafkaCluster cluster, string topic) => KafkaRecords.Assigned(
        new() { Kafka = new() { Bootstrap = cluster.Bootstrap, Client = new Dictionary<string, string> { ["fetch.wait.max.ms"] = "1" } } },
        [new(new(topic, 0), BusPosition.Beginning)], TimeProvider.System, static _ => { });

    private sealed class Reader(Action<KafkaRecord> onNext) : IObserver<KafkaRecord>
    {
        public void OnNext(KafkaRecord value) => onNext(value);

        public void OnError(Exception error) => throw error;

        public void OnCompleted() => throw new InvalidOperationException("records do not complete");
    }
}
