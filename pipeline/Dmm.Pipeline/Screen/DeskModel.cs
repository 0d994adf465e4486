using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Screen;

/// <summary>
/// Gathers what a trader wants to know now from a run's inputs and decisions, in bounded memory. Market data costs a few stores and no allocation.
/// <para>Single-threaded: all of it belongs to the engine's thread. Between two slices of work the host takes a <see cref="Snapshot"/> there, which
/// is immutable and may be drawn on any thread; so neither side ever waits for the other.</para>
/// </summary>
internal sealed class DeskModel : IDecisionSink
{
    private readonly InstrumentCatalog _instruments;
    private readonly DeskHeading _heading;
    private readonly Timestamp _start;
    private readonly EventRate _rate;
    private readonly Market[] _markets;
    private readonly NumeraireRates _rates;
    private readonly OrderBoard _orders;
    private readonly FillBoard _fills;
    private readonly CountedFills _counted;
    private readonly NoteBoard _notes;
    private readonly BreakerBoard _breakers;
    private readonly StateClock _states;
    private readonly Dictionary<string, FeedStatus> _feeds = [];
    private readonly ProfitBoard _profit;
    private QuotingParameters _parameters;
    private Timestamp _clock;
    private VolatilitySnapshot? _volatility;
    private decimal? _gasPrice;
    private double _multiplier = 1;
    private long _events;
    private long _marketData;
    private long _decisions;
    private long _quotes;
    private long _stateChanges;

    /// <param name="instruments">The catalogue of the run.</param>
    /// <param name="parameters">Those it begins with; changes are followed.</param>
    /// <param name="heading">For the top of the screen.</param>
    /// <param name="opening">How the run stands as it begins.</param>
    /// <param name="time">The wall clock, for events per second.</param>
    public DeskModel(InstrumentCatalog instruments, QuotingParameters parameters, DeskHeading heading, DeskOpening opening, TimeProvider time)
    {
        (_instruments, _parameters, _heading, _start, _clock) = (instruments, parameters, heading, opening.At, opening.At);
        _rate = new(time, opening.At);
        _orders = new(opening.Orders);
        _counted = new(opening.Inventory?.AppliedFills ?? 0);
        _markets = [.. instruments.All.Select(_ => new Market())];
        _rates = new(instruments, parameters);
        _fills = new(instruments, _rates);
        _notes = new(instruments);
        _breakers = new(instruments, parameters.NumeraireAssets, opening);
        _states = new(opening.At, _breakers.State);
        _profit = new(_rates, parameters.Inventory, opening.Inventory);
    }

    /// <summary>Trading state of the asset.</summary>
    public TradingState State => _states.State;

    public void OnInput(in Stamp stamp, in Input input)
    {
        _clock = Timestamp.Max(_clock, stamp.At);
        _events++;
        if (input.Kind == InputKind.Control)
        {
            Follow(input.Control, stamp.At);
            return;
        }

        _marketData++;
        var market = _markets[input.Instrument.Index];
        if (input.Kind == InputKind.Top) (market.Touch, market.HasTouch) = (input.Top, true);
        else if (input.Kind == InputKind.Trade) (market.LastTrade, market.HasTraded) = (input.Trade, true);
    }

    public void OnDecision(in Decision decision)
    {
        var at = decision.Cause.At;
        _clock = Timestamp.Max(_clock, at);
        _decisions++;
        switch (decision.Body)
        {
            case QuoteTarget quote:
                _quotes++;
                _markets[quote.Instrument.Index].Quote = quote;
                _rates.Take(quote);
                break;
            case OrderIntent intent:
                _orders.Take(intent, at);
                break;
            case VolatilitySnapshot volatility:
                _volatility = volatility;
                break;
            case InventorySnapshot inventory:
                Book(inventory, at);
                break;
            case PnlSnapshot pnl:
                _profit.Take(pnl);
                break;
            case Markout markout:
                _fills.Take(markout);
                break;
            case Toxicity toxicity:
                _markets[toxicity.Instrument.Index].Take(toxicity);
                break;
            case BreakerState breaker:
                _breakers.Take(breaker, at);
                break;
            case TradingStateChange change:
                _stateChanges++;
                _multiplier = change.Multiplier;
                _states.Enter(change.To, at);
                break;
            default:
                _notes.Take(decision.Body, at);
                break;
        }
    }

    /// <summary>Everything as it is now; on the engine's thread, between two slices of work.</summary>
    /// <param name="now">The engine's clock, which may have moved on since the last input.</param>
    public DeskSnapshot Snapshot(Timestamp now)
    {
        now = Timestamp.Max(now, _clock);
        _rate.Sample(_events, now);
        return new()
        {
            Heading = _heading,
            Parameters = _parameters,
            Now = now,
            State = _states.State,
            Multiplier = _multiplier,
            EventsPerSecond = _rate.EventsPerSecond,
            Pace = _rate.Pace,
            Markets = [.. _instruments.All.Select(MarketOf)],
            Volatility = _volatility,
            Inventory = _profit.Inventory,
            InventoryRatio = _parameters.Inventory.RatioOf(_profit.Inventory),
            Pnl = _profit.Pnl,
            GasPrice = _gasPrice,
            Breakers = _breakers.Tripped(),
            Fills = _fills.NewestFirst(),
            Notes = _notes.NewestFirst(),
            Totals = Totals(now),
        };
    }

    /// <summary>What the run came to by now.</summary>
    /// <param name="now">The engine's clock.</param>
    public RunTotals Totals(Timestamp now)
    {
        now = Timestamp.Max(now, _clock);
        return new()
        {
            Asset = _instruments.All[0].BaseAsset, Numeraire = _parameters.NumeraireAssets[0], From = _start, To = now,
            Events = _events, MarketDataEvents = _marketData, Decisions = _decisions, Quotes = _quotes,
            OrdersPlaced = _orders.Placed, OrdersAmended = _orders.Amended, OrdersCancelled = _orders.Cancelled, OrdersRejected = _orders.Rejected,
            OrdersOpen = _orders.Open, Fills = _fills.Count, Buys = _fills.Buys, Sells = _fills.Count - _fills.Buys,
            FillRatio = _orders.Placed > _orders.Rejected ? (double)_orders.Filled / (_orders.Placed - _orders.Rejected) : null,
            TradedVolume = _fills.Volume.Canonical(), TradedNotional = _fills.Notional.Canonical(), Markouts = _fills.MarkoutMeans(),
            StateChanges = _stateChanges, BreakerChanges = _breakers.Changes, Alerts = _notes.Alerts, States = _states.Until(now),
            Fees = _profit.Fees().Canonical(), RealisedPnl = _profit.Pnl?.Realised ?? 0, UnrealisedPnl = _profit.Pnl?.Unrealised ?? 0,
            OrderFlowPnl = _profit.Pnl?.OrderFlow ?? 0, StartingMarkToMarket = _profit.Pnl?.StartingMarkToMarket ?? 0,
            DeepestDrawdown = _profit.DeepestDrawdown, Unvalued = _profit.Pnl?.Unvalued ?? "", InventoryEnd = _profit.Inventory,
            InventoryMin = _profit.LowestInventory, InventoryMax = _profit.HighestInventory, InventoryRatioMax = _profit.LargestRatio,
        };
    }

    private void Follow(ControlMessage message, Timestamp at)
    {
        switch (message)
        {
            case Fill fill:
                _counted.Take(fill);
                break;
            case OrderUpdate update:
                _orders.Take(update);
                break;
            case ReferenceRate rate:
                _rates.Take(rate);
                break;
            case GasPrice gas:
                _gasPrice = gas.TonPerSwap;
                break;
            case FeedStatus feed:
                _feeds[feed.Venue] = feed;
                break;
            case ParameterChange change:
                _parameters = change.Parameters;
                break;
        }

        _notes.Take(message, at);
    }

    private void Book(InventorySnapshot inventory, Timestamp at)
    {
        _profit.Take(inventory);
        if (_counted.Take(inventory) is not { } fill) return;
        _orders.Take(fill);
        _fills.Take(fill, at);
    }

    private DeskMarket MarketOf(Instrument instrument)
    {
        var market = _markets[instrument.Id.Index];
        return new()
        {
            Instrument = instrument,
            Quote = market.Quote,
            Touch = market.HasTouch ? market.Touch : null,
            LastTrade = market.HasTraded ? market.LastTrade : null,
            BuyToxicity = market.BuyToxicity,
            SellToxicity = market.SellToxicity,
            Orders = _orders.At(instrument.Id),
            Feed = _feeds.GetValueOrDefault(instrument.Venue),
        };
    }

    private sealed class Market
    {
        public QuoteTarget? Quote;
        public VenueTop Touch;
        public bool HasTouch;
        public Trade LastTrade;
        public bool HasTraded;
        public double? BuyToxicity;
        public double? SellToxicity;

        public void Take(Toxicity toxicity)
        {
            if (toxicity.Side == Side.Buy) BuyToxicity = toxicity.ScoreBpsPerSecond;
            else SellToxicity = toxicity.ScoreBpsPerSecond;
        }
    }
}
