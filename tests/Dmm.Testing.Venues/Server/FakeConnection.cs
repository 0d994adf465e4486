using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Dmm.Testing.Servers;

namespace Dmm.Testing.Venues;

/// <summary>One web socket of a client, from the venue's side.</summary>
public sealed class FakeConnection : IFrameSink
{
    /// <summary>Frames that a client may leave unread before it is disconnected.</summary>
    public const int FramesMax = 1_024;

    private readonly Channel<(byte[] Bytes, bool IsEnd)> _frames =
        Channel.CreateBounded<(byte[], bool)>(new BoundedChannelOptions(FramesMax) { SingleReader = true });

    private readonly FakeMarket _market;
    private readonly FaultPlan _faults;
    private readonly TimeProvider _time;
    private readonly List<ITimer> _timers = [];
    private readonly CancellationTokenSource _end;
    private TaskCompletionSource? _isPaused;
    private byte[]? _swapped;
    private bool _isSilent;

    internal FakeConnection(string path, ISocketDialect dialect, FakeMarket market, FaultPlan faults, TimeProvider time, CancellationToken ending)
    {
        (Path, Dialect, _market, _faults, _time) = (path, dialect, market, faults, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(ending);
    }

    /// <summary>Path and query of its address.</summary>
    public string Path { get; }

    /// <summary>What the client said, each frame as text.</summary>
    public Told<string> Heard { get; } = new();

    /// <summary>What the venue said, as it was before any fault.</summary>
    public Told<(FrameKind Kind, string Text)> Said { get; } = new();

    /// <summary>Ends when the connection has.</summary>
    public Task Ended => _ended.Task;

    internal ISocketDialect Dialect { get; }

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Breaks the connection off, without a word.</summary>
    public void Drop() => _end.Cancel();

    /// <summary>Nothing is said any more, though the connection stays open.</summary>
    public void FallSilent()
    {
        lock (_market.Gate) _isSilent = true;
    }

    /// <summary>Nothing of the client is read any more until <see cref="GoOnReading"/>: what it sends fills the buffers between.</summary>
    public void StopReading() =>
        Interlocked.CompareExchange(ref _isPaused, new(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void GoOnReading() => Interlocked.Exchange(ref _isPaused, null)?.TrySetResult();

    /// <summary>Says something out of turn, past all faults.</summary>
    public void SayRaw(ReadOnlySpan<byte> payload) => Send(SocketFrames.Write(SocketFrames.Text, payload));

    public void Say(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        Said.Take((kind, Encoding.UTF8.GetString(payload)));
        if (_isSilent) return;
        var frame = SocketFrames.Write(SocketFrames.Text, payload);
        switch (_faults.For(kind))
        {
            case null:
                Send(frame);
                break;
            case FrameFault.Repeated:
                Send(frame);
                Send(frame);
                break;
            case FrameFault.Swapped when _swapped is null:
                _swapped = frame;
                break;
            case FrameFault.Swapped:
                Send(frame);
                break;
            case FrameFault.Delayed delayed:
                _timers.Add(_time.CreateTimer(_ => Send(frame), null, delayed.Span, Timeout.InfiniteTimeSpan));
                break;
            case FrameFault.Truncated:
                Send(SocketFrames.Write(SocketFrames.Text, payload[..(payload.Length / 2)]));
                break;
            case FrameFault.Replaced replaced:
                Send(SocketFrames.Write(SocketFrames.Text, replaced.Payload));
                break;
            case FrameFault.Oversized oversized:
                var blanks = new byte[oversized.Length];
                blanks.AsSpan().Fill((byte)' ');
                Send(SocketFrames.Write(SocketFrames.Text, blanks));
                break;
            case FrameFault.BrokenOff:
                _frames.Writer.TryWrite((frame[..(frame.Length / 2)], IsEnd: true));
                break;
            case FrameFault.Silenced:
                _isSilent = true;
                break;
        }
    }

    public void Close() => _frames.Writer.TryWrite((SocketFrames.Write(SocketFrames.Close, [0x03, 0xE8]), IsEnd: true));

    /// <summary>Serves the client until one of both ends the connection.</summary>
    internal async Task RunAsync(HttpWire wire, NetworkStream stream)
    {
        var reading = ReadAllAsync(wire);
        var writing = WriteAllAsync(stream);
        await Task.WhenAny(reading, writing);
        await _end.CancelAsync();
        await Task.WhenAll(reading, writing);
        lock (_market.Gate)
        {
            foreach (var timer in _timers) timer.Dispose();
        }

        _ended.TrySetResult();
    }

    private void Send(byte[] frame)
    {
        lock (_market.Gate)
        {
            if (!_frames.Writer.TryWrite((frame, IsEnd: false))) _end.Cancel();
            if (_swapped is not { } swapped) return;
            _swapped = null;
            _frames.Writer.TryWrite((swapped, IsEnd: false));
        }
    }

    private async Task ReadAllAsync(HttpWire wire)
    {
        var message = new List<byte>();
        try
        {
            while (true)
            {
                if (Volatile.Read(ref _isPaused) is { } pause) await pause.Task.WaitAsync(_end.Token);
                if (await SocketFrames.ReadAsync(wire, _end.Token) is not var (opcode, isLast, payload)) return;
                switch (opcode)
                {
                    case SocketFrames.Ping:
                        if (!_isSilent) Send(SocketFrames.Write(SocketFrames.Pong, payload));
                        continue;
                    case SocketFrames.Pong:
                        continue;
                    case SocketFrames.Close:
                        _frames.Writer.TryWrite((SocketFrames.Write(SocketFrames.Close, payload), IsEnd: true));
                        return;
                }

                message.AddRange(payload);
                if (!isLast) continue;
                var frame = message.ToArray();
                message.Clear();
                lock (_market.Gate) Dialect.Hear(frame, this);
                Heard.Take(Encoding.UTF8.GetString(frame));
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client has left without a word, or the venue has.
        }
    }

    private async Task WriteAllAsync(NetworkStream stream)
    {
        try
        {
            await foreach (var (bytes, isEnd) in _frames.Reader.ReadAllAsync(_end.Token))
            {
                await stream.WriteAsync(bytes, _end.Token);
                if (isEnd) return;
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // As above: what is in the queue is for nobody.
        }
    }
}
