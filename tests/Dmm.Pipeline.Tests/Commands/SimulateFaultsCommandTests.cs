namespace Dmm.Pipeline.Tests.Commands;

/// <summary><c>dmm simulate faults</c> from the shell's point of view.</summary>
public sealed class SimulateFaultsCommandTests
{
    [Fact]
    public async Task Json_CountsWhatWasRun_TheSameOnAnyNumberOfThreads()
    {
        var run = await Faults("--seeds", "2", "--first-seed", "3", "--duration", "20s", "--threads", "1", "--json");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.TrimEnd('\n').ShouldNotContain('\n');
        run.Json.EnumerateObject().Select(m => m.Name)
            .ShouldBe([
                "firstSeed", "seeds", "durationSeconds", "events", "faults", "crashes", "orders", "fills", "routedEvents", "routerTrades", "violations",
            ]);
        (run.Json.GetProperty("firstSeed").GetInt64(), run.Json.GetProperty("seeds").GetInt32(), run.Json.GetProperty("durationSeconds").GetDouble())
            .ShouldBe((3, 2, 20));
        run.Json.GetProperty("orders").GetInt64().ShouldBeGreaterThan(0);
        run.Json.GetProperty("violations").GetArrayLength().ShouldBe(0);
        (await Faults("--seeds", "2", "--first-seed", "3", "--duration", "20s", "--threads", "2", "--json")).ShouldBe(run);
    }

    [Fact]
    public async Task OneSeed_IsRunByItself()
    {
        var run = await Faults("--seed", "-4", "--duration", "5s");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldStartWith("1 seeds from -4 on: ");
        run.Output.ShouldContain("0 violations");
    }

    [Fact]
    public async Task OptionsThatDoNotGoTogether_AreRefusedAllAtOnce()
    {
        var run = await Faults("--seed", "1", "--seeds", "2", "--duration", "soon");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--seed is one run: expected neither --seeds nor --first-seed beside it");
        run.Error.ShouldContain("--duration 'soon': expected a length of time above zero");
    }

    [Theory]
    [InlineData("--seed", "one", "--seed 'one': expected a whole number")]
    [InlineData("--seeds", "0", "--seeds '0': expected a whole number from 1 to 1000000")]
    public async Task NumberThatIsNone_IsRefused(string option, string value, string expected)
    {
        var run = await Faults(option, value);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    private static Task<CommandRun> Faults(params string[] options) => CommandRun.Of(["simulate", "faults", .. options]);
}
