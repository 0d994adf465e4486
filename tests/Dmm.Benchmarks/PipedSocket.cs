using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Dmm.Benchmarks;

/// <summary>
/// The other way to read a web socket: one task fills a pipe, each part behind a header with its length and whether it ends a frame, and the reader
/// takes
/// whole frames out of it. Only where a frame lies in two segments is it copied.
/// </summary>
internal sealed class PipedSocket : IDisposable
{
    private const int HeaderLength = sizeof(int);
    private const int LastPart = 1 << 30;
    private const int PartMin = 4 << 10;

    private readonly ClientWebSocket _socket = new();
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
    private readonly CancellationTokenSource _end = new();
    private Task _filling = Task.CompletedTask;
    private byte[] _copy = new byte[64 << 10];
    private bool _hasRead;
    private ReadOnlySequence<byte> _left;

    public async Task ConnectAsync(Uri address, CancellationToken cancellation)
    {
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await _socket.ConnectAsync(address, cancellation);
        _filling = FillAsync(_end.Token);
    }

    /// <summary>The next frame, valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(out var frame)) return frame;
            if (_hasRead) _pipe.Reader.AdvanceTo(_left.Start, _left.End);
            var read = await _pipe.Reader.ReadAsync(cancellation);
            (_hasRead, _left) = (true, read.Buffer);
            if (read.IsCompleted && _left.IsEmpty) throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
    }

    private bool TryTake(out ReadOnlyMemory<byte> frame)
    {
        var rest = _left;
        var length = 0;
        while (rest.Length >= HeaderLength)
        {
            Span<byte> header = stackalloc byte[HeaderLength];
            rest.Slice(0, HeaderLength).CopyTo(header);
            var word = BitConverter.ToInt32(header);
            var part = word & ~LastPart;
            if (rest.Length < HeaderLength + part) break;
            var payload = rest.Slice(HeaderLength, part);
            rest = rest.Slice(HeaderLength + part);
            if ((word & LastPart) != 0 && length == 0 && payload.IsSingleSegment)
            {
                (frame, _left) = (payload.First, rest);
                return true;
            }

            if (_copy.Length < length + part) Array.Resize(ref _copy, 2 * (length + part));
            payload.CopyTo(_copy.AsSpan(length));
            length += part;
            if ((word & LastPart) == 0) continue;
            (frame, _left) = (_copy.AsMemory(0, length), rest);
            return true;
        }

        frame = default;
        return false;
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var memory = _pipe.Writer.GetMemory(PartMin);
                var part = await _socket.ReceiveAsync(memory[HeaderLength..], cancellation);
                if (part.MessageType == WebSocketMessageType.Close) break;
                BitConverter.TryWriteBytes(memory.Span, part.EndOfMessage ? part.Count | LastPart : part.Count);
                _pipe.Writer.Advance(HeaderLength + part.Count);
                await _pipe.Writer.FlushAsync(cancellation);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader ends with what is in the pipe.
        }

        await _pipe.Writer.CompleteAsync();
    }
}
