using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>
/// One web socket. What it is to be told waits in a queue with a bound; a client that does not read it is disconnected, so that it slows down nobody
/// but itself, and resynchronises when it comes back. A command that cannot be followed is answered with its error, which ends the session.
/// </summary>
internal sealed class VenueSession(WebSocket socket, VenueListing listing, VenueAuthority authority, MarketThread market, TimeProvider time)
{
    /// <summary>Frames that may wait: some 20 s of a busy market.</summary>
    public const int FramesMax = 1_024;

    private const int CommandLengthMax = 16 << 10;

    // For the last frames of a session, and for the client to close on its side: a connection reset before that would take them away from it.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(FramesMax) { SingleReader = true });
    private readonly TaskCompletionSource _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HmacVenueCommands _commands = listing.NewCommands();
    private bool _isLoggedIn;

    /// <summary>Nothing more is taken.</summary>
    public bool HasEnded => _frames.Reader.Completion.IsCompleted || _dropped.Task.IsCompleted;

    /// <summary>
    /// Queues a frame, which must not change any more; never waits. False when the session has ended, if only by this: its queue was full.
    /// </summary>
    public bool TrySend(byte[] frame)
    {
        if (_frames.Writer.TryWrite(frame)) return true;
        Drop();
        return false;
    }

    /// <summary>Breaks the connection off.</summary>
    public void Drop()
    {
        _frames.Writer.TryComplete();
        _dropped.TrySetResult();
    }

    /// <summary>Serves the client until one of both ends the session. The connection is of no use afterwards.</summary>
    public async Task RunAsync()
    {
        var reading = ReadAllAsync();
        var writing = WriteAllAsync();
        await Task.WhenAny(reading, writing, _dropped.Task);
        _frames.Writer.TryComplete();
        var both = Task.WhenAll(reading, writing);
        if (!_dropped.Task.IsCompleted) await Task.WhenAny(both, _dropped.Task, Task.Delay(Farewell, time));
        if (socket.State != WebSocketState.Closed) socket.Abort();
        await both;
        Drop();
    }

    private async Task ReadAllAsync()
    {
        using var writer = listing.NewWriter();
        var buffer = new byte[CommandLengthMax];
        try
        {
            if (await FollowAllAsync(buffer, writer) is not { } fault) return;
            Say(writer, (w, into) => w.Error(fault.Code, fault.Words, into));
            _frames.Writer.TryComplete();
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException or ChannelClosedException)
        {
            // The client has left without a word, or the venue is about to.
        }
    }

    /// <summary>Null when the client closed, or why one of its commands was not followed.</summary>
    private async Task<VenueFault?> FollowAllAsync(byte[] buffer, HmacVenueWriter writer)
    {
        while (await ReadAsync(buffer) is { } length)
        {
            if (length > buffer.Length) return new(HmacVenueErrors.BadRequest, $"the command is too long: expected at most {CommandLengthMax} bytes");
            if (_commands.ReadCommand(buffer.AsSpan(0, length), out var words) is not { } command) return new(HmacVenueErrors.BadRequest, words);
            if (await FollowAsync(command, writer) is { } fault) return fault;
        }

        return null;
    }

    /// <summary>Length of the next command, above the buffer's when it does not fit; null when the client closes.</summary>
    private async ValueTask<int?> ReadAsync(byte[] buffer)
    {
        for (var length = 0; ;)
        {
            if (length == buffer.Length) return length + 1;
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return length;
        }
    }

    /// <summary>Null, or why the command was not followed.</summary>
    private async ValueTask<VenueFault?> FollowAsync(HmacCommand command, HmacVenueWriter writer)
    {
        switch (command.Kind)
        {
            case HmacCommandKind.Ping:
                Say(writer, (w, into) => w.Pong(command.Number, Timestamp.From(time.GetUtcNow()), into));
                return null;
            case HmacCommandKind.Login:
                if (authority.Refusal(command) is { } refusal) return refusal;
                _isLoggedIn = true;
                Say(writer, (w, into) => w.LoggedIn(into));
                return null;
            default:
                var channels = Channels(command);
                if (!_isLoggedIn && (channels & VenueChannels.Private) != 0) return new(HmacVenueErrors.UnknownKey, "orders and fills need a login");
                if (channels == VenueChannels.None || command.Symbols.Count == 0)
                    return new(HmacVenueErrors.BadRequest, "expected a channel and a symbol at least");
                await market.AskAsync(
                    m =>
                    {
                        m.Streams.Subscribe(this, channels);
                        return true;
                    },
                    CancellationToken.None);
                return null;
        }
    }

    private void Say(HmacVenueWriter writer, Action<HmacVenueWriter, IBufferWriter<byte>> frame)
    {
        var buffer = new ArrayBufferWriter<byte>();
        frame(writer, buffer);
        TrySend(buffer.WrittenSpan.ToArray());
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync())
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException)
        {
            // The client has left, or was disconnected: what is in the queue is for nobody.
            _frames.Writer.TryComplete();
        }
    }

    private static VenueChannels Channels(HmacCommand command)
    {
        var channels = VenueChannels.None;
        foreach (var channel in command.Channels)
        {
            channels |= channel switch
            {
                "book" => VenueChannels.Book,
                "trades" => VenueChannels.Trades,
                "orders" => VenueChannels.Orders,
                _ => VenueChannels.Fills,
            };
        }

        return channels;
    }
}
