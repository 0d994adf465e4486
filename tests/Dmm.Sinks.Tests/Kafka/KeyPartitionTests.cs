using System.Text;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Tests.Kafka;

public sealed class KeyPartitionTests
{
    /// <summary>Hashes published with Kafka's own tests of murmur2.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Key_IsWhereJavaClientsPutIt(string key, int hash) =>
        KeyPartition.Of(Encoding.UTF8.GetBytes(key), 1_000_003).ShouldBe((hash & int.MaxValue) % 1_000_003);

    [Fact]
    public void EmptyKeyOrNoPartition_IsRefused()
    {
        Should.Throw<ArgumentException>(() => KeyPartition.Of([], 3));
        Should.Throw<ArgumentException>(() => KeyPartition.Of([1], 0));
    }
}
