using System.IO.Compression;
using System.Text.Json;
using Dmm.Pipeline.Incidents;
using Dmm.Pipeline.Tests.Commands;

namespace Dmm.Pipeline.Tests.Incidents;

public sealed class WhatIfTests(RecordedIncident incident) : IClassFixture<RecordedIncident>
{
    private static readonly string[] Range = ["--from", "12:00:10", "--to", "12:03:00"];

    [Fact]
    public async Task HigherRiskAversion_WidensQuotesAndLeavesInputs()
    {
        var run = await Replay("--what-if", "gamma=1", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        var (recorded, changed) = (run.Json.GetProperty("recorded"), run.Json.GetProperty("whatIf").GetProperty("figures"));
        Number(changed, "halfSpreadMeanBps").ShouldBeGreaterThan(Number(recorded, "halfSpreadMeanBps") * 1.2);
        Number(changed, "fills").ShouldBe(Number(recorded, "fills"));
        Number(changed, "volatilityMeanBps").ShouldBe(Number(recorded, "volatilityMeanBps"), 1e-6);
        run.Json.GetProperty("whatIf").GetProperty("failure").ValueKind.ShouldBe(JsonValueKind.Null);
        run.Json.GetProperty("whatIf").GetProperty("changes").GetString().ShouldBe("quote.riskAversion = 1");
    }

    [Fact]
    public async Task UnchangedParameters_QuoteAsWasRecorded()
    {
        var run = await Replay("--what-if", "gamma=1", "--json");

        var (recorded, unchanged) = (run.Json.GetProperty("recorded"), run.Json.GetProperty("unchanged"));
        foreach (var figure in (string[])["quotes", "quotesCut", "halfSpreadMeanBps", "fills", "stateChanges", "breakerTrips"])
            unchanged.GetProperty(figure).GetRawText().ShouldBe(recorded.GetProperty(figure).GetRawText(), figure);
        // An order that is placed at the very instant of a quote hides its own place in the book a little sooner or later: the quotes of the second
        // market that follow the first one's placements at once, five of the 502 here, are off by a tick at most.
        Number(unchanged, "spreadMeanBps").ShouldBe(Number(recorded, "spreadMeanBps"), 1e-3);
    }

    [Fact]
    public async Task ShadowRun_TriedWithItsOwnParametersIsTheRecord()
    {
        var capture = Path.Combine(Directory.CreateDirectory(_out).FullName, "traded.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(capture), CompressionLevel.Fastest)))
            foreach (var line in TradedCapture.Lines()) await writer.WriteLineAsync(line);
        var recorded = await CommandRun.Of("replay", "--capture", capture, "--venue", "binance-usdm", "--symbol", "BTCUSDT", "--shadow",
            "--out", Path.Combine(_out, "run"), "--log", Path.Combine(_out, "run.log"));
        recorded.ExitCode.ShouldBe(0, recorded.Error);

        var run = await CommandRun.Of(
            "replay", "--journal", Path.Combine(_out, "run/journal"), "--what-if", "gamma=0.1", "--out", _out, "--verify", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("recorded").GetProperty("ordersPlaced").GetInt64().ShouldBePositive();
        run.Json.GetProperty("whatIf").GetProperty("figures").GetRawText().ShouldBe(run.Json.GetProperty("recorded").GetRawText());
        run.Json.GetProperty("unchanged").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task SeveralChanges_AreAllInForceAndOutliveTheChangeOfParametersInTheRecord()
    {
        var run = await Replay("--what-if", "quote.floorOverFeesBps=90", "--what-if", "quote.levelMultiples=1, 2, 3", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        // Fees both ways are 4 bps, on the pool the gas cushion 3 bps: from the start to the end of the range the floor is what was asked for.
        Number(run.Json.GetProperty("whatIf").GetProperty("figures"), "spreadMeanBps").ShouldBeInRange(90, 100);
    }

    [Fact]
    public async Task WhatItCannotTell_IsSaid()
    {
        var run = await Replay("--what-if", "gamma=1");

        run.Output.ShouldContain("Fills stay as they were");
        run.Output.ShouldContain("same rules, unchanged");
        var page = await File.ReadAllTextAsync(Path.Combine(_out, "report.html"), TestContext.Current.CancellationToken);
        page.ShouldContain("would have made of this course.");
        page.ShouldContain("<h3>what if quote.riskAversion = 1</h3>");
    }

    [Fact]
    public async Task BadChanges_AreAllListedWithNearMatches()
    {
        var run = await Replay("--what-if", "gama=1", "--what-if", "quote.skewBp=1", "--what-if", "kappa=many", "--what-if", "nonsense");

        run.ExitCode.ShouldBe(2);
        run.Error.Trim().Split('\n').Length.ShouldBe(4);
        run.Error.ShouldContain("unknown parameter 'gama': did you mean gamma?");
        run.Error.ShouldContain("unknown parameter 'quote.skewBp': did you mean quote.skewBps");
        run.Error.ShouldContain("quote.arrivalSensitivity = 'many': expected a number");
        run.Error.ShouldContain("--what-if 'nonsense' cannot be read: expected PATH=VALUE");
    }

    [Fact]
    public async Task ValueOutOfRange_IsRefusedByName()
    {
        var run = await Replay("--what-if", "gamma=99");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("riskAversion = 99: expected 0.001 to 10");
        Directory.Exists(_out).ShouldBeFalse();
    }

    [Theory]
    [InlineData("gamma", "quote.riskAversion")]
    [InlineData("kappa", "quote.arrivalSensitivity")]
    [InlineData("drawdownLimit", "breakers.drawdownLimit")]
    [InlineData("venues.sim.makerFeeBps", "venues.sim.makerFeeBps")]
    public void ShortName_IsTheOneParameterThatHasIt(string name, string path) => ParameterNames.Resolve(name).ShouldBe(path);

    private readonly string _out = incident.Folder($"what-if-{Guid.NewGuid():N}");

    private Task<CommandRun> Replay(params string[] more) =>
        CommandRun.Of(["replay", "--journal", incident.Journal, "--out", _out, .. Range, .. more]);

    private static double Number(JsonElement figures, string name) => figures.GetProperty(name).GetDouble();
}
