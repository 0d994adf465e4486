using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Group;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Wire.Bus;

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
    [InlineData("kafka:9092;sasl.password=hush")]
    [InlineData("sasl.password=hush")]
    public void SettingsOnTheCommandLine_AreRefusedWithoutBeingRepeated(string bootstrap) =>
        Should.Throw<BadInputException>(() => StoreAccess.Read(bootstrap)).Faults.ShouldBe(
            ["--bootstrap takes addresses alone, host:port separated by commas: settings stand in DMM_KAFKA in the environment"]);

    [Fact]
    public void SettingsInTheEnvironment_CountForBrokersOfTheCommandLineToo()
    {
        var (options, faults) = InEnvironment(
            "kafka:9093;security.protocol=sasl_ssl;sasl.mechanism=PLAIN;sasl.username=dmm;sasl.password=hush", "other:9093");
        faults.ShouldBeEmpty();
        (options!.Bootstrap, options.Client["sasl.username"], options.Client.Count).ShouldBe(("other:9093", "dmm", 4));
    }

    [Fact]
    public void FileOfTheEnvironmentThatIsNotThere_IsTold()
    {
        var (options, faults) = InEnvironment(
            "kafka:9093;security.protocol=ssl;ssl.ca.location=/no/such/ca.pem;ssl.key.location=/no/such/key.pem", null);
        options.ShouldBeNull();
        faults.ShouldBe(
        [
            "ssl.ca.location is the path of no file: expected one that is there",
            "ssl.key.location is the path of no file: expected one that is there",
        ]);
    }

    [Fact]
    public void FileThatIsNoCertificate_IsToldBeforeAnythingStarts()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["ca.pem"], "no certificate");
        var (options, faults) = InEnvironment($"kafka:9093;security.protocol=ssl;ssl.ca.location={scratch["ca.pem"]}", null);
        options.ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldStartWith("the settings of the brokers are refused: ");
    }

    private static (KafkaOptions? Options, List<string> Faults) InEnvironment(string value, string? bootstrap)
    {
        List<string> faults = [];
        return (StoreAccess.KafkaOf(bootstrap, value, faults), faults);
    }

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

    [Theory]
    [InlineData("--webhook belongs to --venue: the simulated market has no account", "--webhook", "http://127.0.0.1:8091/fills/")]
    [InlineData("--dedicated belongs to --venue without --group", "--group", "g", "--venue", "http://127.0.0.1:9", "--dedicated", "okx")]
    [InlineData("--webhook belongs to --venue without --group", "--group", "g", "--webhook", "http://127.0.0.1:8091/fills/")]
    public async Task OptionThatWouldBeLeftOut_IsRefused(string fault, params string[] options)
    {
        var run = await CommandRun.Of(["run", .. options]);
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain(fault);
    }
}
