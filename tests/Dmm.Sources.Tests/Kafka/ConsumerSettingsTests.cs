using Dmm.Sources.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Tests.Kafka;

public sealed class ConsumerSettingsTests
{
    private const string FetchWait = "fetch.wait.max.ms";

    [Fact]
    public void WaitForRecords_IsAFewMilliseconds_SoThatItAddsLittleToTheWayOfOne()
    {
        var kafka = new KafkaOptions { Bootstrap = "127.0.0.1:9092" };
        ConsumerSettings.Assigned(kafka, 1_000_000).Get(FetchWait).ShouldBe("20");
        Group(kafka).ShouldBe("20");
    }

    [Fact]
    public void WaitForRecords_GivesWayToWhatIsSet()
    {
        var kafka = new KafkaOptions { Bootstrap = "127.0.0.1:9092", Client = new Dictionary<string, string> { [FetchWait] = "50" } };
        ConsumerSettings.Assigned(kafka, 1_000_000).Get(FetchWait).ShouldBe("50");
        Group(kafka).ShouldBe("50");
    }

    private static string Group(KafkaOptions kafka) =>
        ConsumerSettings.OfGroup(new() { Kafka = kafka }, new() { Name = "group", Topics = ["topic"] }).Get(FetchWait);
}
