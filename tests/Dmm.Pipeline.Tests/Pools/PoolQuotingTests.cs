using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Rates;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Tests.Venues;
using Dmm.Sinks.Ton;
using Dmm.Sources.Journal;
using Dmm.Sources.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Pools;

/// <summary>
/// The whole of <c>dmm run --pool … --wallet … --rate …</c>: one desk that quotes at a pool, over a chain of the test and a provider on loopback, in
/// ten times the real pace.
/// </summary>
public sealed class PoolQuotingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const long Nano = 1_000_000_000;

    private static readonly byte[] Seed = [.. Enumerable.Repeat((byte)0x5E, 32)];
    private static readonly byte[] SealedKey = SealedSeed.Seal(Seed, "correct horse");
    private static readonly Address JettonWallet = FakeJetton.At(0x31);

    // Its book is around 10 000 ticks: 3 USDT.
    private static readonly Instrument Gram = new()
    {
        Id = new(0), Venue = "binance-spot", Symbol = "GRAMUSDT", BaseAsset = "GRAM", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0003m), Sizes = new(0.1m), MinimumSize = 1m,
    };

    private readonly QuickTime _time = new(factor: 10);
    private readonly ScratchFolder _folder = new();
    private readonly Ed25519Signer _signer = new(Seed);
    private FakeExchange _binance = null!;

    public ValueTask InitializeAsync()
    {
        SecretFile.Create(_folder["wallet.json"], SealedKey);
        File.WriteAllText(_folder["password"], "correct horse\n");
        _binance = new(new BinanceDialect(BinanceMarket.Spot, [Gram]), _time, Gram);
        _binance.Live(TimeSpan.FromMilliseconds(500));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _binance.DisposeAsync();
        _signer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(PoolExchange.StonFi)]
    [InlineData(PoolExchange.Dedust)]
    public async Task Quotes_AreCarriedOutBySwaps_WhichTheJournalExplains_AndARestartGoesOn(PoolExchange exchange)
    {
        var wallet = new WalletV5R1(_signer.PublicKey);
        await using var world = new World(exchange, wallet, _time);
        var before = (world.Chain.Ton, world.Chain.Jettons);
        using var enough = new CancellationTokenSource();
        await using var life = world.Live(() => world.Chain.Executed >= 3, enough);
        var run = await RunAsync(world, exchange, "400s", enough.Token);

        var reader = new SegmentJournalReader(run);
        var inputs = reader.InputsFrom(0L).Where(r => r.Kind == JournalRecordKind.Input && r.Input.Kind == InputKind.Control)
            .Select(r => r.Input.Control).ToArray();
        var (fills, failed) = (inputs.OfType<Fill>().ToArray(), inputs.OfType<FailedSwap>().ToArray());
        foreach (var fill in fills) output.WriteLine($"{fill}");
        foreach (var swap in failed) output.WriteLine($"{swap}");
        fills.Length.ShouldBeGreaterThanOrEqualTo(1);
        (fills.Length + failed.Length).ShouldBe(world.Chain.Executed);
        Units(fills.Sum(f => f.Side.Sign() * f.Quantity)).ShouldBe((BigInteger)world.Chain.Jettons - (BigInteger)before.Jettons);
        Units(fills.Sum(f => -f.Side.Sign() * decimal.Round(f.Price * f.Quantity, 9) - f.Fee) - failed.Sum(f => f.Gas))
            .ShouldBe((BigInteger)world.Chain.Ton.Nano - (BigInteger)before.Ton.Nano);
        (await CommandRun.Of("replay", "--journal", run, "--verify", "--json")).ExitCode.ShouldBe(0);

        // Another process of the same desk counts nothing twice.
        var swaps = world.Chain.Executed;
        (await RunAsync(world, exchange, "20s", CancellationToken.None)).ShouldBe(run);
        new SegmentJournalReader(run).InputsFrom(0L).Where(r => r.Kind == JournalRecordKind.Input && r.Input.Kind == InputKind.Control)
            .Select(r => r.Input.Control).OfType<Fill>().Select(f => f.TradeId).Distinct().Count().ShouldBe(fills.Length);
        world.Chain.Executed.ShouldBe(swaps);
    }

    /// <returns>Where the journal is.</returns>
    private async Task<string> RunAsync(World world, PoolExchange exchange, string duration, CancellationToken stop)
    {
        List<string> faults = [];
        var venue = PoolInstruments.VenueOf(exchange);
        var node = new PoolNode(
            [new NodeOptions { Url = world.Node.Url, Requests = new() { PerSecond = 50, Burst = 100, CancelReserve = 2 } }.Checked()], _time);
        var pool = new PoolConnection(
            new TonPoolFeedOptions { Venue = venue }.Checked(), [new PoolChoice(exchange, world.Pool.Pool, Asset: null)], node, _time);
        var wallet = new PoolWallet(exchange, _folder["wallet.json"], Number: 0).Arguments(_folder["password"], _folder["data"]);
        ImmutableArray<IConnection> connections = [new PoolVenueConnection(pool, wallet, _time)];
        var rate = $"binance-spot:GRAMUSDT@{_binance.Venue.Url.GetLeftPart(UriPartial.Authority)}=TON";
        var references = RateChoice.Read([rate], faults, _time);
        faults.ShouldBeEmpty();
        using var summary = new StringWriter();
        using var error = new StringWriter();
        var options = RunOptions.Read(
            "1", "calm", "1", duration, _folder["data"], log: null, isPlain: false, isJson: true,
            ["volatility.halfLife=60s", "volatility.maxBps=10000", "breakers.staleWidenAfter=20s", "breakers.staleCancelAfter=40s"]);
        var exitCode = await new VenueRun(options, connections, references, StoreAccess.Embedded, new(summary, error), _time).RunAsync(stop);
        output.WriteLine(summary.ToString());
        exitCode.ShouldBe(0, $"{summary} {error}");
        return JsonDocument.Parse(summary.ToString()).RootElement.GetProperty("journal").GetString()!;
    }

    private static BigInteger Units(decimal tokens) => new(tokens * Nano);

    /// <summary>A pool, a wallet with tokens, strangers who trade, and the provider that tells of them.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly TimeProvider _time;
        private int _seconds;

        public World(PoolExchange exchange, WalletV5R1 wallet, TimeProvider time)
        {
            _time = time;
            var isStonFi = exchange == PoolExchange.StonFi;
            FoundPool found = isStonFi
                ? new FoundStonFiPool(
                    new(FakeJetton.At(0x10), FakeStonFiPool.Router, FakeStonFiPool.BaseWallet, FakeStonFiPool.QuoteWallet, IsBaseFirst: false),
                    FakeJetton.At(0x14), new("DCT", 9))
                : new FoundDedustPool(new(FakeJetton.At(0x20), FakeJetton.At(0x24), FakeDedustPool.Vault), null!, FakeJetton.At(0x24), new("DCT", 9));
            ITokenPool reserves = isStonFi
                ? new TokenPool(100_000L * Nano, 33_333L * Nano, new(20, 10))
                : new DedustTokenPool(100_000L * Nano, 33_333L * Nano, new(25, 10_000));
            Chain = new(wallet, found, JettonWallet, reserves, () => (uint)time.GetUtcNow().ToUnixTimeSeconds());
            Chain.Jettons = 5_000 * (UInt128)Nano;
            Node = new(Chain, wallet)
            {
                TellsJettons = true,
                Contracts = (contract, method, arguments) => method == DedustEstimate.Method
                    ? ((VenueReply<ImmutableArray<StackItem>>.Accepted)Chain.MethodAsync(contract, method, arguments, default).Result).Value
                    : null,
            };
            Pool = isStonFi ? new FakeStonFiPool(Node) : new FakeDedustPool(Node);
            Node.Answer(Pool.Minter, JettonMethods.WalletAddress, [StackItem.Slice(wallet.Address)], StackItem.Slice(JettonWallet));
        }

        public ModelPoolChain Chain { get; }

        public FakeToncenter Node { get; }

        public FakePool Pool { get; }

        /// <summary>A block a second; from the hundredth on somebody trades every twenty, until it is enough.</summary>
        public ITimer Live(Func<bool> isEnough, CancellationTokenSource enough) => _time.CreateTimer(
            _ =>
            {
                Chain.Next();
                if (++_seconds > 100 && _seconds % 20 == 0 && !isEnough())
                {
                    var side = _seconds / 20 % 2 == 0 ? Side.Buy : Side.Sell;
                    Chain.Reserves = Chain.Reserves.After(Chain.Reserves.Move(side, (BigInteger)(side == Side.Buy ? 500 : 1_500) * Nano));
                }

                Pool.Show((UInt128)Chain.Reserves.Base, (UInt128)Chain.Reserves.Quote);
                if (isEnough()) enough.Cancel();
            },
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        public async ValueTask DisposeAsync() => await Node.DisposeAsync();
    }
}
