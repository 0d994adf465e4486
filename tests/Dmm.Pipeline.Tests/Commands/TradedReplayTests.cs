using System.Text.Json;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sources.Journal;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary><c>dmm replay --capture</c> as it trades.</summary>
public sealed class TradedReplayTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TradesBeyondOurQuotes_FillThemUpToTheirSize()
    {
        var run = await Replay("--json", "--out", _folder["out"]);

        run.ExitCode.ShouldBe(0, run.Error);
        var fills = Fills(_folder["out/journal"]);
        fills.Where(f => f.Side == Core.Side.Buy).Sum(f => f.Quantity).ShouldBe(0.5m);
        fills.Where(f => f.Side == Core.Side.Sell).Sum(f => f.Quantity).ShouldBe(0.4m);
        run.Json.GetProperty("isShadow").GetBoolean().ShouldBeFalse();
        run.Json.GetProperty("fills").GetInt64().ShouldBe(fills.Count);
        var reasons = run.Json.GetProperty("fillReasons");
        (reasons.GetProperty("through").GetInt64(), reasons.GetProperty("total").GetInt64()).ShouldBe((fills.Count, fills.Count));
        (reasons.GetProperty("queue").GetInt64(), reasons.GetProperty("crossed").GetInt64(), reasons.GetProperty("taken").GetInt64()).ShouldBe((0, 0, 0));
        run.Json.GetProperty("inventoryMax").GetDecimal().ShouldBe(0.5m);
        run.Json.GetProperty("inventoryEnd").GetDecimal().ShouldBe(0.1m);
        run.Json.GetProperty("fees").GetDecimal().ShouldBe(0);
        run.Json.GetProperty("fillRatio").GetDouble().ShouldBeInRange(0.1, 1);
        run.Json.GetProperty("drawdown").GetDecimal().ShouldBe(0);
    }

    [Fact]
    public async Task ProfitAndMarkouts_AreThoseOfTheFills()
    {
        var run = await Replay("--json", "--out", _folder["out"]);

        const decimal Mid = 61_800.05m;
        var ledger = new HandLedger(new([Wire.BinanceInstruments.BuiltIn(Wire.BinanceMarket.UsdMargined, "BTCUSDT", new(0))]));
        var fills = Fills(_folder["out/journal"]);
        foreach (var fill in fills) ledger.Add(fill);
        run.Json.GetProperty("orderFlowPnl").GetDecimal().ShouldBe(ledger.Profit(Mid));
        (run.Json.GetProperty("realisedPnl").GetDecimal() + run.Json.GetProperty("unrealisedPnl").GetDecimal()).ShouldBe(ledger.Profit(Mid));
        ledger.Profit(Mid).ShouldBeGreaterThan(0);
        var markout = fills.Average(f => (double)(f.Side == Core.Side.Buy ? Mid - f.Price : f.Price - Mid) / (double)f.Price * 1e4);
        run.Json.GetProperty("markout1s").GetDouble().ShouldBe(markout, 1e-5);
        run.Json.GetProperty("markout5s").GetDouble().ShouldBe(markout, 1e-5);
    }

    [Fact]
    public async Task JournalOfATradedReplay_IsIdentical()
    {
        var run = await Replay("--json", "--out", _folder["out"]);
        var verified = await CommandRun.Of("replay", "--journal", _folder["out/journal"], "--verify", "--json");

        verified.ExitCode.ShouldBe(0, verified.Output);
        verified.Json.GetProperty("identical").GetInt64().ShouldBe(run.Json.GetProperty("decisions").GetInt64());
        verified.Json.GetProperty("decisionsSha256").GetString().ShouldBe(run.Json.GetProperty("decisionsSha256").GetString());
    }

    [Fact]
    public async Task ShadowRun_SendsNothingAndIsVerifiedAsSuch()
    {
        var run = await Replay("--json", "--shadow", "--out", _folder["out"]);

        run.Json.GetProperty("isShadow").GetBoolean().ShouldBeTrue();
        run.Json.GetProperty("fills").GetInt64().ShouldBe(0);
        run.Json.GetProperty("orderIntents").GetInt64().ShouldBeGreaterThan(0);
        foreach (var absent in (string[])["markout1s", "markout5s", "fillRatio"])
            run.Json.GetProperty(absent).ValueKind.ShouldBe(JsonValueKind.Null, absent);
        (await CommandRun.Of("replay", "--journal", _folder["out/journal"], "--verify")).ExitCode.ShouldBe(0);
        (await Replay("--shadow")).Output.ShouldContain("nothing: shadow mode");
    }

    [Fact]
    public async Task LatencyBeyondTheTrade_LeavesTheFirstOrdersUnfilled()
    {
        // Quotes begin at the end of the warm-up; none is at the venue before the first trade.
        var run = await Replay("--json", "--latency", "60000");

        run.Json.GetProperty("fills").GetInt64().ShouldBe(0);
        (await Replay("--json", "--latency", "0")).Json.GetProperty("fills").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Table_SaysWhatTradingCameTo()
    {
        var run = await Replay();
        run.Output.ShouldContain("traded through, 0 crossed, 0 taken");
        run.Output.ShouldContain("realised +");
        run.Output.ShouldContain("0.1 at the end, 0.5 at most, from the target");
    }

    [Fact]
    public async Task BadOptions_AreAllTold()
    {
        var run = await Replay("--shadow", "--queue", "cube", "--latency", "-1");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--queue and --latency are of trading: expected no --shadow");
        run.Error.ShouldContain("unknown queue model 'cube': expected one of risk-averse, power-N");
        run.Error.ShouldContain("--latency is -1: expected 0 to 60000 ms");
        var journal = await CommandRun.Of("replay", "--journal", _folder["nowhere"], "--queue", "log");
        (journal.ExitCode, journal.Error).ShouldSatisfyAllConditions(
            it => it.ExitCode.ShouldBe(2), it => it.Error.ShouldContain("--shadow, --queue and --latency belong to --capture"));
    }

    private Task<CommandRun> Replay(params string[] more) => CommandRun.Of(
    [
        "replay", "--capture", _folder.WriteGzip("traded.gz", TradedCapture.Lines()), "--venue", "binance-usdm", "--symbol", "BTCUSDT",
        "--log", _folder["run.log"], .. more,
    ]);

    private static List<Fill> Fills(string journal) =>
    [
        .. new SegmentJournalReader(journal).InputsFrom(0L).Where(r => r.Kind == JournalRecordKind.Input && r.Input.Kind == InputKind.Control)
            .Select(r => r.Input.Control).OfType<Fill>(),
    ];
}
