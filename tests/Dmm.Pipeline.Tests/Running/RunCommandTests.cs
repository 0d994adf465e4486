using Dmm.Pipeline.Tests.Commands;
using Dmm.Simulation;
using Microsoft.Data.Sqlite;

namespace Dmm.Pipeline.Tests.Running;

public sealed class RunCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public static TheoryData<string> Scenarios => [.. MarketScenarios.All.Select(s => s.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OneSeedTwice_GivesTheSameDecisionsAndAnotherSeedOthers()
    {
        var (one, two, other) = (await RunAsync("7"), await RunAsync("7"), await RunAsync("8"));
        one.Json.GetProperty("fills").GetInt64().ShouldBePositive();
        Sha(two).ShouldBe(Sha(one));
        Sha(other).ShouldNotBe(Sha(one));
    }

    [Fact]
    public async Task Journal_GivesTheSameDecisionsAgain()
    {
        var run = await RunAsync("7");
        var verified = await CommandRun.Of("replay", "--journal", Text(run, "journal"), "--verify", "--json");
        verified.ExitCode.ShouldBe(0, verified.Error + verified.Output);
        verified.Json.GetProperty("decisionsSha256").GetString().ShouldBe(Sha(run));
    }

    [Fact]
    public async Task Archive_HoldsEveryFillAndNoOrderThatIsOpen()
    {
        var run = await RunAsync("7");
        using var archive = new SqliteConnection($"Data Source={Text(run, "archive")};Mode=ReadOnly;Pooling=False");
        archive.Open();
        Scalar(archive, "SELECT count(*) FROM fills").ShouldBe(run.Json.GetProperty("fills").GetInt64());
        Scalar(archive, "SELECT count(*) FROM orders").ShouldBe(run.Json.GetProperty("ordersPlaced").GetInt64());
        Scalar(archive, "SELECT count(*) FROM orders WHERE closed_at IS NULL").ShouldBe(0);
        run.Json.GetProperty("ordersOpen").GetInt64().ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task EveryScenario_Trades(string scenario)
    {
        var run = await RunAsync("1", "--scenario", scenario);
        run.Json.GetProperty("scenario").GetString().ShouldBe(scenario);
        run.Json.GetProperty("ordersPlaced").GetInt64().ShouldBePositive();
        run.Json.GetProperty("ordersOpen").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task PlainRun_WritesLinesThenTheSummary()
    {
        var run = await CommandRun.Of("run", "--data", _folder["data"], "--speed", "max", "--duration", "20m", "--plain");
        run.ExitCode.ShouldBe(0, run.Error);
        var kinds = run.Output.Split('\n').Where(line => line.Length > 20 && line[2] == ':').Select(line => line[13..20].Trim()).Distinct();
        kinds.ShouldBe(["breaker", "state", "fill", "status", "note"], ignoreOrder: true);
        run.Output.ShouldContain("SHA-256 of the decisions");
        run.Output.ShouldNotContain("\e[");
    }

    [Fact]
    public async Task BadOptions_AreAllToldAtOnce()
    {
        var run = await CommandRun.Of(
            "run", "--seed", "abc", "--scenario", "quiet", "--speed", "-2", "--duration", "soon", "--data", _folder["data"]);
        run.ExitCode.ShouldBe(2);
        run.Error.TrimEnd().Split(Environment.NewLine).ShouldBe(
        [
            "--seed 'abc' is not a whole number: expected one such as 1 or 20260105",
            "--scenario 'quiet' is not known: expected calm, trending, toxic, volatile, thin, gas-spike, lively, parting, two-pools",
            "--speed '-2' is no speed: expected a number above 0, up to 100000, or max",
            "--duration 'soon' is no length of time: expected a length of time above zero, such as 30s, 10m, 1.5h or 2d",
        ]);
        Directory.Exists(_folder["data"]).ShouldBeFalse();
    }

    [Fact]
    public async Task VenueWithoutKeyAndWithOptionsOfTheSimulation_IsRefusedWhole()
    {
        var run = await CommandRun.Of("run", "--venue", "somewhere", "--venue", "http://127.0.0.1:1", "--seed", "1");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--seed belongs to the simulated market");
        run.Error.ShouldContain("--venue 'somewhere' names no venue");
        run.Error.ShouldContain("DMM_VENUE_KEY is not set");
        run.Error.ShouldContain("DMM_VENUE_SECRET is not set");
    }

    private async Task<CommandRun> RunAsync(string seed, params string[] more)
    {
        var run = await CommandRun.Of(
            ["run", "--data", _folder["data"], "--seed", seed, "--speed", "max", "--duration", "4m", "--json", .. more]);
        run.ExitCode.ShouldBe(0, run.Error);
        return run;
    }

    private static string Sha(CommandRun run) => Text(run, "decisionsSha256");

    private static string Text(CommandRun run, string member) => run.Json.GetProperty(member).GetString()!;

    private static long Scalar(SqliteConnection archive, string sql)
    {
        using var command = archive.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
