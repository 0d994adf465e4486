using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;

namespace Dmm.Sources;

/// <summary>
/// The web socket of one session: whole frames in a pooled buffer that grows to the largest seen. One reader, any number of senders.
/// </summary>
internal sealed class FrameSocket : IDisposable
{
    /// <summary>Above any frame a venue sends; more ends the session.</summary>
    public const int FrameLengthMax = 1 << 20;

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);

    /// <param name="address"><c>ws</c> or <c>wss</c>.</param>
    /// <param name="headers">Beside those of every such request.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public Task ConnectAsync(Uri address, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        foreach (var (name, value) in headers) _socket.Options.SetRequestHeader(name, value);
        // The feed's own pings show that the venue answers, not only that its machine does.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        return _socket.ConnectAsync(address, cancellation);
    }

    /// <summary>The next frame, valid until the next call.</summary>
    /// <exception cref="WebSocketException">The venue has closed, or the link is broken.</exception>
    /// <exception cref="InvalidDataException">The frame is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Grow();
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                var words = $"the venue closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}".TrimEnd();
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, words);
            }

            length += part.Count;
            if (part.EndOfMessage) return _buffer.AsMemory(0, length);
        }
    }

    public async Task SendAsync(byte[] text, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        // Aborts what is under way: nobody waits for a venue to agree that the session is over.
        _socket.Dispose();
        _sending.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow()
    {
        if (_buffer.Length >= FrameLengthMax)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a frame of more than {FrameLengthMax} bytes"));
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(FrameLengthMax, 2 * _buffer.Length));
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
