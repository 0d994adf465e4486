using System.Net;
using System.Net.Sockets;
using System.Text;
using Dmm.Testing.Servers;

namespace Dmm.Testing.Venues;

/// <summary>
/// A venue on loopback: real connections, the wire of its dialect, a <see cref="FakeMarket"/> behind it, and what is to go wrong in
/// <see cref="Faults"/>.
/// </summary>
public sealed class FakeVenue : IAsyncDisposable
{
    private readonly IVenueDialect _dialect;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _connections = new();
    private readonly List<TcpClient> _clients = [];
    private readonly List<FakeConnection> _open = [];
    private readonly List<Task> _serving = [];
    private TcpListener _listener;
    private Task _accepting;

    /// <summary>Listens from here on.</summary>
    /// <param name="dialect">The venue's wire.</param>
    /// <param name="market">Owned by the caller.</param>
    /// <param name="time">For delays; the market has its own.</param>
    public FakeVenue(IVenueDialect dialect, FakeMarket market, TimeProvider time)
    {
        (_dialect, Market, _time) = (dialect, market, time);
        market.Happened += Tell;
        _listener = new(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public FakeMarket Market { get; }

    public FaultPlan Faults { get; } = new();

    /// <summary>Requests that left longer ago (<see cref="StampedRequests"/>) are cut off and do nothing; null for as long as the wire allows.</summary>
    public TimeSpan? LateAfter { get; set; }

    public int Port { get; }

    /// <summary><c>http</c>, host and port.</summary>
    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>The same as <c>ws</c>.</summary>
    public Uri SocketUrl => new($"ws://127.0.0.1:{Port}");

    /// <summary>Every request, as it arrived.</summary>
    public Told<FakeRequest> Requests { get; } = new();

    /// <summary>Every web socket, once the client was told that it is open.</summary>
    public Told<FakeConnection> Sockets { get; } = new();

    /// <summary>Nobody can reach it any more, and who is there is cut off.</summary>
    public async Task GoAwayAsync()
    {
        _listener.Stop();
        await _accepting;
        CutOff();
    }

    /// <summary>It can be reached again, at the same address.</summary>
    public void ComeBack()
    {
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Breaks every connection off.</summary>
    public void CutOff()
    {
        lock (_connections)
        {
            foreach (var client in _clients) client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Market.Happened -= Tell;
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        CutOff();
        Task[] serving;
        lock (_connections) serving = [.. _serving];
        await Task.WhenAll(serving);
        _end.Dispose();
    }

    /// <summary>With the market's gate held.</summary>
    private void Tell(MarketEvent happened)
    {
        foreach (var socket in _open) socket.Dialect.Tell(happened, socket);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_end.Token);
                client.NoDelay = true;
                lock (_connections)
                {
                    _clients.Add(client);
                    _serving.RemoveAll(s => s.IsCompletedSuccessfully);
                    _serving.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Nobody is let in any more; a listener that was stopped between two clients says that it is not listening.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                var wire = new HttpWire(stream);
                while (await wire.ReadAsync(_end.Token) is { } request)
                    if (!await AnswerAsync(request, wire, stream)) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException or SocketException)
        {
            // The client has left, or was cut off.
        }
        finally
        {
            lock (_connections) _clients.Remove(client);
        }
    }

    /// <summary>False when the connection must end.</summary>
    private async Task<bool> AnswerAsync(FakeRequest request, HttpWire wire, NetworkStream stream)
    {
        var isSocket = request.Header("Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase);
        request = request with { Operation = isSocket ? VenueOperation.Connect : _dialect.Operation(request) };
        var faults = Faults.For(request);
        Requests.Take(request);
        if (faults.Any(f => f is RequestFault.Lost)) return false;
        foreach (var fault in faults)
        {
            if (fault is RequestFault.Held held) await held.Traffic.WaitAsync(request, _end.Token);
            if (fault is RequestFault.Delayed delayed) await Task.Delay(delayed.Span, _time, _end.Token);
        }

        if (isSocket && !faults.Any(f => f is RequestFault.Failed))
        {
            await ServeSocketAsync(request, wire, stream);
            return false;
        }

        FakeAnswer answer;
        lock (Market.Gate)
        {
            // However long a busy machine had it under way: what is too late does nothing here either.
            if (LateAfter is { } window && StampedRequests.Age(request) > window) return false;
            answer = Do(request, faults);
        }

        foreach (var fault in faults)
        {
            if (fault is RequestFault.AnswerHeld held) await held.Traffic.WaitAsync(request, _end.Token);
            if (fault is RequestFault.AnswerDelayed delayed) await Task.Delay(delayed.Span, _time, _end.Token);
            if (fault is RequestFault.AnswerReplaced replaced) answer = replaced.Answer;
        }

        if (faults.Any(f => f is RequestFault.NoAnswer)) await Task.Delay(Timeout.Infinite, _end.Token);
        if (faults.Any(f => f is RequestFault.AnswerLost)) return false;
        var isTruncated = faults.Any(f => f is RequestFault.AnswerTruncated);
        await wire.WriteAsync(answer, isTruncated, _end.Token);
        return !isTruncated;
    }

    /// <summary>With the market's gate held.</summary>
    private FakeAnswer Do(FakeRequest request, RequestFault[] faults)
    {
        foreach (var fault in faults)
            if (fault is RequestFault.Preceded preceded) preceded.Event(Market);
        var answer = faults.OfType<RequestFault.Failed>().FirstOrDefault()?.Answer
            ?? (faults.OfType<RequestFault.Refused>().FirstOrDefault() is { } refused
                ? _dialect.Refuse(request, refused.Refusal)
                : _dialect.Answer(request, Market));
        if (faults.Any(f => f is RequestFault.Repeated)) _dialect.Answer(request, Market);
        foreach (var fault in faults)
            if (fault is RequestFault.Followed followed) followed.Event(Market);
        foreach (var fault in faults)
            if (fault is RequestFault.AnswerDisowned disowned) answer = _dialect.Refuse(request, disowned.Refusal) with { Status = disowned.Status };
        return answer;
    }

    private async Task ServeSocketAsync(FakeRequest request, HttpWire wire, NetworkStream stream)
    {
        var path = request.Query.Length > 0 ? $"{request.Path}?{request.Query}" : request.Path;
        ISocketDialect? dialect;
        lock (Market.Gate) dialect = _dialect.Connect(request, Market);
        if (dialect is null)
        {
            await wire.WriteAsync(new(404, Encoding.UTF8.GetBytes("no such socket")), isTruncated: false, _end.Token);
            return;
        }

        await wire.UpgradeAsync(request, _end.Token);
        var socket = new FakeConnection(path, dialect, Market, Faults, _time, _end.Token);
        lock (Market.Gate) _open.Add(socket);
        Sockets.Take(socket);
        await socket.RunAsync(wire, stream);
        lock (Market.Gate) _open.Remove(socket);
    }
}
