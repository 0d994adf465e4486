using System.Text;
using Dmm.Core;
using Dmm.Sinks.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Tests.Kafka;

public sealed class KafkaPublisherTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Told<BusDelivery> _deliveries = new();

    [Fact]
    public async Task Message_IsStoredWithItsKeyHeadersAndTime()
    {
        var topic = await cluster.NewTopic("stored");
        await using var publisher = Publisher();
        await publisher.PublishAsync(
            new()
            {
                Topic = topic, Key = "TON"u8.ToArray(), Value = "3.21"u8.ToArray(),
                Headers = [BusHeader.Of("venue", "okx"), BusHeader.Of("empty", "")],
                At = Timestamp.Parse("2024-08-08T23:54:15.030Z"),
            },
            _deliveries.Take);
        var delivery = (await _deliveries.Count(1)).ShouldHaveSingleItem();

        (delivery.IsStored, delivery.Partition, delivery.Offset, delivery.Message.Topic).ShouldBe((true, 0, 0L, topic));
        var record = cluster.Read(topic).ShouldHaveSingleItem();
        Encoding.UTF8.GetString(record.Message.Key).ShouldBe("TON");
        Encoding.UTF8.GetString(record.Message.Value).ShouldBe("3.21");
        record.Message.Timestamp.UtcDateTime.ShouldBe(new(2024, 8, 8, 23, 54, 15, 30));
        record.Message.Headers.Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes())))
            .ShouldBe([("venue", "okx"), ("empty", "")]);
        publisher.Counters.ShouldBe(new(Queued: 1, Stored: 1, Failed: 0, Pending: 0, TimeSpan.Zero, Renewals: 0));
        publisher.Status.IsUp.ShouldBeTrue();
    }

    [Fact]
    public async Task Key_IsInThePartitionThatKeyPartitionNames()
    {
        var topic = await cluster.NewTopic("keys", partitions: 7);
        await using var publisher = Publisher();
        var keys = Enumerable.Range(0, 50).Select(i => $"asset-{i}").ToArray();
        foreach (var key in keys) await publisher.PublishAsync(Message(topic, 0, key), _deliveries.Take);

        var found = (await _deliveries.Count(keys.Length))
            .ToDictionary(delivery => Encoding.UTF8.GetString(delivery.Message.Key!), delivery => delivery.Partition);
        found.ShouldBe(keys.ToDictionary(key => key, key => KeyPartition.Of(Encoding.UTF8.GetBytes(key), 7)), ignoreOrder: true);
    }

    [Fact]
    public async Task Flush_WaitsUntilOutcomesAreTold()
    {
        var topic = await cluster.NewTopic("told");
        await using var publisher = Publisher();
        var telling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var gate = new ManualResetEventSlim();
        await publisher.PublishAsync(Message(topic, 1), _ =>
        {
            telling.SetResult();
            gate.Wait();
        });
        await telling.Task;
        var flush = publisher.FlushAsync(Patience);
        var wasFlushed = flush.IsCompleted;
        gate.Set();
        wasFlushed.ShouldBeFalse("its outcome was being told");
        (await flush).ShouldBeTrue();
    }

    [Fact]
    public async Task MessageTooLarge_IsRaisedAndTheNextGoOn()
    {
        var topic = await cluster.NewTopic("large");
        await using var publisher = Publisher(messageBytesMax: 2_000);
        await publisher.PublishAsync(Message(topic, 1), _deliveries.Take);
        var refused = await Should.ThrowAsync<MessageTooLargeException>(
            async () => await publisher.PublishAsync(new() { Topic = topic, Key = null, Value = new byte[2_000] }, _deliveries.Take));
        await publisher.PublishAsync(new() { Topic = topic, Key = null, Value = new byte[1_900] }, _deliveries.Take);
        (await publisher.FlushAsync(Patience)).ShouldBeTrue();

        refused.Message.ShouldBe($"a message for {topic} takes 2100 bytes with its framing: expected at most 2000");
        _deliveries.All.Select(delivery => (delivery.IsStored, delivery.Offset)).ShouldBe([(true, 0L), (true, 1L)]);
        cluster.Read(topic).Select(record => record.Message.Value.Length).ShouldBe([4, 1_900]);
    }

    [Fact]
    public async Task DisposedPublisher_HandsBackWhatHasNoOutcome_AndTakesNoMore()
    {
        var publisher = new KafkaPublisher(Options(bootstrap: $"127.0.0.1:{FreePort.Next()}"), TimeProvider.System, () => 0, static _ => { });
        await publisher.PublishAsync(Message("nowhere", 7), _deliveries.Take);
        await publisher.DisposeAsync();

        var delivery = _deliveries.All.ShouldHaveSingleItem();
        (delivery.IsStored, delivery.MayBeStored, delivery.Message.Topic).ShouldBe((false, true, "nowhere"));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await publisher.PublishAsync(Message("nowhere", 8), _deliveries.Take));
        await publisher.DisposeAsync();
        _deliveries.All.Count.ShouldBe(1);
    }

    [Fact]
    public void OptionsOutOfRange_AreAllNamed()
    {
        var faults = Should.Throw<ParameterException>(() => (Options() with { PendingMax = 0, DeliveryTimeout = TimeSpan.Zero }).Checked()).Message;
        faults.ShouldContain("PendingMax is 0");
        faults.ShouldContain("DeliveryTimeout is 00:00:00");
    }

    private static BusMessage Message(string topic, int number, string key = "TON") =>
        new() { Topic = topic, Key = Encoding.UTF8.GetBytes(key), Value = BitConverter.GetBytes(number) };

    private KafkaPublisher Publisher(int messageBytesMax = 1_000_000) => new(Options(messageBytesMax), TimeProvider.System, () => 0, static _ => { });

    private KafkaPublisherOptions Options(int messageBytesMax = 1_000_000, string? bootstrap = null) =>
        new() { Kafka = new() { Bootstrap = bootstrap ?? cluster.Bootstrap, MessageBytesMax = messageBytesMax } };
}
