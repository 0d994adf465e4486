using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Dmm.Core;
using Dmm.Testing.Venues;

namespace Dmm.Venues.Tests;

/// <summary>Each fault of frames as a client sees it: a fault that did not happen would make every contract look kept.</summary>
public sealed class FrameFaultTests : VenueContract
{
    private StreamClient _client = null!;

    protected override VenueRig Rig { get; } = new HmacRig();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _client = await StreamClient.SubscribedAsync(Venue);
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task NoFault_EachChangeOnce_InOrder()
    {
        Change(1, 2, 3);
        (await PricesAsync(3)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Dropped_OneIsMissing()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Dropped(), after: 1);
        Change(1, 2, 3);
        (await PricesAsync(2)).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Repeated_ComesTwice()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Repeated());
        Change(1, 2);
        (await PricesAsync(3)).ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task Swapped_ComesAfterTheNext()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Swapped());
        Change(1, 2, 3);
        (await PricesAsync(3)).ShouldBe([2, 1, 3]);
    }

    [Fact]
    public async Task Delayed_IsOvertaken()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Delayed(TimeSpan.FromSeconds(1)));
        Change(1, 2);
        (await PricesAsync(1)).ShouldBe([2]);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await PricesAsync(1)).ShouldBe([1]);
    }

    [Fact]
    public async Task Truncated_HalfOfTheText()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Truncated());
        Change(1, 2);
        (await _client.NextAsync()).ShouldStartWith("""{"channel":"book","symbol":"DCT""");
        (await PricesAsync(1)).ShouldBe([2]);
    }

    [Fact]
    public async Task Replaced_OtherBytes()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Replaced(Encoding.UTF8.GetBytes("{nonsense")));
        Change(1, 2);
        (await _client.NextAsync()).ShouldBe("{nonsense");
        (await PricesAsync(1)).ShouldBe([2]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(60_000)]
    [InlineData(3_000_000)]
    public async Task Oversized_OfThatLength(int length)
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Oversized(length));
        Change(1, 2);
        (await _client.NextAsync()).Length.ShouldBe(length);
        (await PricesAsync(1)).ShouldBe([2]);
    }

    [Fact]
    public async Task BrokenOff_TheConnectionEndsWithinTheFrame()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.BrokenOff());
        Change(1);
        await Should.ThrowAsync<WebSocketException>(_client.NextAsync);
    }

    [Fact]
    public async Task Silenced_NothingMoreComes_NoPongEither_TheConnectionStays()
    {
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Silenced(), after: 1);
        Change(1, 2);
        var socket = Venue.Sockets.All[0];
        await _client.SayAsync("""{"op":"ping","id":7}""");
        await socket.Heard.Count(2);
        Change(3);
        socket.Ended.IsCompleted.ShouldBeFalse();
        (await PricesAsync(1)).ShouldBe([1]);
        socket.Drop();
        await Should.ThrowAsync<WebSocketException>(_client.NextAsync);
    }

    [Fact]
    public async Task StopsReading_HearsAllOnceItGoesOn()
    {
        var socket = Venue.Sockets.All[0];
        socket.StopReading();
        // One frame may already be awaited when reading stops.
        for (var i = 0; i < 3; i++) await _client.SayAsync("""{"op":"ping","id":7}""");
        socket.Heard.All.Count.ShouldBeLessThanOrEqualTo(2);
        socket.GoOnReading();
        await socket.Heard.Count(4);
    }

    [Fact]
    public async Task ClientThatDoesNotRead_IsDisconnected()
    {
        var socket = Venue.Sockets.All[0];
        // More than the buffers of both ends hold.
        var large = new byte[64 << 10];
        for (var i = 0; i < 2 * FakeConnection.FramesMax; i++) socket.SayRaw(large);

        await socket.Ended.Guarded("the disconnection");
    }

    [Fact]
    public async Task CutOff_EveryConnectionEnds_AndANewOneIsServed()
    {
        Venue.CutOff();
        await Should.ThrowAsync<WebSocketException>(_client.NextAsync);
        using var again = await StreamClient.SubscribedAsync(Venue);
    }

    [Fact]
    public async Task Closed_InGoodOrder()
    {
        await _client.SayAsync("""{"op":"subscribe","channels":["orders"],"symbols":["DCT-USDT"]}""");
        (await _client.NextAsync()).ShouldContain("unknown_key");
        (await _client.NextAsync()).ShouldBe("closed");
    }

    [Fact]
    public async Task ConnectionRefused_ByTheStatusGiven()
    {
        Venue.Faults.Next(VenueOperation.Connect, new RequestFault.Failed(new(503, "busy")));
        using var client = new ClientWebSocket();
        var fault = await Should.ThrowAsync<WebSocketException>(client.ConnectAsync(new Uri(Venue.SocketUrl, "/v1/stream"), default));
        fault.Message.ShouldContain("503");
        using var elsewhere = new ClientWebSocket();
        fault = await Should.ThrowAsync<WebSocketException>(elsewhere.ConnectAsync(new Uri(Venue.SocketUrl, "/nowhere"), default));
        fault.Message.ShouldContain("404");
    }

    /// <summary>The same seed has the same frames fail, whoever reads them when.</summary>
    [Fact]
    public async Task Chance_DrawnFromTheSeed()
    {
        var seen = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            Venue.Faults.Clear();
            Venue.Faults.Chance(seed: 7, requests: [], frames: [(FrameKind.Book, 0.5, new FrameFault.Dropped())]);
            Change([.. Enumerable.Range(1, 40)]);
            Venue.Faults.Clear();
            Change(41);
            var prices = new List<long>();
            while (prices.Count == 0 || prices[^1] != 41) prices.AddRange(await PricesAsync(1));
            seen.Add(string.Join(',', prices));
            for (var price = 1; price <= 41; price++) Market.Withdraw(Instrument, _resting[price]);
            Market.Rest(Instrument, Side.Buy, 99, Unit);
            while ((await PricesAsync(1))[0] != 99)
            {
            }
        }

        seen[0].ShouldBe(seen[1]);
        seen[0].Split(',').Length.ShouldBeInRange(8, 33);
    }

    private readonly Dictionary<long, long> _resting = [];

    /// <summary>Another trader's bids, far below the market: each is a frame of its own.</summary>
    private void Change(params long[] prices)
    {
        foreach (var price in prices) _resting[price] = Market.Rest(Instrument, Side.Buy, price, Unit);
    }

    /// <summary>The prices, in ticks, of the next frames of the book.</summary>
    private async Task<List<long>> PricesAsync(int count)
    {
        List<long> prices = [];
        while (prices.Count < count)
        {
            using var frame = System.Text.Json.JsonDocument.Parse(await _client.NextAsync());
            var bids = frame.RootElement.GetProperty("bids");
            if (bids.GetArrayLength() == 0) continue;
            prices.Add(Instrument.Prices.ToSteps(decimal.Parse(bids[0][0].GetString()!, CultureInfo.InvariantCulture)));
        }

        return prices;
    }
}
