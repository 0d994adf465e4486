using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Swaps;

/// <summary>A pool of either exchange as a venue, over a chain of the test, stepped by hand.</summary>
internal sealed class SwapRig : IDisposable
{
    public const long Nano = 1_000_000_000;

    public static readonly Address JettonWallet = At(0x31);

    private readonly Ed25519Signer _signer = new([.. Enumerable.Repeat((byte)7, 32)]);
    private readonly MemoryLog _log = new();
    private PoolSwapper _swapper;
    private int _orders;

    public SwapRig(PoolExchange exchange = PoolExchange.StonFi, int trueTaxBps = 0, PoolVenueOptions? options = null)
    {
        Pool = exchange == PoolExchange.StonFi
            ? new FoundStonFiPool(new(At(0x10), At(0x11), At(0x12), At(0x13), IsBaseFirst: false), At(0x14), new("DCT", 9))
            : new FoundDedustPool(new(At(0x20), At(0x24), At(0x23)), null!, At(0x24), new("DCT", 9));
        Wallet = new(_signer.PublicKey);
        Instrument = PoolInstruments.Of(Pool, "pool", null, new(0));
        ITokenPool reserves = exchange == PoolExchange.StonFi
            ? new TokenPool(1_000_000L * Nano, 10_000L * Nano, new(20, 10), trueTaxBps)
            : new DedustTokenPool(1_000_000L * Nano, 10_000L * Nano, new(25, 10_000), trueTaxBps);
        Chain = new(Wallet, Pool, JettonWallet, reserves, () => (uint)Time.GetUtcNow().ToUnixTimeSeconds());
        Options = (options ?? new PoolVenueOptions { Venue = "pool" }).Checked();
        _swapper = Begin();
    }

    public HandTime Time { get; } = new();

    public FoundPool Pool { get; }

    public WalletV5R1 Wallet { get; }

    public Instrument Instrument { get; }

    public ModelPoolChain Chain { get; }

    public PoolVenueOptions Options { get; }

    public PoolVenue Venue { get; private set; } = null!;

    public List<string> Notices { get; } = [];

    /// <summary>Everything that was told, since the beginning or the last restart.</summary>
    public List<ControlMessage> Told { get; } = [];

    public IReadOnlyList<SendRecord> Records => _log.Read();

    public static Address At(byte fill) => new(0, new Hash256([.. Enumerable.Repeat(fill, 32)]));

    public void Dispose()
    {
        Venue.Dispose();
        _signer.Dispose();
    }

    /// <summary>The process ends here, and another takes up what it left on the disk; told first is what ended after a trade.</summary>
    public void Restart(string lastTradeId = "")
    {
        Venue.Dispose();
        _swapper = Begin();
        Told.Clear();
        if (lastTradeId.Length > 0) Told.AddRange(_swapper.EndedAfter(lastTradeId));
    }

    /// <summary>Places a quote; price in 10⁻⁹ TON a token, size in whole tokens.</summary>
    public string Place(Side side, long priceNano, long tokens, TimeInForce timeInForce = TimeInForce.GoodTillCancelled)
    {
        var id = $"live{++_orders:0000}";
        Placed(side, priceNano, tokens, id, timeInForce).ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>();
        return id;
    }

    public VenueReply<OrderUpdate> Placed(
        Side side, long priceNano, long tokens, string id, TimeInForce timeInForce = TimeInForce.GoodTillCancelled) =>
        Done(Venue.SubmitOrderAsync(Intent(OrderIntentKind.Place, id, side, priceNano, tokens) with { TimeInForce = timeInForce }, default));

    public VenueReply<OrderUpdate> Cancel(string id) =>
        Done(Venue.CancelOrderAsync(Intent(OrderIntentKind.Cancel, id, Side.Buy, 1, 1), default));

    public VenueReply<OrderUpdate> Amend(string id, long priceNano, long tokens) =>
        Done(Venue.AmendOrderAsync(Intent(OrderIntentKind.Amend, id, Side.Buy, priceNano, tokens), default));

    /// <summary>So many seconds, with a block, a look and a step each second.</summary>
    public void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Chain.Next();
            Look();
        }
    }

    /// <summary>A look at the pool, and what follows from it.</summary>
    public void Look()
    {
        Venue.Saw(Chain.Sight, Chain.Head);
        Step();
    }

    public void Step()
    {
        Done(_swapper.StepAsync(default));
        while (_swapper.Told.TryRead(out var told)) Told.Add(told.Control);
    }

    public IReadOnlyList<OrderUpdate> Open() =>
        Done(Venue.FetchOpenOrdersAsync("", default)).ShouldBeOfType<VenueReply<OrderPage>.Accepted>().Value.Orders;

    public IReadOnlyList<Fill> FillsSince(string tradeId) =>
        Done(Venue.FetchFillsSinceAsync(tradeId, default)).ShouldBeOfType<VenueReply<FillPage>.Accepted>().Value.Fills;

    /// <summary>What is in memory is done at once.</summary>
    public static T Done<T>(Task<T> task)
    {
        task.IsCompleted.ShouldBeTrue();
        return task.GetAwaiter().GetResult();
    }

    private PoolSwapper Begin()
    {
        var account = new PoolAccount(Instrument, Pool, Wallet, _signer, JettonWallet, _log);
        Venue = new(Options, account, Chain, Time, Notices.Add);
        return Venue.Swapper;
    }

    private OrderIntent Intent(OrderIntentKind kind, string id, Side side, long priceNano, long tokens) => new()
    {
        Kind = kind, Instrument = Instrument.Id, ClientOrderId = id, Side = side,
        PriceTicks = priceNano, SizeLots = Instrument.Sizes.ToSteps(tokens), IsPostOnly = true,
    };

    private sealed class MemoryLog : ISendLog
    {
        private readonly List<SendRecord> _records = [];

        public IReadOnlyList<SendRecord> Read() => [.. _records];

        public void Append(SendRecord record) => _records.Add(record);

        public void Rewrite(IReadOnlyList<SendRecord> records)
        {
            _records.Clear();
            _records.AddRange(records);
        }
    }
}
