using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>
/// A simulated exchange under test. Times are milliseconds from the start, prices ticks, sizes lots; what the venue says is kept as lines such as
/// <c>105 fill a buy 50 @ 100 maker #1</c>.
/// </summary>
internal sealed class TestVenue
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    /// <summary>Exact latencies, each another, and no rate limit.</summary>
    public static readonly VenueRules Exact = new()
    {
        OrderLatency = TimeSpan.FromMilliseconds(10), ResponseLatency = TimeSpan.FromMilliseconds(5), FeedLatency = TimeSpan.FromMilliseconds(20),
        Jitter = TimeSpan.Zero, RequestsPerSecond = 0,
    };

    public static readonly Instrument Spot = new()
    {
        Id = new(0), Venue = "sim", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.01m), Sizes = new(1m),
    };

    public TestVenue(VenueRules? rules = null, Instrument? instrument = null, long seed = 1)
    {
        Queue = new(Start);
        Exchange = new(instrument ?? Spot, rules ?? Exact, Queue, new SeededRandom(seed), Hear);
    }

    public SimulationQueue Queue { get; }

    public SimulatedExchange Exchange { get; }

    public List<string> Lines { get; } = [];

    /// <summary>The public book messages, with levels of their own.</summary>
    public List<BookUpdate> Books { get; } = [];

    public List<Fill> Fills { get; } = [];

    /// <summary>Called with each message as it is heard.</summary>
    public Action<Input> OnInput { get; set; } = _ => { };

    public double NowMs => (Queue.Now - Start).TotalMilliseconds;

    public static Timestamp At(double ms) => Start + TimeSpan.FromMilliseconds(ms);

    /// <summary>Lines about orders, without their times.</summary>
    public IEnumerable<string> Private => Lines.Select(line => line[(line.IndexOf(' ') + 1)..])
        .Where(line => !line.StartsWith("trade") && !line.StartsWith("delta") && !line.StartsWith("snapshot") && !line.StartsWith("feed"));

    /// <summary>Sends an order of ours at that time.</summary>
    public TestVenue Place(double ms, string id, Side side, long price, long lots, bool isPostOnly = false, TimeInForce force = TimeInForce.GoodTillCancelled)
    {
        Exchange.Orders.Place(new(id, side, price, lots, isPostOnly, force), At(ms));
        return this;
    }

    public TestVenue Cancel(double ms, string id)
    {
        Exchange.Orders.Cancel(id, At(ms));
        return this;
    }

    public TestVenue Amend(double ms, string id, long price, long lots)
    {
        Exchange.Orders.Amend(id, price, lots, At(ms));
        return this;
    }

    /// <summary>Another trader's order at the venue at that time.</summary>
    public TestVenue Submit(double ms, Side side, long price, long lots, TimeInForce force = TimeInForce.GoodTillCancelled)
    {
        Queue.Schedule(At(ms), () => Exchange.Submit(side, price, lots, force));
        return this;
    }

    public TestVenue Do(double ms, Action<SimulatedExchange> action)
    {
        Queue.Schedule(At(ms), () => action(Exchange));
        return this;
    }

    public TestVenue RunTo(double ms)
    {
        while (Queue.RunNext(At(ms)))
        {
        }

        Queue.MoveTo(At(ms));
        return this;
    }

    /// <summary>Levels of a side, best first, as <c>100:50 99:20</c>.</summary>
    public string Levels(Side side) => Text(AllLevels(Exchange, side));

    public static BookLevel[] AllLevels(SimulatedExchange exchange, Side side)
    {
        var levels = new BookLevel[100];
        return levels[..exchange.CopyLevels(side, levels)];
    }

    private void Hear(in Input input)
    {
        var line = input.Kind switch
        {
            InputKind.Book => Say(input.Book),
            InputKind.Trade => Invariant($"trade #{input.Trade.TradeId} {input.Trade.SizeLots} @ {input.Trade.PriceTicks} {Word(input.Trade.Aggressor)}"),
            _ => Say(input.Control),
        };
        Lines.Add(Invariant($"{NowMs} {line}"));
        OnInput(input);
    }

    private string Say(in BookUpdate book)
    {
        Books.Add(book with { Levels = book.Levels.ToArray() });
        var ids = book.IsSnapshot ? Invariant($"snapshot {book.LastUpdateId}") : Invariant($"delta {book.FirstUpdateId}..{book.LastUpdateId}");
        return $"{ids} bids [{Text(book.Bids)}] asks [{Text(book.Asks)}]";
    }

    private string Say(ControlMessage message)
    {
        switch (message)
        {
            case Fill fill:
                Fills.Add(fill);
                return Invariant($"fill {fill.ClientOrderId} {Word(fill.Side)} {fill.Quantity} @ {Exchange.Instrument.Prices.ToSteps(fill.Price)} ")
                    + $"{(fill.IsMaker ? "maker" : "taker")} #{fill.TradeId}";
            case OrderUpdate update:
                var reason = update.Reason.Length == 0 ? "" : $" ({update.Reason})";
                return Invariant($"{update.Status} {update.ClientOrderId} {update.RemainingLots} @ {update.PriceTicks}{reason}");
            case FeedStatus status:
                return $"feed {status.State} ({status.Detail})";
            case AdapterStatus status:
                return $"orders {(status.AcceptsOrders ? "open" : "closed")} ({status.Reason})";
            default:
                return message.ToString();
        }
    }

    private static string Text(ReadOnlySpan<BookLevel> levels)
    {
        var texts = new List<string>();
        foreach (var level in levels) texts.Add(Invariant($"{level.PriceTicks}:{level.SizeLots}"));
        return string.Join(' ', texts);
    }

    private static string Word(Side side) => side == Side.Buy ? "buy" : "sell";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
