using Confluent.Kafka;
using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

/// <summary>What a group remembers of its members' work, and how they hand partitions over.</summary>
public sealed class KafkaGroupTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    [Fact]
    public async Task AppliedRecords_DoNotComeAgain_AndOthersDo()
    {
        var topic = await cluster.NewTopic("applied");
        await cluster.Publish(topic, 0, 10);
        var first = new RecordObserver(record =>
        {
            if (record.Offset <= 3) record.Applied();
        });
        using (cluster.Group(topic).Subscribe(first)) await first.Records.Count(10);
        var second = new RecordObserver(static record => record.Applied());
        using (cluster.Group(topic).Subscribe(second)) await second.Records.Count(6);
        var third = new RecordObserver(static record => record.Applied());
        using (cluster.Group(topic).Subscribe(third))
        {
            await cluster.Publish(topic, 10, 1);
            await third.Records.Count(1);
        }

        first.Numbers.ShouldBe(Enumerable.Range(0, 10));
        second.Numbers.ShouldBe(Enumerable.Range(4, 6));
        third.Numbers.ShouldBe([10]);
    }

    [Fact]
    public async Task RecordAppliedFromAnotherThreadAndLate_CountsAsLongAsItsPartitionIsHeld()
    {
        var topic = await cluster.NewTopic("late");
        await cluster.Publish(topic, 0, 6);
        var first = new RecordObserver(static _ => { });
        using (cluster.Group(topic).Subscribe(first))
        {
            var records = await first.Records.Count(6);
            // Out of order: the later one says it for those before.
            Parallel.Invoke(records[4].Applied, records[1].Applied);
        }

        first.Records.All[5].Applied();
        var second = new RecordObserver(static record => record.Applied());
        using (cluster.Group(topic).Subscribe(second)) await second.Records.Count(1);

        second.Numbers.ShouldBe([5]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoMembers_ShareThePartitionsAndHandThemOver(bool isClassic)
    {
        var topic = await cluster.NewTopic("shared", partitions: 2);
        var told = new Told<string>();
        var uncommitted = new Told<BusPartition>();
        var firstGroup = ReadTopic.GroupOf(topic) with
        {
            OnUncommitted = (partitions, _) => Array.ForEach([.. partitions], uncommitted.Take),
            OnAssigned = gained => told.Take($"first gained {gained.Length}"),
            OnRevoked = async (taken, _) =>
            {
                told.Take($"first hands over {taken.Length}");
                await Task.Yield();
                told.Take($"first handed over {taken.Length}");
            },
        };
        var secondGroup = ReadTopic.GroupOf(topic) with { OnAssigned = gained => told.Take($"second gained {gained.Length}") };
        var first = new RecordObserver(static record => record.Applied());
        var second = new RecordObserver(static record => record.Applied());
        var one = KafkaRecords.OfGroup(cluster.Reading(isClassic), firstGroup, TimeProvider.System, static _ => { }).Subscribe(first);
        await told.One(word => word == "first gained 2");
        await cluster.Publish(topic, 0, 5, partition: 0);
        await cluster.Publish(topic, 100, 5, partition: 1);
        await first.Records.Count(10);

        using var other = KafkaRecords.OfGroup(cluster.Reading(isClassic), secondGroup, TimeProvider.System, static _ => { }).Subscribe(second);
        await told.One(word => word == "second gained 1");
        await cluster.Publish(topic, 5, 5, partition: 0);
        await cluster.Publish(topic, 105, 5, partition: 1);
        await first.Records.Count(15);
        await second.Records.Count(5);
        one.Dispose();
        await told.Until(all => all.Count(word => word == "second gained 1") == 2);
        await cluster.Publish(topic, 10, 1, partition: 0);
        await cluster.Publish(topic, 110, 1, partition: 1);
        await second.Records.Count(7);

        told.All.ShouldBe(
        [
            "first gained 2", "first hands over 1", "first handed over 1", "second gained 1",
            "first hands over 1", "first handed over 1", "second gained 1",
        ]);
        // In order in each partition, with nothing lost; and nothing twice, but where it was told that the brokers did not store how far it had got.
        foreach (var (partition, from) in ((int, int)[])[(0, 0), (1, 100)])
        {
            int[] taken = [.. first.Numbers.Concat(second.Numbers).Where(number => number >= from && number < from + 100)];
            taken.Distinct().ShouldBe(Enumerable.Range(from, 11));
            if (uncommitted.All.All(one => one.Partition != partition)) taken.ShouldBe(Enumerable.Range(from, 11));
        }
    }

    /// <summary>The mock refuses while a group is being joined anew, and a broker may for its own reasons.</summary>
    [Fact]
    public async Task CommitRefusedAtTheHandOver_IsTold_AndTheNextIsGivenTheRecordsOnceMore()
    {
        const int OffsetCommit = 8;
        // Of its own, as refusals that nobody asks for any more stay with it.
        using var broken = new KafkaCluster();
        broken.SkipUnlessBreakable();
        var topic = await broken.NewTopic("uncommitted");
        await broken.Publish(topic, 0, 5);
        var told = new Told<string>();
        var group = ReadTopic.GroupOf(topic) with
        {
            // From here on: ours, and the one that the client makes by itself as it lets go.
            OnRevoked = (_, _) => broken.PushErrors(OffsetCommit, Enumerable.Repeat(ErrorCode.InvalidCommitOffsetSize, 10)),
            OnUncommitted = (partitions, reason) => told.Take($"{string.Join(' ', partitions)}: {reason}"),
        };
        var first = new RecordObserver(static _ => { });
        using (KafkaRecords.OfGroup(broken.Reading(), group, TimeProvider.System, static _ => { }).Subscribe(first))
        {
            // All at once and just before the end, so that no commit is made in passing.
            var records = await first.Records.Count(5);
            records[4].Applied();
        }

        var second = new RecordObserver(static record => record.Applied());
        using (broken.Group(topic).Subscribe(second)) await second.Records.Count(5);

        told.All.ShouldHaveSingleItem().ShouldStartWith($"{topic}/0: ");
        second.Numbers.ShouldBe(Enumerable.Range(0, 5));
    }

    [Fact]
    public async Task HandOverThatTakesTooLong_IsCutShort()
    {
        var topic = await cluster.NewTopic("stuck");
        await cluster.Publish(topic, 0, 1);
        var told = new Told<string>();
        var group = ReadTopic.GroupOf(topic) with
        {
            OnRevoked = (_, deadline) =>
            {
                deadline.Register(() => told.Take("cut short"));
                return Task.Delay(Timeout.Infinite, CancellationToken.None);
            },
        };
        var observer = new RecordObserver(static record => record.Applied());
        var options = cluster.Reading() with { HandOverMax = TimeSpan.FromMilliseconds(300) };
        using (KafkaRecords.OfGroup(options, group, TimeProvider.System, static _ => { }).Subscribe(observer)) await observer.Records.Count(1);

        told.All.ShouldBe(["cut short"]);
        observer.Errors.All.ShouldBeEmpty();
    }
}
