using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Group;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;

namespace Dmm.Pipeline.Tests.Group;

public sealed class GroupOptionsTests
{
    [Fact]
    public void NothingGiven_EveryFaultAtOnce()
    {
        var refused = Should.Throw<BadInputException>(() => GroupOptions.Read("a b", [], StoreAccess.Embedded, "node"));
        refused.Faults.ShouldBe(
        [
            "--group 'a b' is no name: expected up to 64 letters, digits, '-', '_' and '.'",
            "--group needs brokers: give --bootstrap, or set DMM_KAFKA",
            "--group needs Redis, which holds the leases of assets: set DMM_REDIS",
            "--group needs the venues to trade at: give --venue URL, once for each asset",
        ]);
    }

    [Fact]
    public void Stores_ShowNoSecrets() =>
        new StoreAccess(new() { Bootstrap = "kafka:9092" }, "redis:6379,password=hush", "Host=pg;Password=hush").ToString()
            .ShouldBe("Kafka kafka:9092, Redis set, Postgres set");

    [Theory]
    [InlineData("kafka")]
    [InlineData("kafka:")]
    [InlineData("kafka:70000")]
    [InlineData("kafka:9092,")]
    [InlineData("%5|1795393471.635|CONFWARN| [thrd:app]: x")]
    public void BrokersThatAreNoAddress_AreRefusedBeforeAnythingStarts(string bootstrap) =>
        Should.Throw<BadInputException>(() => StoreAccess.Read(bootstrap)).Message.ShouldContain("expected host:port, separated by commas");

    [Theory]
    [InlineData("riskAversion", "--set 'riskAversion' sets nothing: expected PATH=VALUE, such as breakers.drawdownLimit=0.05")]
    [InlineData("=1", "--set '=1' sets nothing: expected PATH=VALUE, such as breakers.drawdownLimit=0.05")]
    public async Task SettingWithoutAValue_IsSaid(string setting, string fault)
    {
        var run = await CommandRun.Of("run", "--venue", "http://127.0.0.1:9", "--set", setting);
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain(fault);
    }

    [Fact]
    public async Task SettingOfTheSimulation_IsRefused()
    {
        var run = await CommandRun.Of("run", "--set", "quote.riskAversion=1");
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain("--set belongs to --venue");
    }
}
