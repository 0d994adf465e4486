using System.Text;
using Dmm.Sinks.Kafka;
using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Tests.Kafka;

/// <summary>A record that cannot be read, from the topic it was in to the one where it is kept.</summary>
public sealed class DeadLettersTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    private static readonly byte[] Unreadable = [0xff, 0x00, 0x7b, 0x0a];

    [Fact]
    public async Task UnreadableRecord_IsKeptByteForByteWithReasonAndPlace_AndReadingGoesOn()
    {
        var topic = await cluster.NewTopic("unreadable");
        await using var publisher = new KafkaPublisher(
            new() { Kafka = new() { Bootstrap = cluster.Bootstrap } }, TimeProvider.System, () => 0, static _ => { });
        foreach (var value in (byte[][])["1"u8.ToArray(), Unreadable, "3"u8.ToArray()])
            await publisher.PublishAsync(new() { Topic = topic, Key = "TON"u8.ToArray(), Value = value });
        var letters = new DeadLetters(publisher);
        var read = new Told<string>();
        var kept = new Told<BusDelivery>();
        var publishing = Task.CompletedTask;
        var observer = new Reader(record =>
        {
            if (int.TryParse(record.Value, out var number))
            {
                read.Take($"{number}");
                record.Applied();
                return;
            }

            publishing = letters.PublishAsync(record.ToDeadLetter("not a number"), delivery =>
            {
                if (delivery.IsStored) record.Applied();
                kept.Take(delivery);
            }).AsTask();
        });
        var records = KafkaRecords.OfGroup(
            new() { Kafka = new() { Bootstrap = cluster.Bootstrap } }, new() { Name = $"group-of-{topic}", Topics = [topic] },
            TimeProvider.System, static _ => { });
        BusDelivery delivery;
        using (records.Subscribe(observer))
        {
            await read.Count(2);
            delivery = (await kept.Count(1)).ShouldHaveSingleItem();
            await publishing;
        }

        read.All.ShouldBe(["1", "3"]);
        var stored = cluster.Read(BusTopics.DeadLetters, delivery.Partition).Single(record => record.Offset == delivery.Offset).Message;
        var headers = stored.Headers.Select(header => new BusHeader(header.Key, header.GetValueBytes()));
        var letter = DeadLetter.Read(stored.Key, stored.Value, [.. headers]).ShouldNotBeNull();
        (letter.Reason, letter.Source, letter.Offset, Encoding.UTF8.GetString(letter.Key!)).ShouldBe(("not a number", new(topic, 0), 1L, "TON"));
        letter.Raw.ShouldBe(Unreadable);
        letters.Queued.ShouldBe(1);
    }

    [Fact]
    public void LetterWithoutItsHeaders_IsNoLetter()
    {
        var message = new DeadLetter("why", new("from", 2), 7, null, Unreadable).ToMessage();
        DeadLetter.Read(null, message.Value, message.Headers).ShouldBe(new("why", new("from", 2), 7, null, message.Value));
        foreach (var header in message.Headers) DeadLetter.Read(null, message.Value, message.Headers.Remove(header)).ShouldBeNull();
    }

    private sealed class Reader(Action<KafkaRecord> onNext) : IObserver<KafkaRecord>
    {
        public void OnNext(KafkaRecord value) => onNext(value);

        public void OnError(Exception error) => throw error;

        public void OnCompleted() => throw new InvalidOperationException("records do not complete");
    }
}
