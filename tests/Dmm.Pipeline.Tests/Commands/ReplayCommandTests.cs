namespace Dmm.Pipeline.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SoundCapture_TellsWhatWasReadCheckedAndDecided()
    {
        var run = await Replay(SmallCapture.Lines(), "--json");

        run.ExitCode.ShouldBe(0);
        run.Json.GetProperty("frames").GetInt64().ShouldBe(12);
        run.Json.GetProperty("rejected").GetInt64().ShouldBe(0);
        run.Json.GetProperty("bookEvents").GetInt64().ShouldBe(6);
        run.Json.GetProperty("oracleChecked").GetInt64().ShouldBe(3);
        run.Json.GetProperty("oracleMatched").GetInt64().ShouldBe(3);
        run.Json.GetProperty("gaps").GetInt64().ShouldBe(0);
        run.Json.GetProperty("resyncs").GetInt64().ShouldBe(0);
        run.Json.GetProperty("quotes").GetInt64().ShouldBeGreaterThan(0);
        run.Json.GetProperty("decisionsSha256").GetString()!.Length.ShouldBe(64);
        run.Json.GetProperty("books")[0].GetProperty("isValid").GetBoolean().ShouldBeTrue();
        run.Output.Trim().ShouldNotContain('\n');
    }

    [Fact]
    public async Task TopThatTheBookDoesNotShow_FailsTheCheck()
    {
        var lines = SmallCapture.Lines();
        lines[SmallCapture.SecondTop] = lines[SmallCapture.SecondTop].Replace("1.500", "1.600");

        var run = await Replay(lines);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("The built book differs from the venue's own top in 1 of 3 checks.");
    }

    [Fact]
    public async Task MissingDelta_IsOneGapAndSaidInASentence()
    {
        var lines = SmallCapture.Lines().Where((_, i) => i != SmallCapture.SecondDelta).ToArray();

        var run = await Replay(lines);

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain(
            "The book of binance-usdm:BTCUSDT has been invalid since 2024-08-08T23:54:17.0000000Z after a gap; quoting stayed off.");
        var json = (await Replay(lines, "--json")).Json;
        json.GetProperty("gaps").GetInt64().ShouldBe(1);
        json.GetProperty("oracleChecked").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task SeveralFaults_AreAllTold()
    {
        var capture = _folder.WriteGzip("small.gz", SmallCapture.Lines());

        var run = await CommandRun.Of(
            "replay", "--capture", capture, "--venue", "binance-usdm", "--symbol", "ETHUSDT", "--capture", "absent.gz", "--venue", "nowhere");

        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("--capture is given 2, --venue 2 and --symbol 1 times");
        run.Error.ShouldContain("unknown venue 'nowhere': known are binance-spot, binance-usdm, binance-coinm, okx");
        run.Error.ShouldContain("capture absent.gz does not exist");
        run.Error.ShouldContain("unknown symbol 'ETHUSDT' at binance-usdm: known without an exchangeInfo reply is BTCUSDT");
    }

    [Fact]
    public async Task CaptureOfAnotherSymbol_IsRefusedNamingBoth()
    {
        var run = await Replay(SmallCapture.Lines("ETHUSDT")[1..]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("the capture holds no message of BTCUSDT: it holds ETHUSDT");
    }

    [Fact]
    public async Task UnknownOption_IsBadInput() => (await CommandRun.Of("replay", "--speed", "2")).ExitCode.ShouldBe(2);

    [Fact]
    public async Task FilesOfOneFeed_AreOneRecording()
    {
        var lines = SmallCapture.Lines();
        var whole = await Replay(lines, "--json");
        var first = _folder.WriteGzip("first.gz", lines[..6]);
        var second = _folder.WriteGzip("second.gz", lines[6..]);

        var joined = await CommandRun.Of(Arguments($"{first},{second}", "--json"));
        var repeated = await CommandRun.Of([.. Arguments(first, "--json"), "--capture", second, "--venue", "binance-usdm", "--symbol", "BTCUSDT"]);

        joined.Json.GetProperty("frames").GetInt64().ShouldBe(12);
        joined.Json.GetProperty("oracleMatched").GetInt64().ShouldBe(3);
        repeated.Json.GetProperty("decisionsSha256").GetString().ShouldBe(joined.Json.GetProperty("decisionsSha256").GetString());
        joined.Json.GetProperty("quotes").GetInt64().ShouldBe(whole.Json.GetProperty("quotes").GetInt64());
    }

    [Fact]
    public async Task Log_HoldsStartRefusalsAndEnd()
    {
        var run = await Replay([.. SmallCapture.Lines(), "1723161261500000000 {\"stream\":"]);

        run.ExitCode.ShouldBe(0);
        var log = await File.ReadAllLinesAsync(_folder["run.log"]);
        log[0].ShouldContain("\"Command\":\"replay\"");
        log.Where(line => line.Contains("message refused", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("small.gz line 13");
        log[^1].ShouldContain("\"Frames\":13,\"Rejected\":1");
    }

    [Fact]
    public async Task Out_GetsAPictureAndAJournal_OnceOnly()
    {
        var run = await Replay(SmallCapture.Lines(), "--out", _folder["out"], "--json");
        var again = await Replay(SmallCapture.Lines(), "--out", _folder["out"]);

        run.ExitCode.ShouldBe(0);
        new FileInfo(_folder["out/quotes.png"]).Length.ShouldBeGreaterThan(1_000);
        var decisions = Directory.GetFiles(_folder["out/journal"], "decisions-*.jsonl").ShouldHaveSingleItem();
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(decisions)))
            .ShouldBe(run.Json.GetProperty("decisionsSha256").GetString());
        (await Replay(SmallCapture.Lines(), "--json")).Json.GetProperty("decisionsSha256").GetString()
            .ShouldBe(run.Json.GetProperty("decisionsSha256").GetString());
        again.ExitCode.ShouldBe(2);
        again.Error.ShouldContain("holds a journal already");
    }

    private Task<CommandRun> Replay(IEnumerable<string> lines, params string[] more) =>
        CommandRun.Of(Arguments(_folder.WriteGzip("small.gz", lines), more));

    private string[] Arguments(string capture, params string[] more) =>
        ["replay", "--capture", capture, "--venue", "binance-usdm", "--symbol", "BTCUSDT", "--log", _folder["run.log"], .. more];
}
