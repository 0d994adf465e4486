using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Topology;

/// <summary>
/// The pipeline of one traded asset: from market data, fills and commands to quotes, orders and the state of every control. Reads top to bottom like
/// the data flows. A value: it can be described without running, and built on any scheduler.
/// </summary>
public sealed partial class QuotingTopology : ITopology
{
    private readonly InstrumentCatalog _instruments;
    private readonly QuotingParameters _parameters;
    private readonly OrderIdState _orderIds;
    private readonly TradingMode _mode;
    private readonly Func<LiveOrdersState>? _ordersInBooks;

    /// <param name="instruments">All markets of the asset: the first one's base asset is what is traded.</param>
    /// <param name="parameters">In force for the life of the topology; a change of them builds a new one.</param>
    /// <param name="orderIds">Where client order ids start.</param>
    /// <param name="mode">
    /// In shadow each intent counts as carried out at once, by way of the engine's feedback queue; live, our own orders are taken out of the books
    /// before they are a fair value.
    /// </param>
    /// <param name="ordersInBooks">
    /// Orders of ours that the books show where they are not this topology's own: those that were resting when the books were recorded. Null for its
    /// own, and for none in a mode whose orders no book shows.
    /// </param>
    /// <exception cref="ParameterException">Names every parameter out of range.</exception>
    public QuotingTopology(
        InstrumentCatalog instruments, QuotingParameters parameters, OrderIdState orderIds, TradingMode mode,
        Func<LiveOrdersState>? ordersInBooks = null) =>
        (_instruments, _parameters, _orderIds, _mode, _ordersInBooks) =
            (instruments, parameters.Validated(instruments), orderIds, mode, ordersInBooks);

    /// <summary>The named streams and what each is made from, in the order of wiring.</summary>
    public TopologyDescription Describe()
    {
        var graph = new StreamGraph();
        Wire(graph, Observable.Never<Input>(), StateSet.Fresh(), new EngineScheduler(Timestamp.None));
        return graph.Description;
    }

    public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler) =>
        Wire(new StreamGraph(), inputs, states, scheduler);

    private TopologyOutputs Wire(StreamGraph graph, IObservable<Input> inputs, StateSet states, IScheduler scheduler)
    {
        var p = _parameters;
        var hub = new InputStreams(inputs, _instruments.Count);
        var controls = graph.Input("controls", hub.Controls<ControlMessage>());
        var executions = graph.Input("executions", hub.Controls<Fill>());
        var orderUpdates = graph.Input("order-updates", hub.Controls<OrderUpdate>());
        var failedSwaps = graph.Input("failed-swaps", hub.Controls<FailedSwap>());
        var commands = graph.Input("commands", hub.Controls<OperatorCommand>());

        var orderState = states.Port("orders", new OrderStageState(LiveOrdersState.Empty, _orderIds));
        var routerState = HasRouter(states) ? states.Port("router", RouterState.Idle) : null;
        var markets = _instruments.All.Select(instrument => WireMarket(graph, hub, instrument, orderState, states, scheduler)).ToImmutableArray();
        var bookNames = markets.Select(m => m.BooksName).ToArray();
        var staleness = graph.Stream("staleness", [.. bookNames, "controls"], markets.Select(m => m.Books).MergeInOrder().StalenessBreaker(
            controls, _instruments, p, states.Port("staleness", StalenessBreakerState.Starting), scheduler.Named("staleness")));

        // The fair value, sampled on the volatility's grid; other stages sample it at their own moments.
        var grid = graph.Stream("grid", [], AlignedTicksOperator.AlignedTicks(p.Volatility.Grid, scheduler.Named("grid")));
        var fairValueView = new ViewPort<ConsolidatedFairValue>("fair-values");
        var fairValueNow = new FairValueView(fairValueView, _instruments, p, scheduler);
        var fairValues = graph.Stream("fair-values", ["staleness", "controls", "grid", .. bookNames],
            FairValueInputs(staleness, controls, grid, scheduler).FairValues(
                _instruments, _instruments.All[0].BaseAsset, [.. markets.Select(m => m.Others)], () => p,
                states.Port("fair-values", new ConsolidatedFairValueState()), fairValueView));
        var volatilityState = states.Port("volatilities", default(EwmaVolatilityState));
        var volatilities = graph.Stream("volatilities", ["fair-values"], fairValues.Volatilities(() => p, volatilityState));

        graph.Record("volatilities", volatilities);

        // Our own fills: what we hold, what it earned, how it aged.
        var fills = graph.Stream("fills", ["executions"], executions.QuotedFills(orderState));
        // A leg of the router is no quote: its fills say nothing of how quotes fare.
        var quoteFills = routerState is null ? fills
            : graph.Stream("quote-fills", ["fills"], fills.Where(fill => !routerState.Capture().IsLeg(fill.ClientOrderId)));
        var quoteFillsName = routerState is null ? "fills" : "quote-fills";
        var quoteAges = graph.Stream("quote-ages", [quoteFillsName, "order-updates"], quoteFills.QuoteAges(orderUpdates, orderState, scheduler));
        var awaitedFills = states.Port("awaited-fills", AwaitedFillsState.None);
        graph.Stream("awaited-fills", ["fills", "order-updates"], fills.AwaitedFills(orderUpdates, _instruments, awaitedFills, scheduler));
        var ledger = new ViewPort<PositionLedger>("positions");
        var driftState = states.Port("drift", DriftBreakerState.Starting);
        // What a count differs by when somebody accepts it: the drift breaker hears of that after this.
        var transfers = graph.Stream("transfers", ["controls"],
            controls.OfType<CountAcceptance>().Select(acceptance => driftState.Capture().Accepted(acceptance)));
        var positions = graph.Stream("positions", ["fills", "failed-swaps", "transfers"], fills.Positions(failedSwaps, transfers, _instruments,
            p.Inventory, fairValueNow, states.Port("positions", PositionLedgerState.Open(_instruments.All[0].BaseAsset, p.Inventory.Starting)), ledger));
        graph.Record("positions", positions);
        var inventories = graph.Stream("inventories", ["positions", "grid"], positions.Merge(grid.Select(_ => ledger.Value.Snapshot(p.Inventory))));
        var pnls = graph.Stream("pnls", ["inventories", "commands"], inventories.Pnls(Observable.Never<PnlSnapshot>(), commands, _instruments,
            fairValueNow, fairValueNow, states.Port("pnls", PnlState.Empty), scheduler));
        graph.Record("pnls", pnls);
        var markouts = graph.Stream("markouts", [quoteFillsName, "fair-values"],
            quoteFills.Markouts(fairValueNow, p.Toxicity, states.Port("markouts", MarkoutsState.Empty), scheduler.Named("markouts")));
        graph.Record("markouts", markouts);

        // When to quote: each venue's cadence, and whatever cannot wait for it.
        var gasState = states.Port("gas-regimes", default(GasRegimeState));
        var gasRegimes = graph.Stream("gas-regimes", ["controls"], controls.OfType<GasPrice>().GasRegimes(gasState));
        var refreshes = graph.Stream("refreshes", ["gas-regimes"],
            _instruments.All.Where(IsQuoted).Select(instrument => Refreshes(instrument, gasState, scheduler)).Merge());

        // What flow asks of quotes.
        var toxicities = graph.Stream("toxicities", ["markouts", "refreshes"],
            markouts.Toxicities(refreshes, p, states.Port("toxicities", ToxicityState.Empty)));
        graph.Record("toxicities", toxicities);
        var imbalances = graph.Stream("imbalances", [.. markets.Select(m => m.TradesName)],
            markets.Select(m => m.Trades).MergeInOrder().Vpins(_instruments, p.Toxicity, states.Port("imbalances", VpinsState.Empty)));
        var qualities = graph.Stream("fill-qualities", ["markouts", "quote-ages"],
            markouts.FillQualities(quoteAges, p, states.Port("fill-qualities", FillQualityState.Empty)));
        var flowState = states.Port("flow-adjustments", FlowAdjustmentsState.Fresh(_instruments.Count));
        var flowAdjustments = graph.Stream("flow-adjustments", ["toxicities", "imbalances", "fill-qualities"],
            toxicities.FlowAdjustmentChanges(imbalances, qualities, flowState));

        // The controls, each a stream; together they give the trading state.
        var kills = graph.Stream("kill-switch", ["commands"], commands.KillSwitch(states.Port("kill-switch", default(KillSwitchState)), scheduler));
        var drawdowns = graph.Stream("drawdown", ["pnls", "commands"], pnls.Select(pnl => (decimal?)pnl.Drawdown)
            .DrawdownGuard(commands, p.Breakers, states.Port("drawdown", default(DrawdownGuardState)), scheduler));
        var discrepancies = graph.Stream("discrepancy", ["refreshes", "fair-values", .. bookNames],
            refreshes.Select(instrument => Deviation(markets[instrument.Index], fairValueNow.Now)).DiscrepancyBreaker(
                _instruments, p.Breakers, states.Port("discrepancy", DiscrepancyBreakerState.Starting), scheduler.Named("discrepancy")));
        var volatilityBreaker = graph.Stream("volatility-breaker", ["volatilities"], volatilities.VolatilityBreaker(
            p.Volatility.MaxBps, p.Breakers, states.Port("volatility-breaker", VolatilityBreakerState.Starting), scheduler));
        var slippage = graph.Stream("slippage", [quoteFillsName, "fair-values"],
            quoteFills.Select(fill => Valued(fill, fairValueNow.Now)).SlippageGuard(
            fairValues.Select(fair => fair.Value), _instruments, p.Breakers, states.Port("slippage", SlippageGuardState.Starting),
            scheduler.Named("slippage")));
        var inventoryLimits = graph.Stream("inventory-limits", ["inventories"], inventories.Select(i => i.Total).InventoryLimits(
            p.Inventory, p.Breakers, states.Port("inventory-limits", default(InventoryLimitsState)), scheduler));
        var orderGates = graph.Stream("order-gates", ["controls"],
            controls.OrderGates(_instruments, states.Port("order-gates", OrderGatesState.Open), scheduler));
        var clocks = graph.Stream("clock", ["controls"], controls.OfType<ClockOffset>().ClockBreaker(
            _instruments, p.Breakers, states.Port("clock", ClockBreakerState.Starting), scheduler.Named("clock")));
        var drifts = graph.Stream("drift", ["positions", "controls"], positions.DriftBreaker(
            controls.Where(message => message is BalanceReport or PositionReport or CountAcceptance), _instruments,
            p.Breakers, driftState, scheduler.Named("drift")));
        var breakers = graph.Stream("breakers",
            [
                "kill-switch", "drawdown", "staleness", "discrepancy", "volatility-breaker", "slippage", "inventory-limits", "order-gates", "clock", "drift",
            ],
            Observable.Merge(kills, drawdowns, staleness, discrepancies, volatilityBreaker, slippage, inventoryLimits, orderGates, clocks, drifts));
        graph.Record("breakers", breakers);
        var tradingStatesView = new ViewPort<TradingStates>("trading-states");
        var tradingStates = graph.Stream("trading-states", ["breakers"], breakers.TradingStatuses(
            _instruments, p.NumeraireAssets, states.Port("trading-states", TradingStatesState.Starting), tradingStatesView,
            p.Informing(_instruments)));
        var stateChanges = graph.Stream("trading-state-changes", ["trading-states"], tradingStates.TradingStateChanges());
        graph.Record("trading-state-changes", stateChanges);

        var router = routerState is null ? null : WireRouter(graph, markets, routerState, scheduler, new()
        {
            Updates = orderUpdates, Fills = fills, Balances = controls.OfType<BalanceReport>(), Statuses = tradingStates,
            Tops = markets.Select(m => m.Tops).MergeInOrder(),
        }, new()
        {
            FairValue = fairValueNow, Rates = fairValueView, Books = [.. markets.Select(m => (IBookView)m.View)],
            Others = [.. markets.Select(m => m.Others)], Ledger = ledger, TradingStates = tradingStatesView, Gas = gasState, Orders = orderState,
            AwaitedFills = awaitedFills,
        });

        // Quotes, from one consistent state per refresh, and the orders that realise them.
        var pending = HasPool ? WirePending(graph, controls, states, scheduler) : null;
        var quoteState = states.Port("quotes", LastQuotesState.Fresh(_instruments.Count));
        var stage = new QuoteStage(_instruments, p, scheduler, new QuoteViews
        {
            FairValue = fairValueNow, Books = [.. markets.Select(m => m.View)], Volatility = volatilityState, Ledger = ledger, Flow = flowState,
            TradingStates = tradingStatesView, Gas = gasState, Orders = orderState, AwaitedFills = awaitedFills, Router = routerState,
            PendingSwaps = pending?.State,
        });
        var urgents = graph.Stream("urgents",
            [
                "trading-states", "fills", "flow-adjustments", "order-updates", .. markets.Select(m => m.TopsName), .. pending?.Names ?? [],
                .. router?.Names ?? [],
            ],
            Observable.Merge(
                    router?.WayChanges ?? Observable.Empty<int>(),
                    pending?.Pressures.Select(_ => 0) ?? Observable.Empty<int>(),
                    tradingStates.Select(_ => 0), fills.Select(_ => 0), flowAdjustments.Select(_ => 0),
                    orderUpdates.AwaitedUpdates(orderState).Select(_ => 0),
                    markets.Select(m => m.Tops).MergeInOrder().Select(top => markets[top.Instrument.Index].Others.Top).MovedTops(quoteState)
                        .Select(_ => 0))
                .AtOnce(scheduler.Named("urgent")));
        var quoted = _instruments.All.Where(IsQuoted).Select(i => i.Id).ToImmutableArray();
        var quotes = graph.Stream("quotes",
            ["refreshes", "urgents", "fair-values", "volatilities", "inventories", "flow-adjustments", "trading-states", .. pending?.Names ?? []],
            refreshes.Merge(urgents.Select(_ => quoted).EachItem()).Quotes(stage.Quote, [.. markets.Select(m => m.Others)], quoteState));
        graph.Record("quotes", quotes);
        var orderIntents = graph.Stream("order-intents", ["quotes", "order-updates", "fills", .. router?.Names ?? []],
            quotes.OrderIntents(
                router?.Legs ?? Observable.Empty<OrderIntent>(), orderUpdates, fills, p.Orders, stage.Limits, Shown, orderState, scheduler));
        graph.Record("order-intents", orderIntents);
        var alerts = graph.Stream("alerts", ["controls", "clock", "drift", .. markets.SelectMany(m => m.AlertSources)],
            markets.Select(m => m.Alerts).Merge().Merge(controls.OfType<Rejected>().Select(Refused)).Merge(clocks.Merge(drifts).Select(Told)));
        graph.Record("alerts", alerts);

        var feedback = _mode == TradingMode.Shadow
            ? graph.Stream("shadow-updates", ["order-intents"], orderIntents.Select(CarriedOut))
            : Observable.Never<Input>();
        return new TopologyOutputs(graph.Decisions(), feedback, () => StableCompositeDisposable.Create(graph.Connect(), hub.Connect()));

        long Shown(InstrumentId id, Side side, long priceTicks) =>
            ShowsOurs(_instruments[id]) ? markets[id.Index].View.Top.Depth.LotsAt(side, priceTicks) : 0;
    }

    private IObservable<FairValueInput> FairValueInputs(
        IObservable<BreakerState> staleness, IObservable<ControlMessage> controls, IObservable<Timestamp> grid, IScheduler clock) =>
        Observable.Merge(
            staleness.Select(state => (State: state, Instrument: _instruments.All.FirstOrDefault(i => i.Name == state.Subject)))
                .Where(stale => stale.Instrument is not null)
                .Select(stale => FairValueInput.Staleness(stale.Instrument!.Id, stale.State.Demand >= TradingState.Halted)),
            controls.OfType<ReferenceRate>().Select(rate => FairValueInput.Reference(rate, Timestamp.From(clock.Now))),
            grid.Select(FairValueInput.Sample));

    private IObservable<InstrumentId> Refreshes(Instrument instrument, StatePort<GasRegimeState> gas, IScheduler scheduler)
    {
        var interval = _parameters.Venues[instrument.Id.Index].RefreshInterval;
        return AlignedTicksOperator.AlignedTicks(interval, scheduler.Named($"refresh {instrument.Name}"))
            .Where(tick => !instrument.IsPool || GasRegime.IsRefreshDue(gas.Capture(), tick, interval))
            .Select(_ => instrument.Id);
    }

    private bool IsQuoted(Instrument instrument) => _parameters.Venues[instrument.Id.Index].IsQuoted;

    private static VenueMid Deviation(Market market, in FairValue fair) =>
        new(market.Instrument.Id, TopPrices.Mid(market.Others.Top, market.Instrument) * fair.RateOf(market.Instrument.Id), fair.Value);

    private static ValuedFill Valued(Fill fill, in FairValue fair) =>
        new(fill.Instrument, fill.Side, (double)fill.Price * fair.RateOf(fill.Instrument));

    private static Alert Told(BreakerState breaker) => new(
        breaker.Demand == TradingState.Halted ? AlertLevel.Critical : breaker.Value > breaker.Threshold ? AlertLevel.Warning : AlertLevel.Information,
        breaker.Subject, breaker.Reason);

    private static Alert Refused(Rejected rejected) => new(AlertLevel.Warning, rejected.Venue, rejected.Reason);

    /// <summary>Shadow mode: an order that would have been sent stands as if the venue had taken it.</summary>
    private static Input CarriedOut(OrderIntent intent) => new(new OrderUpdate
    {
        Instrument = intent.Instrument,
        ClientOrderId = intent.ClientOrderId,
        // What would have been taken at once nobody knows: nothing was.
        Status = intent.Kind == OrderIntentKind.Cancel || intent.TimeInForce == TimeInForce.ImmediateOrCancel
            ? OrderStatus.Cancelled : OrderStatus.Live,
        Side = intent.Side,
        PriceTicks = intent.PriceTicks,
        RemainingLots = intent.Kind == OrderIntentKind.Cancel ? 0 : intent.SizeLots,
        Reason = "",
    });
}
