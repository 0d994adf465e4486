using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Redis;
using Dmm.Sinks.Tests.Archive;
using Dmm.Testing.Journal;
using StackExchange.Redis;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>The state of an asset in a real server.</summary>
public sealed class RedisStateTests(SharedRedis shared) : IClassFixture<SharedRedis>, IDisposable
{
    private readonly RedisUnderTest _redis = shared.Keys();
    private readonly StoryJournal _story = new();

    public void Dispose()
    {
        _story.Dispose();
        _redis.Dispose();
    }

    [Fact]
    public void StoryOfTwoOrders_StandsInTheHash()
    {
        using (var state = _redis.Open()) _story.Traded().Close().Follow(state).CatchUp(isClosed: true).ShouldBe(24);

        Fields("asset", "ledger", "journal", "journalNumber", "run", "sequence", "decision").ShouldBe("BTC|live|0001-demo|1|1|10|13");
        Fields("mode", "codeVersion", "runStartedAt").ShouldBe($"paper|1.0.0+643d666|{JournalSamples.Start}");
        Fields("asOf", "stampedAt", "writtenAt").ShouldBe($"{StoryJournal.Second(9)}|{StoryJournal.Second(9)}|2026-01-02T03:04:05.0000000Z");
        Fields("inventory", "startingInventory", "inventoryRatio", "inventoryByInstrument").ShouldBe(
            "5011.5|5000|0.105|{\"binance-usdm:BTCUSDT\":\"10.5\"}");
        _redis.Field("positions").ShouldBe("{\"binance-usdm:BTCUSDT\":{\"quantity\":\"10.5\",\"baseQuantity\":\"10.5\",\"average\":\"617.02\","
            + "\"allInAverage\":\"617.1\",\"basis\":\"6478.71\",\"realisedOpen\":\"-0.84\",\"realised\":\"-0.84\",\"fees\":\"0.84\","
            + "\"settlementAsset\":\"USDT\",\"unconvertedFees\":{\"TON\":\"0.06\"}}}");
        Fields("realisedPnl", "unrealisedPnl", "orderFlowPnl", "startingMarkToMarketPnl", "drawdown", "deepestDrawdown").ShouldBe(
            "-0.84|2.5|2|-3|0.1|0.84");
        Fields("openOrders", "orders", "openOrdersNotional").ShouldBe("0|[]|{}");
        Fields("targetInventory", "softLongLimit", "hardLongLimit", "drawdownLimit").ShouldBe("5000|10000|15000|"
            + JournalSamples.Parameters.Breakers.DrawdownLimit);
        Fields("tradingState", "tradingReason", "tradingSince", "spreadMultiplier").ShouldBe(
            $"killed|killed by Zoë: drill|{StoryJournal.Second(8)}|1");
        Fields("killSwitch", "drawdownLatch", "breakers").ShouldBe("off|off|[]");
        _redis.Field("parameters").ShouldBe(Wire.Journal.ParametersText.Of(JournalSamples.Parameters));
    }

    [Fact]
    public void FillsAndParameterChanges_AreInTheirStreams()
    {
        using (var state = _redis.Open()) _story.Traded().Close().Follow(state).CatchUp(isClosed: true);

        _redis.Stream("fills").Select(f => string.Join('|', f.Select(v => $"{v.Key}={v.Value}"))).ShouldBe(
        [
            $"journal=0001-demo|sequence=3|at={StoryJournal.Second(3)}|asset=BTC|ledger=live|venue=binance-usdm|symbol=BTCUSDT|side=buy|tradeId=t1|"
                + "clientOrderId=a1|price=61701|quantity=0.001|fee=-0.001234|feeAsset=USDT|isMaker=true|quotedAt=|quotedHalfSpreadBps=|"
                + $"venueTime={JournalSamples.Start}",
            $"journal=0001-demo|sequence=5|at={StoryJournal.Second(5)}|asset=BTC|ledger=live|venue=binance-usdm|symbol=BTCUSDT|side=buy|tradeId=t2|"
                + "clientOrderId=a1|price=61701|quantity=0.001|fee=-0.001234|feeAsset=USDT|isMaker=true|quotedAt=|quotedHalfSpreadBps=|"
                + $"venueTime={JournalSamples.Start}",
        ]);
        var change = _redis.Stream("parameters").ShouldHaveSingleItem();
        change.Where(f => f.Key != "parameters").Select(f => f.Value).ShouldBe(
            ["0001-demo", "9", StoryJournal.Second(9).ToString(), "BTC", "Ann", "wider"]);
        change["parameters"].ShouldBe(Wire.Journal.ParametersText.Of(JournalSamples.Parameters));
        RecentFills().ShouldBe(["t2", "t1"]);
    }

    [Fact]
    public void OpenOrders_AreListedWithTheirNotionalUntilTheyEnd()
    {
        using var state = _redis.Open();
        var follower = _story.Run().Decide(StoryJournal.Order(OrderIntentKind.Place, "a1", 3))
            .Decide(StoryJournal.Order(OrderIntentKind.Place, "a2", 5))
            .Hear(StoryJournal.Update("a1", OrderStatus.PartiallyFilled, 2)).Hear(StoryJournal.Update("a2", OrderStatus.PendingUnknown, 5))
            .Decide(StoryJournal.Order(OrderIntentKind.Amend, "a1", 2, price: 617_010)).Flush().Follow(state);
        follower.CatchUp(isClosed: false);
        Fields("openOrders", "openOrdersNotional").ShouldBe("2|{\"USDT\":\"431.902\"}");
        Orders().ShouldBe(["a1 61701 0.002 partiallyFilled", "a2 61700 0.005 pendingUnknown"]);
        _story.Hear(StoryJournal.Update("a1", OrderStatus.Filled, 0)).Decide(StoryJournal.Order(OrderIntentKind.Cancel, "a2", 5)).Close();
        follower.CatchUp(isClosed: true);
        Fields("openOrders", "openOrdersNotional").ShouldBe("1|{\"USDT\":\"308.5\"}");
        Orders().ShouldBe(["a2 61700 0.005 pendingCancel"]);
    }

    [Fact]
    public void BreakersNotAtRest_AndTheirLatches()
    {
        using var state = _redis.Open();
        var follower = _story.Run().Trade()
            .Decide(Breaker(BreakerKind.Staleness, "binance-usdm:BTCUSDT", TradingState.Halted, double.PositiveInfinity, 3))
            .Decide(Breaker(BreakerKind.Kill, "asset", TradingState.Killed, 0, 0))
            .Decide(Breaker(BreakerKind.Drawdown, "asset", TradingState.Halted, 50, 100)).Flush().Follow(state);
        follower.CatchUp(isClosed: false);
        Fields("killSwitch", "drawdownLatch").ShouldBe("killed|off");
        Breakers().ShouldBe(["kill asset", "drawdown asset", "staleness binance-usdm:BTCUSDT"]);
        _story.Decide(Breaker(BreakerKind.Drawdown, "asset", TradingState.Halted, 100, 100))
            .Decide(Breaker(BreakerKind.Kill, "asset", TradingState.Active, 0, 0))
            .Decide(Breaker(BreakerKind.Staleness, "binance-usdm:BTCUSDT", TradingState.Active, 1, 3)).Close();
        follower.CatchUp(isClosed: true);
        Fields("killSwitch", "drawdownLatch").ShouldBe("off|tripped");
        Breakers().ShouldBe(["drawdown asset"]);
    }

    [Fact]
    public void RunWhoseEarlierOnesWereRemoved_BringsTheStateInItsHeader()
    {
        // By the operators' names, as the topology captures them.
        var captured = new Dictionary<string, object>
        {
            ["orders"] = new
            {
                Live = new LiveOrdersState([new("a9", new(0), Core.Side.Buy, 617_000, 4, OrderStatus.Live, JournalSamples.Start)]), Ids = new { },
            },
            ["trading-states"] = new TradingStatesState([Breaker(BreakerKind.Kill, "asset", TradingState.Killed, 0, 0)],
                ["binance-usdm:BTCUSDT", "ston.fi:DCT/TON", "TON reference rate"]),
            ["positions"] = new PositionLedger(JournalSamples.Instruments, PositionLedgerState.Open("BTC", 7.5m)).Capture(),
        };
        var header = JournalSamples.Header(run: 5, sequence: 10, decision: 3);
        _story.Writer.BeginRun(header with { State = JsonSerializer.SerializeToUtf8Bytes(captured) });
        _story.Trade().Close();
        using (var state = _redis.Open()) _story.Follow(state).CatchUp(isClosed: true);
        Orders().ShouldBe(["a9 61700 0.004 live"]);
        Fields("killSwitch", "tradingState", "tradingReason", "tradingSince").ShouldBe($"killed|killed|Kill Killed|{JournalSamples.Start}");
        Fields("inventory", "appliedFills", "run", "sequence").ShouldBe("7.5|0|5|10");
    }

    [Fact]
    public void RecentFills_AreBounded()
    {
        _story.Run();
        for (var i = 0; i < RedisState.RecentFills + 50; i++) _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1));
        using (var state = _redis.Open()) _story.Close().Follow(state).CatchUp(isClosed: true);
        var recent = RecentFills();
        (recent.Count, recent[0], recent[^1]).ShouldBe((RedisState.RecentFills, "t249", "t50"));
        _redis.Stream("fills").Count.ShouldBe(RedisState.RecentFills + 50);
    }

    [Fact]
    public void Streams_AreTrimmed()
    {
        _story.Run().Close();
        var begun = Cuts.Single(_story)[0];
        using var state = _redis.Open();
        state.Apply(begun);
        const int batches = 52, fills = 2_000;
        for (var batch = 0; batch < batches; batch++)
        {
            var first = batch * fills + 1;
            state.Apply(begun with
            {
                From = new(1, first - 1, 0), To = new(1, first + fills - 1, 0),
                Records =
                [
                    .. Enumerable.Range(first, fills).Select(i => new FollowedRecord(new JournalRecord(
                        new Stamp(i, JournalSamples.Start + TimeSpan.FromSeconds(i)), new Input(StoryJournal.Fill($"t{i}", "a1", 1)),
                        InputOrigin.Outside))),
                ],
            });
        }

        // The server trims by whole nodes of its stream, of a hundred entries.
        _redis.Side.StreamLength(_redis.Key("fills")).ShouldBeInRange(100_000, 100_100);
        _redis.Side.SortedSetLength(_redis.Key("told:{BTC}")).ShouldBe(RedisState.ToldEntries);
        var last = _redis.Side.StreamRange(_redis.Key("fills"), count: 1, messageOrder: Order.Descending)[0];
        last["tradeId"].ToString().ShouldBe($"t{batches * fills}");
    }

    [Fact]
    public async Task Change_IsToldToWhoSubscribes()
    {
        var told = new List<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _redis.Subscriber.SubscribeAsync(RedisChannel.Literal(_redis.Key("events:{BTC}")), (_, message) =>
        {
            told.Add(message!);
            if (told.Count == 2) all.SetResult();
        });
        using (var state = _redis.Open())
        {
            var follower = _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Pnl(1.5m)).Flush().Follow(state);
            follower.CatchUp(isClosed: false);
            // Nothing that a dashboard shows.
            _story.Trade().Decide(new Alert(AlertLevel.Information, "note", "nothing")).Flush();
            follower.CatchUp(isClosed: false);
            _story.Trade().Decide(StoryJournal.Pnl(2.5m)).Close();
            follower.CatchUp(isClosed: true);
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(20));
        using var first = JsonDocument.Parse(told[0]);
        first.RootElement.GetProperty("fillCount").GetInt32().ShouldBe(1);
        first.RootElement.GetProperty("fills")[0].GetProperty("tradeId").GetString().ShouldBe("t1");
        first.RootElement.GetProperty("state").GetProperty("orderFlowPnl").GetString().ShouldBe("1.5");
        told[1].ShouldBe($"{{\"asset\":\"BTC\",\"journal\":\"0001-demo\",\"sequence\":3,\"decision\":3,\"asOf\":\"{StoryJournal.Second(3)}\","
            + "\"state\":{\"orderFlowPnl\":\"2.5\"},\"fillCount\":0,\"fills\":[]}");
    }

    [Fact]
    public void Snapshots_AreEveryAssetsStateAsJson()
    {
        using var state = _redis.Open();
        state.Snapshots().ShouldBeEmpty();
        _story.Traded().Close().Follow(state).CatchUp(isClosed: true);
        var snapshot = state.Snapshots().ShouldHaveSingleItem();
        (snapshot.Asset, snapshot.Journal, snapshot.Cursor, snapshot.AsOf).ShouldBe(
            ("BTC", "0001-demo", new FollowCursor(1, 10, 13), StoryJournal.Second(9)));
        using var json = JsonDocument.Parse(snapshot.StateJson);
        json.RootElement.GetProperty("inventory").GetString().ShouldBe("5011.5");
        json.RootElement.GetProperty("positions").GetProperty("binance-usdm:BTCUSDT").GetProperty("fees").GetString().ShouldBe("0.84");
        json.RootElement.EnumerateObject().Count().ShouldBe((int)_redis.Side.HashLength(_redis.Key("state:{BTC}")));
    }

    private static BreakerState Breaker(BreakerKind kind, string subject, TradingState demand, double value, double threshold) => new()
    {
        Kind = kind, Subject = subject, Demand = demand, Multiplier = 1, Value = value, Threshold = threshold, Reason = $"{kind} {demand}",
    };

    private string Fields(params string[] names) => string.Join('|', names.Select(n => _redis.Field(n) ?? "-"));

    private IReadOnlyList<string> Orders() => Each("orders", o =>
        $"{o.GetProperty("id")} {o.GetProperty("price")} {o.GetProperty("remaining")} {o.GetProperty("status")}");

    private IReadOnlyList<string> Breakers() => Each("breakers", b => $"{b.GetProperty("kind")} {b.GetProperty("subject")}");

    private List<string> Each(string field, Func<JsonElement, string> text)
    {
        using var json = JsonDocument.Parse(_redis.Field(field)!);
        return [.. json.RootElement.EnumerateArray().Select(text)];
    }

    private List<string> RecentFills() => [.. _redis.Side.ListRange(_redis.Key("recent-fills:{BTC}")).Select(fill =>
    {
        using var json = JsonDocument.Parse((string)fill!);
        return json.RootElement.GetProperty("tradeId").GetString()!;
    })];
}
