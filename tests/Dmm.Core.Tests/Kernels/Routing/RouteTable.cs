using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels.Routing;

/// <summary>The router's kernel with an order stage that believes what it is told, moved by hand.</summary>
internal sealed class RouteTable
{
    private int _tradeIds;

    public RouteSetting Setting { get; } = new();

    public RouterState State { get; set; } = RouterState.Idle;

    public List<object> Decisions { get; } = [];

    public List<OrderIntent> Orders { get; } = [];

    public IEnumerable<OrderIntent> Placed => Orders.Where(o => o.Kind == OrderIntentKind.Place);

    public RouteTrade Trade => State.Trade.ShouldNotBeNull();

    public RouteOutcome Outcome => Decisions.OfType<RouteOutcome>().Last();

    public IEnumerable<Alert> Alerts => Decisions.OfType<Alert>();

    /// <summary>The leg that is on its way.</summary>
    public RouteLeg Leg => Trade.OpenLeg.ShouldNotBeNull();

    public RouteTable Act()
    {
        var step = RouteMachine.Act(State, Setting.Situation());
        State = step.State;
        Decisions.AddRange(step.Decisions);
        foreach (var order in step.Orders)
        {
            Orders.Add(order);
            if (order.Kind == OrderIntentKind.Place)
            {
                Setting.Ids = Setting.Ids.Next();
                order.ClientOrderId.ShouldBe(Setting.Ids.Current);
            }

            Setting.Live = LiveOrders.Step(Setting.Live, order, Setting.Now, 0);
        }

        return this;
    }

    public RouteTable After(double seconds)
    {
        Setting.Now += TimeSpan.FromSeconds(seconds);
        return Act();
    }

    /// <summary>What a venue says of a leg; the last one sent unless another is named.</summary>
    public RouteTable Told(OrderStatus status, long remainingLots = 0, string? id = null)
    {
        var order = Orders.Last(o => o.Kind == OrderIntentKind.Place && (id is null || o.ClientOrderId == id));
        var update = new OrderUpdate
        {
            Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
            RemainingLots = remainingLots, Reason = "",
        };
        State = RouteLegs.Learn(State, update, Setting.Instruments[order.Instrument.Index], Setting.Now);
        Setting.Live = LiveOrders.Step(Setting.Live, update);
        return Act();
    }

    /// <summary>A fill of a leg, at its limit; the last one sent unless another is named.</summary>
    public RouteTable Fills(decimal quantity, string? id = null, decimal fee = 0, string feeAsset = "USDT", string? tradeId = null)
    {
        var order = Orders.Last(o => o.Kind == OrderIntentKind.Place && (id is null || o.ClientOrderId == id));
        var instrument = Setting.Instruments[order.Instrument.Index];
        var fill = new Fill
        {
            Instrument = order.Instrument, TradeId = tradeId ?? $"t{++_tradeIds}", ClientOrderId = order.ClientOrderId, Side = order.Side,
            Price = instrument.Prices.ToDecimal(order.PriceTicks), Quantity = quantity, Fee = fee, FeeAsset = feeAsset, IsMaker = false,
            VenueTime = Setting.Now,
        };
        State = RouteLegs.Learn(State, fill, instrument, Setting.Now);
        Setting.Held += order.Side.Sign() * quantity;
        return Act();
    }

    /// <summary>The first leg, a sale of 100 at west, has filled so much and ended.</summary>
    public RouteTable FirstFills(decimal quantity)
    {
        Act();
        if (quantity > 0) Fills(quantity);
        return quantity == 100 ? Told(OrderStatus.Filled) : Told(OrderStatus.Cancelled, (long)((100 - quantity) * 10));
    }
}
