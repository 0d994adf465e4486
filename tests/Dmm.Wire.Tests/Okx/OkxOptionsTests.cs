using Dmm.Core;
using static Dmm.Wire.Tests.OkxVenues;

namespace Dmm.Wire.Tests;

public sealed class OkxOptionsTests
{
    [Fact]
    public void Defaults_AreSound() => new OkxOptions().Checked().ShouldBe(new());

    [Fact]
    public void Faults_AllAtOnce()
    {
        var options = Options with
        {
            RestUrl = new("http://okx.example/api"), PrivateSocketUrl = new("ws://okx.example/private"), OrderTag = "with blank", MarginMode = (OkxMarginMode)9,
            ReceiveWindow = TimeSpan.FromSeconds(31), PingInterval = TimeSpan.FromSeconds(30), ReconnectMin = TimeSpan.FromSeconds(40),
            Orders = new() { DeadManWindow = TimeSpan.FromSeconds(5) }, Limits = OkxLimits.Published.Remove("place").Add("plaice", new()),
        };
        Should.Throw<ParameterException>(options.Checked).Faults.ShouldBe(
        [
            "restUrl is not of that form: expected https://host[:port], nothing behind it",
            "restUrl sends signatures in the clear: expected https, or a loopback address",
            "privateSocketUrl sends signatures in the clear: expected wss, or a loopback address",
            "orderTag is 'with blank': expected up to 16 letters and digits",
            "marginMode is 9: expected one of Cross, Isolated",
            "receiveWindow = 31 s: expected 0.1 to 30 s",
            "pingInterval = 30 s: expected 0.5 to 25 s",
            "reconnectMax is 30 s: expected not below reconnectMin",
            "orders.deadManWindow = 5 s: expected 10 to 120 s",
            "limits.place is missing: expected the limit of these requests",
            $"limits.plaice is not known: expected one of {string.Join(", ", OkxLimits.Published.Keys)}",
        ]);
    }

    [Fact]
    public void PlainAddressOfThisMachine_Permitted() => (Options with
    {
        RestUrl = new("http://127.0.0.1:8080"), PublicSocketUrl = new("ws://127.0.0.1:8080/public"), PrivateSocketUrl = new("ws://localhost:8080/private"),
    }).Checked();

    [Fact]
    public void NoMarketDataWithoutCredentials_Refused() =>
        Should.Throw<ParameterException>(new OkxOptions { HasMarketData = false }.Checked).Faults
            .ShouldBe(["hasMarketData is false without credentials: expected one of the two"]);

    [Fact]
    public void Secrets_InNoText()
    {
        Options.ToString().ShouldNotContain("secret-1");
        Options.ToString().ShouldNotContain("pass-1");
        Should.Throw<ArgumentException>(() => new OkxCredentials("key-1", "secret-1", "pass\n1")).Message.ShouldNotContain("pass\n1");
    }

    [Theory]
    [InlineData("BTC-USDT", "SPOT")]
    [InlineData("BTC-USDT-SWAP", "SWAP")]
    [InlineData("BTC-USD-220527", "FUTURES")]
    public void Symbol_SaysUnderWhichTypeItIsListed(string symbol, string type) => OkxInstruments.TypeOf(symbol).ShouldBe(type);
}
