using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Benchmarks;

/// <summary>
/// The yardstick: what <see cref="Topology.QuotingTopology"/> computes for one instrument in shadow mode, as one would write it by hand. The
/// same kernels in the same order, called directly; no stream, no engine, no snapshot, and nothing for inputs that a recording does not have (fills,
/// commands, rates).
/// </summary>
internal sealed class HandWrittenLoop : IMidView, IRateView
{
    private readonly InstrumentCatalog _instruments;
    private readonly Instrument _instrument;
    private readonly QuotingParameters _parameters;
    private readonly VenueParameters _venue;
    private readonly Action<object> _decide;
    private readonly OrderBook _book;
    private readonly BookOracle _oracle;
    private readonly StalenessBreaker _staleness;
    private readonly ConsolidatedFairValue _fairValue;
    private readonly VolatilityBreaker _volatilityBreaker;
    private readonly DiscrepancyBreaker _discrepancy;
    private readonly DrawdownGuard _drawdown;
    private readonly InventoryLimits _inventoryLimits;
    private readonly TradingStates _tradingStates;
    private readonly Vpin _vpin;
    private readonly ToxicityScore _toxicity;
    private readonly PositionLedger _ledger;
    private readonly Queue<OrderIntent> _sent = new();

    private EventTimeState _eventTimes;
    private TopChangeState _lastTop;
    private EwmaVolatilityState _volatility;
    private FlowAdjustmentsState _flow;
    private LastQuotesState _lastQuotes;
    private LiveOrdersState _live = LiveOrdersState.Empty;
    private OrderIdState _ids;
    private PnlState _pnl = PnlState.Empty;
    private FairValue _fair;
    private Timestamp _now;
    private Timestamp _gridDue;
    private Timestamp _refreshDue;
    private Timestamp _stalenessDue;
    private bool _isUrgent;
    private bool _isWaiting;

    public HandWrittenLoop(InstrumentCatalog instruments, QuotingParameters parameters, OrderIdState ids, Timestamp start, Action<object> decide)
    {
        (_instruments, _parameters, _ids, _now, _decide) = (instruments, parameters, ids, start, decide);
        (_instrument, _venue) = (instruments.All[0], parameters.Venues[0]);
        var breakers = parameters.Breakers;
        _book = new(_instrument, OrderBookState.Empty);
        _oracle = new(_instrument.Id, BookOracleState.Empty);
        _staleness = new(StalenessBreakerState.Starting, instruments, parameters);
        _fairValue = new(instruments, _instrument.BaseAsset, [_book], new());
        _volatilityBreaker = new(VolatilityBreakerState.Starting, parameters.Volatility.MaxBps, breakers);
        _discrepancy = new(DiscrepancyBreakerState.Starting, instruments, breakers);
        _drawdown = new(default, breakers);
        _inventoryLimits = new(default, parameters.Inventory, breakers);
        _tradingStates = new(TradingStatesState.Starting, instruments, parameters.NumeraireAssets);
        _vpin = new(parameters.Toxicity, VpinState.Empty(parameters.Toxicity));
        _toxicity = new(parameters, ToxicityState.Empty);
        _ledger = new(instruments, PositionLedgerState.Open(_instrument.BaseAsset, parameters.Inventory.Starting));
        _flow = FlowAdjustmentsState.Fresh(1);
        _lastQuotes = LastQuotesState.Fresh(1);
        _gridDue = NextOnGrid(parameters.Volatility.Grid);
        _refreshDue = NextOnGrid(_venue.RefreshInterval);
    }

    public double MidOf(InstrumentId instrument) => _fair.InQuoteAssetOf(instrument);

    public decimal? NumerairePer(string asset) =>
        _parameters.NumeraireAssets.Contains(asset) ? 1m
        : asset == _instrument.BaseAsset && _fair.IsReady ? decimal.Round((decimal)_fair.Value, 8).Canonical()
        : null;

    public void Take(Timestamp at, in Input input)
    {
        at = Timestamp.Max(at, _now + Timestamp.Unit);
        RunTimers(at);
        at = Timestamp.Max(at, _now + (_now == at ? TimeSpan.Zero : Timestamp.Unit));
        _now = at;
        switch (input.Kind)
        {
            case InputKind.Book:
                OnBook(input.Book);
                break;
            case InputKind.Top:
                Check(new(input.Top.UpdateId, input.Top.Bid, input.Top.Ask), TouchSource.Venue);
                break;
            case InputKind.Trade:
                OnTrade(input.Trade);
                break;
            default:
                OnControl(input.Control);
                break;
        }

        Settle();
    }

    private void OnBook(in BookUpdate update)
    {
        _eventTimes = EventTimeGuard.Step(_eventTimes, update.VenueTime, _now, EventOrder.BySequence, _parameters.Breakers.EventTimeAhead,
            out var verdict);
        if (verdict is EventTimeVerdict.Ahead or EventTimeVerdict.Superseded)
            throw new InvalidOperationException($"this recording has no such update: {verdict}");
        if (_book.Apply(update) is not (BookOutcome.Applied or BookOutcome.Broken)) return;
        var top = _book.Top;
        Publish(_staleness.Take(new FeedInput(top), _now));
        ArmStaleness();
        if (top.IsValid) Check(new(top.LastUpdateId, top.Bid, top.Ask), TouchSource.Built);
        _lastTop = TopChange.Step(_lastTop, top, out var isChange);
        if (isChange && LastQuotes.HasMoved(_lastQuotes, top)) _isUrgent = true;
    }

    private void OnTrade(in Trade trade)
    {
        if (!_vpin.Add(trade.Aggressor, _instrument.BaseQuantity(trade.SizeLots, trade.PriceTicks))) return;
        Adjust(FlowAdjustments.Step(_flow,
            new VpinReading(trade.Instrument, _vpin.Imbalance, _vpin.IsReady, _vpin.IsToxic ? 1 + _parameters.Toxicity.Widening : 1)));
    }

    private void OnControl(ControlMessage message)
    {
        if (message is ClockOffset offset) _eventTimes = _eventTimes with { Offset = offset.Offset };
        Publish(_staleness.Take(new FeedInput(message), _now));
        ArmStaleness();
    }

    private void Check(in TouchAtUpdate touch, TouchSource source)
    {
        if (_oracle.TryCompare(touch, source, out var check) && !check.IsMatch)
            _decide(new Alert(AlertLevel.Critical, _instrument.Name, check.Describe(_instrument)));
    }

    private void Adjust(FlowAdjustmentsState next)
    {
        if (ReferenceEquals(next, _flow)) return;
        (_flow, _isUrgent) = (next, true);
    }

    private void Publish(ImmutableArray<BreakerState> changes)
    {
        foreach (var change in changes)
        {
            if (change.Kind == BreakerKind.Staleness) _fairValue.OnStaleness(_instrument.Id, change.Demand >= TradingState.Halted);
            _decide(change);
            if (_tradingStates.Take(change).Change is { } step) _decide(step);
            _isUrgent = true;
        }
    }

    private void ArmStaleness()
    {
        var due = _staleness.NextDue;
        if (due.IsKnown && (!_stalenessDue.IsKnown || due < _stalenessDue)) _stalenessDue = due;
    }

    private void RunTimers(Timestamp limit)
    {
        while (true)
        {
            var due = _gridDue < _refreshDue ? _gridDue : _refreshDue;
            if (_stalenessDue.IsKnown && _stalenessDue < due) due = _stalenessDue;
            if (due > limit) return;
            _now = Timestamp.Max(due, _now);
            if (_stalenessDue.IsKnown && _stalenessDue <= _now) OnStalenessDue();
            if (_gridDue <= _now) OnGrid();
            if (_refreshDue <= _now) OnRefresh();
            Settle();
        }
    }

    private void OnStalenessDue()
    {
        _stalenessDue = Timestamp.None;
        Publish(_staleness.Elapse(_now));
        ArmStaleness();
    }

    private void OnGrid()
    {
        _gridDue += _parameters.Volatility.Grid;
        _fair = _fairValue.Sample(_now, _parameters);
        if (_fair.IsReady) _volatility = EwmaVolatility.Step(_volatility, _now, _fair.Value, _parameters.Volatility);
        var volatility = EwmaVolatility.Snapshot(_volatility, _now, _parameters.Volatility, _parameters.Quote.Horizon);
        _decide(volatility);
        Publish(_volatilityBreaker.Take(volatility, _now));
        var inventory = _ledger.Snapshot(_parameters.Inventory);
        (_pnl, var pnl) = Pnl.Step(_pnl with { Inventory = inventory }, _instruments, this, this, _now);
        if (pnl is not null) Publish(_drawdown.Take(DrawdownInput.Of(pnl.Drawdown), _now));
        Publish(_inventoryLimits.Take(inventory.Total, _now));
    }

    private void OnRefresh()
    {
        _refreshDue += _venue.RefreshInterval;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
            if (_toxicity.Cycle(_instrument.Id, side) is { } toxicity) Adjust(FlowAdjustments.Step(_flow, toxicity));
        var fair = _fairValue.Sample(_now, _parameters);
        var mid = TopPrices.Mid(_book.Top, _instrument) * fair.RateOf(_instrument.Id);
        Publish(_discrepancy.Take(new VenueMid(_instrument.Id, mid, fair.Value), _now));
        Quote();
    }

    /// <summary>Ends an instant: what could not wait for the next refresh, then what the shadow venue says to the orders.</summary>
    private void Settle()
    {
        if (_isUrgent)
        {
            _isUrgent = false;
            Quote();
        }

        while (_sent.TryDequeue(out var intent))
        {
            _now += Timestamp.Unit;
            var isCancel = intent.Kind == OrderIntentKind.Cancel;
            _live = LiveOrders.Step(_live, new OrderUpdate
            {
                Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = isCancel ? OrderStatus.Cancelled : OrderStatus.Live,
                Side = intent.Side, PriceTicks = intent.PriceTicks, RemainingLots = isCancel ? 0 : intent.SizeLots, Reason = "",
            });
            if (_isWaiting) Quote();
        }
    }

    private void Quote()
    {
        var target = Target();
        _lastQuotes = LastQuotes.Step(_lastQuotes, target, _book.Top);
        _decide(target);
        (var intents, _ids, _isWaiting) = OrderDifference.Between(target, _live, _ids, _parameters.Orders, Limits());
        foreach (var intent in intents)
        {
            _live = LiveOrders.Step(_live, intent, _now, target.Terms.HalfSpreadBps);
            _decide(intent);
            _sent.Enqueue(intent);
        }
    }

    private QuoteTarget Target()
    {
        var fair = _fairValue.Sample(_now, _parameters);
        var volatility = EwmaVolatility.Snapshot(_volatility, _now, _parameters.Volatility, _parameters.Quote.Horizon);
        var permission = _tradingStates.For(_instrument.Id);
        var flow = _flow.For(_instrument.Id);
        var inventory = _ledger.Inventory;
        var terms = QuoteKernel.Compute(
            new()
            {
                InventoryRatio = _parameters.Inventory.RatioOf(inventory), RawVolatilityBps = volatility.RawVolatilityBps,
                VolatilityBps = volatility.VolatilityBps, ToxicityMultiplier = flow.Multiplier, BreakerMultiplier = permission.Multiplier,
            },
            _parameters, _venue, _instrument);
        var levels = QuoteLadder.Build(
            new()
            {
                FairValue = fair.InQuoteAssetOf(_instrument.Id), QuoteAssetRate = fair.RateOf(_instrument.Id), IsVolatilityReady = volatility.IsReady,
                Top = _book.Top, Permission = permission, Inventory = inventory,
                PendingBuys = default, PendingSells = default,
                Tiers = _parameters.Quote.LevelMultiples.Length, SizeShare = flow.SizeShare,
            },
            terms, _parameters, _venue, _instrument);
        return new()
        {
            Instrument = _instrument.Id, FairValue = fair.InQuoteAssetOf(_instrument.Id), State = permission.State, Terms = terms,
            Bids = levels.Bids, Asks = levels.Asks, Withheld = levels.Withheld,
        };
    }

    private OrderLimits Limits() => new()
    {
        Instrument = _instrument, QuoteAssetRate = (decimal)_fairValue.Sample(_now, _parameters).RateOf(_instrument.Id),
        Buys = new(_venue.OutstandingNotionalPerSide, _parameters.Inventory.Room(Side.Buy, _ledger.Inventory)),
        Sells = new(_venue.OutstandingNotionalPerSide, _parameters.Inventory.Room(Side.Sell, _ledger.Inventory)),
        Now = _now, AgeMax = _flow.For(_instrument.Id).QuoteAgeLimit,
    };

    private Timestamp NextOnGrid(TimeSpan period) => new((_now.Ticks / period.Ticks + 1) * period.Ticks);
}
