using System.Globalization;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Integration.Tests.Desk;
using Dmm.Sources.Journal;
using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Integration.Tests.Group;

/// <summary>A rate on its way: from a venue that lists its market, over the bus, into the journal of a node that trades elsewhere.</summary>
public sealed class ReferenceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task MarketNamedAsAReference_IsARateInTheJournalOfEveryNode()
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"{System.Environment.ProcessId % 10_000:D4}");
        using var kafka = new KafkaCluster();
        using var redis = RedisServer.Start();
        await using var traded = await VenueProcess.StartAsync("calm", 1, $"DCT{mark}");
        await using var listed = await VenueProcess.StartAsync("lively", 2, $"TON{mark}");
        var brokers = new KafkaOptions { Bootstrap = kafka.Bootstrap };
        var access = new Dictionary<string, string>(VenueProcess.Environment)
        {
            ["DMM_KAFKA"] = kafka.Bootstrap, ["DMM_REDIS"] = redis.ConnectionString,
        };
        var folder = Directory.CreateTempSubdirectory("dmm-reference-");
        try
        {
            using var collector = new DeskProcess(
            [
                "collect", "--venue", $"dct={traded.Url}", "--venue", $"ton={listed.Url}", "--reference", $"ton:{listed.Asset}-USDT",
            ], access);
            using var node = new DeskProcess(
                ["run", "--group", $"r{mark}", "--data", folder.FullName, "--venue", $"dct={traded.Url}"], access);
            await node.LineAsync(Patience, traded.Asset, "takes orders again");

            // What is published from here on, read by nothing of the node's.
            var published = new Told<ReferenceRate>();
            var partitions = KafkaTopicSize.PartitionsOf(brokers, BusTopics.References, Patience);
            var positions = Enumerable.Range(0, partitions).Select(i => new BusPosition(new(BusTopics.References, i), BusPosition.End));
            using (KafkaRecords.Assigned(new() { Kafka = brokers }, [.. positions], TimeProvider.System, static _ => { })
                .Subscribe(new Rates(published, new(listed.Instruments))))
            {
                await published.Until(all => all.Distinct().Count() >= 5);
            }

            node.Stop(Patience).ShouldBe(0, node.Process.Output);
            using var journal = new KafkaJournalReader(new KafkaJournalTopics { Kafka = brokers, Asset = traded.Asset });
            var heard = journal.InputsFrom(0L).Where(record => record is { Kind: JournalRecordKind.Input, Input.Kind: InputKind.Control })
                .Select(record => record.Input.Control).OfType<ReferenceRate>().ToArray();
            heard.ShouldAllBe(rate => rate.BaseAsset == listed.Asset && rate.QuoteAsset == "USDT" && rate.Rate > 0);
            heard.ShouldBeUnique();
            // The node was stopped once the fifth was read here; it may have been a little behind.
            heard.ShouldBe(heard.OrderBy(rate => rate.VenueTime));
            published.All.Distinct().Take(3).ShouldBeSubsetOf(heard);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Rates(Told<ReferenceRate> told, BusDecoder decoder) : IObserver<KafkaRecord>
    {
        public void OnNext(KafkaRecord record) => told.Take((ReferenceRate)decoder.Read(record.Value).Input.Control);

        public void OnError(Exception error) => throw error;

        public void OnCompleted() => throw new InvalidOperationException("the rates ended by themselves");
    }
}
