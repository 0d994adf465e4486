using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>
/// Whole frames out of a web socket over loopback: into one pooled buffer, as the feeds do it, and through a pipe. The server sends the recording's
/// frames
/// as fast as they are taken; it is part of the figure, in the same process, and the same for both.
/// </summary>
internal static class TransportBenchmark
{
    private const int Rounds = 7;
    private const int PacedFrames = 3_000;

    public static void Run(Market market)
    {
        Report.Title("transport: web socket → whole frames, loopback");
        var stream = Encoded(market.Frames);
        Compare("one pooled buffer", stream, market.Frames.Count, TakePooledAsync);
        Compare("through a pipe", stream, market.Frames.Count, TakePipedAsync);
        Feed(market, stream);
        Pace("one pooled buffer", TakePooledAsync);
        Pace("through a pipe", TakePipedAsync);
    }

    /// <summary>The whole of a feed's way: socket → parser → book chain → writer, which does nothing.</summary>
    private static void Feed(Market market, byte[] stream)
    {
        List<(double Seconds, long Bytes)> rounds = [];
        for (var round = 0; round <= Rounds; round++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var end = new CancellationTokenSource();
            var serving = ServeAsync(listener, async connection =>
            {
                await connection.WriteAsync(stream);
                await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
            var socket = new RecordedSocket(market, Address(listener));
            var feed = new VenueFeed(
                new() { Venue = market.Instrument.Venue, Snapshots = (_, _) => Unanswered }, market.Instruments.All, [socket], account: null, lastTradeId: "",
                TimeProvider.System, () => 1, (_, _) => ValueTask.CompletedTask);
            GC.Collect();
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            var running = feed.RunAsync(end.Token);
            socket.AllSeen.GetAwaiter().GetResult();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            end.Cancel();
            running.GetAwaiter().GetResult();
            serving.GetAwaiter().GetResult();
            if (round > 0) rounds.Add((seconds, bytes));
        }

        rounds.Sort();
        Report.Figure(
            "a feed, to its writer", market.Frames.Count / rounds[Rounds / 2].Seconds / 1e6, "M frames/s",
            beside: $"best {Report.Number(market.Frames.Count / rounds[0].Seconds / 1e6)}");
        Report.Figure("allocated, a feed", (double)rounds.Min(r => r.Bytes) / market.Frames.Count, "B/frame");
    }

    private static readonly Task<VenueReply<BookUpdate>> Unanswered =
        Task.FromResult<VenueReply<BookUpdate>>(new VenueReply<BookUpdate>.Unknown("nobody answers"));

    /// <summary>Says nothing and hears the recording.</summary>
    private sealed class RecordedSocket(Market market, Uri address) : IVenueSocket
    {
        private readonly BinanceWire _wire = new(market.Instrument.Venue, [market.Instrument]);
        private readonly TaskCompletionSource _allSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _seen;

        public Task AllSeen => _allSeen.Task;

        public string Name => "public";

        public Uri Url => address;

        public TimeSpan PingInterval => TimeSpan.FromMinutes(1);

        public byte[]? Login(Timestamp now) => null;

        public IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers)
        {
            answers = 0;
            return [];
        }

        public byte[] Ping(Timestamp now) => [];

        public byte[] Pong(ReadOnlySpan<byte> ping) => [];

        public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
        {
            heard = new(VenueFrameKind.Data);
            var status = _wire.Parse(frame, receiveTime, batch);
            if (++_seen == market.Frames.Count) _allSeen.SetResult();
            return status;
        }
    }

    /// <summary>A frame a millisecond, as a venue sends them: from the instant at which the server writes it until the reader has it.</summary>
    private static void Pace(string name, Func<Uri, int, Action<ReadOnlyMemory<byte>>, Task> take)
    {
        List<double> microseconds = [];
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, async connection =>
        {
            var frame = new byte[2 + sizeof(long)];
            (frame[0], frame[1]) = (0x82, sizeof(long));
            for (var i = 0; i < PacedFrames; i++)
            {
                await Task.Delay(1);
                BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(2), Stopwatch.GetTimestamp());
                await connection.WriteAsync(frame);
            }
        });
        take(Address(listener), PacedFrames, frame =>
            microseconds.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(frame.Span)).TotalMicroseconds)).GetAwaiter().GetResult();
        serving.GetAwaiter().GetResult();
        microseconds.Sort();
        Report.Figure($"sent → read, {name}, p50", microseconds[PacedFrames / 2], "µs", beside: $"p99 {Report.Number(microseconds[PacedFrames * 99 / 100])}");
    }

    private static Uri Address(TcpListener listener) => new($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    private static void Compare(string name, byte[] stream, int frames, Func<Uri, int, Action<ReadOnlyMemory<byte>>, Task> take)
    {
        List<(double Seconds, long Bytes)> rounds = [];
        for (var round = 0; round <= Rounds; round++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var serving = ServeAsync(listener, connection => connection.WriteAsync(stream).AsTask());
            GC.Collect();
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            var seen = 0L;
            take(Address(listener), frames, frame => seen += frame.Length).GetAwaiter().GetResult();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            serving.GetAwaiter().GetResult();
            if (seen == 0) throw new InvalidOperationException("no byte was seen");
            // The first is cold.
            if (round > 0) rounds.Add((seconds, bytes));
        }

        rounds.Sort();
        var (median, least) = (rounds[Rounds / 2].Seconds, rounds[0].Seconds);
        Report.Figure(
            name, frames / median / 1e6, "M frames/s", beside: $"best {Report.Number(frames / least / 1e6)}; {Report.Number(stream.Length / median / 1e6)} MB/s");
        Report.Figure($"allocated, {name}", (double)rounds.Min(r => r.Bytes) / frames, "B/frame");
    }

    private static async Task TakePooledAsync(Uri address, int frames, Action<ReadOnlyMemory<byte>> taken)
    {
        using var socket = new FrameSocket();
        await socket.ConnectAsync(address, [], CancellationToken.None);
        for (var i = 0; i < frames; i++) taken(await socket.ReceiveAsync(CancellationToken.None));
    }

    private static async Task TakePipedAsync(Uri address, int frames, Action<ReadOnlyMemory<byte>> taken)
    {
        using var socket = new PipedSocket();
        await socket.ConnectAsync(address, CancellationToken.None);
        for (var i = 0; i < frames; i++) taken(await socket.ReceiveAsync(CancellationToken.None));
    }

    private static async Task ServeAsync(TcpListener listener, Func<NetworkStream, Task> send)
    {
        using var client = await listener.AcceptTcpClientAsync();
        client.NoDelay = true;
        var connection = client.GetStream();
        var request = new byte[4_096];
        var length = 0;
        while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8)) length += await connection.ReadAsync(request.AsMemory(length));
        var lines = Encoding.ASCII.GetString(request, 0, length).Split("\r\n");
        var key = lines.First(l => l.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':', 2)[1].Trim();
        // The constant and the hash are those of RFC 6455, 4.2.2.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
        await send(connection);
    }

    /// <summary>The recording as a server's text frames, unmasked, each whole.</summary>
    private static byte[] Encoded(VenueFrames frames)
    {
        using var stream = new MemoryStream();
        Span<byte> header = stackalloc byte[4];
        for (var i = 0; i < frames.Count; i++)
        {
            var payload = frames.Bytes(i);
            if (payload.Length > ushort.MaxValue) throw new InvalidOperationException("a recorded frame is longer than this server writes");
            header[0] = 0x81;
            if (payload.Length < 126)
            {
                header[1] = (byte)payload.Length;
                stream.Write(header[..2]);
            }
            else
            {
                header[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)payload.Length);
                stream.Write(header);
            }

            stream.Write(payload);
        }

        return stream.ToArray();
    }
}
