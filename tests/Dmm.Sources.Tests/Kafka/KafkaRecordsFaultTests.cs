using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

/// <summary>Brokers that fail while they are read. The cluster is broken and healed by one test after the other.</summary>
public sealed class KafkaRecordsFaultTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>, IAsyncLifetime
{
    private const int First = 1;
    private const int Second = 2;

    private static readonly TimeSpan Outage = Environment.GetEnvironmentVariable("DMM_SOAK") == "1"
        ? TimeSpan.FromSeconds(60)
        : TimeSpan.FromSeconds(2);

    private readonly Told<BusStatus> _statuses = new();
    private readonly RecordObserver _observer = new(static record => record.Applied());

    public ValueTask InitializeAsync()
    {
        cluster.SkipUnlessBreakable();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster.CanBreak) await cluster.Up();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BrokersDownAtStart_AreReadOnceTheyAreUp(bool inGroup)
    {
        var topic = await cluster.NewTopic("down-at-start");
        await cluster.Publish(topic, 0, 10);
        await cluster.Down();
        using var subscription = Records(topic, inGroup).Subscribe(_observer);
        await _statuses.Count(1);
        await cluster.Up();
        await _observer.Records.Count(10);

        _observer.Numbers.ShouldBe(Enumerable.Range(0, 10));
        _statuses.All.Select(status => status.IsUp).ShouldBe([false, true]);
        _statuses.All[0].Detail.ShouldStartWith($"no broker of {cluster.Bootstrap} answers");
        _observer.Errors.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task BrokersAwayForAWhile_ReadingGoesOnWhereItWas()
    {
        var topic = await cluster.NewTopic("away");
        await cluster.Publish(topic, 0, 10);
        using (Records(topic, inGroup: false).Subscribe(_observer))
        {
            await _observer.Records.Count(10);
            await cluster.Down();
            await _statuses.Until(all => all.Count == 2, "up and down");
            await Task.Delay(Outage);
            await cluster.Up();
            await cluster.Publish(topic, 10, 10);
            await _observer.Records.Count(20);
        }

        _observer.Numbers.ShouldBe(Enumerable.Range(0, 20));
        _statuses.All.Select(status => status.IsUp).ShouldBe([true, false, true]);
        _observer.Errors.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task BrokersAwayForAWhile_TheGroupLosesNothing()
    {
        var topic = await cluster.NewTopic("away-in-group");
        await cluster.Publish(topic, 0, 10);
        using (Records(topic, inGroup: true).Subscribe(_observer))
        {
            await _observer.Records.Count(10);
            await cluster.Down();
            await _statuses.Until(all => all.Count == 2, "up and down");
            await Task.Delay(Outage);
            await cluster.Up();
            await cluster.Publish(topic, 10, 10);
            await _observer.Records.One(record => RecordObserver.Number(record) == 19);
        }

        // What was not committed before may come again.
        _observer.Numbers.Distinct().ShouldBe(Enumerable.Range(0, 20));
        _observer.Errors.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task NewLeader_IsFollowed()
    {
        var topic = await cluster.NewTopic("leader");
        await cluster.SetLeader(topic, 0, First);
        await cluster.Publish(topic, 0, 10);
        using (Records(topic, inGroup: false).Subscribe(_observer))
        {
            await _observer.Records.Count(10);
            await cluster.Down(First);
            await cluster.SetLeader(topic, 0, Second);
            await cluster.Publish(topic, 10, 10);
            await _observer.Records.Count(20);
        }

        _observer.Numbers.ShouldBe(Enumerable.Range(0, 20));
    }

    [Fact]
    public async Task BrokersHeldStill_ReadingGoesOnWhereItWas()
    {
        var topic = await cluster.NewTopic("frozen");
        await cluster.Publish(topic, 0, 10);
        using (Records(topic, inGroup: false).Subscribe(_observer))
        {
            await _observer.Records.Count(10);
            cluster.Freeze();
            await Task.Delay(Outage);
            cluster.Thaw();
            await cluster.Publish(topic, 10, 10);
            await _observer.Records.Count(20);
        }

        _observer.Numbers.ShouldBe(Enumerable.Range(0, 20));
    }

    [Fact]
    public async Task DisposedWhileBrokersAreAway_ReturnsInTime()
    {
        var topic = await cluster.NewTopic("closed-away");
        await cluster.Publish(topic, 0, 10);
        var subscription = Records(topic, inGroup: true).Subscribe(_observer);
        await _observer.Records.Count(10);
        await cluster.Down();
        await Task.Run(subscription.Dispose).WaitAsync(TimeSpan.FromSeconds(40));

        _observer.Errors.All.ShouldBeEmpty();
    }

    private KafkaRecords Records(string topic, bool inGroup)
    {
        var options = new KafkaRecordsOptions
        {
            Kafka = new() { Bootstrap = cluster.Bootstrap, Client = new Dictionary<string, string> { ["fetch.wait.max.ms"] = "2" } },
        };
        return inGroup
            ? KafkaRecords.OfGroup(options, new() { Name = $"group-of-{topic}", Topics = [topic] }, TimeProvider.System, _statuses.Take)
            : KafkaRecords.Assigned(options, [new(new(topic, 0), BusPosition.Beginning)], TimeProvider.System, _statuses.Take);
    }
}
