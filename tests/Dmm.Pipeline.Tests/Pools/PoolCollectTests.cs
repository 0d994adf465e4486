using System.Text;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Collecting;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Testing.Servers;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Pools;

/// <summary><c>dmm collect --pool</c>, over loopback, into brokers.</summary>
public sealed class PoolCollectTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>
{
    [Theory]
    [InlineData("stonfi", "DCT")]
    [InlineData("dedust", "DCT")]
    [InlineData("stonfi", null)]
    public async Task Pool_ItsBookIsFollowedThroughTheBus(string kind, string? symbol)
    {
        await using var node = new FakePoolNode();
        node.Head = new(5, (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var content = symbol is null ? FakeJetton.OffChain("https://example.org/dct.json") : FakeJetton.OnChain(("symbol", symbol));
        FakePool pool = kind == "stonfi" ? new FakeStonFiPool(node, content) : new FakeDedustPool(node, content);
        await using var life = TimeProvider.System.CreateTimer(_ => node.Block(1), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var topic = await cluster.NewTopic("pool");
        // Found by the first answer; the looks before the last are told.
        var enough = node.Asked(kind == "stonfi" ? "get_pool_data" : "get_reserves", 4);
        var run = await CommandRun.Until(enough, "collect", "--bootstrap", cluster.Bootstrap, "--topic", topic, "--pool",
            $"{kind}:{pool.Pool.ToString(new AddressForm(IsBounceable: true))}{(symbol is null ? "=DCT" : "")}", "--node", $"{node.Url}",
            "--duration", "90s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Error.ShouldContain($"collecting {kind}:DCT-TON from 127.0.0.1:");
        run.Error.ShouldContain($"{kind} is connected");
        run.Error.ShouldNotContain("is away");
        node.Requests.ShouldAllBe(request => request.Key == null);

        var found = kind == "stonfi"
            ? (FoundPool)new FoundStonFiPool(new(pool.Pool, pool.Pool, pool.Pool, pool.Pool, false), pool.Minter, new("DCT", 9))
            : new FoundDedustPool(new(pool.Pool, pool.Minter, pool.Minter), new(0, 0, DedustAsset.Native, DedustAsset.Native, new(1, 2), false),
                pool.Minter, new("DCT", 9));
        var instrument = PoolInstruments.Of(found, kind, asset: null, new InstrumentId(0));
        var book = new OrderBook(instrument, OrderBookState.Empty);
        List<BookUpdate> updates = [];
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, new([instrument]), run.Json.GetProperty("records").GetInt64(), input =>
        {
            if (input.Kind != InputKind.Book) return;
            book.Apply(input.Book);
            updates.Add(input.Book with { Levels = input.Book.Levels.ToArray() });
        });
        (bus.Letters.Count, bus.Counters.Gaps, bus.Counters.Refused).ShouldBe((0, 0, 0));
        book.Status.ShouldBe(BookStatus.Valid);
        (book.Top.Bid, book.Top.Ask.PriceTicks).ShouldBe((new BookLevel(9_990_000, 500_375_312), 10_010_000));
        updates.Count.ShouldBeInRange(2, 3);
        updates.Select(u => u.LastUpdateId).ShouldBeInOrder(SortDirection.Ascending);
        updates.Select(u => u.LastUpdateId).ShouldBeUnique();
        var last = Encoding.UTF8.GetString(bus.Records.Last(r => r.Headers[3].Text == "heartbeat").Value);
        last.ShouldContain($"\"state\":\"connected\",\"books\":[{{\"instrument\":\"{kind}:DCT-TON\"");
    }

    [Fact]
    public async Task FirstNodeAway_TheNextIsAsked()
    {
        var away = $"127.0.0.1:{FreePort.Next()}";
        await using var node = new FakePoolNode();
        var pool = new FakeDedustPool(node);
        await using var life = TimeProvider.System.CreateTimer(_ => node.Block(1), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var topic = await cluster.NewTopic("next");
        var run = await CommandRun.Until(node.Asked(pool.Method, 3), "collect", "--bootstrap", cluster.Bootstrap, "--topic", topic, "--pool",
            $"dedust:{pool.Pool}", "--node", $"tonapi:http://{away}", "--node", $"{node.Url}", "--poll", "8s", "--duration", "90s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Error.ShouldContain($"collecting dedust:DCT-TON from {away}, else {node.Url.Authority}");
        run.Error.ShouldContain("dedust is connected");
        run.Error.ShouldNotContain("is away");
    }

    [Fact]
    public async Task NodeAway_IsSaidOnceAndTriedAgain_AndWhatIsNoPoolEndsItWithTheReason()
    {
        var (broker, away) = ($"127.0.0.1:{FreePort.Next()}", $"http://127.0.0.1:{FreePort.Next()}");
        var pool = $"dedust:{FakeJetton.At(0x20)}";
        var run = await CommandRun.Of("collect", "--bootstrap", broker, "--pool", pool, "--node", away, "--duration", "6s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Error.Split('\n').Count(line => line.Contains("cannot be collected yet, and is tried again: get_reserves", StringComparison.Ordinal))
            .ShouldBe(1);

        await using var node = new FakePoolNode();
        _ = new FakeDedustPool(node);
        node.Answer(Dedust.Factory, Dedust.PoolMethod,
            [StackItem.Number(0), DedustAsset.Native.ToArgument(), new DedustAsset(FakeJetton.At(0x24)).ToArgument()],
            StackItem.Slice(FakeJetton.At(0x66)));
        run = await CommandRun.Of("collect", "--bootstrap", broker, "--pool", pool, "--node", $"{node.Url}", "--duration", "90s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.BadInput, run.Error);
        run.Error.ShouldContain(
            $"--pool {pool}: the pool {FakeJetton.At(0x20)} is none of DeDust's: its factory has {FakeJetton.At(0x66)} for these tokens");
    }

    [Fact]
    public async Task PoolThatTakesNoSwaps_IsSaid_AndHasAnEmptyBook()
    {
        await using var node = new FakePoolNode();
        new FakeStonFiPool(node).Show(1_000, 1_000, FakeStonFiPool.Router, isLocked: true);
        var topic = await cluster.NewTopic("locked");
        await using var life = TimeProvider.System.CreateTimer(_ => node.Block(1), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var run = await CommandRun.Until(node.Asked("get_pool_data", 4), "collect", "--bootstrap", cluster.Bootstrap, "--topic", topic,
            "--pool", $"stonfi:{FakeJetton.At(0x10)}", "--node", $"{node.Url}", "--duration", "90s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Error.ShouldContain($"stonfi: get_pool_data: the pool {FakeJetton.At(0x10)} is locked: expected one that takes swaps");
        run.Json.GetProperty("rejected").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData("--pool 'x' names no pool: expected KIND:ADDRESS, KIND one of stonfi, dedust", "x")]
    [InlineData("--pool 'tonco:EQ' names no pool: expected KIND:ADDRESS", "tonco:EQ")]
    [InlineData("--pool 'stonfi:EQ': 'EQ' is no address: expected 48 characters of base64", "stonfi:EQ")]
    [InlineData("'D-T' is no name: expected letters and digits, such as DCT", "stonfi:EQBfBWT7X2BHg9tXAxzhz2aKiNTU1tpt5NsiK0uSDW_YAJ67=D-T")]
    [InlineData("is of the test network: expected a pool of the main one", "dedust:kQBfBWT7X2BHg9tXAxzhz2aKiNTU1tpt5NsiK0uSDW_YACUx")]
    [InlineData("--pool stonfi:0:5f0564fb5f604783db57031ce1cf668a88d4d4d6da6de4db222b4b920d6fd800 is given twice",
        "stonfi:EQBfBWT7X2BHg9tXAxzhz2aKiNTU1tpt5NsiK0uSDW_YAJ67", "stonfi:0:5f0564fb5f604783db57031ce1cf668a88d4d4d6da6de4db222b4b920d6fd800")]
    public void PoolThatCannotBeOne_IsSaid(string fault, params string[] pools) =>
        Faults(new(pools, Nodes: [], Poll: null)).ShouldHaveSingleItem().ShouldContain(fault);

    [Fact]
    public void WhatTheNodeDoesNotAllow_IsSaidWithWhatWouldBe()
    {
        if (Environment.GetEnvironmentVariable(NodeAccess.KeyVariable) is not null) Assert.Skip($"{NodeAccess.KeyVariable} is set");
        string one = $"stonfi:{FakeJetton.At(1)}", other = $"dedust:{FakeJetton.At(2)}";
        Faults(new([one], Nodes: [], Poll: null)).ShouldBeEmpty();
        Faults(new([one, other], Nodes: [], Poll: null)).ShouldBe(
            ["the pools need 2 requests a second, and toncenter.com is asked 1 at most: expected --poll 4s or more, or a key in DMM_TONCENTER_KEY"]);
        Faults(new([one, other], Nodes: [], Poll: "4s")).ShouldBeEmpty();
        Faults(new([one], ["http://127.0.0.1:8081"], "0.1s")).ShouldHaveSingleItem().ShouldStartWith("--poll 0.1s: pools.interval = ");
    }

    [Fact]
    public void NodeAndPoll_AreOfPools_AndANodeIsAnAddressWithoutPathOrKey()
    {
        Faults(new([], ["http://a"], "2s")).ShouldBe(["--node is of pools: expected --pool", "--poll is of pools: expected --pool"]);
        foreach (var node in new[] { "a", "ftp://a", "https://toncenter.com/api/v2", "https://toncenter.com?api_key=1", "https://a:b@toncenter.com" })
        {
            Faults(new([$"stonfi:{FakeJetton.At(1)}"], [node], "soon")).ShouldBe(
            [
                "--node is no address of a node: expected one such as https://toncenter.com, without path; its key stands in DMM_TONCENTER_KEY",
                "--poll 'soon' is no length of time: expected a length of time above zero, such as 30s, 10m, 1.5h or 2d",
            ]);
        }
    }

    private static List<string> Faults(PoolArguments given)
    {
        List<string> faults = [];
        PoolConnections.Read(given, faults, TimeProvider.System);
        return faults;
    }
}
