using System.Net.WebSockets;
using System.Text;
using Dmm.Testing.Venues;

namespace Dmm.Venues.Tests;

/// <summary>A client that sees what comes over the wire, and nothing else.</summary>
internal sealed class StreamClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[4 << 20];

    public ClientWebSocket Socket => _socket;

    public static async Task<StreamClient> SubscribedAsync(FakeVenue venue)
    {
        var client = new StreamClient();
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await client._socket.ConnectAsync(new Uri(venue.SocketUrl, "/v1/stream"), default).Guarded("a connection");
        await client.SayAsync("""{"op":"subscribe","channels":["book","trades"],"symbols":["DCT-USDT"]}""");
        (await client.NextAsync()).ShouldBe("""{"channel":"subscribed"}""");
        return client;
    }

    public Task SayAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);

    public async Task<string> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), default).AsTask().Guarded("a frame");
            if (part.MessageType == WebSocketMessageType.Close) return "closed";
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    public void Dispose() => _socket.Dispose();
}
