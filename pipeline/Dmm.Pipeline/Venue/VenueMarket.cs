using System.Globalization;
using System.Runtime.InteropServices;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Simulation;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>What the account holds, an asset each.</summary>
internal sealed record VenueBalances(Timestamp At, (string Asset, decimal Total)[] Totals);

/// <summary>
/// The venue without its network: an order book among generated traders, and one account. Time is told to it; every request takes effect whole, and
/// is said on the streams, before it is answered. Not thread-safe.
/// </summary>
internal sealed class VenueMarket
{
    private const int LevelsAtFirst = 256;

    private readonly SimulationQueue _queue;
    private readonly VenueListing _listing;
    private readonly RequestAllowance _allowance;
    private readonly VenueAccount _account;
    private readonly VenueOrderRules _rules;
    private readonly List<Trade> _trades = [];
    private readonly long _tradeIdBase;
    private long _lastUpdateId;
    private BookLevel[] _levels = new BookLevel[LevelsAtFirst];

    /// <param name="settings">What makes the venue.</param>
    /// <param name="start">Its first instant.</param>
    /// <param name="post">As for <see cref="VenueStreams"/>.</param>
    public VenueMarket(VenueSettings settings, Timestamp start, Action<byte[]>? post = null)
    {
        _queue = new(start);
        _allowance = new(settings.RequestsPerSecond, settings.RequestBurst, start);
        // A venue that is started again must not give an id twice: trades are told apart by it. Room for a thousand of them each millisecond it ran.
        _tradeIdBase = start.ToDateTimeOffset().ToUnixTimeMilliseconds() * 1_000;
        _listing = settings.Listing;
        _account = new(_listing.Instrument.BaseAsset);
        Streams = new(_listing, post);
        Exchange = new(_listing.Instrument, VenueListing.Rules, _queue, SeededRandom.For(settings.Seed, "exchange"), Hear);
        _rules = new(_listing.Instrument, Exchange, _account);
        new GeneratedMarket(settings.Seed, settings.Scenario, _queue, Exchange, static (in Input _) => { }).Start();
        Exchange.Connect();
        Settle();
    }

    public SimulatedExchange Exchange { get; }

    public VenueStreams Streams { get; }

    public Timestamp Now => _queue.Now;

    /// <summary>When the next thing happens by itself; null when nothing ever will.</summary>
    public Timestamp? NextAt => _queue.NextAt;

    /// <summary>Lets everything happen up to a time; nothing when that has passed already.</summary>
    public void AdvanceTo(Timestamp time)
    {
        while (_queue.RunNext(time))
        {
        }

        _queue.MoveTo(time);
    }

    /// <summary>Counts a request; null, or why it is not taken. A cancel is not to be asked: a venue must not keep anybody in its market.</summary>
    public VenueFault? Throttle() => _allowance.TryTake(Now, out var wait) ? null : new(HmacVenueErrors.RateLimited, "too many requests", wait);

    public VenueAnswer<OrderUpdate> Place(OrderIntent order)
    {
        if (_account.Find(order.ClientOrderId) is { } known)
            return new VenueFault(HmacVenueErrors.DuplicateOrder, $"the id was used: that order is {known.Status.ToString().ToLowerInvariant()}");
        if (_rules.Refusal(order) is { } fault) return fault;
        Exchange.Send(order, Now);
        return Settled(order.ClientOrderId);
    }

    public VenueAnswer<OrderUpdate> Amend(OrderIntent amendment)
    {
        if (Exchange.Orders.Find(amendment.ClientOrderId) is not { } order) return UnknownOrder(amendment.ClientOrderId);
        if (_rules.Refusal(amendment, order) is { } fault) return fault;
        Exchange.Send(amendment, Now);
        return Settled(amendment.ClientOrderId);
    }

    public VenueAnswer<OrderUpdate> Cancel(string clientOrderId)
    {
        if (Exchange.Orders.Find(clientOrderId) is null) return UnknownOrder(clientOrderId);
        Exchange.Orders.Cancel(clientOrderId, Now);
        return Settled(clientOrderId);
    }

    /// <summary>Cancels the open orders whose ids begin so; returns how many.</summary>
    public int CancelAll(string prefix)
    {
        var ids = Open(prefix).ToArray();
        foreach (var id in ids) Exchange.Orders.Cancel(id, Now);
        Settle();
        return ids.Length;
    }

    /// <summary>The order, open or ended.</summary>
    public VenueAnswer<OrderUpdate> Order(string clientOrderId) =>
        _account.Find(clientOrderId) is { } order ? order : new VenueFault(HmacVenueErrors.UnknownOrder, $"no order {clientOrderId} was ever placed");

    /// <summary>The open orders whose ids begin so.</summary>
    public OrderPage OpenOrders(string prefix) => new([.. Open(prefix).Select(id => _account.Find(id)!)], _account.OrderSequence);

    public OrderPage OrdersAfter(long sequence, int limit) => _account.OrdersAfter(sequence, limit);

    public FillPage FillsAfter(long tradeId, int limit) => _account.FillsAfter(tradeId, limit);

    /// <summary>What the account holds now.</summary>
    public VenueBalances Balances() =>
        new(Now, [(_listing.Instrument.BaseAsset, _account.Base.Canonical()), (_listing.Instrument.QuoteAsset, _account.Quote.Canonical())]);

    /// <summary>The whole book as it stands after all that was said of it; the levels are the caller's.</summary>
    public BookUpdate Book()
    {
        var bids = CopyLevels(Side.Buy);
        BookLevel[] levels = [.. bids, .. CopyLevels(Side.Sell)];
        return new()
        {
            Instrument = _listing.Instrument.Id, IsSnapshot = true, VenueTime = Now, ReceiveTime = Timestamp.None, FirstUpdateId = _lastUpdateId,
            LastUpdateId = _lastUpdateId, PreviousUpdateId = -1, BidCount = bids.Length, Levels = levels,
        };
    }

    /// <summary>The latest public trades, oldest first.</summary>
    public Trade[] Trades(int limit)
    {
        var trades = new Trade[Math.Min(limit, SimulatedExchange.TradesKept)];
        trades = trades[..Exchange.CopyTrades(trades)];
        Array.Reverse(trades);
        return [.. trades.Select(Numbered)];
    }

    private VenueAnswer<OrderUpdate> Settled(string clientOrderId)
    {
        Settle();
        return _account.Find(clientOrderId) is { Status: not OrderStatus.Rejected } order
            ? order
            : throw new InvalidOperationException($"order {clientOrderId} kept every rule and was rejected: the two sets of rules differ");
    }

    /// <summary>Without latency all that follows from a request is due at once.</summary>
    private void Settle() => AdvanceTo(Now);

    private IEnumerable<string> Open(string prefix) =>
        Exchange.OpenOrders.Select(o => o.ClientOrderId).Where(id => id.StartsWith(prefix, StringComparison.Ordinal));

    private BookLevel[] CopyLevels(Side side)
    {
        while (true)
        {
            var count = Exchange.CopyLevels(side, _levels);
            if (count < _levels.Length) return _levels[..count];
            _levels = new BookLevel[2 * _levels.Length];
        }
    }

    private void Hear(in Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Trade:
                _trades.Add(Numbered(input.Trade));
                break;
            case InputKind.Book:
                // The trades of an instant come before what they left of the book.
                Streams.Say(CollectionsMarshal.AsSpan(_trades));
                _trades.Clear();
                _lastUpdateId = input.Book.LastUpdateId;
                Streams.Say(input.Book);
                break;
            case InputKind.Control when input.Control is OrderUpdate order:
                Streams.Say(order, _account.Take(order));
                break;
            case InputKind.Control when input.Control is Fill fill:
                var tradeId = _tradeIdBase + long.Parse(fill.TradeId, CultureInfo.InvariantCulture);
                var numbered = fill with { TradeId = tradeId.ToString(CultureInfo.InvariantCulture) };
                Streams.Say(numbered, _account.Take(numbered));
                break;
        }
    }

    private Trade Numbered(Trade trade) => trade with { TradeId = _tradeIdBase + trade.TradeId };

    private static VenueFault UnknownOrder(string clientOrderId) => new(HmacVenueErrors.UnknownOrder, $"no order {clientOrderId} is open");
}
