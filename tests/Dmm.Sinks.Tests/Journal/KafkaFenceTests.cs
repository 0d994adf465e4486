using System.Text;
using Confluent.Kafka;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>Writers that lose the journal, and messages that come twice: told by the log alone.</summary>
public sealed class KafkaFenceTests(KafkaCluster kafka) : IClassFixture<KafkaCluster>
{
    private readonly KafkaJournals _journals = new(kafka);

    [Fact]
    public async Task OldOwnersLateRecords_AreDroppedAndCounted_AndItIsRefused()
    {
        var topics = _journals.Next();
        using var old = KafkaJournals.Open(topics, 1);
        Begin(old);
        Append(old, 3);
        old.Flush();
        using (var owner = KafkaJournals.Open(topics, 2))
        {
            owner.Position.ShouldBe(old.Position);
            Begin(owner);
            Append(owner, 1);
            owner.Flush();

            // Late, and with the numbers that the new owner uses too; sent the way the old owner sends.
            Send(topics, epoch: 1, run: 1, Lines(old.Position with { Sequence = 3 }, 2));
            Append(owner, 2);
            owner.Flush();
        }

        var lost = await Should.ThrowAsync<JournalException>(() => FlushUntilRefused(old));
        lost.Fault.ShouldBe(JournalFault.Locked);
        lost.Message.ShouldStartWith($"{topics.Journal}: another writer owns the journal of {topics.Asset}: ");
        Should.Throw<JournalException>(() => Append(old, 1)).Fault.ShouldBe(JournalFault.Locked);

        using var reader = new KafkaJournalReader(topics);
        reader.InputsFrom(0).Select(Number).ShouldBe(["run 1", "1", "2", "3", "run 2", "4", "5", "6"]);
        reader.FencedRecords.ShouldBe(2);
        reader.Inputs(2).Select(Number).ShouldBe(["run 2", "4", "5", "6"]);
        reader.InputsFrom(5).Select(Number).ShouldBe(["5", "6"]);
        reader.FencedRecords.ShouldBe(2, "each is counted once");
    }

    [Fact]
    public void OwnerHeldStillWhileAnotherTookOver_IsRefusedByItsFirstFlush()
    {
        var topics = _journals.Next();
        var clock = new FakeTimeProvider();
        using var still = KafkaJournals.Open(topics, 1, time: clock);
        Begin(still);
        Append(still, 1);
        still.Flush();
        clock.Advance(TimeSpan.FromSeconds(20));
        using var owner = KafkaJournals.Open(topics, 2);
        Append(still, 1);
        Should.Throw<JournalException>(still.Flush).Fault.ShouldBe(JournalFault.Locked);
    }

    [Fact]
    public void OwnerHeldStill_AndNobodyTookOver_GoesOn()
    {
        var topics = _journals.Next();
        var clock = new FakeTimeProvider();
        using var writer = KafkaJournals.Open(topics, 1, time: clock);
        Begin(writer);
        for (var i = 0; i < 3; i++)
        {
            Append(writer, 2);
            writer.Flush();
            clock.Advance(TimeSpan.FromSeconds(20));
        }

        using var reader = new KafkaJournalReader(topics);
        reader.InputsFrom(0).Select(Number).ShouldBe(["run 1", "1", "2", "3", "4", "5", "6"]);
    }

    [Fact]
    public void ManyInputsWithoutADecision_AreNotAllUnderWayAtOnce()
    {
        using var writer = KafkaJournals.Open(_journals.Next(), 1);
        Begin(writer);
        for (var i = 0; i < 1_000; i++)
            writer.Append(new Stamp(i + 1, JournalSamples.Start + TimeSpan.FromMilliseconds(i + 1)), new(JournalSamples.Trade), InputOrigin.Outside);
        // 128 of them, and some hundred bytes each.
        writer.PendingLength.ShouldBeLessThan(128 * 400);
    }

    [Fact]
    public void LowerEpoch_IsRefused_AndItsClaimDisturbsNobody()
    {
        var topics = _journals.Next();
        using var owner = KafkaJournals.Open(topics, 5);
        Begin(owner);
        owner.Flush();
        foreach (var epoch in new[] { 4, 5 })
        {
            var refused = Should.Throw<JournalException>(() => KafkaJournals.Open(topics, epoch));
            refused.Fault.ShouldBe(JournalFault.Locked);
            refused.Message.ShouldEndWith($"claimed it with epoch 5, this one with {epoch}");
        }

        Append(owner, 2);
        owner.Flush();
        using var reader = new KafkaJournalReader(topics);
        reader.InputsFrom(0).Select(Number).ShouldBe(["run 1", "1", "2"]);
        reader.FencedRecords.ShouldBe(0);
    }

    [Fact]
    public void SameProcessClaimsAgain_IsTheOwnerStill()
    {
        var topics = _journals.Next();
        using (var first = KafkaJournals.Open(topics, 3, "me"))
        {
            Begin(first);
            Append(first, 2);
        }

        using var again = KafkaJournals.Open(topics, 3, "me");
        (again.Position.Run, again.Position.Sequence).ShouldBe((1, 2));
        again.ResumeRun(JournalSamples.Header());
        Append(again, 1);
        again.Flush();
        using var reader = new KafkaJournalReader(topics);
        reader.InputsFrom(0).Select(Number).ShouldBe(["run 1", "1", "2", "3"]);
    }

    [Fact]
    public void MessagesSentTwice_AreReadOnce()
    {
        var topics = _journals.Next();
        using var writer = KafkaJournals.Open(topics, 1);
        Begin(writer);
        Append(writer, 4);
        writer.Flush();
        Send(topics, epoch: 1, run: 1, Lines(writer.Position with { Sequence = 1 }, 3));
        Append(writer, 2);
        writer.Flush();
        using (var reader = new KafkaJournalReader(topics))
        {
            reader.InputsFrom(0).Select(Number).ShouldBe(["run 1", "1", "2", "3", "4", "5", "6"]);
            reader.RepeatedRecords.ShouldBe(3);
            reader.InputsFrom(3).Select(Number).ShouldBe(["3", "4", "5", "6"]);
        }

        writer.Dispose();
        using var next = KafkaJournals.Open(topics, 2);
        next.Position.Sequence.ShouldBe(6);
    }

    [Fact]
    public void RecordTooLargeForAMessage_IsNamed()
    {
        var topics = _journals.Next();
        using var writer = KafkaJournals.Open(topics with { Kafka = topics.Kafka with { MessageBytesMax = 20_000 } }, 1);
        Begin(writer);
        var large = Should.Throw<JournalException>(() => writer.Append(new Stamp(1, JournalSamples.Start + TimeSpan.FromSeconds(1)),
            new Input(JournalSamples.Book(2_000)), InputOrigin.Outside));
        large.Fault.ShouldBe(JournalFault.Unwritable);
        large.Reason.ShouldStartWith("input 1 is a line of ");
        large.Reason.ShouldEndWith(" bytes: a message holds at most 19488");
        writer.Position.Sequence.ShouldBe(0);
        Append(writer, 1);
        writer.Flush();
    }

    internal static void Begin(IJournalWriter writer)
    {
        var at = writer.Position;
        writer.BeginRun(JournalSamples.Header(at.Run + 1, at.Sequence + 1, at.Decision + 1, Core.Timestamp.Max(JournalSamples.Start, at.ReachedAt)));
    }

    /// <summary>So many inputs, each with a decision.</summary>
    internal static void Append(IJournalWriter writer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var stamp = new Stamp(writer.Position.Sequence + 1, writer.Position.ReachedAt + TimeSpan.FromMilliseconds(7));
            writer.Append(stamp, new(JournalSamples.Trade), InputOrigin.Outside);
            writer.Append(new Decision(writer.Position.Decision + 1, new(stamp.Sequence, null, stamp.At), new Alert(AlertLevel.Warning, "a", "b")));
        }
    }

    internal static string Number(JournalRecord record) => record.Header is { } header ? $"run {header.Run}" : $"{record.Stamp.Sequence}";

    /// <summary>The brokers tell of a claim when they do: the writer flushes on at its pace until then.</summary>
    private static async Task FlushUntilRefused(IJournalWriter writer)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await pace.WaitForNextTickAsync(deadline.Token)) writer.Flush();
    }

    internal static (byte[] Line, Core.Timestamp At)[] Lines(JournalPosition after, int count)
    {
        using var encoder = new JournalEncoder(JournalSamples.Instruments);
        var lines = new (byte[], Core.Timestamp)[count];
        for (var i = 0; i < count; i++)
        {
            var line = new JournalBuffer();
            var stamp = new Stamp(after.Sequence + 1 + i, after.ReachedAt + TimeSpan.FromSeconds(i + 1));
            encoder.Input(line, stamp, new(JournalSamples.Trade), InputOrigin.Outside);
            lines[i] = (line.Written[..^1].ToArray(), stamp.At);
        }

        return lines;
    }

    /// <summary>Puts messages of a writer's on the topic of the inputs, whatever anybody has claimed.</summary>
    internal static TopicPartitionOffset Send(KafkaJournalTopics topics, long epoch, long run, IEnumerable<(byte[] Line, Core.Timestamp At)> lines)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = topics.Kafka.Bootstrap }).Build();
        var key = Encoding.UTF8.GetBytes(topics.Asset);
        var last = default(DeliveryResult<byte[], byte[]>);
        foreach (var (line, at) in lines)
        {
            last = producer.ProduceAsync(new TopicPartition(topics.Journal, 0), new()
            {
                Key = key, Value = line, Timestamp = new(at.ToDateTimeOffset()),
                Headers = new() { new Header("epoch", JournalHeaders.Number(epoch)), new Header("run", JournalHeaders.Number(run)) },
            }).GetAwaiter().GetResult();
        }

        return last!.TopicPartitionOffset;
    }
}
