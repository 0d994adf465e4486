using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// An order-book venue with price-time priority, on virtual time. Our orders come through <see cref="Orders"/> and other traders' through
/// <see cref="IOrderFlowTarget"/>; they stand in one queue, so that our size is part of the public book and our place in a level's queue is exact.
/// <list type="table">
/// <item><term>an order that crosses</term><description>trades against resting orders, best price first, then first come first served, each time at the
/// resting order's price: one <see cref="Trade"/> with a rising id for each order met; a fill of ours bears that id</description></item>
/// <item><term>two of our orders meet</term><description>nothing trades between them: the rest of the taking order, always the newer, is
/// cancelled</description></item>
/// <item><term>amendment</term><description>a smaller size keeps the place; a new price goes to the end of its level's queue, trading first what it
/// crosses unless it is post-only</description></item>
/// <item><term>an instant at which the book changed</term><description>its trades, then one delta, after <see cref="VenueRules.FeedLatency"/></description></item>
/// <item><term>a second without any</term><description>an empty delta</description></item>
/// <item><term>connect, disconnect</term><description><see cref="FeedStatus"/> in line with market data; a snapshot follows a connect; orders are not
/// touched by either</description></item>
/// </list>
/// Nothing is said in public before the first <see cref="Connect"/>.
/// </summary>
public sealed class SimulatedExchange : ISimulatedVenue, IMatchingModel, IOrderFlowTarget
{
    /// <summary>How many of the latest trades <see cref="CopyTrades"/> knows.</summary>
    public const int TradesKept = 1_000;

    private readonly LimitOrderBook _book = new();
    private readonly Dictionary<OwnOrder, long> _numbers = [];
    private readonly Trade[] _trades = new Trade[TradesKept];
    private readonly SimulationQueue _queue;
    private readonly PublicFeed _feed;

    /// <param name="instrument">Traded here; its books are chained by <see cref="BookSequenceRule.ContiguousRange"/>.</param>
    /// <param name="rules">How orders are treated.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="random">Of this venue alone: for jitter and rejections.</param>
    /// <param name="receive">Takes everything that the venue says, public and private, when it reaches us.</param>
    /// <exception cref="ParameterException">Names every rule out of range.</exception>
    public SimulatedExchange(Instrument instrument, VenueRules rules, SimulationQueue queue, SeededRandom random, InputReceiver receive)
    {
        var faults = new ParameterFaults();
        rules.CollectFaults(faults);
        faults.Require($"{instrument.Name}.sequenceRule", instrument.SequenceRule == BookSequenceRule.ContiguousRange, $"is {instrument.SequenceRule}",
            $"{BookSequenceRule.ContiguousRange}, by which this venue numbers its updates");
        faults.ThrowIfAny($"simulated venue {instrument.Name}");
        (Instrument, _queue) = (instrument, queue);
        _feed = new(instrument, _book, queue, rules.FeedLatency, receive);
        Orders = new(instrument, rules, this, queue, random, receive);
    }

    public Instrument Instrument { get; }

    /// <summary>Where our orders go: place, amend and cancel by client order id, halt and resume.</summary>
    public OrderEntry Orders { get; }

    public IReadOnlyCollection<OwnOrder> OpenOrders => Orders.OpenOrders;

    public (BookLevel Bid, BookLevel Ask) Best => (_book.Best(Side.Buy), _book.Best(Side.Sell));

    /// <summary>Trades so far; the id of the latest.</summary>
    public long TradeCount { get; private set; }

    public bool IsConnected => _feed.IsConnected;

    /// <summary>Copies the best levels of a side as they stand at the venue, best first; returns how many.</summary>
    public int CopyLevels(Side side, Span<BookLevel> levels) => _book.CopyLevels(side, levels);

    /// <summary>Copies the latest trades, the newest first; returns how many. Their receive time is not set.</summary>
    public int CopyTrades(Span<Trade> trades)
    {
        var count = (int)Math.Min(Math.Min(TradeCount, TradesKept), trades.Length);
        for (var i = 0; i < count; i++) trades[i] = _trades[(TradeCount - 1 - i) % TradesKept];
        return count;
    }

    /// <summary>What trades before one of our orders at its own price, in lots; null when it does not rest.</summary>
    public long? LotsAhead(string clientOrderId) =>
        Orders.Find(clientOrderId) is { } order && _numbers.TryGetValue(order, out var number) ? _book.LotsAhead(number) : null;

    /// <summary>Brings the public feed up, at first or again; nothing when it is up.</summary>
    public void Connect() => _feed.Connect();

    /// <summary>Brings the public feed down; what is under way still comes, orders go on.</summary>
    public void Disconnect(string detail) => _feed.Disconnect(detail);

    /// <summary>What a feed adapter does on finding a gap: the whole book comes in place of this instant's delta.</summary>
    public void RequestSnapshot() => _feed.RequestSnapshot();

    /// <summary>Loses the next delta (not its trades) on the way, so that the one after it shows a gap.</summary>
    public void DropNextDelta() => _feed.LoseNextDelta();

    public void Send(OrderIntent intent, Timestamp at) => Orders.Send(intent, at);

    public long Submit(Side side, long priceTicks, long lots, TimeInForce timeInForce)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priceTicks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lots);
        var left = Take(side, priceTicks, lots, taker: null);
        return left > 0 && timeInForce == TimeInForce.GoodTillCancelled ? Rest(side, priceTicks, left, owner: null) : 0;
    }

    public void Cancel(long number)
    {
        if (!_book.TryFind(number, out var order)) return;
        if (order.Owner is not null) throw new InvalidOperationException($"order {number} is ours: a trader can cancel only what it submitted");
        Reduce(order, order.Lots);
    }

    long? IMatchingModel.BestAgainst(Side side) => _book.TryFirst(Against(side), out var first) ? first.PriceTicks : null;

    void IMatchingModel.Place(OwnOrder order)
    {
        var left = Take(order.Side, order.PriceTicks, order.RemainingLots, order);
        if (left > 0 && order.TimeInForce == TimeInForce.GoodTillCancelled) _numbers.Add(order, Rest(order.Side, order.PriceTicks, left, order));
    }

    void IMatchingModel.Amend(OwnOrder order, long formerPriceTicks, long formerLots)
    {
        _book.TryFind(_numbers[order], out var resting);
        if (order.PriceTicks == formerPriceTicks)
        {
            if (order.RemainingLots < formerLots) Reduce(resting, formerLots - order.RemainingLots);
            return;
        }

        Reduce(resting, resting.Lots);
        _numbers.Remove(order);
        ((IMatchingModel)this).Place(order);
    }

    void IMatchingModel.Remove(OwnOrder order)
    {
        if (_numbers.Remove(order, out var number) && _book.TryFind(number, out var resting)) Reduce(resting, resting.Lots);
    }

    /// <summary>Trades what crosses; returns what is left and may rest.</summary>
    private long Take(Side side, long limitTicks, long lots, OwnOrder? taker)
    {
        while (lots > 0 && _book.TryFirst(Against(side), out var maker) && side.Sign() * (limitTicks - maker.PriceTicks) >= 0)
        {
            if (taker is not null && maker.Owner is { } own)
            {
                Orders.CancelByVenue(taker, $"self-trade prevention: it would have met {own.ClientOrderId}");
                return 0;
            }

            var traded = Math.Min(lots, maker.Lots);
            lots -= traded;
            Reduce(maker, traded);
            Publish(maker.PriceTicks, traded, side);
            if (maker.Owner is not null) Fill(maker, traded);
            if (taker is not null) Orders.Execute(taker, maker.PriceTicks, traded, isMaker: false, TradeCount);
        }

        return lots;
    }

    private void Fill(in RestingOrder maker, long lots)
    {
        if (lots == maker.Lots) _numbers.Remove(maker.Owner!);
        Orders.Execute(maker.Owner!, maker.PriceTicks, lots, isMaker: true, TradeCount);
    }

    private void Publish(long priceTicks, long lots, Side aggressor)
    {
        var trade = new Trade
        {
            Instrument = Instrument.Id, VenueTime = _queue.Now, ReceiveTime = Timestamp.None, TradeId = ++TradeCount, PriceTicks = priceTicks,
            SizeLots = lots, Aggressor = aggressor,
        };
        _trades[(TradeCount - 1) % TradesKept] = trade;
        _feed.Say(trade);
    }

    private long Rest(Side side, long priceTicks, long lots, OwnOrder? owner)
    {
        _feed.Touch(side, priceTicks);
        return _book.Add(side, priceTicks, lots, owner);
    }

    private void Reduce(in RestingOrder order, long lots)
    {
        _feed.Touch(order.Side, order.PriceTicks);
        _book.Reduce(order.Number, lots);
    }

    private static Side Against(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;
}
