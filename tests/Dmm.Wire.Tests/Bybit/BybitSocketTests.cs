using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire.Tests;

public sealed class BybitSocketTests
{
    [Fact]
    public void Public_NeedsNoLogin_AndAsksForTenTopicsAtATime()
    {
        Instrument[] instruments = [.. Enumerable.Range(0, 5).Select(i => Bybits.Btc with { Id = new(i), Symbol = $"C{i}USDT" })];
        var options = Bybits.Options();
        var socket = new BybitPublicSocket(options, new(options.Venue, options.Product, 50, instruments));
        socket.Login(Bybits.At).ShouldBeNull();
        var requests = socket.Subscriptions(Bybits.At, out var answers);
        answers.ShouldBe(2);
        requests.Select(Topics).Select(t => t.Length).ShouldBe([10, 5]);
        requests.SelectMany(Topics).ShouldBe(
        [
            .. instruments.SelectMany(i => (string[])[$"orderbook.50.{i.Symbol}", $"publicTrade.{i.Symbol}"]), .. instruments.Select(i => $"tickers.{i.Symbol}"),
        ]);
    }

    [Fact]
    public void PublicSpot_HasNoFunding()
    {
        var options = Bybits.Options(BybitProduct.Spot) with { BookDepth = 200 };
        var socket = new BybitPublicSocket(options, Bybits.Spot);
        socket.Url.ShouldBe(new Uri("wss://stream.bybit.com/v5/public/spot"));
        socket.Subscriptions(Bybits.At, out _).SelectMany(Topics).ShouldBe(["orderbook.200.BTCUSDT", "publicTrade.BTCUSDT"]);
    }

    [Theory]
    [InlineData(BybitProduct.Linear, false, "order execution wallet position")]
    [InlineData(BybitProduct.Linear, true, "order execution wallet position dcp.future")]
    [InlineData(BybitProduct.Inverse, true, "order execution wallet dcp.future")]
    [InlineData(BybitProduct.Spot, true, "order execution wallet dcp.spot")]
    public void Private_ListensToTheSwitchOnADedicatedAccountOnly(BybitProduct product, bool isDedicated, string topics)
    {
        var options = Bybits.Options(product) with { Orders = new() { IsAccountDedicated = isDedicated } };
        var socket = new BybitPrivateSocket(options, Bybits.Linear);
        string.Join(' ', socket.Subscriptions(Bybits.At, out var answers).SelectMany(Topics)).ShouldBe(topics);
        answers.ShouldBe(1);
    }

    [Fact]
    public void Login_SignsWhenItExpires() => Encoding.UTF8.GetString(new BybitPrivateSocket(Bybits.Options(), Bybits.Linear).Login(Bybits.At))
        .ShouldBe($$"""{"op":"auth","args":["key-of-ann",1758841140824,"{{BybitRequestsTests.Mac("GET/realtime1758841140824")}}"]}""");

    [Fact]
    public void PrivateWithoutCredentials_IsRefused() =>
        Should.Throw<ArgumentException>(() => new BybitPrivateSocket(Bybits.Options() with { Credentials = null }, Bybits.Linear)).Message
            .ShouldStartWith("bybit-linear has no credentials: expected an API key and its secret");

    /// <summary>On the private socket a refused frame is asked for by REST; on the public one nothing would show what it said.</summary>
    [Theory]
    [InlineData("{\"topic\":\u0001", VenueFrameKind.Error, VenueFrameKind.Unknown)]
    [InlineData("{\"topic\":\"publicTrade.BTCUSDT\",\"data\":[{}]}", VenueFrameKind.Data, VenueFrameKind.Data)]
    [InlineData("{\"success\":true,\"ret_msg\":\"pong\",\"op\":\"ping\"}", VenueFrameKind.Pong, VenueFrameKind.Pong)]
    public void FrameOfWhichNothingIsKnown_EndsThePublicSession(string frame, VenueFrameKind onPublic, VenueFrameKind onPrivate)
    {
        var batch = new MessageBatch();
        new BybitPublicSocket(Bybits.Options(), Bybits.Linear).Parse(Encoding.UTF8.GetBytes(frame), Bybits.At, batch, out var heard);
        heard.Kind.ShouldBe(onPublic);
        new BybitPrivateSocket(Bybits.Options(), Bybits.Linear).Parse(Encoding.UTF8.GetBytes(frame), Bybits.At, batch, out heard);
        heard.Kind.ShouldBe(onPrivate);
    }

    [Fact]
    public void Ping_IsTheVenues() =>
        Encoding.UTF8.GetString(new BybitPublicSocket(Bybits.Options(), Bybits.Linear).Ping(Bybits.At)).ShouldBe("""{"op":"ping"}""");

    private static string[] Topics(byte[] request)
    {
        using var json = JsonDocument.Parse(request);
        json.RootElement.GetProperty("op").GetString().ShouldBe("subscribe");
        return [.. json.RootElement.GetProperty("args").EnumerateArray().Select(t => t.GetString()!)];
    }
}
