using System.Net;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Market data and, with credentials, our orders and fills of one HMAC venue, kept up until cancelled. Every message is handed to the writer,
/// which may
/// make the feed wait; nothing is dropped and nothing queues here.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | connected, logged in, subscribed | <see cref="FeedStatus"/> connected; a snapshot of each book; missed fills, changed orders and balances by cursor |
/// | gap in a book's update ids | a snapshot, again until it joins the deltas (the book is invalid meanwhile by its own judgement) |
/// | gap in the numbers of orders or fills | what is missing is fetched by cursor |
/// | frame refused | <see cref="Rejected"/>; the session lives |
/// | link down, login refused, error, two ping intervals of silence | <see cref="FeedStatus"/> disconnected with the reason, then again after a jittered wait |
/// | fill posted to our webhook, where there is one | handed on as the stream's, once by whichever comes first |
/// | writer throws | passes through and ends the feed |
/// </remarks>
public sealed class HmacVenueFeed
{
    private readonly HmacVenueOptions _options;
    private readonly HmacVenueWire _wire;
    private readonly IOrderVenue _venue;
    private readonly TimeProvider _time;
    private readonly Func<double> _chance;
    private readonly Func<Input, CancellationToken, ValueTask> _write;
    private readonly PrivateStream _private;

    /// <param name="options">Checked.</param>
    /// <param name="wire">Has the instruments to subscribe.</param>
    /// <param name="venue">Answers what the stream cannot: snapshots, missed orders and fills, balances.</param>
    /// <param name="lastTradeId">Trade id of the last fill on record, behind which fills are fetched; empty for all that the venue keeps.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
    /// <param name="write">Takes each message; the levels of a book are free when it has returned.</param>
    public HmacVenueFeed(
        HmacVenueOptions options, HmacVenueWire wire, IOrderVenue venue, string lastTradeId, TimeProvider time, Func<double> chance,
        Func<Input, CancellationToken, ValueTask> write)
    {
        (_options, _wire, _venue, _time) = (options, wire, venue, time);
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
        _private = new(venue, lastTradeId, options.Reconnect, time, _chance, _write);
    }

    /// <summary>Runs sessions one after the other until cancelled, or until the writer throws.</summary>
    /// <exception cref="HttpListenerException">The webhook's address cannot be listened at.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_options.Webhook is null)
        {
            await RunSessionsAsync(cancellation);
            return;
        }

        using var webhook = new WebhookListener(_options, _wire, _private, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [RunSessionsAsync(end.Token), webhook.RunAsync(end.Token)];
        await Task.WhenAny(parts);
        await end.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var part in parts)
            if (part.Exception?.InnerException is { } fault)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault is WriterException ? fault.InnerException! : fault);
    }

    private async Task RunSessionsAsync(CancellationToken cancellation)
    {
        for (var failures = 0; !cancellation.IsCancellationRequested; failures++)
        {
            using var session = new HmacVenueSession(_options, _wire, _venue, _private, _time, _chance, _write);
            string reason;
            try
            {
                reason = await session.RunAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (WriterException fault)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault.InnerException!);
                throw;
            }

            if (session.WasConnected) failures = 0;
            try
            {
                await _write(new Input(new FeedStatus(_wire.Venue, FeedState.Disconnected, reason)), cancellation);
                await Task.Delay(_options.Reconnect.Delay(failures, _chance()), _time, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
