using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Venues;
using Dmm.Sources.Journal;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venues;

/// <summary>The whole of <c>dmm run --venue okx:… --venue gateio-usdt:…</c>: one desk over a spot market and a perpetual, against fakes.</summary>
public sealed class PerpetualRunTests : IAsyncLifetime
{
    private const string Key = "key-of-ann", Secret = "the secret of ann", Phrase = "the phrase of ann";
    private const decimal SpotAtFirst = 5_200, ContractsAtFirst = -20;

    private static readonly Instrument Spot = new()
    {
        Id = new(0), Venue = "okx", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m,
    };

    private static readonly Instrument Perpetual = Spot with
    {
        Venue = "gateio-usdt", Symbol = "DCT_USDT", Kind = ContractKind.Linear, SequenceRule = BookSequenceRule.ContiguousRange, Sizes = new(1m),
        ContractSize = 10m,
    };

    private readonly ScratchFolder _folder = new();
    private readonly RushedTime _time = new();
    private FakeExchange _okx = null!;
    private FakeExchange _gate = null!;

    public ValueTask InitializeAsync()
    {
        _okx = new(new OkxDialect([Spot], new(Key, Secret), Phrase), _time, Spot);
        _gate = new(new GateioDialect(GateioProduct.UsdtPerpetual, [Perpetual], new(Key, Secret)), _time, Perpetual);
        _okx.Market.Deposit("DCT", SpotAtFirst - FakeMarket.OpeningBalance);
        _gate.Market.MovePosition(Perpetual, ContractsAtFirst);
        foreach (var exchange in (FakeExchange[])[_okx, _gate]) exchange.Live(TimeSpan.FromMilliseconds(20));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _okx.DisposeAsync();
        await _gate.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task FillsOnBoth_PositionExact_NothingLeftOpen_ARestartFindsThePositionMovedByOthers()
    {
        var first = await RunAsync(async () =>
        {
            await QuotedAsync();
            // The others buy and sell what we offer nearest, on both.
            foreach (var market in (FakeMarket[])[_okx.Market, _gate.Market])
            {
                foreach (var (side, lots) in ((Side, long)[])[(Side.Sell, 7), (Side.Buy, 3), (Side.Sell, 5)])
                {
                    await market.UntilAsync(m => Best(m, side) is not null);
                    market.Fill(Best(market, side)!.ClientOrderId, lots);
                }
            }

            await QuotedAsync();
        }, isCold: true);

        var header = first.Reader.Runs().Single();
        header.Instruments.All.Select(i => (i.Name, i.Kind, i.ContractSize)).ShouldBe(
            [("okx:DCT-USDT", ContractKind.Spot, 1m), ("gateio-usdt:DCT_USDT", ContractKind.Linear, 10m)]);
        header.Parameters.Inventory.Starting.ShouldBe(SpotAtFirst + ContractsAtFirst * Perpetual.ContractSize);
        (_okx.Market.Fills.Count, _gate.Market.Fills.Count).ShouldBe((3, 3));
        first.Inventory.Total.ShouldBe(Held);
        first.Inventory.Positions.Single(p => p.Instrument.Index == 1).BaseQuantity
            .ShouldBe((_gate.Market.Position(Perpetual) - ContractsAtFirst) * Perpetual.ContractSize);
        first.Drifts.ShouldBeEmpty();
        first.Controls.OfType<PositionReport>().Select(p => p.Quantity).Distinct().ShouldContain(ContractsAtFirst * Perpetual.ContractSize);

        // Somebody trades 40 contracts by hand while we are away.
        _gate.Market.MovePosition(Perpetual, -40);
        var second = await RunAsync(() => DriftedAsync());
        second.Inventory.Total.ShouldBe(first.Inventory.Total);
        second.Controls.OfType<PositionReport>().ShouldContain(p => p.Quantity == _gate.Market.Position(Perpetual) * Perpetual.ContractSize);
        second.Drifts.Select(b => (b.Subject, b.Demand, b.Value)).ShouldBe(
            [("gateio-usdt:DCT_USDT", TradingState.Active, 400d), ("gateio-usdt:DCT_USDT", TradingState.Halted, 400d)]);

        // Somebody looked into it: what the venue counts is held, the contract is quoted again, and a restart changes none of that.
        var third = await RunAsync(AcceptedAsync);
        third.Drifts.ShouldHaveSingleItem().Reason.ShouldBe("gateio-usdt:DCT_USDT's count is accepted by ann: hedged by hand");
        third.Controls.OfType<CountAcceptance>().ShouldBe([new("gateio-usdt:DCT_USDT", "ann", "hedged by hand")]);
        (third.Inventory.Total, third.Inventory.Starting).ShouldBe((Held, header.Parameters.Inventory.Starting - 400));
        var fourth = await RunAsync(QuotedAsync);
        fourth.Drifts.ShouldBeEmpty();
        fourth.Inventory.Total.ShouldBe(Held);
    }

    /// <summary>What the venues themselves say we hold.</summary>
    private decimal Held => _okx.Market.Balances.Single(b => b.Asset == "DCT").Total + _gate.Market.Position(Perpetual) * Perpetual.ContractSize;

    /// <summary>Our order that another trader who sells (or buys) would meet first.</summary>
    private static FakeOrder? Best(FakeMarket market, Side taker) => market.OpenOrders.Where(o => o.Side != taker)
        .MinBy(o => taker == Side.Sell ? -o.PriceTicks : o.PriceTicks);

    private async Task QuotedAsync()
    {
        foreach (var market in (FakeMarket[])[_okx.Market, _gate.Market])
            await market.UntilAsync(m => m.OpenOrders.Select(o => o.Side).Distinct().Count() == 2);
    }

    /// <summary>The contract has been halted: nothing of ours is open there, while the spot market is quoted.</summary>
    private async Task DriftedAsync()
    {
        await QuotedAsync();
        _time.Rush(20);
        await _gate.Market.UntilAsync(m => m.OpenOrders.Count == 0);
        _time.Rush(1);
        await _okx.Market.UntilAsync(m => m.OpenOrders.Select(o => o.Side).Distinct().Count() == 2);
    }

    /// <summary>The contract is halted from the start: the journal told so. Once its count is accepted it is quoted.</summary>
    private async Task AcceptedAsync()
    {
        _gate.Market.OpenOrders.ShouldBeEmpty();
        var request = new OperatorRequest("gateio-usdt:DCT_USDT", "ann", "hedged by hand", _time.GetUtcNow());
        var answer = await OperatorInbox.AskAsync(_folder["data"], request, "1", TimeSpan.FromSeconds(20), _time, CancellationToken.None);
        answer.ShouldBe(new(true, "taken: what gateio-usdt:DCT_USDT counts otherwise than fills explain is held from now on"));
        await QuotedAsync();
    }

    private async Task<Outcome> RunAsync(Func<Task> during, bool isCold = false)
    {
        using var output = new StringWriter();
        using var stop = new CancellationTokenSource();
        var options = RunOptions.Read(
            "1", "calm", "1", null, _folder["data"], log: null, isPlain: false, isJson: true, "volatility.halfLife=60s",
            "breakers.staleWidenAfter=5s", "breakers.staleCancelAfter=8s");
        var orders = new OrderPathOptions { ReconcileEvery = TimeSpan.FromSeconds(1) };
        var okx = new OkxConnection(
            new OkxOptions
            {
                RestUrl = _okx.Venue.Url, PublicSocketUrl = new(_okx.Venue.SocketUrl, "/ws/v5/public"),
                PrivateSocketUrl = new(_okx.Venue.SocketUrl, "/ws/v5/private"), Credentials = new(Key, Secret, Phrase), Orders = orders,
            }.Checked(),
            ["DCT-USDT"], _time);
        var gate = new GateioConnection(
            new GateioOptions
            {
                Product = GateioProduct.UsdtPerpetual, BaseUrl = _gate.Venue.Url, SocketUrl = new(_gate.Venue.SocketUrl, "/v4/ws/usdt"),
                UserId = GateioDialect.UserId, Credentials = new(Key, Secret), Orders = orders,
            }.Checked(),
            ["DCT_USDT"], _time);
        var running = new VenueRun(options, [okx, gate], [], StoreAccess.Embedded, new(output, TextWriter.Null), _time).RunAsync(stop.Token);
        // Volatility warms up as fast as the books are told often enough not to be stale; after a restart it is warm.
        if (isCold) _time.Rush(40);
        await Task.WhenAny(running, WarmAsync());
        _time.Rush(1);
        await await Task.WhenAny(running, during());
        await stop.CancelAsync();
        (await running).ShouldBe(0, output.ToString());
        // The next run comes later than a fill could be on its way, and than a feed may come back again.
        _time.Pass(TimeSpan.FromSeconds(10));
        foreach (var market in (FakeMarket[])[_okx.Market, _gate.Market]) market.OpenOrders.ShouldBeEmpty();
        var reader = new SegmentJournalReader(JsonDocument.Parse(output.ToString()).RootElement.GetProperty("journal").GetString()!);
        (await CommandRun.Of("replay", "--journal", JsonDocument.Parse(output.ToString()).RootElement.GetProperty("journal").GetString()!, "--verify", "--json"))
            .ExitCode.ShouldBe(0);
        return new(reader);
    }

    /// <summary>An order of ours is at the spot market: volatility has warmed up.</summary>
    private Task WarmAsync() => _okx.Market.UntilAsync(m => m.OpenOrders.Count > 0);

    private sealed record Outcome(SegmentJournalReader Reader)
    {
        private readonly long _last = Reader.RunAt(Timestamp.Parse("2999-01-01T00:00:00Z"))!.Value;

        public IReadOnlyList<ControlMessage> Controls =>
            [.. Reader.Inputs(_last).Where(r => r is { Kind: JournalRecordKind.Input, Input.Kind: InputKind.Control }).Select(r => r.Input.Control)];

        public InventorySnapshot Inventory => Reader.DecisionsFrom(1L).Select(d => d.Body).OfType<InventorySnapshot>().Last();

        public IReadOnlyList<BreakerState> Drifts =>
            [.. Reader.Decisions(_last).Select(d => d.Body).OfType<BreakerState>().Where(b => b.Kind == BreakerKind.Drift)];
    }
}

/// <summary>Waits for what happens at a fake market.</summary>
internal static class MarketWaiting
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>Until it holds of the market, now or after something happened there.</summary>
    public static async Task UntilAsync(this FakeMarket market, Func<FakeMarket, bool> isMet)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(MarketEvent happened)
        {
            if (isMet(market)) met.TrySetResult();
        }

        market.Happened += Look;
        try
        {
            lock (market.Gate)
                if (isMet(market)) met.TrySetResult();
            await met.Task.WaitAsync(Deadline);
        }
        finally
        {
            market.Happened -= Look;
        }
    }
}
