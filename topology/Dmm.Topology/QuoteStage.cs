using System.Collections.Immutable;
using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;

namespace Dmm.Topology;

/// <summary>Where the quote stage looks: each view shows what its operator holds at this moment.</summary>
internal sealed record QuoteViews
{
    public required FairValueView FairValue { get; init; }

    public required ImmutableArray<IBookView> Books { get; init; }

    public required StatePort<EwmaVolatilityState> Volatility { get; init; }

    public required ViewPort<PositionLedger> Ledger { get; init; }

    public required StatePort<FlowAdjustmentsState> Flow { get; init; }

    public required ViewPort<TradingStates> TradingStates { get; init; }

    public required StatePort<GasRegimeState> Gas { get; init; }

    public required StatePort<OrderStageState> Orders { get; init; }

    public required StatePort<AwaitedFillsState> AwaitedFills { get; init; }

    /// <summary>Null where there is no router.</summary>
    public required StatePort<RouterState>? Router { get; init; }

    /// <summary>Null where there is no pool.</summary>
    public required StatePort<PendingSwapsState>? PendingSwaps { get; init; }
}

/// <summary>
/// Makes a quote from one consistent state: everything is read at the same instant, after the event that asked for the quote has gone through all
/// streams before this one.
/// </summary>
internal sealed class QuoteStage(InstrumentCatalog instruments, QuotingParameters parameters, IScheduler clock, QuoteViews views)
{
    /// <summary>The ladder wanted at that instrument now.</summary>
    public QuoteTarget Quote(InstrumentId id)
    {
        var instrument = instruments[id];
        var venue = parameters.Venues[id.Index];
        var now = Timestamp.From(clock.Now);
        var fair = views.FairValue.Now;
        var volatility = EwmaVolatility.Snapshot(views.Volatility.Capture(), now, parameters.Volatility, parameters.Quote.Horizon);
        var permission = views.TradingStates.Value.For(id);
        var flow = views.Flow.Capture().For(id);
        var inventory = views.Ledger.Value.Inventory;
        var (upBps, downBps) = OnTheirWay(instrument);
        var terms = QuoteKernel.Compute(
            new QuoteSituation
            {
                InventoryRatio = parameters.Inventory.RatioOf(inventory),
                RawVolatilityBps = volatility.RawVolatilityBps,
                VolatilityBps = volatility.VolatilityBps,
                ToxicityMultiplier = flow.Multiplier,
                BreakerMultiplier = permission.Multiplier,
                PendingUpBps = upBps,
                PendingDownBps = downBps,
            },
            parameters, venue, instrument);
        var levels = QuoteLadder.Build(
            new LadderSituation
            {
                FairValue = fair.InQuoteAssetOf(id),
                QuoteAssetRate = fair.RateOf(id),
                IsVolatilityReady = volatility.IsReady,
                Top = views.Books[id.Index].Top,
                Permission = permission,
                Inventory = inventory,
                PendingBuys = Elsewhere(instrument, Side.Buy, fair),
                PendingSells = Elsewhere(instrument, Side.Sell, fair),
                Tiers = instrument.IsPool ? GasRegime.Tiers(views.Gas.Capture(), parameters.Quote) : parameters.Quote.LevelMultiples.Length,
                SizeShare = flow.SizeShare * TakenOver(),
            },
            terms, parameters, venue, instrument);
        if (views.Router?.Capture().Trade is { IsClearing: true } trade)
            levels = new([], [], $"quotes make way for trade {trade.Number} of the router");
        return new QuoteTarget
        {
            Instrument = id,
            FairValue = fair.InQuoteAssetOf(id),
            State = permission.State,
            Terms = terms,
            Bids = levels.Bids,
            Asks = levels.Asks,
            Withheld = levels.Withheld,
        };
    }

    /// <summary>
    /// How far swaps on their way may move the asset's price, bps: the most that is told of any of its pools. What one pool's price does, arbitrage
    /// takes to every other market; swaps at two pools are not added up, as they are mostly one that was split.
    /// </summary>
    private (double UpBps, double DownBps) OnTheirWay(Instrument instrument)
    {
        var (up, down) = (0.0, 0.0);
        if (views.PendingSwaps is null) return (up, down);
        foreach (var pressure in views.PendingSwaps.Capture().Told)
        {
            if (instruments[pressure.Instrument].BaseAsset != instrument.BaseAsset) continue;
            (up, down) = (Math.Max(up, pressure.UpBps), Math.Max(down, pressure.DownBps));
        }

        return (up, down);
    }

    /// <summary>1, and what a market takes over from those that may not be quoted while it may; only the venue's own caps then bound it.</summary>
    private double TakenOver()
    {
        if (parameters.Quote.LostVenueTakeOver == 0) return 1;
        var (lost, left) = (0, 0);
        foreach (var instrument in instruments.All)
        {
            if (!parameters.Venues[instrument.Id.Index].IsQuoted) continue;
            if (views.TradingStates.Value.For(instrument.Id).State >= TradingState.Halted) lost++;
            else left++;
        }

        return left == 0 ? 1 : 1 + parameters.Quote.LostVenueTakeOver * lost / left;
    }

    /// <summary>What the orders at that instrument may not exceed now.</summary>
    public OrderLimits Limits(InstrumentId id)
    {
        var fair = views.FairValue.Now;
        return new OrderLimits
        {
            Instrument = instruments[id],
            QuoteAssetRate = (decimal)fair.RateOf(id),
            Buys = Room(id, Side.Buy, fair),
            Sells = Room(id, Side.Sell, fair),
            Now = Timestamp.From(clock.Now),
            AgeMax = views.Flow.Capture().For(id).QuoteAgeLimit,
        };
    }

    private SideRoom Room(InstrumentId id, Side side, in FairValue fair)
    {
        var elsewhere = Elsewhere(instruments[id], side, fair);
        // A leg that has yet to close something finds its room, wherever it will go.
        var owed = views.Router?.Capture().Trade?.Owed(side) ?? 0;
        return new(
            parameters.Venues[id.Index].OutstandingNotionalPerSide - elsewhere.VenueNotional - owed * (decimal)fair.Value,
            parameters.Inventory.Room(side, views.Ledger.Value.Inventory) - elsewhere.BaseQuantity - owed);
    }

    /// <summary>
    /// Orders of that side that may fill at other instruments, and fills of any that are yet to be told. Orders here are either a part of the
    /// ladder or in its way, which holds orders back and not the ladder: what waits is placed whole once there is room.
    /// </summary>
    private PendingExposure Elsewhere(Instrument instrument, Side side, in FairValue fair) => OrderExposure.Pending(
        views.Orders.Capture().Live.Orders, views.AwaitedFills.Capture(), side, instrument.Venue, instruments, fair, except: instrument.Id);
}
