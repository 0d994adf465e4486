using Dmm.Core;

namespace Dmm.Wire.Tests;

public sealed class BybitOptionsTests
{
    [Theory]
    [InlineData(BybitProduct.Spot, "wss://stream.bybit.com/v5/public/spot")]
    [InlineData(BybitProduct.Linear, "wss://stream.bybit.com/v5/public/linear")]
    [InlineData(BybitProduct.Inverse, "wss://stream.bybit.com/v5/public/inverse")]
    public void Defaults_AreSound(BybitProduct product, string url)
    {
        var options = Bybits.Options(product).Checked();
        options.PublicSocketUrl.ShouldBe(new Uri(url));
        options.PrivateSocketUrl.ShouldBe(new Uri("wss://stream.bybit.com/v5/private"));
        options.OrderPath.ReceiveWindow.ShouldBe(options.ReceiveWindow);
    }

    [Fact]
    public void EachFault_IsToldAtOnce()
    {
        var options = new BybitOptions
        {
            Venue = "by:bit", Product = (BybitProduct)9, BaseUrl = new("http://api.example.com"), SocketUrl = new("wss://stream.example.com/v5"),
            Credentials = new("key", "secret-of-ann"), BookDepth = 500, SelfTrade = (BybitSelfTrade)9, UsesMargin = true,
            Limits = new() { Create = new() { PerSecond = 0, Burst = 1 } }, PingInterval = TimeSpan.FromSeconds(30), FillHistory = TimeSpan.Zero,
            ReceiveWindow = TimeSpan.Zero, ReconnectMin = TimeSpan.FromSeconds(50),
        };
        var faults = Should.Throw<ParameterException>(() => options.Checked());
        foreach (var name in new[]
        {
            "venue", "product", "baseUrl", "socketUrl", "bookDepth", "selfTrade", "usesMargin", "limits.create.perSecond", "limits.create.burst", "pingInterval",
            "fillHistory", "receiveWindow", "reconnectMax",
        })
            faults.Faults.ShouldContain(f => f.StartsWith(name, StringComparison.Ordinal), name);
        faults.Message.ShouldContain("baseUrl sends credentials in the clear: expected https, or a loopback address");
        faults.Message.ShouldNotContain("secret-of-ann");
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "ws://127.0.0.1:8081", true, true)]
    [InlineData("http://10.0.0.7", "wss://stream.example.com", true, false)]
    [InlineData("https://api.example.com", "ws://10.0.0.7", true, false)]
    [InlineData("http://10.0.0.7", "ws://10.0.0.7", false, true)]
    [InlineData("ftp://api.example.com", "wss://stream.example.com", false, false)]
    public void PlainAddress_IsForLoopbackOrWithoutCredentials(string rest, string socket, bool hasCredentials, bool isSound)
    {
        var options = Bybits.Options() with { BaseUrl = new(rest), SocketUrl = new(socket) };
        if (!hasCredentials) options = options with { Credentials = null };
        if (isSound) options.Checked();
        else Should.Throw<ParameterException>(() => options.Checked());
    }

    [Fact]
    public void NothingToDo_IsAFault() =>
        Should.Throw<ParameterException>(() => (Bybits.Options() with { Credentials = null, HasMarketData = false }).Checked())
            .Message.ShouldContain("hasMarketData is false without credentials: expected one of the two");

    [Fact]
    public void Text_ShowsNoSecret() => Bybits.Options().ToString().ShouldNotContain("secret of ann");
}
