using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>One connection of one of a venue's sockets, from dialling to its end.</summary>
internal sealed class VenueSession(
    VenueFeedOptions options, IReadOnlyList<Instrument> instruments, IVenueSocket socket, int index, bool hasBooks, AccountStream? account,
    FeedLink link, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write) : IDisposable
{
    private readonly FrameSocket _socket = new();
    private readonly MessageBatch _batch = new();
    private readonly SessionBooks _books = new(options, instruments, time, chance, write);
    private readonly List<Task> _beside = [];
    private readonly CancellationTokenSource _end = new();
    private ClockOffsetState _clock;
    private long _heardAt;
    private long _dialledAt;
    private int _awaited;
    private bool _wasUp;

    /// <summary>Every subscription was answered.</summary>
    public bool WasUp => Volatile.Read(ref _wasUp);

    /// <summary>Runs until the link ends, and says why it did.</summary>
    /// <exception cref="WriterException">The writer threw.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.Register(_end.Cancel);
        if (await DialAsync(cancellation) is { } failure) return failure;
        _dialledAt = time.GetTimestamp();
        Volatile.Write(ref _heardAt, _dialledAt);
        var reading = ReadAsync(_end.Token);
        var watching = WatchAsync(_end.Token);
        var first = await Task.WhenAny(reading, watching);
        await _end.CancelAsync();
        // The reader starts what runs beside it: theirs is the list once it has ended.
        await Task.WhenAll((Task)reading, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] all = [reading, watching, .. _beside];
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
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await _socket.ConnectAsync(socket.Url, socket.Headers, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no connection within {options.ConnectTimeout.TotalSeconds} s");
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
            if (socket.Login(Now()) is { } login) await _socket.SendAsync(login, cancellation);
            else await SubscribeAsync(cancellation);
            while (true)
            {
                var frame = await _socket.ReceiveAsync(cancellation);
                Volatile.Write(ref _heardAt, time.GetTimestamp());
                var receivedAt = Now();
                var status = socket.Parse(frame.Span, receivedAt, _batch, out var heard);
                if (heard.Kind == VenueFrameKind.Ping) await _socket.SendAsync(socket.Pong(frame.Span), cancellation);
                else if (await TakeAsync(status, heard, receivedAt, cancellation) is { } reason) return reason;
            }
        }
        catch (Exception fault) when (fault is WebSocketException or InvalidDataException or IOException)
        {
            return fault.Message;
        }
    }

    /// <summary>Null, or why the session must end.</summary>
    private async ValueTask<string?> TakeAsync(ParseStatus status, VenueFrame heard, Timestamp receivedAt, CancellationToken cancellation)
    {
        for (var i = 0; i < _batch.Count; i++)
            if (await HandOnAsync(i, heard.Number, receivedAt, cancellation) is { } gap) return gap;
        switch (heard.Kind)
        {
            case VenueFrameKind.LoggedIn:
                await SubscribeAsync(cancellation);
                return null;
            case VenueFrameKind.Subscribed when _awaited > 0:
                if (--_awaited == 0) Up(cancellation);
                return null;
            case VenueFrameKind.Error:
                // What is wrong with a login or a subscription does not pass by itself.
                return heard.Detail.Length > 0 ? heard.Detail : Refusal() ?? "the venue reports an error";
        }

        // What it said of our orders and fills is not known; what it says of them by REST will be.
        if (status == ParseStatus.Rejected && socket.HasAccount && WasUp) Start(link.ResyncAsync(index, $"not read: {Refusal()}", cancellation));
        return null;
    }

    private async ValueTask<string?> HandOnAsync(int place, long number, Timestamp receivedAt, CancellationToken cancellation)
    {
        switch (_batch[place].Kind)
        {
            case InputKind.Control:
                if (await HandOnAsync(_batch[place].Control, number, cancellation))
                    Start(link.ResyncAsync(index, "orders or fills are missing", cancellation));
                return null;
            case InputKind.Book:
                await MarkTimeAsync(place, receivedAt, cancellation);
                await write(_batch[place], cancellation);
                if (!_books.Take(_batch[place].Book, out var instrument)) return null;
                if (options.Snapshots is null) return $"the book of {instrument.Symbol} lacks an update: a new session brings a new book";
                Start(_books.FetchAsync(instrument, cancellation));
                return null;
            default:
                await MarkTimeAsync(place, receivedAt, cancellation);
                await write(_batch[place], cancellation);
                return null;
        }
    }

    /// <summary>True when something of our account before it is missing.</summary>
    private async ValueTask<bool> HandOnAsync(ControlMessage message, long number, CancellationToken cancellation)
    {
        switch (message)
        {
            case OrderUpdate update when account is not null:
                return await account.TakeAsync(update, number, cancellation);
            case Fill fill when account is not null:
                return await account.TakeAsync(fill, number, cancellation);
            default:
                await write(new Input(message), cancellation);
                return false;
        }
    }

    private async ValueTask MarkTimeAsync(int place, Timestamp receivedAt, CancellationToken cancellation)
    {
        _clock = ClockOffsetEstimator.Step(_clock, _batch[place].VenueTime, receivedAt, out var isReported);
        if (isReported) await write(new Input(new ClockOffset(options.Venue, _clock.Offset)), cancellation);
    }

    private async Task SubscribeAsync(CancellationToken cancellation)
    {
        var frames = socket.Subscriptions(Now(), out _awaited);
        foreach (var frame in frames) await _socket.SendAsync(frame, cancellation);
        if (_awaited == 0) Up(cancellation);
    }

    private void Up(CancellationToken cancellation)
    {
        Volatile.Write(ref _wasUp, true);
        if (options.Snapshots is not null && hasBooks)
            foreach (var instrument in _books.Missing) Start(_books.FetchAsync(instrument, cancellation));
        if (options.RefreshBooksEvery is { } every && hasBooks) Start(RefreshAsync(every, cancellation));
        Start(link.UpAsync(index, cancellation));
    }

    private async Task RefreshAsync(TimeSpan every, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                foreach (var frame in socket.BookRefreshes()) await _socket.SendAsync(frame, cancellation);
            }
            catch (Exception fault) when (fault is WebSocketException or IOException)
            {
                // The reader finds the link broken, too.
                return;
            }
        }
    }

    /// <summary>Runs beside the reader; what it throws ends the session.</summary>
    private void Start(Task task)
    {
        _beside.RemoveAll(t => t.IsCompletedSuccessfully);
        _beside.Add(EndOnFaultAsync(task));
    }

    private async Task EndOnFaultAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await _end.CancelAsync();
            throw;
        }
    }

    private async Task<string> WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(socket.PingInterval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var silence = time.GetElapsedTime(Volatile.Read(ref _heardAt));
            if (silence >= 2 * socket.PingInterval) return string.Create(CultureInfo.InvariantCulture, $"silent for {silence.TotalSeconds:0.###} s");
            if (!WasUp && time.GetElapsedTime(_dialledAt) >= options.ConnectTimeout)
                return FormattableString.Invariant($"login and subscriptions not answered within {options.ConnectTimeout.TotalSeconds} s");
            using var timeout = new CancellationTokenSource(socket.PingInterval, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
            try
            {
                await _socket.SendAsync(socket.Ping(Now()), either.Token);
            }
            catch (Exception fault) when (
                fault is WebSocketException or IOException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                return $"a ping could not be sent: {fault.Message}";
            }
        }

        return "ended";
    }

    private string? Refusal()
    {
        for (var i = _batch.Count - 1; i >= 0; i--)
            if (_batch[i].Kind == InputKind.Control && _batch[i].Control is Rejected rejected) return rejected.Reason;
        return null;
    }

    private Timestamp Now() => Timestamp.From(time.GetUtcNow());
}
