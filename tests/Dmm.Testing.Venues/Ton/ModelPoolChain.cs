using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>
/// A chain with one wallet of ours and one pool, in the time of the test: takes each number of the wallet once and nothing that has expired, carries
/// swaps out by the pool's own arithmetic, and tells traces whose bodies are those of the contracts.
/// </summary>
/// <param name="wallet">Ours.</param>
/// <param name="pool">Where swaps go.</param>
/// <param name="jettonWallet">Ours of the base token.</param>
/// <param name="reserves">The pool to begin with, of a token with its true tax.</param>
/// <param name="now">Unix time in seconds.</param>
public sealed class ModelPoolChain(IWalletContract wallet, FoundPool pool, Address jettonWallet, ITokenPool reserves, Func<uint> now) : ITonNode
{
    /// <summary>What the wallet pays for a batch, and what of the TON that goes along does not come back.</summary>
    public static readonly Coins WalletFee = Coins.Parse("0.004"), SwapGas = Coins.Parse("0.05"), RefundGas = Coins.Parse("0.07");

    private readonly Lock _lock = new();
    private readonly List<SendAttempt> _waiting = [];
    private readonly Dictionary<Hash256, Trace> _traces = [];
    private readonly List<SendAttempt> _received = [];
    private uint _seqno = 1;

    public Coins Ton { get; set; } = Coins.Parse("1000");

    public UInt128 Jettons { get; set; } = 100_000_000_000_000;

    public ITokenPool Reserves { get; set; } = reserves;

    /// <summary>Batches are taken into blocks; otherwise they wait until they have expired.</summary>
    public bool TakesBatches { get; set; } = true;

    /// <summary>The router refuses swaps for the gas that they carry.</summary>
    public bool RefusesGas { get; set; }

    /// <summary>The wallet's balance is too small by the time that the batch is executed: it sends nothing.</summary>
    public bool SendsNothing { get; set; }

    /// <summary>What is sent is lost on its way.</summary>
    public bool LosesMessages { get; set; }

    /// <summary>The wallet's next number; the first is 1.</summary>
    public uint Seqno => _seqno;

    public uint Block { get; private set; } = 1_000;

    public ChainHead Head => new(Block, now());

    /// <summary>As the pool's get-method shows it.</summary>
    public PoolSight Sight => PoolSight.Of(Reserves.Taxed(0));

    /// <summary>Everything that was sent, each as often as it was.</summary>
    public IReadOnlyList<SendAttempt> Received
    {
        get
        {
            lock (_lock) return [.. _received];
        }
    }

    /// <summary>Swaps that the wallet has executed.</summary>
    public int Executed { get; private set; }

    /// <summary>A block more: what waits is executed, or has expired.</summary>
    public void Next()
    {
        lock (_lock)
        {
            Block++;
            foreach (var attempt in _waiting.ToArray())
            {
                if (attempt.ValidUntil <= now() || attempt.Seqno < _seqno) _waiting.Remove(attempt);
                else if (TakesBatches && attempt.Seqno == _seqno) Execute(attempt);
            }
        }
    }

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract asked, CancellationToken cancellation)
    {
        lock (_lock) return Accepted(new WalletView(_seqno, Ton, now()));
    }

    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _received.Add(attempt);
            if (!LosesMessages && _waiting.All(w => w.Hash != attempt.Hash)) _waiting.Add(attempt);
        }

        return Accepted(attempt.Hash);
    }

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation)
    {
        lock (_lock) return Accepted(new TraceLookup(_traces.GetValueOrDefault(message), now()));
    }

    public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation)
    {
        lock (_lock) return Accepted(new NodeHead(Head, this));
    }

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return owner == wallet.Address && master == pool.BaseMinter
                ? Accepted(Jettons)
                : Task.FromResult<VenueReply<UInt128>>(new VenueReply<UInt128>.Unknown("no jettons of another are known"));
        }
    }

    /// <summary>DeDust's estimate of a swap: what its pool would pay of what arrives.</summary>
    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation)
    {
        if (contract != pool.Pool || method != DedustEstimate.Method || pool is not FoundDedustPool { Place: var place })
            return Task.FromResult<VenueReply<ImmutableArray<StackItem>>>(new VenueReply<ImmutableArray<StackItem>>.Unknown($"no {method} here"));
        var (token, amount) = (new DedustAsset(place.BaseMinter), UInt128.Parse(arguments[1].Text[2..], NumberStyles.HexNumber));
        var side = arguments[0].Text == DedustAsset.Native.ToArgument().Text ? Side.Buy : Side.Sell;
        lock (_lock)
        {
            return Accepted<ImmutableArray<StackItem>>([
                (side == Side.Buy ? token : DedustAsset.Native).ToArgument(), StackItem.Number((UInt128)Reserves.Move(side, amount).PaidOut),
                StackItem.Number(0),
            ]);
        }
    }

    private void Execute(SendAttempt attempt)
    {
        _waiting.Remove(attempt);
        _seqno++;
        var external = Message.Read(BagOfCells.DeserializeOne(attempt.Boc.Span));
        var asked = WalletRequest.Read(external.Body).Single();
        Ton -= WalletFee;
        var way = new ModelTrace(wallet.Address, now());
        if (SendsNothing)
        {
            _traces[attempt.Hash] = way.Of(external, WalletFee, sent: null);
            return;
        }

        Executed++;
        Ton -= asked.Value;
        var order = PoolSwapMessages.Read(((InternalMessage)new(asked.Destination!, asked.Value, asked.Body)).ToCell())!;
        var (returned, isDone) = Swap(way, asked, order);
        Ton += returned;
        if (order.Side == Side.Sell && isDone) Jettons -= order.Amount;
        _traces[attempt.Hash] = way.Of(external, WalletFee, asked);
    }

    /// <summary>TON that comes back to the wallet, and whether the pool did it.</summary>
    private (Coins Returned, bool IsDone) Swap(ModelTrace way, Message asked, SwapOrder order)
    {
        var move = Reserves.Move(order.Side, order.Amount);
        var refusal = RefusesGas ? 1u : now() > order.Deadline ? StonFiV2Exits.SwapRefundExpired
            : move.PaidOut < order.LeastOut ? StonFiV2Exits.SwapRefundSlippage : 0;
        var (isBuy, isDone) = (order.Side == Side.Buy, refusal == 0);
        var arrives = isBuy ? order.Amount : (UInt128)TransferTaxed(order.Amount);
        var gas = isDone ? SwapGas : RefundGas;
        var along = isBuy ? asked.Value - Coins.FromNano(order.Amount) : asked.Value;
        var proceeds = isDone == isBuy ? Coins.Zero : Coins.FromNano(isDone ? (UInt128)move.PaidOut : order.Amount);
        var returned = along - gas + proceeds;
        if (isDone) Reserves = Reserves.After(move);

        var back = isBuy == isDone ? (UInt128?)(isBuy ? TransferTaxed((UInt128)move.PaidOut) : 0) : null;
        if (isBuy && isDone) Jettons += back!.Value;
        if (pool is FoundStonFiPool { Place: var stonFi }) way.StonFi(stonFi, asked, order, arrives, (UInt128)move.PaidOut, refusal, RefusesGas);
        else if (pool is FoundDedustPool { Place: var dedust }) way.Dedust(dedust, asked, order, arrives, (UInt128)move.PaidOut, isDone);
        if (isBuy && isDone) way.JettonsArrive(jettonWallet, back!.Value);
        if (!isBuy && !isDone)
        {
            // On both ways the tax is kept.
            var home = TransferTaxed(arrives);
            Jettons -= order.Amount - home;
            way.JettonsArrive(jettonWallet, home);
        }

        way.Return(returned);
        return (returned, isDone);
    }

    private UInt128 TransferTaxed(UInt128 amount) => amount - amount * (UInt128)Reserves.TransferTaxBps / 10_000;

    private static Task<VenueReply<T>> Accepted<T>(T value) => Task.FromResult<VenueReply<T>>(new VenueReply<T>.Accepted(value));
}
