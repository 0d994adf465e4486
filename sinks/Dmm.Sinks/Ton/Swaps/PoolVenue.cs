using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// A pool on TON as a venue that takes orders: quotes stand here, in this process, until the pool comes to one of them (<see cref="PoolSwapper"/>).
/// So they end with the process, and nothing outlives it but the one swap that may be in flight, which the wallet's log knows. What a placement or a
/// cancel answers is final at once; only an order whose swap is in flight answers a cancel as pending, until its trace is told or its time is over.
/// Thread-safe.
/// </summary>
public sealed class PoolVenue : IOrderVenue, IDisposable
{
    private const int EndedMax = 4_096;

    private readonly PoolVenueOptions _options;
    private readonly PoolAccount _account;
    private readonly TimeProvider _time;
    private readonly PoolSwapper _swapper;
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, OrderUpdate> _ended = new(StringComparer.Ordinal);

    /// <param name="options">Checked.</param>
    /// <param name="account">The pool and the wallet; what its log tells of an earlier process is taken up.</param>
    /// <param name="node">The chain.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="notice">Told what people should know: swaps that failed and why, a tax or a fault that was found.</param>
    /// <exception cref="ParameterException">The instrument is no pool against TON.</exception>
    /// <exception cref="WalletFileException">The wallet's records are in no order that a sender writes.</exception>
    public PoolVenue(PoolVenueOptions options, PoolAccount account, ITonNode node, TimeProvider time, Action<string> notice)
    {
        var faults = new ParameterFaults();
        faults.Require(
            account.Instrument.Name, account.Instrument is { IsPool: true, QuoteAsset: PoolInstruments.QuoteAsset },
            $"is quoted in {account.Instrument.QuoteAsset}", "a pool against TON");
        faults.ThrowIfAny($"swaps at {options.Venue}");
        (_options, _account, _time) = (options, account, time);
        _swapper = new(options, account, node, time, notice);
    }

    public string Venue => _options.Venue;

    /// <summary>For tests, which step it by hand.</summary>
    internal PoolSwapper Swapper => _swapper;

    public void Dispose() => _swapper.Dispose();

    /// <summary>A look at the pool, with the block that was known before it: swaps are sent by nothing else.</summary>
    public void Saw(PoolSight sight, ChainHead head) => _swapper.Saw(sight, head);

    /// <summary>Tells fills and failed swaps after a trade id, which an earlier process may not have told; all where it is not known.</summary>
    public async Task TellEndedAsync(string lastTradeId, Func<Input, CancellationToken, ValueTask> write, CancellationToken cancellation)
    {
        foreach (var told in _swapper.EndedAfter(lastTradeId)) await write(new Input(told), cancellation);
    }

    /// <summary>
    /// Sends swaps, follows them, and tells what became of them, and the wallet's balances from time to time. Ends by cancellation, or by what the
    /// writer or the wallet's log throws.
    /// </summary>
    public async Task RunAsync(Func<Input, CancellationToken, ValueTask> write, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [TellAsync(write, end.Token), TradeAsync(end.Token), CountAsync(write, end.Token)];
        var first = await Task.WhenAny(parts);
        await end.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation)
    {
        if (_swapper.Fault is { Length: > 0 } fault) return Refused<OrderUpdate>(RefusalKind.Credentials, fault);
        if (_swapper.Shortage(placement) is { Length: > 0 } shortage) return Refused<OrderUpdate>(RefusalKind.Order, shortage);
        var isKnown = Ours(placement.ClientOrderId).Any();
        var said = _swapper.Do(placement)!;
        return said.Status == OrderStatus.Rejected
            ? Refused<OrderUpdate>(isKnown ? RefusalKind.DuplicateOrder : RefusalKind.Order, said.Reason)
            : Accepted(Kept(said));
    }

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) => Answer(amendment);

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) => Answer(cancel);

    /// <summary>Ends all quotes at once; one whose swap is in flight ends with that.</summary>
    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation)
    {
        var cancelled = 0;
        foreach (var order in Ours(prefix))
        {
            var said = _swapper.Do(CancelOf(order));
            if (said?.Status == OrderStatus.Cancelled) cancelled++;
            if (said is not null) Kept(said);
        }

        return Accepted(cancelled);
    }

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation)
    {
        if (_swapper.Open().FirstOrDefault(o => o.ClientOrderId == clientOrderId) is { } open) return Accepted(open);
        lock (_lock)
        {
            return _ended.TryGetValue(clientOrderId, out var ended)
                ? Accepted(ended)
                : Refused<OrderUpdate>(RefusalKind.UnknownOrder, $"no quote {clientOrderId} stands at {Venue}, and no swap of it is in flight");
        }
    }

    /// <summary>Quotes that stand; while a swap is in flight, the chain is asked about it first.</summary>
    public async Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation)
    {
        if (!_swapper.IsIdle) await _swapper.TurnAsync(cancellation);
        return new VenueReply<OrderPage>.Accepted(new([.. Ours(prefix)], Cursor: 0));
    }

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        FetchOpenOrdersAsync("", cancellation);

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        Accepted(new FillPage([.. _swapper.EndedAfter(tradeId).OfType<Fill>()], _swapper.Fills));

    /// <summary>The book of the last look.</summary>
    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => _swapper.Seen is var (pool, head)
        ? Accepted(PoolBook.Snapshot(
            pool, instrument, PoolSwapHistory.UnitsPerToken, head.Seqno, Timestamp.FromUnixMilliseconds(head.At * 1_000L), Now()))
        : Refused<BookUpdate>(RefusalKind.NotSent, $"no look at {instrument.Name} has told a market yet");

    /// <summary>None: a pool keeps no list of its trades.</summary>
    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) =>
        Accepted(ImmutableArray<Trade>.Empty);

    /// <summary>What the wallet has.</summary>
    public async Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation)
    {
        if (_swapper.Fault is { Length: > 0 } broken)
            return new VenueReply<ImmutableArray<BalanceReport>>.Refused(new(RefusalKind.Credentials, broken));
        var (funds, fault) = await _swapper.ReadFundsAsync(cancellation);
        return funds is null
            ? new VenueReply<ImmutableArray<BalanceReport>>.Unknown(fault)
            : new VenueReply<ImmutableArray<BalanceReport>>.Accepted([.. Reports(funds)]);
    }

    /// <summary>A wallet that cannot pay for a single swap's gas is not traded with.</summary>
    public async Task<VenueReply<string>> FetchAccountFaultAsync(CancellationToken cancellation)
    {
        var (funds, fault) = await _swapper.ReadFundsAsync(cancellation);
        if (funds is null) return new VenueReply<string>.Unknown(fault);
        var least = PoolSwapMessages.Gas(_account.Pool, Side.Buy) + _options.Sender.Reserve;
        return new VenueReply<string>.Accepted(funds.Ton >= least ? ""
            : $"the wallet {_account.Wallet.Address} has {funds.Ton} TON: expected {least} at least, for a swap's gas and what is to be left");
    }

    private async Task TellAsync(Func<Input, CancellationToken, ValueTask> write, CancellationToken cancellation)
    {
        await foreach (var told in _swapper.Told.ReadAllAsync(cancellation))
        {
            if (told.Control is OrderUpdate update) Kept(update);
            await write(told, cancellation);
        }
    }

    private async Task TradeAsync(CancellationToken cancellation)
    {
        while (true) await _swapper.Work.WaitAsync(await _swapper.StepAsync(cancellation), _time, cancellation);
    }

    /// <summary>Balances, while no swap is in flight: what is told then must be explained by the fills that were.</summary>
    private async Task CountAsync(Func<Input, CancellationToken, ValueTask> write, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_options.BalancesEvery, _time);
        do
        {
            if (!_swapper.IsIdle) continue;
            var (funds, _) = await _swapper.ReadFundsAsync(cancellation);
            _swapper.Work.Set();
            if (funds is null || !_swapper.IsIdle) continue;
            foreach (var report in Reports(funds)) await write(new Input(report), cancellation);
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private IEnumerable<BalanceReport> Reports(PoolFunds funds)
    {
        var at = Now();
        yield return new(Venue, _account.Instrument.BaseAsset, funds.JettonTokens.Canonical(), at);
        yield return new(Venue, _account.Instrument.QuoteAsset, funds.TonTokens.Canonical(), at);
    }

    private IEnumerable<OrderUpdate> Ours(string prefix) =>
        _swapper.Open().Where(o => o.ClientOrderId.StartsWith(prefix, StringComparison.Ordinal));

    private Task<VenueReply<OrderUpdate>> Answer(OrderIntent intent) => _swapper.Do(intent) is { } said
        ? Accepted(Kept(said))
        : Refused<OrderUpdate>(RefusalKind.UnknownOrder, $"no quote {intent.ClientOrderId} stands at {Venue}");

    /// <summary>Orders that ended are remembered for a while, for whoever asks.</summary>
    private OrderUpdate Kept(OrderUpdate said)
    {
        if (said.Status < OrderStatus.Filled) return said;
        lock (_lock)
        {
            _ended[said.ClientOrderId] = said;
            if (_ended.Count > EndedMax) _ended.RemoveAt(0);
        }

        return said;
    }

    private static OrderIntent CancelOf(OrderUpdate order) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Side = order.Side,
        PriceTicks = order.PriceTicks, SizeLots = order.RemainingLots, IsPostOnly = true,
    };

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());

    private static Task<VenueReply<T>> Accepted<T>(T value) => Task.FromResult<VenueReply<T>>(new VenueReply<T>.Accepted(value));

    private static Task<VenueReply<T>> Refused<T>(RefusalKind kind, string reason) =>
        Task.FromResult<VenueReply<T>>(new VenueReply<T>.Refused(new(kind, reason)));
}
