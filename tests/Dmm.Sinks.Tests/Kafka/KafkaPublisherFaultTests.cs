using Confluent.Kafka;
using Dmm.Sinks.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Tests.Kafka;

/// <summary>Brokers that fail. The cluster is broken and healed by one test after the other.</summary>
public sealed class KafkaPublisherFaultTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>, IAsyncLifetime
{
    private const int Produce = 0;
    private const int InitProducerId = 22;
    private const int First = 1;
    private const int Second = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Outage = Environment.GetEnvironmentVariable("DMM_SOAK") == "1"
        ? TimeSpan.FromSeconds(60)
        : TimeSpan.FromSeconds(2);

    private readonly Told<BusDelivery> _deliveries = new();
    private readonly Told<BusStatus> _statuses = new();

    public ValueTask InitializeAsync()
    {
        cluster.SkipUnlessBreakable();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster.CanBreak) await cluster.Up();
    }

    [Fact]
    public async Task BrokersDownAtStart_MessagesWaitAndAreStoredInOrder()
    {
        var topic = await cluster.NewTopic("down-at-start");
        await cluster.Down();
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 20);
        await _statuses.Count(1);
        publisher.Counters.Pending.ShouldBe(20);
        await cluster.Up();

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 20));
        _statuses.All.Select(status => status.IsUp).ShouldBe([false, true]);
        _statuses.All[0].Detail.ShouldStartWith($"no broker of {cluster.Bootstrap} answers");
    }

    [Fact]
    public async Task BrokersAwayForAWhile_NothingIsLostOrStoredTwice()
    {
        var topic = await cluster.NewTopic("away");
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 500);
        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        await cluster.Down();
        await _statuses.Until(all => all.Any(status => !status.IsUp));
        await Publish(publisher, topic, 500, 500);
        await Task.Delay(Outage);
        await cluster.Up();
        await Publish(publisher, topic, 1_000, 500);

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 1_500));
        _deliveries.All.Select(delivery => delivery.Offset).ShouldBe(Enumerable.Range(0, 1_500).Select(i => (long)i));
        _statuses.All.Select(status => status.IsUp).ShouldBe([true, false, true]);
    }

    [Fact]
    public async Task NewLeader_TakesOverWithNothingLost()
    {
        var topic = await cluster.NewTopic("leader");
        await cluster.SetLeader(topic, 0, First);
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 300);
        await cluster.Down(First);
        await Publish(publisher, topic, 300, 300);
        await cluster.SetLeader(topic, 0, Second);
        await Publish(publisher, topic, 600, 300);

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 900));
    }

    [Fact]
    public async Task BrokersHeldStill_NothingIsLost()
    {
        var topic = await cluster.NewTopic("frozen");
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 100);
        cluster.Freeze();
        await Publish(publisher, topic, 100, 100);
        await Task.Delay(Outage);
        publisher.Counters.OldestPending.ShouldBeGreaterThan(Outage / 2);
        cluster.Thaw();

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task RequestsThatFail_AreRepeatedInOrderAndOnce()
    {
        var topic = await cluster.NewTopic("errors");
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 1);
        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        await cluster.PushErrors(Produce, ErrorCode.NotLeaderForPartition, ErrorCode.Local_Transport, ErrorCode.NotEnoughReplicas, ErrorCode.NoError,
            ErrorCode.RequestTimedOut, ErrorCode.Local_Transport, ErrorCode.LeaderNotAvailable, ErrorCode.NotEnoughReplicasAfterAppend);
        for (var i = 1; i < 1_000; i += 37) await Publish(publisher, topic, i, Math.Min(37, 1_000 - i));

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 1_000));
        publisher.Counters.Failed.ShouldBe(0);
    }

    [Fact]
    public async Task FatalError_MakesTheProducerAnewAndSendsTheRestInOrder()
    {
        var topic = await cluster.NewTopic("fatal");
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 100);
        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        await cluster.PushErrors(Produce, ErrorCode.OutOfOrderSequenceNumber);
        await Publish(publisher, topic, 100, 200);

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 300));
        (publisher.Counters.Stored, publisher.Counters.Failed, publisher.Counters.Renewals).ShouldBe((300, 0, 1));
        _statuses.All.Select(status => status.IsUp).ShouldBe([true, false, true]);
        _statuses.All[1].Detail.ShouldStartWith("the producer failed and is made anew: ");
    }

    [Fact]
    public async Task ProducerThatCannotBeMadeAnew_IsTriedUntilItCanAndThenSendsTheRestInOrder()
    {
        var topic = await cluster.NewTopic("no-producer");
        var made = 0;
        await using var publisher = new KafkaPublisher(Options(), TimeProvider.System, () => 0, _statuses.Take, (options, onError, health) =>
            ++made is 2 or 3 ? throw new InvalidOperationException("no descriptor is left") : ProducerClient.Build(options, onError, health));
        await Publish(publisher, topic, 0, 100);
        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        await cluster.PushErrors(Produce, ErrorCode.OutOfOrderSequenceNumber);
        await Publish(publisher, topic, 100, 200);

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 300));
        (made, publisher.Counters.Stored, publisher.Counters.Failed, publisher.Counters.Renewals).ShouldBe((4, 300, 0, 1));
        _statuses.All.Select(status => status.IsUp).ShouldBe([true, false, false, true]);
        _statuses.All[2].Detail.ShouldBe("the producer cannot be made anew: no descriptor is left");
    }

    [Fact]
    public async Task ProducerThatCannotBeMadeAnew_HandsMessagesBackOnceTheirTimeIsOver()
    {
        var topic = await cluster.NewTopic("never-a-producer");
        var made = 0;
        await using var publisher = new KafkaPublisher(
            Options(deliveryTimeout: TimeSpan.FromSeconds(1)), TimeProvider.System, () => 0, _statuses.Take, (options, onError, health) =>
                ++made > 1 ? throw new InvalidOperationException("no descriptor is left") : ProducerClient.Build(options, onError, health));
        await cluster.PushErrors(Produce, ErrorCode.OutOfOrderSequenceNumber);
        await Publish(publisher, topic, 0, 3);
        var failed = await _deliveries.Count(3);

        failed.ShouldAllBe(delivery => delivery.Failure == "not acknowledged within 00:00:01" && delivery.MayBeStored);
        (publisher.Counters.Pending, publisher.Counters.Failed).ShouldBe((0, 3));
    }

    [Fact]
    public async Task ProducerRefusedTwiceAtStart_IsMadeAnewUntilItIsTaken()
    {
        var topic = await cluster.NewTopic("refused");
        await cluster.PushErrors(InitProducerId, ErrorCode.ClusterAuthorizationFailed, ErrorCode.ClusterAuthorizationFailed);
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 50);

        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 50));
        (publisher.Counters.Stored, publisher.Counters.Renewals).ShouldBe((50, 2));
    }

    [Fact]
    public async Task BrokerWithALowerLimit_HandsTheMessageBackAndTheNextGoOn()
    {
        var topic = await cluster.NewTopic("broker-limit");
        await using var publisher = Publisher();
        await cluster.PushErrors(Produce, ErrorCode.MsgSizeTooLarge);
        await Publish(publisher, topic, 0, 1);
        await _deliveries.Count(1);
        await Publish(publisher, topic, 1, 1);
        await _deliveries.Count(2);

        var refused = _deliveries.All[0];
        (refused.IsStored, refused.MayBeStored, BitConverter.ToInt32(refused.Message.Value)).ShouldBe((false, false, 0));
        refused.Failure.ShouldBe($"a message for {topic} takes 107 bytes with its framing: the broker's limit is lower");
        Numbers(topic).ShouldBe([1]);
    }

    [Fact]
    public async Task FullWindow_TheCallerWaitsUntilThereIsRoom()
    {
        var topic = await cluster.NewTopic("window");
        await cluster.Down();
        await using var publisher = Publisher(pendingMax: 5);
        await Publish(publisher, topic, 0, 5);
        var sixth = publisher.PublishAsync(Message(topic, 5), _deliveries.Take).AsTask();
        using var impatience = new CancellationTokenSource();
        var seventh = publisher.PublishAsync(Message(topic, 6), _deliveries.Take, impatience.Token).AsTask();
        await impatience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => seventh);
        sixth.IsCompleted.ShouldBeFalse();
        publisher.Counters.Pending.ShouldBe(5);
        await cluster.Up();
        await sixth.WaitAsync(Patience);
        (await publisher.FlushAsync(Patience)).ShouldBeTrue();
        Numbers(topic).ShouldBe(Enumerable.Range(0, 6));
    }

    [Fact]
    public async Task DeliveryTimeout_HandsTheMessagesBack()
    {
        var topic = await cluster.NewTopic("timeout");
        await cluster.Down();
        await using var publisher = Publisher(deliveryTimeout: TimeSpan.FromSeconds(1));
        await Publish(publisher, topic, 0, 3);
        var failed = await _deliveries.Count(3);
        (await publisher.FlushAsync(TimeSpan.Zero)).ShouldBeTrue();
        await cluster.Up();

        failed.Select(delivery => (delivery.IsStored, BitConverter.ToInt32(delivery.Message.Value))).ShouldBe([(false, 0), (false, 1), (false, 2)]);
        failed.ShouldAllBe(delivery => delivery.Failure!.Contains("timed out"));
        publisher.Counters.ShouldBe(new(Queued: 3, Stored: 0, Failed: 3, Pending: 0, TimeSpan.Zero, Renewals: 0));
    }

    [Fact]
    public async Task Flush_WhileBrokersAreAway_SaysThatItDidNotGetThrough()
    {
        var topic = await cluster.NewTopic("flush");
        await cluster.Down();
        await using var publisher = Publisher();
        await Publish(publisher, topic, 0, 1);

        (await publisher.FlushAsync(TimeSpan.FromMilliseconds(50))).ShouldBeFalse();
        _deliveries.All.ShouldBeEmpty();
    }

    private static BusMessage Message(string topic, int number) =>
        new() { Topic = topic, Key = "TON"u8.ToArray(), Value = BitConverter.GetBytes(number) };

    private async Task Publish(KafkaPublisher publisher, string topic, int first, int count)
    {
        for (var i = first; i < first + count; i++) await publisher.PublishAsync(Message(topic, i), _deliveries.Take);
    }

    private IEnumerable<int> Numbers(string topic) => cluster.Read(topic).Select(record => BitConverter.ToInt32(record.Message.Value));

    private KafkaPublisher Publisher(int pendingMax = 10_000, TimeSpan? deliveryTimeout = null) =>
        new(Options(pendingMax, deliveryTimeout), TimeProvider.System, () => 0, _statuses.Take);

    private KafkaPublisherOptions Options(int pendingMax = 10_000, TimeSpan? deliveryTimeout = null) => new()
    {
        Kafka = new() { Bootstrap = cluster.Bootstrap }, PendingMax = pendingMax, DeliveryTimeout = deliveryTimeout ?? TimeSpan.FromMinutes(2),
    };
}
