using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Collecting;
using Dmm.Pipeline.Driving;
using Dmm.Sinks.Journal;
using Dmm.Sinks.Kafka;
using Dmm.Sources.Bus;
using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Topology.Engine;
using Dmm.Wire.Bus;
using HdrHistogram;

namespace Dmm.Benchmarks;

/// <summary>
/// From the instant at which a collector has a frame to the engine's stamp, and until the journal holds it, which is when a decision that it leads to
/// may leave: over the bus, with the journal on Kafka, all with the settings of a service. Everything is in this process but the brokers, so that one
/// clock measures.
/// </summary>
internal static class EndToEndBenchmark
{
    private const string CollectorId = "benchmark";
    private const int QueuedMax = 16_384;

    // At the recording's own pace: bursts are part of it. The mock keeps 5 MiB a partition.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    // What comes before is not counted: connections are made and code is compiled.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static void Run(Market market)
    {
        Report.Title($"endtoend: collector → bus → engine and its journal, {Length.TotalSeconds} s of the recording at its own pace");
        using var kafka = new KafkaCluster();
        RunAsync(market, kafka).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(Market market, KafkaCluster kafka)
    {
        var time = TimeProvider.System;
        var brokers = new KafkaOptions { Bootstrap = kafka.Bootstrap };
        var topic = await kafka.NewTopic("market");
        using var journal = KafkaJournalWriter.Open(new()
        {
            Epoch = 1, Writer = "benchmark",
            Topics = new()
            {
                Kafka = brokers, Asset = market.Instrument.BaseAsset,
                Journal = await kafka.NewTopic("journal"), Decisions = await kafka.NewTopic("decisions"),
            },
        }, time);
        var delays = new Delays(time, Now(time) + WarmUp);
        using var engine = new JournaledEngine(
            market.Topology, market.Instruments, market.Parameters, EngineStart.Fresh(Now(time), market.Topology(market.Parameters)),
            new("benchmark", "benchmark", "benchmark", TradingMode.Shadow), journal, delays);
        var driver = new LiveDriver(engine, time, QueuedMax, Tick);
        var records = KafkaRecords.Assigned(new() { Kafka = brokers }, [new(new(topic, 0), BusPosition.Beginning)], time, static _ => { });
        var markets = new KafkaMarketData(market.Instruments, records, time,
            (input, stop) => WriteAsync(driver, delays, input, stop), static (letter, _) => throw new InvalidOperationException(letter.Reason),
            static _ => { });
        using var end = new CancellationTokenSource();
        var driving = driver.RunAsync(CancellationToken.None);
        var reading = markets.RunAsync(end.Token);

        await using var publisher = new KafkaPublisher(new() { Kafka = brokers }, time, static () => 0, static _ => { });
        using var collector = new Collector(CollectorId, market.Instrument.Venue, topic, market.Instruments, references: [], time, new(),
            (message, stop) => publisher.PublishAsync(message, cancellation: stop));
        await collector.BeginAsync(end.Token);
        await collector.WriteAsync(new Input(new FeedStatus(market.Instrument.Venue, FeedState.Connected, "the recording")), end.Token);
        var beating = collector.BeatAsync(end.Token);
        var last = await PublishAsync(market, collector, time);
        await publisher.FlushAsync(Patience);
        await delays.StampedAsync(last).WaitAsync(Patience);

        await end.CancelAsync();
        await Task.WhenAll(reading, beating);
        driver.Complete();
        await driving;
        delays.Print();
    }

    /// <returns>When the last frame was received.</returns>
    private static async Task<Timestamp> PublishAsync(Market market, Collector collector, TimeProvider time)
    {
        var began = time.GetTimestamp();
        var receivedAt = Timestamp.None;
        foreach (var (at, input) in market.Frames.Inputs())
        {
            var due = at - market.Frames.Start;
            if (due > Length) break;
            if (input.Kind == InputKind.Control) continue;
            // What is due meanwhile goes out together, as a burst would.
            if (due - time.GetElapsedTime(began) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time);
            receivedAt = Now(time);
            await collector.WriteAsync(Received(input, receivedAt, receivedAt - at), CancellationToken.None);
        }

        return receivedAt;
    }

    private static async ValueTask WriteAsync(LiveDriver driver, Delays delays, Input input, CancellationToken stop)
    {
        await driver.WriteAsync(input, stop);
        // A flush after each would be another load than that of a desk, whose decisions are few.
        if (ReceiveTime(input) is { IsKnown: true } receivedAt && delays.IsSampled())
            await driver.AfterAllBeforeAsync(() => delays.Journaled(receivedAt), stop);
    }

    private static Timestamp ReceiveTime(in Input input) => input.Kind switch
    {
        InputKind.Book => input.Book.ReceiveTime,
        InputKind.Top => input.Top.ReceiveTime,
        InputKind.Trade => input.Trade.ReceiveTime,
        _ => Timestamp.None,
    };

    private static Input Received(in Input input, Timestamp at, TimeSpan moved) => input.Kind switch
    {
        InputKind.Book => new(input.Book with { VenueTime = input.VenueTime + moved, ReceiveTime = at }),
        InputKind.Top => new(input.Top with { VenueTime = input.VenueTime + moved, ReceiveTime = at }),
        _ => new(input.Trade with { VenueTime = input.VenueTime + moved, ReceiveTime = at }),
    };

    private static Timestamp Now(TimeProvider time) => Timestamp.From(time.GetUtcNow());

    /// <summary>Sits where the engine takes inputs, and where its journal is flushed.</summary>
    private sealed class Delays(TimeProvider time, Timestamp countedFrom) : IDecisionSink
    {
        private const int SampledOf = 16;

        private readonly LongHistogram _stamped = new(TimeSpan.FromMinutes(1).Ticks, 3);
        private readonly LongHistogram _journaled = new(TimeSpan.FromMinutes(1).Ticks, 3);
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private Timestamp _awaited;
        private Timestamp _newest;
        private long _written;

        public void OnDecision(in Decision decision)
        {
        }

        public void OnInput(in Stamp stamp, in Input input)
        {
            if (ReceiveTime(input) is not { IsKnown: true } receivedAt) return;
            Record(_stamped, receivedAt, stamp.At);
            lock (_lock)
            {
                _newest = Timestamp.Max(_newest, receivedAt);
                if (_awaited.IsKnown && _newest >= _awaited) _seen.TrySetResult();
            }
        }

        public bool IsSampled() => ++_written % SampledOf == 0;

        public void Journaled(Timestamp receivedAt) => Record(_journaled, receivedAt, Now(time));

        /// <summary>Completes once a frame received then, or later, is stamped.</summary>
        public Task StampedAsync(Timestamp at)
        {
            lock (_lock)
            {
                _awaited = at;
                if (_newest >= at) _seen.TrySetResult();
                return _seen.Task;
            }
        }

        public void Print()
        {
            Print("received → stamped", _stamped);
            Print($"received → journaled, one of {SampledOf}", _journaled);
        }

        private void Record(LongHistogram histogram, Timestamp from, Timestamp to)
        {
            if (from >= countedFrom) histogram.RecordValue(Math.Max(1, (to - from).Ticks));
        }

        private static void Print(string what, LongHistogram histogram)
        {
            foreach (var percentile in (ReadOnlySpan<double>)[50, 99])
            {
                Report.Figure($"{what}, p{percentile}", histogram.GetValueAtPercentile(percentile) / (double)TimeSpan.TicksPerMillisecond, "ms",
                    beside: $"of {histogram.TotalCount}");
            }
        }
    }
}
