using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Replay;
using Dmm.Sources.Journal;
using Dmm.Testing;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary>The commands on the recorded frames of three venues; skipped where those are absent.</summary>
public sealed class RecordedCaptureTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("binance-spot", "BTCUSDT", 1_072, "spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz")]
    [InlineData("binance-coinm", "BTCUSD_PERP", 1_124, "cm_btcusd_perp_20240808.gz")]
    public async Task BuiltBook_EqualsTheVenuesOwnTop(string venue, string symbol, long comparable, params string[] files)
    {
        var run = await CommandRun.Of([.. Arguments(string.Join(',', files.Select(File)), venue, symbol), "--json"]);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("oracleChecked").GetInt64().ShouldBe(comparable);
        run.Json.GetProperty("oracleMatched").GetInt64().ShouldBe(comparable);
        run.Json.GetProperty("gaps").GetInt64().ShouldBe(0);
        run.Json.GetProperty("rejected").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("BTC-USDT", 98)]
    [InlineData("UNI-USD-SWAP", 93)]
    [InlineData("BTC-USD-220527", 99)]
    public async Task OkxBook_MatchesEveryChecksum(string symbol, long bookEvents)
    {
        string Okx(string name) => SharedData.SkipUnlessPresent("data", "okx", name);
        var run = await CommandRun.Of([.. Arguments($"{Okx("OKX.0.gz")},{Okx("OKX.ws.1.0.gz")}", "okx", symbol), "--json"]);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("bookEvents").GetInt64().ShouldBe(bookEvents);
        run.Json.GetProperty("books")[0].GetProperty("checksumMismatches").GetInt64().ShouldBe(0);
        run.Json.GetProperty("books")[0].GetProperty("isValid").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Journal_IsVerifiedAndExplained()
    {
        var plain = await CommandRun.Of([.. UsdMargined(), "--json"]);
        var recorded = await CommandRun.Of([.. UsdMargined(), "--json", "--out", _folder["out"]]);
        var verified = await CommandRun.Of("replay", "--journal", _folder["out/journal"], "--verify", "--json");
        var explained = await CommandRun.Of("explain", "--journal", _folder["out/journal"], "--seq", "50000");

        plain.Json.GetProperty("oracleChecked").GetInt64().ShouldBe(629);
        plain.Json.GetProperty("oracleMatched").GetInt64().ShouldBe(629);
        recorded.Json.GetProperty("decisionsSha256").GetString().ShouldBe(plain.Json.GetProperty("decisionsSha256").GetString());
        verified.ExitCode.ShouldBe(0, verified.Output);
        verified.Json.GetProperty("identical").GetInt64().ShouldBe(plain.Json.GetProperty("decisions").GetInt64());
        verified.Json.GetProperty("decisionsSha256").GetString().ShouldBe(plain.Json.GetProperty("decisionsSha256").GetString());
        explained.Output.ShouldContain("half-spread δ");
    }

    [Fact]
    public async Task MergedCaptures_SplitAtASnapshot_DecideTheSame()
    {
        var selection = CaptureSelection.Read(
            [File("spot_btcusdt_20240808.gz"), File("usdm_btcusdt_20240808.gz"), File("cm_btcusd_perp_20240808.gz")],
            ["binance-spot", "binance-usdm", "binance-coinm"], ["BTCUSDT", "BTCUSDT", "BTCUSD_PERP"]);
        using var log = RunLog.Open(_folder["run.log"]);

        var whole = new CaptureReplay(selection, trading: null, log).Run(outputDirectory: null, _ => { });
        await Task.Yield();

        whole.IsSound.ShouldBeTrue();
        whole.Books.Length.ShouldBe(3);
        Drive(selection, splitAt: whole.Inputs / 2).ShouldBe(whole.DecisionsSha256);
    }

    [Fact]
    public void InBurstsOrWithTicksBetween_DecidesTheSame()
    {
        var selection = CaptureSelection.Read([File("usdm_btcusdt_20240808.gz")], ["binance-usdm"], ["BTCUSDT"]);
        var bursts = Drive(selection);
        Drive(selection, tick: TimeSpan.FromMilliseconds(1)).ShouldBe(bursts);
        Drive(selection, tick: TimeSpan.FromSeconds(1)).ShouldBe(bursts);
    }

    [Fact]
    public async Task DeletedDelta_IsOneGapAndEndsQuoting()
    {
        var lines = ScratchFolder.ReadGzip(File("usdm_btcusdt_20240808.gz")).ToList();
        lines.RemoveAt(lines.FindIndex(lines.Count / 2, line => line.Contains("depthUpdate", StringComparison.Ordinal)));
        var capture = _folder.WriteGzip("gap.gz", lines);

        var json = await CommandRun.Of([.. Arguments(capture, "binance-usdm", "BTCUSDT"), "--json", "--out", _folder["out"]]);

        json.ExitCode.ShouldBe(0, json.Error);
        json.Json.GetProperty("gaps").GetInt64().ShouldBe(1);
        json.Json.GetProperty("resyncs").GetInt64().ShouldBe(0);
        var book = json.Json.GetProperty("books")[0];
        book.GetProperty("isValid").GetBoolean().ShouldBeFalse();
        book.GetProperty("notice").GetString()!.ShouldEndWith("after a gap; quoting stayed off");
        var since = Timestamp.From(book.GetProperty("invalidSince").GetDateTimeOffset());
        var quotes = new SegmentJournalReader(_folder["out/journal"]).DecisionsFrom(1).Where(d => d.Body is QuoteTarget { Bids.IsEmpty: false })
            .ToArray();
        quotes.Length.ShouldBeGreaterThan(100);
        quotes[^1].Cause.At.ShouldBeLessThanOrEqualTo(since);
    }

    /// <summary>The digest of a run: inputs one upon the other, unless the clock is moved by ticks between them; from a snapshot on after some of them.</summary>
    private static string Drive(CaptureSelection selection, long? splitAt = null, TimeSpan? tick = null)
    {
        var instruments = selection.Instruments;
        var topology = Configurations.Topology(instruments, Configurations.Parameters(instruments), TradingMode.Shadow);
        var digest = new DigestLog(instruments);
        using var reading = new CaptureReading(selection);
        var engine = new Engine(topology, EngineStart.Fresh(selection.FirstReceiveTime - Timestamp.Unit), digest);
        for (var taken = 0L; reading.Inputs.TryRead(out var input, out var receiveTime); taken++)
        {
            for (; tick is { } step && engine.Time + step < receiveTime;) engine.AdvanceTo(engine.Time + step);
            if (taken == splitAt)
            {
                var snapshot = engine.Capture();
                engine.Dispose();
                engine = new Engine(topology, snapshot, digest);
            }

            engine.Take(receiveTime, input);
        }

        engine.Dispose();
        return digest.Digest.Current();
    }

    private string[] UsdMargined() => Arguments(File("usdm_btcusdt_20240808.gz"), "binance-usdm", "BTCUSDT");

    private string[] Arguments(string capture, string venue, string symbol) =>
        ["replay", "--capture", capture, "--venue", venue, "--symbol", symbol, "--log", _folder["run.log"]];

    private static string File(string name) => SharedData.SkipUnlessPresent("data", "binance", name);

    private sealed class DigestLog(InstrumentCatalog instruments) : IEngineLog
    {
        public DecisionDigest Digest { get; } = new(instruments);

        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
        {
        }

        public void OnDecision(in Decision decision) => Digest.OnDecision(decision);
    }
}
