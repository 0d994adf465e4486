namespace Dmm.Pipeline.Tests.Commands;

public sealed class OtherCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_NamesEveryCommand()
    {
        var run = await CommandRun.Of("--help");

        run.ExitCode.ShouldBe(0);
        foreach (var command in (string[])["run", "venue", "replay", "explain", "scenario", "simulate", "quote", "topology"])
            run.Output.ShouldContain($"\n  {command} ");
    }

    [Fact]
    public async Task TopologyAsText_NamesStreamsAndSources()
    {
        var run = await CommandRun.Of("topology");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("books binance-spot:BTCUSDT");
        run.Output.Split('\n')
            .ShouldContain(line => line.StartsWith("volatilities", StringComparison.Ordinal)
                && line.EndsWith("<- fair-values", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TopologyAsMermaid_IsAFlowChart() => (await CommandRun.Of("topology", "--format", "mermaid"))
        .Output.ShouldStartWith("flowchart LR");

    [Fact]
    public async Task TopologyInAnotherFormat_IsBadInput() => (await CommandRun.Of("topology", "--format", "ascii")).ExitCode.ShouldBe(2);

    [Fact]
    public async Task Quote_AnswersWithJson()
    {
        await File.WriteAllTextAsync(_folder["market.json"], """
            {"mid_price": 1.0, "inventory": 5000, "target_inventory": 5000, "inventory_limit": 10000, "volatility": 0.02, "ton_reference_price": 5.0,
             "onchain_depth": 10000, "offchain_depth": 20000, "recent_volume": 5000}
            """);

        var run = await CommandRun.Of("quote", "--input", _folder["market.json"]);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Object);
    }

    [Theory]
    [InlineData("{}", "mid_price")]
    [InlineData("{", "is not JSON")]
    public async Task QuoteOfBadInput_NamesTheFault(string text, string fault)
    {
        await File.WriteAllTextAsync(_folder["market.json"], text);

        var run = await CommandRun.Of("quote", "--input", _folder["market.json"]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(fault);
    }

    [Fact]
    public async Task QuoteOfAMissingFile_IsBadInput() => (await CommandRun.Of("quote", "--input", _folder["absent.json"])).ExitCode.ShouldBe(2);
}
