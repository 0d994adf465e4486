using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Our quotes at one pool, and the one swap at a time that carries one of them out: <see cref="StandingLadder"/> decides, <see cref="TonSender"/>
/// sends, and the trace alone says what became of it. Thread-safe.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | a look at the pool, a quote placed or amended | the first quote that the pool has reached is sent as one swap |
/// | a swap in flight, of this process or of an earlier one | nothing else is sent; its quote can only be asked to end |
/// | the trace shows it executed | <see cref="Fill"/> of what was paid and what arrived, gas as its fee; the quote ends as filled |
/// | the trace shows that it was not | <see cref="FailedSwap"/> with the gas; the quote stands |
/// | refused by the sender, or not taken in its time | it cost nothing, the quote stands; nothing is sent for a while |
/// | after a swap | no other before a look that is not older than its last transaction, and before balances were read again |
/// | more of the base token was kept on its way than reckoned | prices count with it from then on |
/// | a swap that cost more gas than reckoned | triggers count with the dearest of the last eight |
/// </remarks>
internal sealed class PoolSwapper : IDisposable
{
    private readonly PoolVenueOptions _options;
    private readonly PoolAccount _account;
    private readonly ITonNode _node;
    private readonly TimeProvider _time;
    private readonly Action<string> _notice;
    private readonly Lock _lock = new();
    private readonly StandingLadder _ladder;
    private readonly PoolSwapHistory _history;
    private readonly TonSender _sender;
    private readonly Channel<Input> _told = Channel.CreateUnbounded<Input>(new() { SingleReader = true });
    private readonly PoolSwapCosts _costs;
    private readonly PoolKnowledge _known;
    private List<OrderUpdate> _said = [];
    private PoolSwapFlight? _flight;
    private bool _isUnsent;
    private long _turnedAt;
    private int _swaps;
    private string _alarm = "";

    public PoolSwapper(PoolVenueOptions options, PoolAccount account, ITonNode node, TimeProvider time, Action<string> notice)
    {
        (_options, _account, _node, _time, _notice) = (options, account, node, time, notice);
        (_costs, _known, _turnedAt) = (new(options), new(options, time), time.GetTimestamp());
        _ladder = new(account.Instrument, PoolSwapHistory.UnitsPerToken, update => _said.Add(update));
        _history = new(account);
        _flight = _history.Open;
        _sender = new(account.Wallet, account.Signer, node, account.Log, new(account.Wallet, options.Sender, ChainFees.Basic), OnEnded, OnAlarm);
    }

    /// <summary>What the engine is to know of orders and swaps that ended, beside what calls answer.</summary>
    public ChannelReader<Input> Told => _told.Reader;

    /// <summary>There may be a swap to be sent.</summary>
    public Signal Work { get; } = new();

    /// <summary>Why nothing can be signed; empty while it can.</summary>
    public string Fault => _sender.IsWell ? "" : _alarm.Length > 0 ? _alarm : $"the records of {_account.Wallet.Address} cannot be kept";

    /// <summary>No swap is in flight, and none of an earlier process.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return _flight is null && _sender.State.IsIdle;
        }
    }

    private bool KnowsFunds
    {
        get
        {
            lock (_lock) return _known.Funds is not null;
        }
    }

    public void Dispose() => _sender.Dispose();

    /// <summary>Quotes that stand, and the order whose swap is in flight.</summary>
    public IReadOnlyList<OrderUpdate> Open()
    {
        lock (_lock)
        {
            List<OrderUpdate> open = [.. _ladder.Orders.Select(State)];
            if (_flight is { } flight && _ladder.Find(flight.ClientOrderId) is null) open.Add(_history.StateOf(flight, OrderStatus.PendingCancel));
            return open;
        }
    }

    public IEnumerable<ControlMessage> EndedAfter(string swapId)
    {
        lock (_lock) return [.. _history.After(swapId)];
    }

    public int Fills
    {
        get
        {
            lock (_lock) return _history.Fills;
        }
    }

    /// <summary>The pool as last seen; null before.</summary>
    public (ITokenPool Pool, ChainHead Head)? Seen
    {
        get
        {
            lock (_lock) return _known.Look is { } look ? (look.Pool, look.Head) : null;
        }
    }

    /// <summary>Does what is asked of a quote; the last that is said of it, null where it does not stand.</summary>
    public OrderUpdate? Do(OrderIntent intent)
    {
        lock (_lock)
        {
            switch (intent.Kind)
            {
                case OrderIntentKind.Place: Place(intent); break;
                case OrderIntentKind.Amend: _ladder.Amend(intent); break;
                default: Cancel(intent.ClientOrderId); break;
            }

            var said = _said.LastOrDefault(update => update.ClientOrderId == intent.ClientOrderId);
            _said = [];
            Work.Set();
            return said;
        }
    }

    /// <summary>Why a placement cannot be carried out with what the wallet has beside the quotes that stand; empty where it can, or nobody
    /// knows.</summary>
    public string Shortage(OrderIntent placement)
    {
        lock (_lock)
        {
            var instrument = _account.Instrument;
            var standing = _ladder.Orders.Where(o => o.Side == placement.Side).Sum(o => Needed(o.RemainingLots, o.PriceTicks));
            return _known.Funds?.Shortage(placement.Side, standing + Needed(placement.SizeLots, placement.PriceTicks), Beside(placement.Side)) ?? "";

            decimal Needed(long lots, long ticks) =>
                placement.Side == Side.Buy ? instrument.Notional(lots, ticks) : instrument.Sizes.ToDecimal(lots);
        }
    }

    /// <summary>A look at the pool, with the block that was known before it.</summary>
    public void Saw(PoolSight sight, ChainHead head)
    {
        lock (_lock) _known.Saw(sight.Pool?.Taxed(_costs.TaxBps), head);
        Work.Set();
    }

    /// <summary>Sends the swap that is due, if one is.</summary>
    private async Task SendDueAsync(CancellationToken cancellation)
    {
        PoolSwapFlight flight;
        lock (_lock)
        {
            if (!_isUnsent && MaySend() is { } look && _ladder.Next(look.Pool, _costs.GasTon, IsPayable) is { } take) Begin(take, look);
            if (!_isUnsent) return;
            (_isUnsent, flight) = (false, _flight!);
        }

        if (!await IsGivenAsync(flight, cancellation))
        {
            lock (_lock) GiveUp();
            return;
        }

        var message = PoolSwapMessages.Of(_account.Pool, _account.Owner, flight.Order);
        // Whether it was kept must be known: what was begun is not given up half way.
        await _sender.SubmitAsync(
            new(flight.Id, [new(message)], flight.Order.Deadline - (uint)_options.PoolGrace.TotalSeconds), CancellationToken.None);
        await TurnAsync(cancellation);
    }

    /// <summary>Asks the chain what became of the swap in flight.</summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        lock (_lock) _turnedAt = _time.GetTimestamp();
        await _sender.TurnAsync(cancellation);
    }

    /// <summary>
    /// What is due: the swap in flight is asked for, else the balances are read that it changed, else the next swap is sent.
    /// </summary>
    /// <returns>When to come again, unless <see cref="Work"/> comes first.</returns>
    public async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        if (!IsIdle && _time.GetElapsedTime(_turnedAt) >= _options.TurnEvery) await TurnAsync(cancellation);
        if (IsIdle && !KnowsFunds) await ReadFundsAsync(cancellation);
        await SendDueAsync(cancellation);
        return IsIdle && KnowsFunds ? Timeout.InfiniteTimeSpan : _options.TurnEvery;
    }

    /// <summary>Reads what the wallet has, for the next swaps; null where it cannot be read.</summary>
    public async Task<(PoolFunds? Funds, string Fault)> ReadFundsAsync(CancellationToken cancellation)
    {
        int version;
        lock (_lock) version = _known.BeginReading();
        var wallet = await _node.WalletAsync(_account.Wallet, cancellation);
        if (wallet is not VenueReply<WalletView>.Accepted { Value: var view }) return (null, wallet.Fault);
        var jettons = await _node.JettonsAsync(_account.Wallet.Address, _account.Pool.BaseMinter, cancellation);
        if (jettons is not VenueReply<UInt128>.Accepted { Value: var held }) return (null, jettons.Fault);
        var funds = new PoolFunds(view.Balance, held);
        lock (_lock) if (_flight is null) _known.Read(funds, version);
        return (funds, "");
    }

    private void Place(OrderIntent placement)
    {
        if (_ladder.Place(placement, Now()) is not { TimeInForce: TimeInForce.ImmediateOrCancel } order) return;
        // At once or not at all: it waits neither for the pool to come to it, nor for another swap's fate.
        if (MaySend() is { } look && _ladder.Take(order, look.Pool, _costs.GasTon) is { } take && IsPayable(take)) Begin(take, look);
        else _ladder.Cancel(order.ClientOrderId);
    }

    private void Cancel(string clientOrderId)
    {
        if (_isUnsent && _ladder.InFlight == clientOrderId)
        {
            (_isUnsent, _flight) = (false, null);
            _ladder.Failed();
        }

        _ladder.Cancel(clientOrderId);
    }

    /// <summary>What a swap may be sent by; null while none may.</summary>
    private PoolLook? MaySend() =>
        _flight is null && _ladder.InFlight is null && _sender.IsWell && _sender.State.IsIdle ? _known.Usable : null;

    private bool IsPayable(PoolTake take) => _known.Funds!.Covers(take, Beside(take.Side));

    private Coins Beside(Side side) => PoolSwapMessages.Gas(_account.Pool, side) + _options.Sender.Reserve + _options.Sender.Reserve;

    /// <summary>In flight from here on: by the time that it is on the disk another must not have begun.</summary>
    private void Begin(PoolTake take, PoolLook look)
    {
        _ladder.Begin(take);
        var id = PoolSwapIds.Of(_account.Pool, take.ClientOrderId, ++_swaps);
        var deadline = look.Head.At + (uint)(_options.SwapLifetime + _options.PoolGrace).TotalSeconds;
        _flight = new(id, take.ClientOrderId, new(take.Side, (UInt128)take.Amount, (UInt128)take.MinimumOut, deadline, QueryId(id)));
        _isUnsent = true;
        _known.Begin();
    }

    private async Task<bool> IsGivenAsync(PoolSwapFlight flight, CancellationToken cancellation)
    {
        try
        {
            return await SwapEstimates.IsGivenAsync(_node, _account.Pool, flight.Order, cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_lock) GiveUp();
            throw;
        }
    }

    /// <summary>Nothing was sent, and nothing is before another look.</summary>
    private void GiveUp()
    {
        _flight = null;
        _known.GiveUp();
        _ladder.Failed();
        Tell();
    }

    private void OnEnded(string intentId, SendOutcome outcome)
    {
        lock (_lock)
        {
            if (_flight is not { } flight || flight.Id != intentId) return;
            var settled = _history.Add(flight, outcome);
            _flight = null;
            if (settled is null) _known.Rest();
            else _known.Settled(settled.At);
            if (settled is not null) _told.Writer.TryWrite(new Input(_history.Last));
            End(flight, settled?.IsExecuted == true);
            Note(settled is { IsExecuted: true }
                ? _costs.Learn(settled, _account.Instrument.BaseAsset)
                : $"swap {flight.Id}: {settled?.Reason ?? outcome.Reason}");
        }
    }

    private void End(PoolSwapFlight flight, bool isExecuted)
    {
        // Of an earlier process no quote stands.
        if (_ladder.InFlight is null) _said.Add(_history.StateOf(flight, isExecuted ? OrderStatus.Filled : OrderStatus.Cancelled));
        else if (isExecuted) _ladder.Executed();
        else _ladder.Failed();
        Tell();
    }

    private void Note(string text)
    {
        if (text.Length > 0) _notice(text);
    }

    private void OnAlarm(string reason)
    {
        _alarm = reason;
        _notice(reason);
    }

    private void Tell()
    {
        foreach (var update in _said) _told.Writer.TryWrite(new Input(update));
        _said = [];
    }

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());

    private OrderUpdate State(StandingOrder order) => new()
    {
        Instrument = _account.Instrument.Id, ClientOrderId = order.ClientOrderId,
        Status = order.ClientOrderId == _ladder.InFlight && _ladder.IsCancelWanted ? OrderStatus.PendingCancel : OrderStatus.Live, Side = order.Side,
        PriceTicks = order.PriceTicks, RemainingLots = order.RemainingLots, Reason = "",
    };

    private static ulong QueryId(string id) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.ASCII.GetBytes(id)));
}
