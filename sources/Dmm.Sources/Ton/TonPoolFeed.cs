using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sources.Ton;

/// <summary>
/// Pools of one exchange on TON as order books, by looking at them through a node again and again: <see cref="PoolBook"/>'s levels of the reserves.
/// Each book has the number of the masterchain's block that was known before the look as its id, and that block's time: so books of two who look
/// at the same pool are one chain, and a node that stands still grows old by time, whether its pools change or not.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | first look | connected, then a snapshot of each pool |
/// | a new block | a snapshot of each pool: another, or the same under the new id and time, which is the heartbeat |
/// | no new block, or one from before the last | nothing: the pools are not asked, and what was told grows old |
/// | the node, or our count of its limit, wants waits of at most an interval for a question | waited for, and asked again |
/// | no answer, HTTP 4xx or 5xx, one that cannot be read, a get-method that fails | disconnected with the reason; looks again after a jittered wait,
/// or when the node allows |
/// | a pool that is locked, empty, or not the one that was found | a book without levels at each new block, and <see cref="Rejected"/> for each
/// reason that is another than before; the other pools go on |
/// | a look takes longer than the interval | the next begins when it ends: there are never two |
/// | writer throws | passes through and ends the feed |
/// </remarks>
/// <param name="options">Checked.</param>
/// <param name="pools">Of that venue.</param>
/// <param name="heads">Asks the node that is asked about the pools, too.</param>
/// <param name="time">The host's clock.</param>
/// <param name="chance">Numbers from 0 up to 1, for the jitter of waits.</param>
/// <param name="write">Takes each message.</param>
public sealed class TonPoolFeed(
    TonPoolFeedOptions options, IReadOnlyList<TonPoolMarket> pools, ChainHeads heads, TimeProvider time, Func<double> chance,
    Func<Input, CancellationToken, ValueTask> write)
{
    // TON's coins, and the jettons that are traded for them here.
    private const long UnitsPerToken = 1_000_000_000;

    private readonly string[] _faults = [.. pools.Select(_ => "")];
    private bool _isConnected;
    private ChainHead _last;

    /// <summary>Runs until cancelled, or until the writer throws. To be called once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var began = time.GetTimestamp();
            TimeSpan wait;
            if (await LookAsync(cancellation) is { } failure)
            {
                _isConnected = false;
                await TellAsync(FeedState.Disconnected, failure.Reason, cancellation);
                var backoff = options.Reconnect.Delay(failures++, chance());
                wait = failure.RetryAfter > backoff ? failure.RetryAfter : backoff;
            }
            else
            {
                failures = 0;
                wait = options.Interval - time.GetElapsedTime(began);
            }

            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
        }
    }

    /// <summary>Asks everything, and then tells it; null, or why it could not be asked.</summary>
    private async Task<Failure?> LookAsync(CancellationToken cancellation)
    {
        var told = await AskAsync(asked => heads(asked), cancellation);
        if (told is not VenueReply<ChainHead>.Accepted { Value: var head }) return Failure.Of(told, "the chain's head");
        var sights = new (PoolSight Sight, Timestamp ReceivedAt)[head.Seqno > _last.Seqno ? pools.Count : 0];
        for (var i = 0; i < sights.Length; i++)
        {
            var reply = await AskAsync(pools[i].Look, cancellation);
            if (reply is not VenueReply<PoolSight>.Accepted { Value: var sight }) return Failure.Of(reply, pools[i].Instrument.Name);
            sights[i] = (sight, Timestamp.From(time.GetUtcNow()));
        }

        if (!_isConnected) await TellAsync(FeedState.Connected, $"block {head.Seqno}", cancellation);
        _isConnected = true;
        for (var i = 0; i < sights.Length; i++) await PublishAsync(i, sights[i].Sight, head, sights[i].ReceivedAt, cancellation);
        if (sights.Length > 0) _last = head;
        return null;
    }

    private async Task<VenueReply<T>> AskAsync<T>(Func<CancellationToken, Task<VenueReply<T>>> ask, CancellationToken cancellation)
    {
        for (var left = options.Interval; ;)
        {
            var reply = await ask(cancellation);
            if (reply is not VenueReply<T>.Refused { Refusal: { Kind: RefusalKind.RateLimited, RetryAfter: var said } }) return reply;
            // A timer counts whole milliseconds: what is cut off would have to be waited for again.
            var wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(said.TotalMilliseconds)));
            if (said > left) return reply;
            left -= wait;
            await Task.Delay(wait, time, cancellation);
        }
    }

    private async ValueTask PublishAsync(int place, PoolSight sight, ChainHead head, Timestamp receivedAt, CancellationToken cancellation)
    {
        var instrument = pools[place].Instrument;
        if (sight.Fault.Length > 0 && sight.Fault != _faults[place])
            await write(new Input(new Rejected(options.Venue, sight.Fault, instrument.Name)), cancellation);
        _faults[place] = sight.Fault;
        var at = Timestamp.FromUnixMilliseconds(head.At * 1_000L);
        await write(new Input(Book(sight.Pool, instrument, head.Seqno, at, receivedAt)), cancellation);
    }

    private static BookUpdate Book(ITokenPool? pool, Instrument instrument, long id, Timestamp at, Timestamp receivedAt) => pool is null
        ? new()
        {
            Instrument = instrument.Id, IsSnapshot = true, VenueTime = at, ReceiveTime = receivedAt, FirstUpdateId = id, LastUpdateId = id,
            PreviousUpdateId = -1, BidCount = 0, Levels = default,
        }
        : PoolBook.Snapshot(pool, instrument, UnitsPerToken, id, at, receivedAt);

    private ValueTask TellAsync(FeedState state, string detail, CancellationToken cancellation) =>
        write(new Input(new FeedStatus(options.Venue, state, detail)), cancellation);

    private sealed record Failure(string Reason, TimeSpan RetryAfter)
    {
        public static Failure Of<T>(VenueReply<T> reply, string asked) => new(
            $"{asked}: {reply.Fault}", reply is VenueReply<T>.Refused refused ? refused.Refusal.RetryAfter : TimeSpan.Zero);
    }
}
