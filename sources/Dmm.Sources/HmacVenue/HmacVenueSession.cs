using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>One connection of a <see cref="HmacVenueFeed"/>, from dialling to its end.</summary>
internal sealed class HmacVenueSession(
    HmacVenueOptions options, HmacVenueWire wire, IOrderVenue venue, PrivateStream orders, TimeProvider time, Func<double> chance,
    Func<Input, CancellationToken, ValueTask> write) : IDisposable
{
    private readonly FrameSocket _socket = new();
    private readonly MessageBatch _batch = new();
    private readonly Dictionary<InstrumentId, (Instrument Instrument, BookChain Chain)> _books =
        wire.Instruments.ToDictionary(i => i.Id, i => (i, new BookChain(i.SequenceRule)));
    private readonly List<Task> _fetches = [];
    private readonly CancellationTokenSource _end = new();
    private ClockOffsetState _clock;
    private long _heardAt;

    private bool IsPrivate => options.Credentials is not null;

    /// <summary>It was told as connected.</summary>
    public bool WasConnected { get; private set; }

    /// <summary>Runs until the link ends, and says why it did.</summary>
    /// <exception cref="WriterException">The writer threw.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        using var registration = cancellation.Register(_end.Cancel);
        if (await DialAsync(cancellation) is { } failure) return failure;
        orders.Interrupt();
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        var reading = ReadAsync(_end.Token);
        var watching = WatchAsync(_end.Token);
        var first = await Task.WhenAny(reading, watching);
        await _end.CancelAsync();
        // The reader starts fetches: theirs is the list once it has ended.
        await Task.WhenAll((Task)reading, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] all = [reading, watching, .. _fetches];
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var task in all)
            if (task.Exception?.InnerException is { } fault) ExceptionDispatchInfo.Throw(fault);
        cancellation.ThrowIfCancellationRequested();
        return await first;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task<string?> DialAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await _socket.ConnectAsync(options.SocketUrl, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no connection within {options.RequestTimeout.TotalSeconds} s");
        }
        catch (WebSocketException fault)
        {
            return $"cannot connect: {fault.InnerException?.Message ?? fault.Message}";
        }
    }

    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await (options.Credentials is { } credentials
                ? _socket.SendAsync(
                    HmacVenueRequests.Login(new(options.Signing, credentials, options.ReceiveWindow), credentials.ApiKey, Now()), cancellation)
                : SubscribeAsync(cancellation));
            while (true)
            {
                var frame = await _socket.ReceiveAsync(cancellation);
                Volatile.Write(ref _heardAt, time.GetTimestamp());
                var receivedAt = Now();
                var status = wire.Parse(frame.Span, receivedAt, _batch, out var kind);
                if (await TakeAsync(status, kind, receivedAt, cancellation) is { } reason) return reason;
            }
        }
        catch (Exception fault) when (fault is WebSocketException or InvalidDataException or IOException)
        {
            return fault.Message;
        }
    }

    /// <summary>Null, or why the session must end.</summary>
    private async ValueTask<string?> TakeAsync(ParseStatus status, HmacFrame frame, Timestamp receivedAt, CancellationToken cancellation)
    {
        switch (frame.Kind)
        {
            case HmacFrameKind.Order when status == ParseStatus.Parsed:
                var mustResync = orders.TakeOrder(frame.Sequence);
                await write(_batch[0], cancellation);
                if (mustResync) await ResyncAsync(cancellation);
                return null;
            case HmacFrameKind.Fill when status == ParseStatus.Parsed:
                if (await orders.TakeFillAsync(frame.Sequence, (Fill)_batch[0].Control, cancellation)) await ResyncAsync(cancellation);
                return null;
            case HmacFrameKind.LoggedIn:
                await SubscribeAsync(cancellation);
                return null;
            case HmacFrameKind.Subscribed:
                if (options.HasMarketData)
                    foreach (var instrument in wire.Instruments) Start(FetchBookAsync(instrument, _books[instrument.Id].Chain, cancellation));
                Start(JoinAsync(cancellation));
                return null;
        }

        for (var i = 0; i < _batch.Count; i++) await HandOnAsync(i, receivedAt, cancellation);
        // What is not known of orders and fills must not be traded on; and what is wrong with a login or a subscription does not pass by itself.
        return status == ParseStatus.Rejected && frame.Kind is HmacFrameKind.Order or HmacFrameKind.Fill or HmacFrameKind.Error
            ? ((Rejected)_batch[_batch.Count - 1].Control).Reason
            : null;
    }

    private async ValueTask HandOnAsync(int index, Timestamp receivedAt, CancellationToken cancellation)
    {
        var kind = _batch[index].Kind;
        if (kind != InputKind.Control)
        {
            _clock = ClockOffsetEstimator.Step(_clock, _batch[index].VenueTime, receivedAt, out var isReported);
            if (isReported) await write(new Input(new ClockOffset(wire.Venue, _clock.Offset)), cancellation);
        }

        await write(_batch[index], cancellation);
        if (kind != InputKind.Book) return;
        var (instrument, chain) = _books[_batch[index].Instrument];
        if (chain.Take(_batch[index].Book)) Start(FetchBookAsync(instrument, chain, cancellation));
    }

    private Task SubscribeAsync(CancellationToken cancellation) =>
        _socket.SendAsync(HmacVenueRequests.Subscribe(wire.Instruments, IsPrivate, options.HasMarketData), cancellation);

    private async Task ResyncAsync(CancellationToken cancellation)
    {
        await write(new Input(new FeedStatus(wire.Venue, FeedState.Resyncing, "orders or fills are missing")), cancellation);
        Start(JoinAsync(cancellation));
    }

    /// <summary>Connected is told once our orders and fills are known, not before.</summary>
    private async Task JoinAsync(CancellationToken cancellation)
    {
        if (IsPrivate) await orders.ResyncAsync(cancellation);
        WasConnected = true;
        await write(new Input(new FeedStatus(wire.Venue, FeedState.Connected, options.SocketUrl.ToString())), cancellation);
    }

    private async Task FetchBookAsync(Instrument instrument, BookChain chain, CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            if (await venue.FetchOrderBookAsync(instrument, cancellation) is VenueReply<BookUpdate>.Accepted { Value: var snapshot })
            {
                await write(new Input(snapshot), cancellation);
                if (chain.TryJoin(snapshot.LastUpdateId)) return;
            }

            await Task.Delay(options.Reconnect.Delay(failures, chance()), time, cancellation);
        }
    }

    /// <summary>Runs beside the reader; what it throws ends the session.</summary>
    private void Start(Task fetch)
    {
        _fetches.RemoveAll(f => f.IsCompletedSuccessfully);
        _fetches.Add(EndOnFaultAsync(fetch));
    }

    private async Task EndOnFaultAsync(Task fetch)
    {
        try
        {
            await fetch;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await _end.CancelAsync();
            throw;
        }
    }

    private async Task<string> WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.PingInterval, time);
        for (var number = 1L; await timer.WaitForNextTickAsync(cancellation); number++)
        {
            var silence = time.GetElapsedTime(Volatile.Read(ref _heardAt));
            if (silence >= 2 * options.PingInterval) return string.Create(CultureInfo.InvariantCulture, $"silent for {silence.TotalSeconds:0.###} s");
            using var timeout = new CancellationTokenSource(options.PingInterval, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
            try
            {
                await _socket.SendAsync(HmacVenueRequests.Ping(number), either.Token);
            }
            catch (Exception fault) when (
                fault is WebSocketException or IOException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                return $"a ping could not be sent: {fault.Message}";
            }
        }

        return "ended";
    }

    private Timestamp Now() => Timestamp.From(time.GetUtcNow());
}
