using System.Diagnostics;
using System.Globalization;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Integration.Tests.Desk;
using Dmm.Sources.Journal;

namespace Dmm.Integration.Tests.Group;

/// <summary>
/// One long story of a group of nodes and all that can be taken away from it, with the servers themselves: at its end every fill is counted once, no order
/// is left, and each asset's journal derives its decisions again. Its faults are short in a soak too: the mock keeps 5 MiB of a journal. Each fault
/// alone has its full length in the tests of sinks and sources.
/// </summary>
public sealed class GroupTests : IDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly long _began = Stopwatch.GetTimestamp();
    private long _lastRead = Stopwatch.GetTimestamp();
    private readonly Dictionary<VenueProcess, DeskAudit> _audits = [];
    private readonly Dictionary<VenueProcess, KafkaJournalReader> _journals = [];

    public void Dispose()
    {
        foreach (var journal in _journals.Values) journal.Dispose();
    }

    [Fact]
    public async Task ServersTakenAwayAndNodesKilled_NothingIsLostDoubledOrLeft()
    {
        await using var rig = await GroupRig.StartAsync("lively", "DCT", "ABC");
        rig.Kafka.SkipUnlessBreakable();
        foreach (var venue in rig.Venues) (_audits[venue], _journals[venue]) = (new DeskAudit(venue), rig.Journal(venue));
        var one = rig.StartNode("one");
        foreach (var venue in rig.Venues) await one.LineAsync(WarmUp, venue.Asset, "state   active");
        Tell("the first node quotes");

        await FaultAsync(rig, one, "Redis killed", TimeSpan.FromSeconds(2), Now(rig.Redis.Kill), Now(rig.Redis.Restart));
        var epochs = Epochs(rig);
        await FaultAsync(rig, one, "Redis flushed", TimeSpan.Zero, Now(rig.Redis.FlushAll), () => Task.CompletedTask);
        await FaultAsync(rig, one, "Redis read-only", TimeSpan.FromSeconds(2), Now(rig.Redis.MakeReadOnly), Now(rig.Redis.MakePrimary));
        await FaultAsync(rig, one, "Postgres killed", TimeSpan.FromSeconds(2), Now(rig.Postgres.Kill), Now(rig.Postgres.Restart));
        await FaultAsync(rig, one, "Kafka away", TimeSpan.FromSeconds(5), () => rig.Kafka.Down(), () => rig.Kafka.Up());
        await FaultAsync(rig, one, "all three away", TimeSpan.FromSeconds(5),
            () => All(Now(rig.Redis.Kill), Now(rig.Postgres.Kill), () => rig.Kafka.Down()),
            () => All(Now(rig.Redis.Restart), Now(rig.Postgres.Restart), () => rig.Kafka.Up()));
        epochs.ShouldAllBe(epoch => epoch > 0);
        Epochs(rig).Zip(epochs).ShouldAllBe(e => e.First >= e.Second, "a fencing epoch fell");

        var two = rig.StartNode("two");
        await two.LineAsync(Patience, "ours, epoch");
        var moved = rig.Venues.Where(v => OwnerOf(rig, v) == two.Process.Id).ToArray();
        foreach (var venue in moved) await two.LineAsync(Patience, venue.Asset, "takes orders again");
        Read(rig);
        Tell($"{moved.Length} of {rig.Venues.Count} assets moved to the second node");

        await TakeOverAsync(rig, one, two, "held still, so that both believe they own it", one.Process.Freeze);
        var newest = new Dictionary<VenueProcess, int>();
        var older = new Dictionary<VenueProcess, string[]>();
        foreach (var venue in rig.Venues)
        {
            newest[venue] = await NewestEpochAsync(venue);
            older[venue] = await IdsBelowAsync(venue, newest[venue]);
        }

        one.Mark();
        one.Process.Thaw();
        await one.LineAsync(Patience, "no longer ours");
        Read(rig);
        foreach (var venue in rig.Venues)
            (await venue.OrdersAsync()).Where(o => o.Status < OrderStatus.Filled).ShouldAllBe(o => EpochOf(o.ClientOrderId) >= newest[venue]);

        await TakeOverAsync(rig, two, one, "killed", two.Kill);
        rig.Venues.ShouldAllBe(v => OwnerOf(rig, v) == one.Process.Id);
        one.Stop(Patience).ShouldBe(0, one.Process.Output);

        foreach (var venue in rig.Venues)
        {
            (await IdsBelowAsync(venue, newest[venue])).ShouldBe(older[venue], "the node that had lost its lease sent an order");
            var journal = _journals[venue];
            var fills = await _audits[venue].RequireExactAsync(journal);
            fills.ShouldBeGreaterThan(20, "too few fills to prove anything");
            Tell($"{venue.Asset}: {fills} fills, each counted once, {journal.Runs().Count()} runs, {journal.FencedRecords} records fenced");
        }
    }

    private void Tell(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {what}");

    /// <summary>Takes something away for a while; afterwards the desks quote again.</summary>
    private async Task FaultAsync(GroupRig rig, DeskProcess node, string name, TimeSpan span, Func<Task> take, Func<Task> give)
    {
        await take();
        await Task.Delay(span);
        await give();
        // What was filled before or meanwhile proves nothing.
        node.Mark();
        var since = Stopwatch.GetTimestamp();
        // A desk that was away for long warms up anew.
        foreach (var venue in rig.Venues) await node.LineAsync(WarmUp, venue.Asset, "fill ");

        Tell($"{name} for {span.TotalSeconds} s: filled again on all assets {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s after its return");
        Read(rig);
    }

    private async Task TakeOverAsync(GroupRig rig, DeskProcess from, DeskProcess to, string how, Action end)
    {
        to.Mark();
        var theirs = rig.Venues.Where(v => OwnerOf(rig, v) == from.Process.Id).ToArray();
        theirs.ShouldNotBeEmpty("there is nothing to take over");
        var since = Stopwatch.GetTimestamp();
        end();
        foreach (var venue in theirs)
        {
            await to.LineAsync(Patience, venue.Asset, "takes orders again");
            Tell($"{venue.Asset} taken over {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s after its node was {how}");
        }

        foreach (var venue in theirs)
        {
            await to.LineAsync(WarmUp, venue.Asset, "fill ");
            Read(rig);
        }
    }

    /// <summary>The mock keeps 5 MiB of a journal, some five minutes: what is there is read before more can push it out.</summary>
    private void Read(GroupRig rig)
    {
        if (Stopwatch.GetElapsedTime(_lastRead) < TimeSpan.FromMinutes(1.5)) return;
        _lastRead = Stopwatch.GetTimestamp();
        foreach (var venue in rig.Venues)
        {
            var t = Stopwatch.GetTimestamp();
            _audits[venue].Read(_journals[venue]);
            Tell($"  read {venue.Asset} in {Stopwatch.GetElapsedTime(t).TotalSeconds:0.00} s");
        }
    }

    private static long[] Epochs(GroupRig rig) =>
        [.. rig.Venues.Select(v => long.TryParse(rig.Redis.Command("HGET", $"dmm:epoch:{{{v.Asset}}}", "epoch"), out var epoch) ? epoch : 0)];

    /// <summary>Process id of the node that holds the lease: <c>epoch:host:pid:chance</c>.</summary>
    private static int OwnerOf(GroupRig rig, VenueProcess venue) =>
        rig.Redis.Command("GET", $"dmm:lease:{{{venue.Asset}}}").Split(':') is [_, _, var pid, _] ? int.Parse(pid, CultureInfo.InvariantCulture) : 0;

    private static async Task<int> NewestEpochAsync(VenueProcess venue) => (await venue.OrdersAsync()).Max(o => EpochOf(o.ClientOrderId));

    private static async Task<string[]> IdsBelowAsync(VenueProcess venue, int epoch) =>
        [.. (await venue.OrdersAsync()).Select(o => o.ClientOrderId).Where(id => EpochOf(id) < epoch).Order(StringComparer.Ordinal)];

    /// <summary>Of an id such as <c>dlivex2x5</c>; the digits are those of the order ids.</summary>
    internal static int EpochOf(string clientOrderId) =>
        clientOrderId.Split('x') is [_, var epoch, _] ? epoch.Aggregate(0, (sum, c) => 35 * sum + "0123456789abcdefghijklmnopqrstuvwyz".IndexOf(c)) : -1;

    private static Func<Task> Now(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };

    private static Task All(params IEnumerable<Func<Task>> actions) => Task.WhenAll(actions.Select(action => action()));
}
