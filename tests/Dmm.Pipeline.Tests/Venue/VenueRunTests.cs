using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Venue;
using Dmm.Simulation;
using Dmm.Sinks;
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
    public async Task WrongKey_IsToldBeforeAnythingIsTraded()
    {
        await using var server = await StartAsync();
        var refused = await Should.ThrowAsync<BadInputException>(() => RunAsync(server.Url, new("ann", "another secret")));
        refused.Message.ShouldContain("does not give its balances");
    }

    private static Task<VenueServer> StartAsync() => VenueServer.StartAsync(
        new VenueSettings { Seed = 7, Scenario = MarketScenarios.Calm, Credentials = VenueDesk.Credentials, Port = 0 }, TimeProvider.System);

    private static async Task<HmacVenueRest> RestAsync(HttpClient client, Uri url)
    {
        var options = Options(url, VenueDesk.Credentials);
        var listing = VenueDesk.Value(await HmacVenueRest.FetchInstrumentsAsync(client, options, TimeProvider.System, default));
        return new(client, options, new("hmac", HmacVenueInstruments.Parse("hmac", listing).Instruments), TimeProvider.System);
    }

    private static HmacVenueOptions Options(Uri url, HmacCredentials credentials) =>
        new HmacVenueOptions { Venue = "hmac", BaseUrl = url, Credentials = credentials }.Checked();

    private async Task<(int ExitCode, string Output)> RunAsync(Uri url, HmacCredentials credentials)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null);
        var options = RunOptions.Read("1", "calm", "1", "1s", _folder["data"], log: null, isPlain: false, isJson: true);
        var exitCode = await new VenueRun(options, Options(url, credentials), StoreAccess.Embedded, terminal, TimeProvider.System)
            .RunAsync(CancellationToken.None);
        return (exitCode, output.ToString());
    }

    private static OrderIntent Order(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 9_000, SizeLots = 100, IsPostOnly = true,
    };
}
