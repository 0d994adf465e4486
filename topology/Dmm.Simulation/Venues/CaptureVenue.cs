using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// A venue made of its recorded market data: our orders trade against what was recorded, which they do not change. Its clock is the recording's
/// receive
/// clock, behind the venue's own by the feed's latency; so order latency here is that of feed and order together and what the venue says of our
/// orders
/// comes with the market data of the same moment, which shifts all times alike and is exact for an even feed latency.
/// <list type="table">
/// <item><term>trade at our price</term><description>fills us with what went beyond the lots in front of us
/// (<see cref="FillReason.Queue"/>)</description></item>
/// <item><term>trade beyond our price</term><description>fills us, up to its size (<see cref="FillReason.Through"/>)</description></item>
/// <item><term>opposite level at our price or beyond</term><description>fills us, up to its size
/// (<see cref="FillReason.Crossed"/>)</description></item>
/// <item><term>order that crosses on arrival</term><description>takes the levels it reaches at their prices
/// (<see cref="FillReason.Taken"/>)</description></item>
/// <item><term>book not valid</term><description>nothing fills, nothing is accepted; what rests stays</description></item>
/// </list>
/// </summary>
public sealed class CaptureVenue : ISimulatedVenue, IMatchingModel
{
    // More levels than an order of ours can reach across; what lies beyond them is not taken.
    private const int LevelsTakenMax = 512;

    private readonly OrderBook _book;
    private readonly OrderEntry _entry;
    private readonly QueueModel _model;
    private readonly TakenLots _taken = new();
    private readonly QueuedSide _bids = new(Side.Buy);
    private readonly QueuedSide _asks = new(Side.Sell);
    private bool _isOpen;

    /// <param name="instrument">The one recorded.</param>
    /// <param name="rules">Order latency is that of feed and order together; response latency what a response takes longer than market data.</param>
    /// <param name="model">How our orders move up.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="random">For jitter and rejections.</param>
    /// <param name="deliver">Takes what the venue says, when it reaches us.</param>
    public CaptureVenue(Instrument instrument, VenueRules rules, QueueModel model, SimulationQueue queue, SeededRandom random, InputReceiver deliver)
    {
        (Instrument, _model) = (instrument, model);
        _book = new(instrument, OrderBookState.Empty);
        _entry = new(instrument, rules, this, queue, random, deliver);
    }

    public Instrument Instrument { get; }

    public IReadOnlyCollection<OwnOrder> OpenOrders => _entry.OpenOrders;

    public OrderEntryCounts Counts => _entry.Counts;

    /// <summary>How the fills came about.</summary>
    public FillReasons Reasons { get; private set; }

    /// <summary>The order desk, for requests other than quotes.</summary>
    public OrderEntry Orders => _entry;

    bool IMatchingModel.IsOpen => _isOpen;

    public void Send(OrderIntent intent, Timestamp at) => _entry.Send(intent, at);

    /// <summary>Takes recorded market data of this instrument, at the queue's present time and before the engine does.</summary>
    /// <exception cref="ArgumentException">It is of another instrument: a fault in the wiring.</exception>
    public void OnMarketData(in Input input)
    {
        if (input.Instrument != Instrument.Id)
            throw new ArgumentException(
                $"market data of instrument {input.Instrument.Index} came to {Instrument.Name}, {Instrument.Id.Index}", nameof(input));
        if (input.Kind == InputKind.Book) OnBook(input.Book);
        else if (input.Kind == InputKind.Trade) OnTrade(input.Trade);
    }

    long? IMatchingModel.BestAgainst(Side side) => _isOpen ? Against(side).PriceTicks : null;

    void IMatchingModel.Place(OwnOrder order) => Arrive(order);

    void IMatchingModel.Amend(OwnOrder order, long formerPriceTicks, long formerLots)
    {
        if (order.PriceTicks == formerPriceTicks) return;
        Of(order.Side).Leave(order);
        Arrive(order);
    }

    void IMatchingModel.Remove(OwnOrder order) => Of(order.Side).Leave(order);

    private void OnBook(in BookUpdate update)
    {
        var outcome = _book.Apply(update);
        if (outcome is not (BookOutcome.Applied or BookOutcome.Broken)) return;
        var wasOpen = _isOpen;
        _isOpen = _book.Status == BookStatus.Valid;
        if (!_isOpen) return;
        _taken.Follow(_book);
        Follow(_bids, wasOpen);
        Follow(_asks, wasOpen);
    }

    private void Follow(QueuedSide own, bool wasOpen)
    {
        if (own.Count == 0) return;
        for (var i = 0; i < own.Count; i++)
        {
            var lots = _book.LotsAt(own.Side, own[i].Order.PriceTicks);
            if (wasOpen) own[i].OnLevel(lots, _model);
            else own[i].OnLevelAgain(lots);
        }

        for (var i = 0; i < own.Count && own.Reach(i, Against(own.Side).PriceTicks) >= 0;)
        {
            var order = own[i].Order;
            Meet(order, isArriving: false);
            if (order.RemainingLots == 0) own.RemoveAt(i);
            else i++;
        }
    }

    private void OnTrade(in Trade trade)
    {
        var own = trade.Aggressor == Side.Sell ? _bids : _asks;
        if (!_isOpen) return;
        // A trade fills no more than its size, however many of our orders it reaches.
        var filledLots = 0L;
        for (var i = 0; i < own.Count && own.Reach(i, trade.PriceTicks) >= 0;)
        {
            var queued = own[i];
            var isThrough = own.Reach(i, trade.PriceTicks) > 0;
            if (isThrough) queued.OnTradeThrough();
            var reachedLots = isThrough ? trade.SizeLots : queued.OnTrade(trade.SizeLots);
            var lots = Math.Min(reachedLots - filledLots, queued.Order.RemainingLots);
            if (lots > 0)
            {
                filledLots += lots;
                Fill(queued.Order, queued.Order.PriceTicks, lots, isThrough ? FillReason.Through : FillReason.Queue);
            }

            if (queued.Order.RemainingLots == 0) own.RemoveAt(i);
            else i++;
        }
    }

    /// <summary>Trades an order with the levels that stand against it: at their prices when it arrives, at its own when it was there first.</summary>
    private void Meet(OwnOrder order, bool isArriving)
    {
        if (order.Side.Sign() * (order.PriceTicks - Against(order.Side).PriceTicks) < 0) return;
        var opposite = order.Side == Side.Buy ? Side.Sell : Side.Buy;
        Span<BookLevel> levels = stackalloc BookLevel[LevelsTakenMax];
        var (wanted, met) = (order.RemainingLots, 0L);
        foreach (var level in levels[.._book.CopyLevels(opposite, levels)])
        {
            if (wanted == met || order.Side.Sign() * (order.PriceTicks - level.PriceTicks) < 0) break;
            var lots = Math.Min(wanted - met, level.SizeLots - _taken.At(opposite, level.PriceTicks));
            if (lots <= 0) continue;
            _taken.Add(opposite, level.PriceTicks, lots);
            met += lots;
            if (isArriving) Fill(order, level.PriceTicks, lots, FillReason.Taken);
        }

        if (!isArriving && met > 0) Fill(order, order.PriceTicks, met, FillReason.Crossed);
    }

    private void Fill(OwnOrder order, long priceTicks, long lots, FillReason reason)
    {
        Reasons = Reasons.With(reason);
        _entry.Execute(order, priceTicks, lots, isMaker: reason != FillReason.Taken);
    }

    private void Arrive(OwnOrder order)
    {
        Meet(order, isArriving: true);
        if (order.RemainingLots > 0 && order.TimeInForce == TimeInForce.GoodTillCancelled)
            Of(order.Side).Join(order, _book.LotsAt(order.Side, order.PriceTicks));
    }

    private BookLevel Against(Side side) => side == Side.Buy ? _book.Top.Ask : _book.Top.Bid;

    private QueuedSide Of(Side side) => side == Side.Buy ? _bids : _asks;
}
