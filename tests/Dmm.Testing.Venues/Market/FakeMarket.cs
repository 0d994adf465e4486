using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation;

namespace Dmm.Testing.Venues;

/// <summary>How a venue refuses a post-only order that would trade.</summary>
public enum PostOnlyStyle
{
    /// <summary>The request is refused.</summary>
    Refused,

    /// <summary>The request is accepted, and the order ends at once.</summary>
    EndedAtOnce,
}

/// <summary>
/// The truth behind a fake venue: instruments with price-time priority, other traders whom the test plays, and one account with its orders (ours, and
/// those of others who share it), fills and balances. Nothing happens by itself but the dead-man's switch. Every call takes effect whole, and
/// is told to
/// <see cref="Happened"/>, before it returns. Thread-safe: who needs several calls to be one holds <see cref="Gate"/>.
/// </summary>
public sealed partial class FakeMarket : IDisposable
{
    public const double MakerFeeBps = 2;
    public const double TakerFeeBps = 5;

    /// <summary>What the account holds of each asset at first.</summary>
    public const decimal OpeningBalance = 1_000_000;

    private const long FirstOrderId = 7_000_001;
    private const long FirstTradeId = 50_001;

    private readonly TimeProvider _time;
    private readonly SimulationQueue _queue;
    private readonly Dictionary<InstrumentId, FakeListing> _listings;
    private readonly FakeAccount _account;
    private readonly Dictionary<(InstrumentId Instrument, string Id), long> _tradeIds = [];
    private readonly ITimer _deadMan;
    private long _nextOrderId = FirstOrderId;
    private long _nextTradeId = FirstTradeId;
    private (long OrderId, OrderCause Cause) _asked;
    private long _filled;
    private (int Times, int UpdatesAgo) _stale;

    /// <param name="instruments">What is listed; ids differ.</param>
    /// <param name="time">Moves the venue's clock.</param>
    public FakeMarket(IReadOnlyList<Instrument> instruments, TimeProvider time)
    {
        _time = time;
        _queue = new(Clock);
        _account = new(instruments);
        _listings = instruments.ToDictionary(i => i.Id, i => new FakeListing(i, _queue, Hear));
        Instruments = instruments;
        _deadMan = time.CreateTimer(_ => OnDeadMan(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Settle();
    }

    /// <summary>Held by every call.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Told of all that happens, in order, with <see cref="Gate"/> held: must not wait.</summary>
    public event Action<MarketEvent>? Happened;

    public IReadOnlyList<Instrument> Instruments { get; }

    public PostOnlyStyle PostOnly { get; init; }

    /// <summary>How far the venue's clock runs ahead of the test's; below zero when behind.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>The venue's clock.</summary>
    public Timestamp Clock => Timestamp.From(_time.GetUtcNow()) + Skew;

    /// <summary>Instruments that are not trading: nothing may be placed or amended there.</summary>
    public HashSet<InstrumentId> Halted { get; } = [];

    /// <summary>All orders that the venue keeps, by their last change.</summary>
    public IReadOnlyList<FakeOrder> Orders
    {
        get { lock (Gate) return [.. _account.Orders]; }
    }

    /// <summary>The open orders, ours and those of others, by their last change.</summary>
    public IReadOnlyList<FakeOrder> OpenOrders
    {
        get { lock (Gate) return [.. _account.Orders.Where(o => o.IsOpen)]; }
    }

    /// <summary>All fills of the account, oldest first.</summary>
    public IReadOnlyList<FakeFill> Fills
    {
        get { lock (Gate) return [.. _account.Fills]; }
    }

    /// <summary>Number of the account's last order message.</summary>
    public long OrderSequence
    {
        get { lock (Gate) return _account.OrderSequence; }
    }

    public IReadOnlyList<FakeBalance> Balances
    {
        get { lock (Gate) return [.. _account.Balances(Clock)]; }
    }

    /// <summary>How many contracts, or how much of the base asset, the fills come to.</summary>
    public decimal Position(Instrument instrument)
    {
        lock (Gate) return _account.Position(instrument.Id);
    }

    public FakeOrder? Find(string clientOrderId)
    {
        lock (Gate) return _account.Find(clientOrderId);
    }

    public FakeOrder? Find(long orderId)
    {
        lock (Gate) return _account.Find(orderId);
    }

    /// <summary>The whole book, as it stands after all that was told of it.</summary>
    public BookUpdate TrueBook(Instrument instrument)
    {
        lock (Gate) return _listings[instrument.Id].Book(updatesAgo: 0);
    }

    /// <summary>The book for who asks the venue: older where <see cref="ServeStaleBooks"/> says so, which counts the times.</summary>
    public BookUpdate Book(Instrument instrument)
    {
        lock (Gate)
        {
            if (_stale.Times == 0) return TrueBook(instrument);
            _stale.Times--;
            return _listings[instrument.Id].Book(_stale.UpdatesAgo);
        }
    }

    /// <summary>The latest public trades, oldest first.</summary>
    public IReadOnlyList<Trade> Trades(Instrument instrument, int limit)
    {
        lock (Gate)
        {
            var trades = new Trade[Math.Min(limit, SimulatedExchange.TradesKept)];
            trades = trades[.._listings[instrument.Id].Exchange.CopyTrades(trades)];
            Array.Reverse(trades);
            return [.. trades.Select(t => Numbered(instrument, t))];
        }
    }

    /// <summary>Cancels everything of the account, whosever it is, unless it is armed again within that time; null disarms.</summary>
    public void ArmDeadMan(TimeSpan? within)
    {
        lock (Gate)
        {
            DeadManAt = within is { } span ? Clock + span : null;
            _deadMan.Change(within ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>When the dead-man's switch cancels everything; null while it is not armed.</summary>
    public Timestamp? DeadManAt { get; private set; }

    /// <summary>The next requests for a book get one as it stood so many updates before, as a cache between would give it.</summary>
    public void ServeStaleBooks(int times, int updatesAgo)
    {
        lock (Gate) _stale = (times, updatesAgo);
    }

    public void Dispose() => _deadMan.Dispose();

    private void OnDeadMan()
    {
        lock (Gate)
        {
            // Armed again while the timer rang.
            if (DeadManAt is not { } at || at > Clock) return;
            DeadManAt = null;
            foreach (var order in OpenOrders) End(order, "the dead-man's switch was not held");
        }
    }

    private static string Key(FakeOrder order) => order.OrderId.ToString(CultureInfo.InvariantCulture);

    private void Advance()
    {
        var now = Timestamp.Max(_queue.Now, Clock);
        while (_queue.RunNext(now))
        {
        }

        _queue.MoveTo(now);
    }

    /// <summary>Without latency all that follows from a call is due at once.</summary>
    private void Settle() => Advance();
}
