using System.Text.Json;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary><c>dmm simulate compare</c> from the shell's point of view.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private static readonly string[] Small = ["--skew", "one-sided,shift", "--scenario", "calm", "--seeds", "2", "--duration", "2m"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Json_HasEveryFigureOfEveryVariant()
    {
        var run = await Compare([.. Small, "--first-seed", "7", "--model", "as,glft", "--opening-inventory", "0.5", "--json"]);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.TrimEnd('\n').ShouldNotContain('\n');
        run.Json.EnumerateObject().Select(m => m.Name)
            .ShouldBe(["source", "firstSeed", "seeds", "durationSeconds", "openingInventoryRatio", "baseline", "markets"]);
        (run.Json.GetProperty("source").GetString(), run.Json.GetProperty("firstSeed").GetInt64(), run.Json.GetProperty("seeds").GetInt32(),
            run.Json.GetProperty("durationSeconds").GetDouble(), run.Json.GetProperty("openingInventoryRatio").GetDouble(),
            run.Json.GetProperty("baseline").GetString()).ShouldBe(("generated", 7, 2, 120, 0.5, "as one-sided"));
        var market = run.Json.GetProperty("markets").EnumerateArray().ShouldHaveSingleItem();
        market.EnumerateObject().Select(m => m.Name).ShouldBe(["market", "arrivalRate", "arrivalSensitivity", "variants"]);
        var variants = market.GetProperty("variants").EnumerateArray().ToArray();
        variants.Select(v => v.GetProperty("variant").GetString()).ShouldBe(["as one-sided", "as shift", "glft one-sided", "glft shift"]);
        variants[3].EnumerateObject().Select(m => m.Name).ShouldBe(
        [
            "variant", "model", "skew", "pnl", "inventoryVariance", "inventoryRatioMax", "drawdown", "realisedSpreadBps", "fillRatio", "fills",
            "volume",
            "haltedShare", "restrainedShare",
        ]);
        var inventory = variants[3].GetProperty("inventoryVariance");
        inventory.GetProperty("value").EnumerateObject().Select(m => m.Name).ShouldBe(["mean", "standardError", "count"]);
        inventory.GetProperty("difference").EnumerateObject().Select(m => m.Name).ShouldBe(["mean", "standardError", "count", "isCalled"]);
        var furthest = variants[0].GetProperty("inventoryRatioMax");
        furthest.GetProperty("value").GetProperty("mean").GetDouble().ShouldBeInRange(0.5, 0.52);
        furthest.GetProperty("difference").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task SameSeeds_GiveTheSameText_OnAnyNumberOfThreads() =>
        (await Compare([.. Small, "--json", "--threads", "1"])).ShouldBe(await Compare([.. Small, "--json", "--threads", "4"]));

    [Fact]
    public async Task TableAndMarkdown_SayWhatWasRun()
    {
        var table = await Compare(Small);
        table.ExitCode.ShouldBe(0, table.Error);
        table.Output.ShouldContain("Generated markets: 2 seeds from 1 on, 2 minutes each, opened at the target.");
        table.Output.ShouldContain("realised spread");
        table.Output.ShouldContain("±");
        table.Output.Split('\n').Count(line => line.Contains("difference", StringComparison.Ordinal) && line.StartsWith('│')).ShouldBe(1);

        var markdown = await Compare([.. Small, "--markdown"]);
        var rows = markdown.Output.Split('\n').Where(line => line.StartsWith('|')).ToArray();
        rows.Length.ShouldBe(5);
        rows.Select(row => row.Count(c => c == '|')).Distinct().ShouldHaveSingleItem();
        rows[2].ShouldStartWith("| as one-sided | ");
    }

    [Fact]
    public async Task Capture_IsTradedByEachVariant()
    {
        var run = await Compare("--capture", Capture(), "--venue", "binance-usdm", "--symbol", "BTCUSDT", "--skew", "one-sided,widen", "--json");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.EnumerateObject().Select(m => m.Name).ShouldBe(["source", "baseline", "markets"]);
        var market = run.Json.GetProperty("markets").EnumerateArray().ShouldHaveSingleItem();
        (market.GetProperty("market").GetString(), market.GetProperty("arrivalRate").ValueKind)
            .ShouldBe(("binance-usdm:BTCUSDT", JsonValueKind.Null));
        var fills = market.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("fills").GetProperty("value")).ToArray();
        fills.Length.ShouldBe(2);
        fills.ShouldAllBe(f => f.GetProperty("mean").GetDouble() > 0 && f.GetProperty("standardError").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task CaptureWithoutTops_CannotBeFitted()
    {
        var run = await Compare("--capture", Capture(), "--venue", "binance-usdm", "--symbol", "BTCUSDT", "--model", "glft");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("A and κ cannot be fitted: too little was traded away from the mid");
    }

    [Fact]
    public async Task BadOptions_AreAllTold()
    {
        var run = await Compare(
            "--skew", "sideways,shift,shift", "--model", "", "--scenario", "calm,stormy", "--seeds", "many", "--first-seed", "1.5", "--duration",
            "soon",
            "--opening-inventory", "2", "--threads", "0", "--json", "--markdown");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.TrimEnd().Split('\n').ShouldBe(
        [
            "--skew 'sideways' is not known: expected some of as-written, shift, one-sided, widen",
            "--skew names 'shift' 2 times: expected each once",
            "--model names nothing: expected some of as, as-fitted, glft",
            "--scenario 'stormy' is not known: expected some of calm, trending, toxic, volatile, thin, gas-spike, lively, parting, two-pools",
            "--seeds 'many': expected a whole number from 2 to 10000",
            "--first-seed '1.5': expected a whole number from -1000000000000 to 1000000000000",
            "--duration 'soon' is no length of time: expected a length of time above zero, such as 30s, 10m, 1.5h or 2d",
            "--opening-inventory '2': expected a number from 0 to 1, in units of the soft limit",
            "--threads '0': expected a whole number from 1 to 1024",
            "--json and --markdown are two forms of one result: expected one of them",
        ]);
    }

    [Fact]
    public async Task CaptureWithOptionsOfGeneratedMarkets_IsRefusedWithItsOwnFaults()
    {
        var run = await Compare("--capture", _scratch["none.gz"], "--venue", "nowhere", "--symbol", "X", "--seeds", "3", "--duration", "1m");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--seeds is of generated markets: expected no --capture beside it");
        run.Error.ShouldContain("--duration is of generated markets: expected no --capture beside it");
        run.Error.ShouldContain("unknown venue 'nowhere'");
        run.Error.ShouldContain("none.gz does not exist");
    }

    private static Task<CommandRun> Compare(params string[] options) => CommandRun.Of(["simulate", "compare", .. options]);

    private string Capture() => _scratch.WriteGzip("traded.gz", TradedCapture.Lines());
}
