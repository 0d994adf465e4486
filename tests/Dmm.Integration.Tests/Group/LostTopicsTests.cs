using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing.Servers;
using Npgsql;

namespace Dmm.Integration.Tests.Group;

/// <summary>Brokers that lost all they had, and Redis with them, under a desk that has traded.</summary>
public sealed class LostTopicsTests
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task TopicsAndRedisLost_TheJournalBeginsAnew_AndWhoFollowsItGoesOn()
    {
        await using var rig = await GroupRig.StartAsync("lively", "DCT");
        rig.Kafka.SkipUnlessBreakable();
        var venue = rig.Venues.Single();
        await TradeAsync(rig, isAnew: false);
        var (before, fillsBefore) = (await IdsAsync(rig), (await venue.FillsAsync()).Length);

        rig.LoseTopics();
        rig.Redis.FlushAll();
        await TradeAsync(rig, isAnew: true);

        var after = (await IdsAsync(rig)).Except(before).ToArray();
        after.ShouldNotBeEmpty();
        after.Min(GroupTests.EpochOf).ShouldBeGreaterThan(before.Max(GroupTests.EpochOf), "an order id could come again");
        var fills = await venue.FillsAsync();
        fills.Length.ShouldBeGreaterThan(fillsBefore);
        using var journal = rig.Journal(venue);
        journal.Runs().First().Run.ShouldBe(1);
        Heard(journal).ShouldBe(fills.Skip(fillsBefore).Select(fill => fill.TradeId), "the journal begun anew has what came after, each once");

        await using var archive = NpgsqlDataSource.Create(rig.Postgres.ConnectionString());
        Read(archive, "SELECT trade_id FROM dmm.fills").ShouldBe(fills.Select(fill => fill.TradeId), ignoreOrder: true);
        var began = journal.Runs().First().JournalBegan;
        Read(archive, "SELECT journal FROM dmm.cursor ORDER BY number").Last().ShouldBe($"{venue.Asset}@{began}");
        Read(archive, "SELECT journal FROM dmm.cursor").Length.ShouldBe(2);
        Read(archive, "SELECT journal FROM dmm.mm_state").ShouldBe([$"{venue.Asset}@{began}"]);
        rig.Redis.Command("HGET", $"dmm:state:{{{venue.Asset}}}", "journal").ShouldBe($"{venue.Asset}@{began}");
    }

    private static async Task TradeAsync(GroupRig rig, bool isAnew)
    {
        var asset = rig.Venues.Single().Asset;
        var node = rig.StartNode("one");
        await node.LineAsync(Patience, asset, "takes orders again");
        node.HasLine(asset, "the journal is lost: it begins anew at").ShouldBe(isAnew, node.Process.Output);
        await node.LineAsync(WarmUp, asset, "fill ");
        if (isAnew) (await HealthAsync(rig)).ShouldContain($"the journal before this one of {asset} does not work: it begins anew at");
        node.Stop(Patience).ShouldBe(0, node.Process.Output);
    }

    /// <summary>The report is renewed each second: the one asked for here was written after the desk traded.</summary>
    private static async Task<string> HealthAsync(GroupRig rig)
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        using var health = DmmProgram.Start(["health", "--data", rig.DataOf("one")]);
        health.WaitForExit(Patience);
        return health.Output;
    }

    private static async Task<string[]> IdsAsync(GroupRig rig) => [.. (await rig.Venues.Single().OrdersAsync()).Select(order => order.ClientOrderId)];

    private static IEnumerable<string> Heard(IJournalReader journal) => journal.InputsFrom(0L)
        .Where(record => record is { Kind: JournalRecordKind.Input, Input.Kind: InputKind.Control })
        .Select(record => record.Input.Control).OfType<Fill>().Select(fill => fill.TradeId).Distinct();

    private static string[] Read(NpgsqlDataSource archive, string sql)
    {
        using var command = archive.CreateCommand(sql);
        using var row = command.ExecuteReader();
        List<string> values = [];
        while (row.Read()) values.Add(row.GetString(0));
        return [.. values];
    }
}
