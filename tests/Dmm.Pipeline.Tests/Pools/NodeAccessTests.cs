using System.Collections.Immutable;
using Dmm.Pipeline.Running;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Pools;

/// <summary><c>--node</c>: of which kind a provider is, and whose key it gets.</summary>
public sealed class NodeAccessTests
{
    [Theory]
    [InlineData("toncenter", NodeKind.Toncenter, "https://toncenter.com/", "https://testnet.toncenter.com/")]
    [InlineData("tonapi", NodeKind.Tonapi, "https://tonapi.io/", "https://testnet.tonapi.io/")]
    [InlineData("toncenter:http://a:81", NodeKind.Toncenter, "http://a:81/", "http://a:81/")]
    [InlineData("tonapi:https://a", NodeKind.Tonapi, "https://a/", "https://a/")]
    [InlineData("https://a/", NodeKind.Toncenter, "https://a/", "https://a/")]
    public void Kind_IsThatOfThePrefix(string given, NodeKind kind, string url, string ofTests)
    {
        Read([given], isTestnet: false).Select(o => (o.Kind, o.Url.ToString())).ShouldBe([(kind, url)]);
        Read([given], isTestnet: true).Select(o => (o.Kind, o.Url.ToString())).ShouldBe([(kind, ofTests)]);
    }

    [Fact]
    public void Nobody_IsToncenter_AndTheOrderIsThatGiven()
    {
        Read([], isTestnet: false).ShouldBe([NodeOptions.Of(NodeKind.Toncenter, isTestnet: false)]);
        Read(["tonapi", "toncenter"], isTestnet: false).Select(o => o.Kind).ShouldBe([NodeKind.Tonapi, NodeKind.Toncenter]);
    }

    [Fact]
    public void Key_IsThatOfTheKind_AndRaisesItsLimitAlone()
    {
        List<string> faults = [];
        var read = NodeAccess.Read(["toncenter", "tonapi"], isTestnet: false, name => name == NodeAccess.TonapiKeyVariable ? "k" : null, faults);
        faults.ShouldBeEmpty();
        read.Select(o => (o.ApiKey, o.Requests.PerSecond)).ShouldBe([(null, 1), ("k", 1)]);
        NodeOptions.Of(NodeKind.Tonapi, isTestnet: false).Requests.PerSecond.ShouldBe(0.25);
        read[1].ToString().ShouldBe("tonapi at https://tonapi.io/, with a key");
    }

    [Fact]
    public void EveryFault_IsToldAtOnce_WithoutWhatMayBeAKey()
    {
        List<string> faults = [];
        NodeAccess.Read(["tonapi:https://a?token=secret", "ton:http://a", "http://b", "toncenter:http://b"], isTestnet: false, _ => "a b", faults).ShouldBeEmpty();
        faults.ShouldBe(
        [
            "--node is no address of a node: expected one such as https://tonapi.io, without path; its key stands in DMM_TONAPI_KEY",
            "--node is no address of a node: expected one such as https://toncenter.com, without path; its key stands in DMM_TONCENTER_KEY",
            "DMM_TONCENTER_KEY has blanks or characters beyond ASCII, and no key has them: expected the provider's API key",
            "--node b is given twice",
        ]);
    }

    private static ImmutableArray<NodeOptions> Read(string[] given, bool isTestnet)
    {
        List<string> faults = [];
        var read = NodeAccess.Read(given, isTestnet, _ => null, faults);
        faults.ShouldBeEmpty();
        return read;
    }
}
