using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>A simulated pool of 1,000,000 DCT and 10,000 TON under test, and all that it said with the time at which it reached us.</summary>
internal sealed class PoolDesk
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    public static readonly BigInteger Token = 1_000_000_000;

    public static readonly TokenPool Reserves = new(1_000_000 * Token, 10_000 * Token, new PoolFees(LpBps: 20, ProtocolBps: 10));

    /// <summary>Swaps land with the next block, and are heard of 0.2 s later.</summary>
    public static readonly PoolRules NextBlock = new() { DelayBlocksMax = 1 };

    private int _ids;

    public PoolDesk(PoolRules? rules = null, TokenPool? reserves = null, long seed = 1, decimal lot = 0.1m)
    {
        Queue = new(Start);
        Pool = new(Instrument(lot), rules ?? NextBlock, reserves ?? Reserves, Queue, new SeededRandom(seed), Hear);
    }

    public SimulationQueue Queue { get; }

    public SimulatedPool Pool { get; }

    public List<(double Second, Input Input)> Heard { get; } = [];

    public static Instrument Instrument(decimal lot = 0.1m, int id = 0) => new()
    {
        Id = new(id), Venue = "pool", Symbol = "DCT/TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.00001m), Sizes = new(lot), IsPool = true,
    };

    public PoolDesk Started()
    {
        Pool.Start();
        return this;
    }

    public string Place(double second, Side side, long priceTicks, long sizeLots, string? id = null)
    {
        var intent = Intent(OrderIntentKind.Place, id ?? $"o{++_ids}", side, priceTicks, sizeLots);
        Pool.Send(intent, Start + TimeSpan.FromSeconds(second));
        return intent.ClientOrderId;
    }

    public void Amend(double second, string id, Side side, long priceTicks, long sizeLots) =>
        Pool.Send(Intent(OrderIntentKind.Amend, id, side, priceTicks, sizeLots), Start + TimeSpan.FromSeconds(second));

    public void Cancel(double second, string id) =>
        Pool.Send(Intent(OrderIntentKind.Cancel, id, Side.Buy, 0, 0), Start + TimeSpan.FromSeconds(second));

    public void Swap(double second, Side side, BigInteger amount) =>
        Queue.Schedule(Start + TimeSpan.FromSeconds(second), () => Pool.Swap(side, amount));

    public PoolDesk RunTo(double second)
    {
        while (Queue.RunNext(Start + TimeSpan.FromSeconds(second)))
        {
        }

        Queue.MoveTo(Start + TimeSpan.FromSeconds(second));
        return this;
    }

    public IEnumerable<(double Second, T Message)> Of<T>()
        where T : ControlMessage =>
            Heard.Where(h => h.Input.Kind == InputKind.Control && h.Input.Control is T).Select(h => (h.Second, (T)h.Input.Control));

    public IEnumerable<(double Second, BookUpdate Book)> Books() =>
        Heard.Where(h => h.Input.Kind == InputKind.Book).Select(h => (h.Second, h.Input.Book));

    public IEnumerable<(double Second, Trade Trade)> Trades() =>
        Heard.Where(h => h.Input.Kind == InputKind.Trade).Select(h => (h.Second, h.Input.Trade));

    /// <summary>What was said of an order: when, and its status.</summary>
    public IEnumerable<(double Second, OrderStatus Status)> Life(string id) =>
        Of<OrderUpdate>().Where(u => u.Message.ClientOrderId == id).Select(u => (u.Second, u.Message.Status));

    /// <summary>All that was said, as text.</summary>
    public string Transcript() => string.Join('\n', Heard.Select(h => h.Input.Kind switch
    {
        InputKind.Book => $"{h.Second} {h.Input.Book with { Levels = default, BidCount = 0 }} {string.Join(' ', h.Input.Book.Levels.ToArray())}",
        InputKind.Trade => $"{h.Second} {h.Input.Trade}",
        _ => $"{h.Second} {h.Input.Control}",
    }));

    private void Hear(in Input input) => Heard.Add(((Queue.Now - Start).TotalSeconds, input));

    private static OrderIntent Intent(OrderIntentKind kind, string id, Side side, long priceTicks, long sizeLots) => new()
    {
        Kind = kind, Instrument = new(0), ClientOrderId = id, Side = side, PriceTicks = priceTicks, SizeLots = sizeLots, IsPostOnly = true,
    };
}
