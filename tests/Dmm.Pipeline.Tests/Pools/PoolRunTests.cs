using System.Collections.Immutable;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Rates;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Tests.Venues;
using Dmm.Pipeline.Venues;
using Dmm.Sources.Journal;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Pools;

/// <summary>
/// The whole of <c>dmm run --venue okx:DCT-USDT --pool stonfi:… --rate binance-spot:GRAMUSDT=TON</c>: one desk that quotes at an exchange and prices
/// from a pool against TON too, against fakes.
/// </summary>
public sealed class PoolRunTests : IAsyncLifetime
{
    private const string Key = "key-of-ann", Secret = "the secret of ann", Phrase = "the phrase of ann";

    private static readonly Instrument Dct = new()
    {
        Id = new(0), Venue = "okx", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m,
    };

    // Its book is around 10 000 ticks: 101 USDT.
    private static readonly Instrument Gram = Dct with
    {
        Venue = "binance-spot", Symbol = "GRAMUSDT", BaseAsset = "GRAM", SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0101m),
    };

    private readonly ScratchFolder _folder = new();
    private readonly FakePoolNode _node = new();
    private FakeExchange _okx = null!;
    private FakeExchange _binance = null!;
    private ITimer _chain = null!;

    public ValueTask InitializeAsync()
    {
        _okx = new(new OkxDialect([Dct], new(Key, Secret), Phrase), TimeProvider.System, Dct);
        _binance = new(new BinanceDialect(BinanceMarket.Spot, [Gram]), TimeProvider.System, Gram);
        foreach (var exchange in (FakeExchange[])[_okx, _binance]) exchange.Live(TimeSpan.FromMilliseconds(50));
        _node.Head = new(5, (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        _chain = TimeProvider.System.CreateTimer(_ => _node.Block(1), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _chain.DisposeAsync();
        await _okx.DisposeAsync();
        await _binance.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("stonfi", 20, 10)]
    [InlineData("dedust", 25, 0)]
    public async Task Pool_IsPricedFrom_AtTheRateOfItsTon_AndARestartGoesOnThroughAnotherNode(string kind, int lpFeeBps, int protocolFeeBps)
    {
        FakePool pool = kind == "stonfi" ? new FakeStonFiPool(_node) : new FakeDedustPool(_node);
        var run = await RunAsync([$"{kind}:{pool.Pool}"], [GramRate], "breakers.staleWidenAfter=4s", "breakers.staleCancelAfter=6s");
        var reader = new SegmentJournalReader(run);
        var header = reader.Runs().First();
        header.Instruments.All.Select(i => (i.Name, i.IsPool)).ShouldBe([("okx:DCT-USDT", false), ($"{kind}:DCT-TON", true)]);
        var at = header.Parameters.Venues[1];
        (at.IsQuoted, at.Pool).ShouldBe((false, new() { LpFeeBps = lpFeeBps, ProtocolFeeBps = protocolFeeBps, TransferTaxBps = 0 }));
        // Five seconds, and three looks or six, one in two seconds.
        (at.StaleWidenAfter, at.StaleCancelAfter).ShouldBe((TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(17)));
        header.Parameters.Venues[0].StaleWidenAfter.ShouldBeNull();

        var inputs = reader.InputsFrom(0L).Where(r => r.Kind == JournalRecordKind.Input).Select(r => r.Input).ToArray();
        var controls = inputs.Where(i => i.Kind == InputKind.Control).Select(i => i.Control).ToArray();
        controls.OfType<ReferenceRate>().Select(r => (r.BaseAsset, r.QuoteAsset, r.Rate)).Distinct().ShouldBe([("TON", "USDT", 101m)]);
        controls.OfType<FeedStatus>().Select(s => (s.Venue, s.State)).ShouldBe(
            [("okx", FeedState.Connected), ("binance-spot:GRAMUSDT", FeedState.Connected), (kind, FeedState.Connected)], ignoreOrder: true);
        inputs.Count(i => i.Kind == InputKind.Book && i.Instrument.Index == 1).ShouldBeGreaterThanOrEqualTo(2);
        // 1 USDT at the exchange, 0.01 TON of 101 USDT at the pool: what it is worth lies between.
        var quotes = reader.DecisionsFrom(1L).Select(d => d.Body).OfType<QuoteTarget>().Where(q => q.FairValue > 0).ToArray();
        quotes.ShouldAllBe(q => q.Instrument.Index == 0);
        quotes[^1].FairValue.ShouldBeInRange(1.0001, 1.00999);
        (await CommandRun.Of("replay", "--journal", run, "--verify", "--json")).ExitCode.ShouldBe(0);

        // The same pool through another node is the same desk.
        await using var other = new FakePoolNode();
        other.Head = new(_node.Head.Seqno + 5, _node.Head.At + 1);
        _ = kind == "stonfi" ? (FakePool)new FakeStonFiPool(other) : new FakeDedustPool(other);
        (await RunAsync([$"{kind}:{pool.Pool}"], [GramRate], other, "1s", "breakers.staleWidenAfter=4s", "breakers.staleCancelAfter=6s"))
            .ShouldBe(run);
        new SegmentJournalReader(run).Runs().Count().ShouldBe(2);
    }

    [Fact]
    public async Task PoolWithoutARate_IsRefusedBeforeAnythingIsTraded()
    {
        var pool = new FakeStonFiPool(_node);
        var refused = await Should.ThrowAsync<BadInputException>(() => RunAsync([$"stonfi:{pool.Pool}"], []));
        refused.Faults.ShouldBe(
            [$"nothing tells what TON is worth, which stonfi:DCT-TON is quoted in: expected --rate with a market of it, {RateChoice.Expected}"]);
        refused = await Should.ThrowAsync<BadInputException>(() => RunAsync([$"stonfi:{pool.Pool}"], [GramRate[..GramRate.LastIndexOf('=')]]));
        refused.Faults[1].ShouldEndWith("tells what GRAM is worth, which no market is quoted in: expected TON");
        _okx.Market.Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task PoolOfAnotherToken_OrANodeThatIsAway_EndsIt()
    {
        var pool = new FakeStonFiPool(_node);
        (await Should.ThrowAsync<BadInputException>(() => RunAsync([$"stonfi:{pool.Pool}=XYZ"], [GramRate]))).Message
            .ShouldBe("the markets are okx:DCT-USDT of DCT, stonfi:XYZ-TON of XYZ: expected markets of one asset, which share one inventory");
        _node.Fault = _ => (500, "down");
        (await Should.ThrowAsync<VenueAwayException>(() => RunAsync([$"stonfi:{pool.Pool}"], [GramRate]))).Message.ShouldContain("get_pool_data");
    }

    [Theory]
    [InlineData("--rate belongs to --venue, or to --wallet: the simulated market has a pool and its rate", "--rate", "okx:TON-USDT")]
    [InlineData("--pool belongs to --venue, or to --wallet: the simulated market has a pool and its rate", "--pool", "stonfi:x")]
    [InlineData("--poll belongs to --venue without --group: the nodes of a group do not have it", "--group", "g", "--venue", "http://127.0.0.1:1",
        "--poll", "2s")]
    [InlineData("--rate belongs to --venue without --group: rates of a group come from dmm collect --reference", "--group", "g", "--venue",
        "http://127.0.0.1:1", "--rate", "okx:TON-USDT")]
    [InlineData("--node is of pools: expected --pool", "--venue", "okx:DCT-USDT", "--node", "http://127.0.0.1:1")]
    [InlineData("--rate 'TON' names no market: expected KIND:SYMBOL", "--venue", "okx:DCT-USDT", "--rate", "TON")]
    public async Task OptionThatWouldBeLeftOut_IsRefused(string fault, params string[] arguments)
    {
        var run = await CommandRun.Of(["run", .. arguments]);
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain(fault);
    }

    private string GramRate => $"binance-spot:GRAMUSDT@{_binance.Venue.Url.GetLeftPart(UriPartial.Authority)}=TON";

    private Task<string> RunAsync(string[] pools, string[] rates, params string[] settings) => RunAsync(pools, rates, _node, "10s", settings);

    /// <returns>Where the journal is.</returns>
    private async Task<string> RunAsync(string[] pools, string[] rates, FakePoolNode node, string duration, params string[] settings)
    {
        List<string> faults = [];
        ImmutableArray<IConnection> connections =
        [
            new OkxConnection(
                new OkxOptions
                {
                    RestUrl = _okx.Venue.Url, PublicSocketUrl = new(_okx.Venue.SocketUrl, "/ws/v5/public"),
                    PrivateSocketUrl = new(_okx.Venue.SocketUrl, "/ws/v5/private"), Credentials = new(Key, Secret, Phrase),
                }.Checked(),
                ["DCT-USDT"], TimeProvider.System),
            .. PoolConnections.Read(new(pools, [node.Url.GetLeftPart(UriPartial.Authority)], Poll: "2s"), faults, TimeProvider.System),
        ];
        var references = RateChoice.Read(rates, faults, TimeProvider.System);
        faults.ShouldBeEmpty();
        using var output = new StringWriter();
        var options = RunOptions.Read("1", "calm", "1", duration, _folder["data"], log: null, isPlain: false, isJson: true, settings);
        var exitCode = await new VenueRun(options, connections, references, StoreAccess.Embedded, new(output, TextWriter.Null), TimeProvider.System)
            .RunAsync(CancellationToken.None);
        exitCode.ShouldBe(0, output.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement.GetProperty("journal").GetString()!;
    }
}
