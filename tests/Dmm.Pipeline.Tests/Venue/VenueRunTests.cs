using System.Collections.Immutable;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Driving;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Venue;
using Dmm.Simulation;
using Dmm.Sinks;
using Dmm.Sources.Journal;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary>The whole of <c>dmm run --venue</c> against a served venue, in real time: a second each, before volatility is warm.</summary>
public sealed class VenueRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OrdersOfAnEarlierRun_AreCancelledAndOthersLeftAlone()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();
        var rest = await RestAsync(client, server.Url);
        foreach (var id in (string[])["dlivex1x1", "dlivex1x2", "someoneelse1"]) VenueDesk.Value(await rest.SubmitOrderAsync(Order(id), default));

        var (exitCode, output) = await RunAsync(server.Url, VenueDesk.Credentials);

        exitCode.ShouldBe(0, output);
        JsonDocument.Parse(output).RootElement.GetProperty("leftoversCancelled").GetInt32().ShouldBe(2);
        VenueDesk.Value(await rest.FetchOpenOrdersAsync("", default)).Orders.ShouldHaveSingleItem().ClientOrderId.ShouldBe("someoneelse1");
    }

    [Fact]
    public async Task Journal_GivesTheSameDecisionsAgain()
    {
        await using var server = await StartAsync();
        var (_, output) = await RunAsync(server.Url, VenueDesk.Credentials);
        var run = JsonDocument.Parse(output).RootElement;
        var verified = await CommandRun.Of("replay", "--journal", run.GetProperty("journal").GetString()!, "--verify", "--json");
        verified.ExitCode.ShouldBe(0, verified.Error + verified.Output);
        verified.Json.GetProperty("decisionsSha256").GetString().ShouldBe(run.GetProperty("decisionsSha256").GetString());
    }

    [Fact]
    public async Task WallClockSteppingBackAndForth_EngineTimeRunsEvenly()
    {
        await using var server = await StartAsync();
        var stepping = new SteppingClock(TimeProvider.System, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(300));
        var (exitCode, output) = await RunAsync(server.Url, VenueDesk.Credentials, "3s", new SteadyTimeProvider(stepping));
        exitCode.ShouldBe(0, output);
        stepping.Steps.ShouldBeGreaterThan(5, "the clock must have stepped for this to prove anything");
        var records = new SegmentJournalReader(JsonDocument.Parse(output).RootElement.GetProperty("journal").GetString()!).InputsFrom(0L).ToArray();
        // From the driver's first tick on: what comes before is stamped as the account is read. A step is 5 s; a busy machine pauses for less.
        var driven = records.SkipWhile(r => r.Kind != JournalRecordKind.Clock).ToArray();
        driven.Zip(driven.Skip(1), (one, next) => next.Stamp.At - one.Stamp.At).ShouldAllBe(gap => gap >= TimeSpan.Zero && gap < TimeSpan.FromSeconds(4));
        (driven[^1].Stamp.At - driven[0].Stamp.At).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        records.Where(r => r.Kind == JournalRecordKind.Input && r.Input.Kind == InputKind.Control).Select(r => r.Input.Control).OfType<ClockOffset>()
            .ShouldAllBe(o => o.Offset.Duration() < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task TwoVenues_AreOneDeskThatOpensAndSweepsBoth()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        using var client = new HttpClient();
        foreach (var url in (Uri[])[first.Url, second.Url])
            VenueDesk.Value(await (await RestAsync(client, url)).SubmitOrderAsync(Order("dlivex1x1"), default));

        var (exitCode, output) = await RunAsync([Options(first.Url, VenueDesk.Credentials, "one"), Options(second.Url, VenueDesk.Credentials, "two")], "2s");

        exitCode.ShouldBe(0, output);
        var run = JsonDocument.Parse(output).RootElement;
        run.GetProperty("leftoversCancelled").GetInt32().ShouldBe(2);
        var journal = run.GetProperty("journal").GetString()!;
        var reader = new SegmentJournalReader(journal);
        var header = reader.Runs().Single();
        header.Instruments.All.Select(i => i.Name).ShouldBe(["one:DCT-USDT", "two:DCT-USDT"]);
        header.Parameters.Inventory.Starting.ShouldBe(10_000m);
        var controls = reader.InputsFrom(0L).Where(r => r is { Kind: JournalRecordKind.Input, Input.Kind: InputKind.Control })
            .Select(r => r.Input.Control).ToArray();
        foreach (var venue in (string[])["one", "two"])
        {
            controls.OfType<FeedStatus>().Where(s => s.Venue == venue).ShouldHaveSingleItem().State.ShouldBe(FeedState.Connected);
            controls.OfType<AdapterStatus>().Where(s => s.Venue == venue).Select(s => s.AcceptsOrders).ShouldBe([false, true, false]);
        }

        (await CommandRun.Of("replay", "--journal", journal, "--verify", "--json")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task WrongKey_IsToldBeforeAnythingIsTraded()
    {
        await using var server = await StartAsync();
        var refused = await Should.ThrowAsync<BadInputException>(() => RunAsync(server.Url, new("ann", "another secret")));
        refused.Message.ShouldContain("does not give its balances");
    }

    private static Task<VenueServer> StartAsync() => VenueServer.StartAsync(
        new VenueSettings { Seed = 7, Scenario = MarketScenarios.Calm, Credentials = VenueDesk.Credentials, Port = 0 }, TimeProvider.System);

    private static async Task<HmacVenueOrders> RestAsync(HttpClient client, Uri url)
    {
        var options = Options(url, VenueDesk.Credentials);
        var listing = VenueDesk.Value(await HmacVenueOrders.FetchInstrumentsAsync(client, options, TimeProvider.System, default));
        return new(client, options, new("hmac", HmacVenueInstruments.Parse("hmac", listing).Instruments), TimeProvider.System);
    }

    private static HmacVenueOptions Options(Uri url, HmacCredentials credentials, string name = "hmac") =>
        new HmacVenueOptions { Venue = name, BaseUrl = url, Credentials = credentials }.Checked();

    private Task<(int ExitCode, string Output)> RunAsync(Uri url, HmacCredentials credentials, string duration = "1s", TimeProvider? time = null) =>
        RunAsync([Options(url, credentials)], duration, time);

    private async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<HmacVenueOptions> venues, string duration, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null);
        var options = RunOptions.Read("1", "calm", "1", duration, _folder["data"], log: null, isPlain: false, isJson: true);
        ImmutableArray<IConnection> connections = [.. venues.Select(venue => new HmacConnection(venue, clock))];
        var exitCode = await new VenueRun(options, connections, [], StoreAccess.Embedded, terminal, clock).RunAsync(CancellationToken.None);
        return (exitCode, output.ToString());
    }

    /// <summary>A wall clock that somebody sets back and forth, again and again.</summary>
    private sealed class SteppingClock(TimeProvider real, TimeSpan step, TimeSpan every) : TimeProvider
    {
        private readonly long _began = real.GetTimestamp();

        public long Steps => real.GetElapsedTime(_began).Ticks / every.Ticks;

        public override long TimestampFrequency => real.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + ((Steps + 1) % 3 - 1) * step;

        public override long GetTimestamp() => real.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            real.CreateTimer(callback, state, dueTime, period);
    }

    private static OrderIntent Order(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 9_000, SizeLots = 100, IsPostOnly = true,
    };
}
