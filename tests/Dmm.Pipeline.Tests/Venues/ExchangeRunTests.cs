using System.Collections.Immutable;
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

/// <summary>The whole of <c>dmm run --venue okx:… --venue bybit-spot:… --venue gateio-spot:…</c> against fakes that speak their wire.</summary>
public sealed class ExchangeRunTests : IDisposable
{
    private const string Others = "someoneelse1";
    private const string Key = "key-of-ann", Secret = "the secret of ann", Phrase = "the phrase of ann";

    private static readonly Instrument Dct = new()
    {
        Id = new(0), Venue = "okx", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    private static readonly Instrument AtBybit = Dct with { Venue = "bybit-spot", Symbol = "DCTUSDT", SequenceRule = BookSequenceRule.RisingId };

    private static readonly Instrument AtGate = Dct with
    {
        Venue = "gateio-spot", Symbol = "DCT_USDT", SequenceRule = BookSequenceRule.ContiguousRange, Sizes = new(0.0000000001m),
        OrderStepLots = 1_000_000_000,
    };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ThreeExchanges_AreOneDeskThatOpensAndSweepsAll()
    {
        await using var okx = NewOkx();
        await using var bybit = new FakeExchange(new BybitDialect("spot", Key, Secret), TimeProvider.System, AtBybit);
        await using var gate = new FakeExchange(new GateioDialect(GateioProduct.Spot, [AtGate], new(Key, Secret)), TimeProvider.System, AtGate);
        LeaveOrders(okx);
        LeaveOrders(bybit);
        LeaveOrders(gate, "t-");
        ImmutableArray<IConnection> connections =
        [
            Connection(okx),
            new BybitConnection(
                new BybitOptions
                {
                    Venue = "bybit-spot", Product = BybitProduct.Spot, BaseUrl = bybit.Venue.Url, SocketUrl = bybit.Venue.SocketUrl, Credentials = new(Key, Secret),
                }.Checked(),
                ["DCTUSDT"], TimeProvider.System),
            new GateioConnection(
                new GateioOptions
                {
                    Product = GateioProduct.Spot, BaseUrl = gate.Venue.Url, SocketUrl = new(gate.Venue.SocketUrl, "/ws/v4/"), Credentials = new(Key, Secret),
                }.Checked(),
                ["DCT_USDT"], TimeProvider.System),
        ];

        var (exitCode, output) = await RunAsync(connections);

        exitCode.ShouldBe(0, output);
        var run = JsonDocument.Parse(output).RootElement;
        run.GetProperty("leftoversCancelled").GetInt32().ShouldBe(3);
        foreach (var fake in (FakeExchange[])[okx, bybit, gate]) fake.Market.OpenOrders.ShouldHaveSingleItem().ClientOrderId.ShouldBe(Others);
        var journal = run.GetProperty("journal").GetString()!;
        var reader = new SegmentJournalReader(journal);
        var header = reader.Runs().First();
        header.Instruments.All.Select(i => i.Name).ShouldBe(["okx:DCT-USDT", "bybit-spot:DCTUSDT", "gateio-spot:DCT_USDT"]);
        header.Parameters.Inventory.Starting.ShouldBe(3 * FakeMarket.OpeningBalance);
        var inputs = reader.InputsFrom(0L).Where(r => r.Kind == JournalRecordKind.Input).Select(r => r.Input).ToArray();
        foreach (var instrument in header.Instruments.All)
        {
            var controls = inputs.Where(i => i.Kind == InputKind.Control).Select(i => i.Control).ToArray();
            controls.OfType<FeedStatus>().Where(s => s.Venue == instrument.Venue).ShouldHaveSingleItem().State.ShouldBe(FeedState.Connected);
            controls.OfType<AdapterStatus>().Where(s => s.Venue == instrument.Venue).Select(s => s.AcceptsOrders).ShouldBe([false, true, false]);
            inputs.Count(i => i.Kind == InputKind.Book && i.Instrument == instrument.Id && i.Book.IsSnapshot).ShouldBe(1, instrument.Name);
            controls.OfType<Rejected>().ShouldBeEmpty();
        }

        (await CommandRun.Of("replay", "--journal", journal, "--verify", "--json")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task SymbolThatIsNotListed_IsToldBeforeAnythingIsTraded()
    {
        await using var okx = NewOkx();
        var options = new OkxOptions { RestUrl = okx.Venue.Url, Credentials = new(Key, Secret, Phrase) }.Checked();
        var refused = await Should.ThrowAsync<BadInputException>(
            () => RunAsync([new OkxConnection(options, ["TON-USDT", "ABC-USDT"], TimeProvider.System)]));
        refused.Faults.ShouldBe(
            ["unknown symbol 'TON-USDT' at okx: known are DCT-USDT", "unknown symbol 'ABC-USDT' at okx: known are DCT-USDT"]);
    }

    /// <summary>Binance is priced from: no key, no order; when it falls silent it alone is widened, then halted, and the desk goes on.</summary>
    [Fact]
    public async Task ReferenceMarketFallsSilent_ItAloneIsStale_TheQuotedOneGoesOn()
    {
        await using var okx = NewOkx();
        var atBinance = Dct with { Venue = "binance-usdm", Symbol = "DCTUSDT", Kind = ContractKind.Linear };
        await using var binance = new FakeExchange(new BinanceDialect(BinanceMarket.UsdMargined, [atBinance]), TimeProvider.System, atBinance);
        okx.Live(TimeSpan.FromMilliseconds(100));
        var reference = MarketConnections.Connect(ExchangeChoice.Read($"binance-usdm:DCTUSDT@{binance.Venue.Url}", [])!, TimeProvider.System);

        // Later than by default, so that a machine that pauses makes no market stale.
        var (exitCode, output) = await RunAsync(
            [reference, Connection(okx)], "9s", "breakers.staleWidenAfter=3s", "breakers.staleCancelAfter=5s");

        exitCode.ShouldBe(0, output);
        var journal = JsonDocument.Parse(output).RootElement.GetProperty("journal").GetString()!;
        var reader = new SegmentJournalReader(journal);
        var header = reader.Runs().First();
        header.Instruments.All.Select(i => i.Name).ShouldBe(["binance-usdm:DCTUSDT", "okx:DCT-USDT"]);
        header.Parameters.Venues.Select(v => v.IsQuoted).ShouldBe([false, true]);
        header.Parameters.Inventory.Starting.ShouldBe(FakeMarket.OpeningBalance);
        var inputs = reader.InputsFrom(0L).Where(r => r.Kind == JournalRecordKind.Input).Select(r => r.Input).ToArray();
        inputs.Count(i => i.Kind == InputKind.Book && i.Instrument.Index == 0 && i.Book.IsSnapshot).ShouldBe(1);
        inputs.Where(i => i.Kind == InputKind.Control).Select(i => i.Control).OfType<FundingRate>().ShouldHaveSingleItem().Rate
            .ShouldBe(BinanceDialect.FundingRate);
        var decisions = reader.DecisionsFrom(1L).Select(d => d.Body).ToArray();
        var staleness = decisions.OfType<BreakerState>().Where(b => b.Kind == BreakerKind.Staleness).ToLookup(b => b.Subject, b => (b.Demand, b.Threshold));
        staleness["binance-usdm:DCTUSDT"].ShouldBe([(TradingState.Active, 3), (TradingState.Widened, 3), (TradingState.Halted, 5)]);
        staleness["okx:DCT-USDT"].ShouldBe([(TradingState.Active, 3)]);
        decisions.OfType<QuoteTarget>().ShouldAllBe(quote => quote.Instrument.Index == 1);
        binance.Venue.Requests.All.Select(r => r.Operation).Distinct()
            .ShouldBe([VenueOperation.Instruments, VenueOperation.Connect, VenueOperation.Book], ignoreOrder: true);
        (await CommandRun.Of("replay", "--journal", journal, "--verify", "--json")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task ContractThatADeskCannotQuote_IsToldWithTheReason()
    {
        var inverse = Dct with { Symbol = "DCT-USD-SWAP", QuoteAsset = "USD", Kind = ContractKind.Inverse, ContractSize = 10m };
        await using var okx = new FakeExchange(new OkxDialect([inverse], new(Key, Secret), Phrase), TimeProvider.System, inverse);
        (await RefusedAsync("DCT-USD-SWAP")).ShouldBe(
        [
            "okx:DCT-USD-SWAP is an inverse contract, sized in its quote asset and settled in its base asset: expected a spot market or a linear contract",
        ]);
        (await RefusedAsync("DCT-USDT-261225")).ShouldBe(
            ["okx:DCT-USDT-261225 is a dated contract, which ends: expected a spot market or a perpetual"]);

        async Task<IReadOnlyList<string>> RefusedAsync(string symbol) =>
            (await Should.ThrowAsync<BadInputException>(() => RunAsync([Connection(okx, symbol)]))).Faults;
    }

    [Fact]
    public async Task AccountWithTwoPositionsForAContract_IsNotTradedOn()
    {
        var swap = Dct with { Symbol = "DCT-USDT-SWAP", Kind = ContractKind.Linear, Sizes = new(1m), ContractSize = 10m };
        await using var okx = new FakeExchange(new OkxDialect([swap], new(Key, Secret), Phrase) { HasTwoPositions = true }, TimeProvider.System, swap);
        (await Should.ThrowAsync<BadInputException>(() => RunAsync([Connection(okx, "DCT-USDT-SWAP")]))).Message
            .ShouldBe($"the account at {okx.Venue.Url.Authority} cannot be traded on: posMode is 'long_short_mode': expected net_mode");
        okx.Market.Orders.ShouldBeEmpty();
    }

    private static FakeExchange NewOkx() => new(new OkxDialect([Dct], new(Key, Secret), Phrase), TimeProvider.System, Dct);

    private static OkxConnection Connection(FakeExchange okx, string symbol = "DCT-USDT") => new(
        new OkxOptions
        {
            RestUrl = okx.Venue.Url, PublicSocketUrl = new(okx.Venue.SocketUrl, "/ws/v5/public"),
            PrivateSocketUrl = new(okx.Venue.SocketUrl, "/ws/v5/private"), Credentials = new(Key, Secret, Phrase),
        }.Checked(),
        [symbol], TimeProvider.System);

    private async Task<(int ExitCode, string Output)> RunAsync(
        ImmutableArray<IConnection> connections, string duration = "4s", params string[] settings)
    {
        using var output = new StringWriter();
        var options = RunOptions.Read("1", "calm", "1", duration, _folder["data"], log: null, isPlain: false, isJson: true, settings);
        var exitCode = await new VenueRun(options, connections, [], StoreAccess.Embedded, new(output, TextWriter.Null), TimeProvider.System)
            .RunAsync(CancellationToken.None);
        return (exitCode, output.ToString());
    }

    /// <summary>Puts an order there that an earlier process of ours left, and one that is not ours.</summary>
    private static void LeaveOrders(FakeExchange exchange, string ourPrefixOnTheWire = "")
    {
        var instrument = exchange.Market.Instruments[0];
        foreach (var id in (string[])[$"{ourPrefixOnTheWire}dlivex1x1", Others])
            exchange.Market.Place(new(instrument, id, Side.Buy, 9_000, 100 * instrument.OrderStepLots, IsPostOnly: true)).Refusal.ShouldBeNull();
    }
}
