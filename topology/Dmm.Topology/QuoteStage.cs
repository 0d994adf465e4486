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
}

/// <summary>
/// Makes a quote from one consistent state: everything is read at the same instant, after the event that asked for the quote has gone through all streams
/// before this one.
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
        var terms = QuoteKernel.Compute(
            new QuoteSituation
            {
                InventoryRatio = parameters.Inventory.RatioOf(inventory),
                RawVolatilityBps = volatility.RawVolatilityBps,
                VolatilityBps = volatility.VolatilityBps,
                ToxicityMultiplier = flow.Multiplier,
                BreakerMultiplier = permission.Multiplier,
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
                PendingBuys = Pending(instrument, Side.Buy, fair),
                PendingSells = Pending(instrument, Side.Sell, fair),
                Tiers = instrument.IsPool ? GasRegime.Tiers(views.Gas.Capture(), parameters.Quote) : parameters.Quote.LevelMultiples.Length,
                SizeShare = flow.SizeShare,
            },
            terms, parameters, venue, instrument);
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

    /// <summary>Orders that this ladder does not replace: at other instruments, or of an outcome not known.</summary>
    private PendingExposure Pending(Instrument instrument, Side side, in FairValue fair)
    {
        decimal quantity = 0, notional = 0;
        foreach (var order in views.Orders.Capture().Live.Orders)
        {
            if (order.Side != side) continue;
            var isElsewhere = order.Instrument != instrument.Id;
            if (!isElsewhere && order.Status is not (OrderStatus.PendingUnknown or OrderStatus.PendingCancel)) continue;
            var other = instruments[order.Instrument];
            quantity += (decimal)other.BaseQuantity(order.RemainingLots, order.PriceTicks);
            if (other.Venue == instrument.Venue) notional += other.Notional(order.RemainingLots, order.PriceTicks) * (decimal)fair.RateOf(other.Id);
        }

        return new(quantity, notional);
    }
}
