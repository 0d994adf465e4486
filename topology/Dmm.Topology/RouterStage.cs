using System.Collections.Immutable;
using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;

namespace Dmm.Topology;

/// <summary>Where the router looks.</summary>
internal sealed record RouterViews
{
    public required FairValueView FairValue { get; init; }

    public required ViewPort<ConsolidatedFairValue> Rates { get; init; }

    /// <summary>As venues show them.</summary>
    public required ImmutableArray<IBookView> Books { get; init; }

    /// <summary>Without our own orders.</summary>
    public required ImmutableArray<IBookView> Others { get; init; }

    public required ViewPort<PositionLedger> Ledger { get; init; }

    public required ViewPort<TradingStates> TradingStates { get; init; }

    public required StatePort<GasRegimeState> Gas { get; init; }

    public required StatePort<OrderStageState> Orders { get; init; }

    public required StatePort<AwaitedFillsState> AwaitedFills { get; init; }
}

/// <summary>Reads everything that the router acts on at the same instant.</summary>
internal sealed class RouterStage
{
    // Gas of swaps is paid in it.
    private const string GasAsset = "TON";

    private readonly InstrumentCatalog _instruments;
    private readonly QuotingParameters _parameters;
    private readonly IScheduler _clock;
    private readonly RouterViews _views;
    private readonly IBookView[] _books;
    private readonly NetFactors[] _perTick;
    private readonly NetFactors[] _factors;
    private readonly bool[] _isNumeraire;

    public RouterStage(InstrumentCatalog instruments, QuotingParameters parameters, IScheduler clock, RouterViews views)
    {
        (_instruments, _parameters, _clock, _views) = (instruments, parameters, clock, views);
        _books = [.. views.Books];
        _factors = new NetFactors[instruments.Count];
        _isNumeraire = [.. instruments.All.Select(i => parameters.NumeraireAssets.Contains(i.QuoteAsset))];
        _perTick = [.. instruments.All.Select(PerTick)];
    }

    private Timestamp Now => Timestamp.From(_clock.Now);

    /// <summary>Of all books as shown, of markets where a trade may begin, bps.</summary>
    public double DifferentialBps()
    {
        var now = Now;
        for (var i = 0; i < _factors.Length; i++)
        {
            var perTick = _perTick[i];
            var rate = perTick.Bid == 0 || _views.TradingStates.Value.For(new(i)).State != TradingState.Active ? 0
                : _isNumeraire[i] ? 1 : _views.Rates.Value.RateOf(new(i), now, _parameters);
            _factors[i] = new(perTick.Bid * rate, perTick.Ask * rate);
        }

        return ConsolidatedBook.TopDifferentialBps(_books, _factors);
    }

    public RouteSituation Situation(RouterState state)
    {
        var fair = _views.FairValue.Now;
        var orders = _views.Orders.Capture();
        var live = orders.Live.Orders;
        ImmutableArray<LiveOrder> legs = [.. live.Where(o => o.TimeInForce == TimeInForce.ImmediateOrCancel)];
        return new()
        {
            Now = Now,
            Markets = [.. _instruments.All.Select(i => Market(i, fair, live, state))],
            Cleared = [.. _instruments.All.Select(i => (Room(i, Side.Buy, fair, legs), Room(i, Side.Sell, fair, legs)))],
            FairValue = fair.Value,
            Inventory = _views.Ledger.Value.Inventory,
            Live = orders.Live,
            Ids = orders.Ids,
            InventoryLimits = _parameters.Inventory,
            Parameters = _parameters.Router ?? new(),
            MayBegin = _parameters.Router is not null,
            NumerairePer = _views.FairValue.NumerairePer,
        };
    }

    private RouteMarket Market(Instrument instrument, in FairValue fair, ImmutableArray<LiveOrder> live, RouterState state)
    {
        var isSpot = instrument.Kind == ContractKind.Spot;
        return new()
        {
            Instrument = instrument,
            Venue = _parameters.Venues[instrument.Id.Index],
            Book = _views.Others[instrument.Id.Index],
            Rate = fair.RateOf(instrument.Id),
            Gas = GasOf(instrument, fair),
            Permission = _views.TradingStates.Value.For(instrument.Id),
            Buys = Room(instrument, Side.Buy, fair, live),
            Sells = Room(instrument, Side.Sell, fair, live),
            BaseBalance = isSpot ? state.Balance(instrument.Venue, instrument.BaseAsset) - Locked(instrument, Side.Sell, live) : null,
            QuoteBalance = isSpot ? state.Balance(instrument.Venue, instrument.QuoteAsset) - Locked(instrument, Side.Buy, live) : null,
        };
    }

    private decimal? GasOf(Instrument instrument, in FairValue fair)
    {
        if (!instrument.IsPool) return 0;
        if (_views.Gas.Capture().LatestTon is not (> 0 and var ton)) return null;
        if (instrument.QuoteAsset == GasAsset) return (decimal)ton;
        return fair.RateOf(instrument.Id) > 0 && _views.FairValue.NumerairePer(GasAsset) is { } gasRate
            ? (decimal)ton * gasRate / (decimal)fair.RateOf(instrument.Id)
            : null;
    }

    /// <summary>What a leg may come to beside those orders, whatever their state.</summary>
    private SideRoom Room(Instrument instrument, Side side, in FairValue fair, ImmutableArray<LiveOrder> beside)
    {
        var pending = OrderExposure.Pending(beside, _views.AwaitedFills.Capture(), side, instrument.Venue, _instruments, fair);
        return new(
            _parameters.Venues[instrument.Id.Index].OutstandingNotionalPerSide - pending.VenueNotional,
            _parameters.Inventory.Room(side, _views.Ledger.Value.Inventory) - pending.BaseQuantity);
    }

    /// <summary>What resting orders at that venue may take of the asset that the side pays with.</summary>
    private decimal Locked(Instrument instrument, Side side, ImmutableArray<LiveOrder> live)
    {
        var locked = 0m;
        foreach (var order in live)
        {
            var other = _instruments[order.Instrument];
            if (order.Side != side || other.Venue != instrument.Venue || other.Kind != ContractKind.Spot) continue;
            if (side == Side.Sell && other.BaseAsset == instrument.BaseAsset) locked += OrderExposure.BaseQuantity(order, other);
            else if (side == Side.Buy && other.QuoteAsset == instrument.QuoteAsset) locked += OrderExposure.Notional(order, other);
        }

        return locked;
    }

    private NetFactors PerTick(Instrument instrument)
    {
        var venue = _parameters.Venues[instrument.Id.Index];
        var isOut = !venue.IsQuoted || instrument.Kind == ContractKind.Inverse || (instrument.IsPool && venue.Pool is null);
        var tick = instrument.Prices.StepAsDouble;
        return isOut ? default : new(tick * venue.NetFactor(instrument, Side.Sell), tick * venue.NetFactor(instrument, Side.Buy));
    }
}
