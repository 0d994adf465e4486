using System.Text;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Collecting;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Tests.Venues;
using Dmm.Pipeline.Venue;
using Dmm.Simulation;
using Dmm.Sinks.Kafka;
using Dmm.Testing;
using Dmm.Testing.Servers;
using Dmm.Testing.Venues;
using Dmm.Wire;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Tests.Collecting;

public sealed class CollectCommandTests(KafkaCluster cluster) : IClassFixture<KafkaCluster>, IDisposable
{
    private const string Venue = "binance-usdm";
    private const string Symbol = "BTCUSDT";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Capture_ConsumedBack_IsWhatReadingItDirectlyGives()
    {
        var (topic, file) = (await cluster.NewTopic("capture"), _folder.WriteGzip("small.gz", SmallCapture.Lines()));
        var run = await CollectAsync(topic, file);
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        var selection = CaptureSelection.Read([file], [Venue], [Symbol]);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, selection.Instruments, Records(run));
        bus.Inputs.ShouldBe(BusReader.Direct(selection));
        bus.Letters.ShouldBeEmpty();
        // The instruments, connected, 12 items, ended.
        Records(run).ShouldBe(15);
        (run.Json.GetProperty("stored").GetInt64(), run.Json.GetProperty("lost").GetInt64()).ShouldBe((15, 0));
    }

    [Fact]
    public async Task EachRecord_HasTheAssetAsKeyAndItsTimesInHeaders()
    {
        var (topic, file) = (await cluster.NewTopic("headers"), _folder.WriteGzip("small.gz", SmallCapture.Lines()));
        var run = await CollectAsync(topic, file);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, CaptureSelection.Read([file], [Venue], [Symbol]).Instruments, Records(run));
        bus.Records.ShouldAllBe(record => Encoding.UTF8.GetString(record.Key!) == "BTC");
        var source = run.Json.GetProperty("collector").GetString();
        string[] Headers(int record) => [.. bus.Records[record].Headers.Select(h => $"{h.Name}={h.Text}")];
        Headers(0).ShouldBe(["vt=", "rt=", $"src={source}", "kind=instruments"]);
        Headers(5).ShouldBe(["vt=2024-08-08T23:54:15.3000000Z", "rt=2024-08-08T23:54:15.3000000Z", $"src={source}", "kind=trade"]);
    }

    [Fact]
    public async Task TwoCollectorsAtOnce_NothingIsDoubled()
    {
        var (topic, file) = (await cluster.NewTopic("two"), _folder.WriteGzip("small.gz", SmallCapture.Lines()));
        var runs = await Task.WhenAll(CollectAsync(topic, file), CollectAsync(topic, file));
        var selection = CaptureSelection.Read([file], [Venue], [Symbol]);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, selection.Instruments, runs.Sum(Records));
        bus.MarketData.ShouldBe(BusReader.Direct(selection).Where(text => text.StartsWith('{')));
        (bus.Counters.Duplicates, bus.Counters.Gaps, bus.Letters.Count).ShouldBe((12, 0, 0));
    }

    [Fact]
    public async Task RecordedMarketOverTheBus_GivesTheSameTopsTradesAndBook()
    {
        var file = _folder.WriteGzip("slice.gz",
            ScratchFolder.ReadGzip(SharedData.SkipUnlessPresent("data", "binance", "usdm_btcusdt_20240808.gz")).Take(6_000));
        var topic = await cluster.NewTopic("recorded");
        var run = await CollectAsync(topic, file);
        var selection = CaptureSelection.Read([file], [Venue], [Symbol]);
        OrderBook book = new(selection.Instruments.All[0], OrderBookState.Empty), direct = new(selection.Instruments.All[0], OrderBookState.Empty);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, selection.Instruments, Records(run), input => Apply(book, input));
        using var reading = new CaptureReading(selection);
        while (reading.Inputs.TryRead(out var input, out _)) Apply(direct, input);
        Text(book).ShouldBe(Text(direct));
        // Deltas that came before the first snapshot wait for it: the book is the same, their place among tops and trades is not.
        bool IsOfTheBook(string text) => text.Contains("\"kind\":\"book\"", StringComparison.Ordinal);
        bus.MarketData.Where(text => !IsOfTheBook(text))
            .ShouldBe(BusReader.Direct(selection).Where(text => text.StartsWith('{') && !IsOfTheBook(text)));
        (bus.Counters.Gaps, bus.Letters.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task CaptureAsIfItWereNow_KeepsItsDistancesAtThePaceAsked()
    {
        var (topic, file) = (await cluster.NewTopic("now"), _folder.WriteGzip("small.gz", SmallCapture.Lines()));
        var before = Timestamp.From(TimeProvider.System.GetUtcNow());
        var run = await CommandRun.Of("collect", "--bootstrap", cluster.Bootstrap, "--topic", topic, "--capture", file, "--venue", Venue, "--symbol",
            Symbol, "--speed", "60", "--now", "--json");
        List<Timestamp> times = [];
        await BusReader.ReadAsync(cluster.Bootstrap, topic, CaptureSelection.Read([file], [Venue], [Symbol]).Instruments, Records(run), input =>
        {
            if (input.Kind == InputKind.Trade) times.Add(input.VenueTime);
        });
        times[0].ShouldBeGreaterThan(before);
        times.Select(at => (at - times[0]).TotalMilliseconds).ShouldBe([0, 45, 95]);
    }

    [Fact]
    public async Task RecordsThatCannotBeRead_AreDeadLettersAndTheOthersGoOn()
    {
        var (topic, file) = (await cluster.NewTopic("letters"), _folder.WriteGzip("small.gz", SmallCapture.Lines()));
        await using (var publisher = new KafkaPublisher(
            new() { Kafka = new() { Bootstrap = cluster.Bootstrap } }, TimeProvider.System, () => 0, _ => { }))
        {
            BusMessage Message(string key, string value, params BusHeader[] headers) =>
                new() { Topic = topic, Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value), Headers = [.. headers] };
            await publisher.PublishAsync(Message("BTC", "rubbish", BusHeader.Of(BusHeaders.Source, "x")));
            await publisher.PublishAsync(Message("BTC", """{"v":1,"kind":"trade"}"""));
            await publisher.PublishAsync(Message("ETH", "of another asset"));
            (await publisher.FlushAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
        }

        var run = await CollectAsync(topic, file);
        var selection = CaptureSelection.Read([file], [Venue], [Symbol]);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, selection.Instruments, 3 + Records(run));
        bus.Inputs.ShouldBe(BusReader.Direct(selection));
        bus.Letters.Count.ShouldBe(2);
        (bus.Letters[0].Offset, Encoding.UTF8.GetString(bus.Letters[0].Raw)).ShouldBe((0, "rubbish"));
        bus.Letters[0].Reason.ShouldStartWith("not a message of the bus: 'r' is an invalid start of a value");
        (bus.Letters[1].Offset, bus.Letters[1].Reason).ShouldBe((1, "header 'src' is missing"));
    }

    [Fact]
    public async Task LiveVenue_ItsBookIsFollowedThroughTheBus()
    {
        await using var server = await VenueServer.StartAsync(
            new() { Seed = 7, Scenario = MarketScenarios.Calm, Credentials = new("ann", "secret"), Port = 0 }, TimeProvider.System);
        var topic = await cluster.NewTopic("venue");
        var run = await CommandRun.Of(
            "collect", "--bootstrap", cluster.Bootstrap, "--topic", topic, "--venue", $"dex={server.Url}", "--duration", "7s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Error.ShouldContain("collecting dex:DCT-USDT from");
        run.Error.ShouldContain("dex is connected");
        var instrument = new VenueListing(VenueListing.StandardAsset).Instrument with { Venue = "dex" };
        var book = new OrderBook(instrument, OrderBookState.Empty);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, new([instrument]), Records(run), input =>
        {
            if (input.Kind == InputKind.Book) book.Apply(input.Book).ShouldBe(BookOutcome.Applied);
        });
        book.Status.ShouldBe(BookStatus.Valid);
        (bus.Letters.Count, bus.Counters.Gaps, bus.Counters.Refused).ShouldBe((0, 0, 0));
        bus.Inputs.OfType<string>().Count(text => text.Contains("\"snap\":true", StringComparison.Ordinal)).ShouldBe(1);
        // The book that the collector keeps, as its heartbeat and its snapshot of the fifth second name it.
        var kinds = bus.Records.Select(r => r.Headers[3].Text).ToArray();
        kinds.Count(kind => kind == "instruments").ShouldBe(2);
        kinds.Count(kind => kind == "heartbeat").ShouldBeInRange(4, 7);
        var last = Encoding.UTF8.GetString(bus.Records.Last(r => r.Headers[3].Text == "heartbeat").Value);
        last.ShouldContain("\"state\":\"connected\",\"books\":[{\"instrument\":\"dex:DCT-USDT\"");
    }

    [Theory]
    [InlineData("binance-spot")]
    [InlineData("okx")]
    [InlineData("bybit-spot")]
    [InlineData("gateio-spot")]
    public async Task ExchangesMarket_WithoutKeys_ItsBookIsFollowedThroughTheBus(string kind)
    {
        var (instrument, dialect) = Exchange(kind);
        await using var exchange = new FakeExchange(dialect, TimeProvider.System, instrument);
        exchange.Live(TimeSpan.FromMilliseconds(50));
        var topic = await cluster.NewTopic("exchange");
        var run = await CommandRun.Of("collect", "--bootstrap", cluster.Bootstrap, "--topic", topic,
            "--venue", $"{kind}:{instrument.Symbol}@{exchange.Venue.Url}", "--duration", "3s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Error.ShouldContain($"collecting {kind}:{instrument.Symbol} from 127.0.0.1:");
        run.Error.ShouldContain($"{kind} is connected");
        exchange.Venue.Requests.All.ShouldAllBe(r => r.Operation == VenueOperation.Instruments || r.Operation == VenueOperation.Book
            || r.Operation == VenueOperation.Connect || r.Operation == VenueOperation.Time);
        var book = new OrderBook(instrument, OrderBookState.Empty);
        var bus = await BusReader.ReadAsync(cluster.Bootstrap, topic, new([instrument]), Records(run), input => Apply(book, input));
        book.Status.ShouldBe(BookStatus.Valid);
        book.Counters.Deltas.ShouldBeGreaterThan(10);
        (bus.Letters.Count, bus.Counters.Gaps, bus.Counters.Refused).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task SymbolThatTheExchangeDoesNotList_EndsItWithTheReason()
    {
        var instrument = BinanceInstruments.BuiltIn(BinanceMarket.Spot, "BTCUSDT", new(0));
        await using var binance = new FakeExchange(new BinanceDialect(BinanceMarket.Spot, [instrument]), TimeProvider.System, instrument);
        var run = await CommandRun.Of(
            "collect", "--bootstrap", $"127.0.0.1:{FreePort.Next()}", "--venue", $"binance-spot:DCTUSDT@{binance.Venue.Url}", "--duration", "20s");
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain("unknown symbol 'DCTUSDT' at binance-spot: known are BTCUSDT");
    }

    [Fact]
    public async Task NeitherBrokerNorVenueAnswers_BothAreSaidOnceAndTriedAgainUntilTheEnd()
    {
        var (broker, venue) = ($"127.0.0.1:{FreePort.Next()}", $"http://127.0.0.1:{FreePort.Next()}");
        var run = await CommandRun.Of("collect", "--bootstrap", broker, "--venue", venue, "--duration", "2s", "--json");
        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Json.GetProperty("records").GetInt64().ShouldBe(0);
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(line => line.StartsWith($"no broker of {broker} answers", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.StartsWith($"{venue}/ cannot be collected yet, and is tried again: ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("nothing to collect: expected --venue URL or KIND:SYMBOL, --pool KIND:ADDRESS, or --capture FILE", "--bootstrap", "a:1")]
    [InlineData("the brokers 'a' cannot be read: expected host:port", "--bootstrap", "a", "--venue", "http://a")]
    [InlineData("--venue 'a' names no venue", "--bootstrap", "a:1", "--venue", "a")]
    [InlineData("--venue: 'kraken' cannot be collected: expected one of okx, okx-swap, bybit-spot, bybit-linear, gateio-spot, gateio-usdt, binance-spot, binance-usdm, or a",
        "--bootstrap", "a:1", "--venue", "kraken:DCT-USDT")]
    [InlineData("--venue okx-swap: 'DCT-USDT' is no perpetual: expected a symbol such as DCT-USDT-SWAP", "--bootstrap", "a:1", "--venue", "okx-swap:DCT-USDT")]
    [InlineData("--venue binance-spot is given twice", "--bootstrap", "a:1", "--venue", "binance-spot:A", "--venue", "binance-spot:B")]
    [InlineData("two venues are called 'hmac'", "--bootstrap", "a:1", "--venue", "http://a", "--venue", "http://b")]
    [InlineData("--speed is of recordings", "--bootstrap", "a:1", "--venue", "http://a", "--speed", "2")]
    [InlineData("--now is of recordings", "--bootstrap", "a:1", "--venue", "http://a", "--now")]
    [InlineData("--now needs a pace", "--bootstrap", "a:1", "--capture", "none.gz", "--now", "--speed", "max")]
    [InlineData("--speed 'fast' is no speed", "--bootstrap", "a:1", "--venue", "http://a", "--speed", "fast")]
    [InlineData("--duration 'long' is no length of time", "--bootstrap", "a:1", "--venue", "http://a", "--duration", "long")]
    [InlineData("capture none.gz does not exist", "--bootstrap", "a:1", "--capture", "none.gz", "--venue", Venue, "--symbol", Symbol)]
    [InlineData("--reference 'TON' is no market: expected VENUE:SYMBOL", "--bootstrap", "a:1", "--venue", "http://a", "--reference", "TON")]
    [InlineData("--reference 'b:TON': no --venue is called 'b'", "--bootstrap", "a:1", "--venue", "a=http://a", "--reference", "b:TON")]
    [InlineData("expected equal numbers", "--bootstrap", "a:1", "--capture", "none.gz")]
    public async Task WhatCannotBeUsed_IsSaid(string fault, params string[] arguments)
    {
        var run = await CommandRun.Of(["collect", .. arguments]);
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain(fault);
    }

    [Fact]
    public void NoBroker_IsSaidWithTheVariable()
    {
        if (Environment.GetEnvironmentVariable(StoreAccess.KafkaVariable) is not null) Assert.Skip($"{StoreAccess.KafkaVariable} is set");
        var refused = Should.Throw<BadInputException>(
            () => CollectOptions.Read(
                null, "t", [], ["http://a"], [], PoolArguments.None, [], null, isNow: false, null, isJson: false, data: null, TimeProvider.System));
        refused.Faults.ShouldBe(["no broker: expected --bootstrap HOST:PORT, or DMM_KAFKA in the environment"]);
    }

    private static void Apply(OrderBook book, Input input)
    {
        if (input.Kind == InputKind.Book) book.Apply(input.Book);
    }

    private static string Text(OrderBook book)
    {
        var levels = new BookLevel[100_000];
        string Levels(Side side) => string.Join(' ', levels[..book.CopyLevels(side, levels)].Select(l => $"{l.PriceTicks}×{l.SizeLots}"));
        return $"{book.Status} {book.Top.LastUpdateId} {book.Counters.Deltas} deltas | {Levels(Side.Buy)} | {Levels(Side.Sell)}";
    }

    private static (Instrument, IVenueDialect) Exchange(string kind)
    {
        const string Key = "key", Secret = "secret", Phrase = "phrase";
        var dct = new Instrument
        {
            Id = new(0), Venue = kind, Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
        };
        switch (kind)
        {
            case "okx":
                dct = dct with { Symbol = "DCT-USDT" };
                return (dct, new OkxDialect([dct], new(Key, Secret), Phrase));
            case "bybit-spot":
                return (dct with { SequenceRule = BookSequenceRule.RisingId }, new BybitDialect("spot", Key, Secret));
            case "gateio-spot":
                dct = dct with
                {
                    Symbol = "DCT_USDT", SequenceRule = BookSequenceRule.ContiguousRange, Sizes = new(0.000001m), OrderStepLots = 100_000,
                };
                return (dct, new GateioDialect(GateioProduct.Spot, [dct], new(Key, Secret)));
            default:
                var btc = BinanceInstruments.BuiltIn(BinanceMarket.Spot, "BTCUSDT", new(0));
                return (btc, new BinanceDialect(BinanceMarket.Spot, [btc]));
        }
    }

    private Task<CommandRun> CollectAsync(string topic, string file) => CommandRun.Of(
        "collect", "--bootstrap", cluster.Bootstrap, "--topic", topic, "--capture", file, "--venue", Venue, "--symbol", Symbol,
        "--speed", "max", "--json");

    private static long Records(CommandRun run) => run.Json.GetProperty("records").GetInt64();
}
