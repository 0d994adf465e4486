using System.Runtime.ExceptionServices;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// A venue's market data and, where it has our account, our orders and fills, over one or more sockets that are kept up until cancelled. Every
/// message is
/// handed to the writer, which may make the feed wait; nothing is dropped and nothing queues here.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | every socket logged in and subscribed | missed orders, fills and balances by cursor, then <see cref="FeedStatus"/> connected |
/// | gap in a book's update ids | snapshots until one joins the deltas, or, where the stream brings them, a new session of that socket |
/// | frame refused | <see cref="Rejected"/>; on a socket of our account a resync too: what it said is not known |
/// | gap in the numbers of orders or fills, where the venue has such | what is missing is fetched by cursor |
/// | a socket's link down, login or subscription refused or unanswered, two ping intervals of silence | disconnected with the reason, then that
/// socket again after a jittered wait; the others go on |
/// | every <see cref="VenueFeedOptions.ReconcileEvery"/> | fills and balances are fetched beside the stream |
/// | writer throws | passes through and ends the feed |
/// </remarks>
public sealed class VenueFeed
{
    private readonly VenueFeedOptions _options;
    private readonly IReadOnlyList<Instrument> _instruments;
    private readonly IReadOnlyList<IVenueSocket> _sockets;
    private readonly TimeProvider _time;
    private readonly Func<double> _chance;
    private readonly Func<Input, CancellationToken, ValueTask> _write;
    private readonly FeedLink _link;

    /// <param name="options">How it is kept up.</param>
    /// <param name="instruments">Whose books are followed.</param>
    /// <param name="sockets">What is said on each of the venue's sockets.</param>
    /// <param name="account">Answers what the stream of our account cannot; null where market data alone is wanted.</param>
    /// <param name="lastTradeId">Trade id of a fill on record before which none is missing; fills are fetched behind it. Empty for all that the venue
    /// keeps.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned. Called from several tasks.</param>
    public VenueFeed(
        VenueFeedOptions options, IReadOnlyList<Instrument> instruments, IReadOnlyList<IVenueSocket> sockets, IOrderVenue? account,
        string lastTradeId, TimeProvider time, Func<double> chance, Func<Input, CancellationToken, ValueTask> write)
    {
        if (sockets.Count == 0) throw new ArgumentException($"{options.Venue}: no socket given", nameof(sockets));
        (_options, _instruments, _sockets, _time) = (options, instruments, sockets, time);
        var chanceLock = new Lock();
        _chance = () => { lock (chanceLock) return chance(); };
        _write = async (input, cancellation) =>
        {
            try
            {
                await write(input, cancellation);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                throw new WriterException(fault);
            }
        };
        Account = account is null ? null : new(account, lastTradeId, options.Reconnect, time, _chance, _write);
        // One socket alone brings everything.
        _link = new(options.Venue, [.. sockets.Select(s => (s.Name, s.HasAccount || sockets.Count == 1))], Account, _write);
    }

    /// <summary>Our orders and fills, for what comes of them beside the sockets; null where market data alone is wanted.</summary>
    internal AccountStream? Account { get; }

    /// <summary>Runs until cancelled, or until the writer throws.</summary>
    public Task RunAsync(CancellationToken cancellation) => RunAsync(beside: null, cancellation);

    /// <summary>As <see cref="RunAsync(CancellationToken)"/>, with something that runs beside the sockets; what it throws ends the feed.</summary>
    internal async Task RunAsync(Func<CancellationToken, Task>? beside, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> parts = [.. Enumerable.Range(0, _sockets.Count).Select(i => KeepUpAsync(i, end.Token))];
        if (Account is not null) parts.Add(SweepAsync(Account, end.Token));
        if (beside is not null) parts.Add(beside(end.Token));
        await Task.WhenAny(parts);
        await end.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var part in parts)
            if (part.Exception?.InnerException is { } fault) ExceptionDispatchInfo.Throw(fault is WriterException ? fault.InnerException! : fault);
    }

    /// <summary>Sessions of one socket, one after the other.</summary>
    private async Task KeepUpAsync(int socket, CancellationToken cancellation)
    {
        for (var failures = 0; !cancellation.IsCancellationRequested; failures++)
        {
            using var session = new VenueSession(
                _options, _instruments, _sockets[socket], socket, HasBooks(socket), Account, _link, _time, _chance, _write);
            var reason = await session.RunAsync(cancellation);
            if (session.WasUp) failures = 0;
            await _link.DownAsync(socket, reason, cancellation);
            await Task.Delay(_options.Reconnect.Delay(failures, _chance()), _time, cancellation);
        }
    }

    private bool HasBooks(int socket) => _sockets.Count == 1 || !_sockets[socket].HasAccount;

    private async Task SweepAsync(AccountStream account, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_options.ReconcileEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellation)) await account.SweepAsync(cancellation);
    }
}
