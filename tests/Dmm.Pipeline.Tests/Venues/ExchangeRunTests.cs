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
        await using var okx = new Fake(new OkxDialect([Dct], new(Key, Secret), Phrase), Dct);
        await using var bybit = new Fake(new BybitDialect("spot", Key, Secret), AtBybit);
        await using var gate = new Fake(new GateioDialect(GateioProduct.Spot, [AtGate], new(Key, Secret)), AtGate, "t-");
        ImmutableArray<IVenueConnection> connections =
        [
            new OkxConnection(
                new OkxOptions
                {
                    RestUrl = okx.Venue.Url, PublicSocketUrl = new(okx.Venue.SocketUrl, "/ws/v5/public"),
                    PrivateSocketUrl = new(okx.Venue.SocketUrl, "/ws/v5/private"), Credentials = new(Key, Secret, Phrase),
                }.Checked(),
                ["DCT-USDT"], TimeProvider.System),
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
        foreach (var fake in (Fake[])[okx, bybit, gate]) fake.Market.OpenOrders.ShouldHaveSingleItem().ClientOrderId.ShouldBe(Fake.Others);
        var journal = run.GetProperty("journal").GetString()!;
        var reader = new SegmentJournalReader(journal);
        var header = reader.Runs().Single();
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
        await using var okx = new Fake(new OkxDialect([Dct], new(Key, Secret), Phrase), Dct);
        var options = new OkxOptions { RestUrl = okx.Venue.Url, Credentials = new(Key, Secret, Phrase) }.Checked();
        var refused = await Should.ThrowAsync<BadInputException>(
            () => RunAsync([new OkxConnection(options, ["TON-USDT", "ABC-USDT"], TimeProvider.System)]));
        refused.Faults.ShouldBe(
            ["unknown symbol 'TON-USDT' at okx: known are DCT-USDT", "unknown symbol 'ABC-USDT' at okx: known are DCT-USDT"]);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(ImmutableArray<IVenueConnection> connections)
    {
        using var output = new StringWriter();
        var options = RunOptions.Read("1", "calm", "1", "4s", _folder["data"], log: null, isPlain: false, isJson: true);
        var exitCode = await new VenueRun(options, connections, StoreAccess.Embedded, new(output, TextWriter.Null), TimeProvider.System)
            .RunAsync(CancellationToken.None);
        return (exitCode, output.ToString());
    }

    /// <summary>An exchange with a book, an order that an earlier process of ours left, and one that is not ours.</summary>
    private sealed class Fake : IAsyncDisposable
    {
        public const string Others = "someoneelse1";

        public Fake(IVenueDialect dialect, Instrument instrument, string ourPrefixOnTheWire = "")
        {
            Market = new FakeMarket([instrument], TimeProvider.System);
            Venue = new FakeVenue(dialect, Market, TimeProvider.System);
            Market.Rest(instrument, Side.Buy, 9_990, 100 * instrument.OrderStepLots);
            Market.Rest(instrument, Side.Sell, 10_010, 100 * instrument.OrderStepLots);
            foreach (var id in (string[])[$"{ourPrefixOnTheWire}dlivex1x1", Others])
                Market.Place(new(instrument, id, Side.Buy, 9_000, 100 * instrument.OrderStepLots, IsPostOnly: true)).Refusal.ShouldBeNull();
        }

        public FakeMarket Market { get; }

        public FakeVenue Venue { get; }

        public async ValueTask DisposeAsync()
        {
            await Venue.DisposeAsync();
            Market.Dispose();
        }
    }
}
