using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>What every adapter does when it places: each outcome, and what it is certain of.</summary>
public abstract class PlacementContract : VenueContract
{
    [Theory]
    [InlineData(Side.Buy)]
    [InlineData(Side.Sell)]
    public async Task Placement_Accepted_RestsAsItWasAsked(Side side)
    {
        var order = Place($"{Prefix}x1", side);
        await ShouldTellAsync(await Adapter.SubmitOrderAsync(order, default), State(order, OrderStatus.Live, 4 * Unit));
        var there = AtVenue(order.ClientOrderId)!;
        (there.Side, there.PriceTicks, there.SizeLots, there.IsPostOnly, there.TimeInForce, there.Status)
            .ShouldBe((side, Mid, 4 * Unit, true, TimeInForce.GoodTillCancelled, OrderStatus.Live));
        Venue.Requests.All.Where(r => r.Operation == VenueOperation.Place).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task PlacementRepeated_RefusedAsDuplicate_TheFirstStandsAlone()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        (await Adapter.SubmitOrderAsync(order, default)).Refusal().Kind.ShouldBe(RefusalKind.DuplicateOrder);
        Market.OpenOrders.ShouldHaveSingleItem().RemainingLots.ShouldBe(4 * Unit);
    }

    /// <summary>A venue may refuse it, or take it and end it at once: in neither case does it trade or rest.</summary>
    [Fact]
    public async Task PostOnlyThatWouldTrade_NeverTradesAndDoesNotRest()
    {
        var order = Place($"{Prefix}x1", price: Mid + Edge);
        var reply = await Adapter.SubmitOrderAsync(order, default);
        if (Rig.PostOnly == PostOnlyStyle.Refused)
        {
            reply.Refusal().Kind.ShouldBe(RefusalKind.Order);
        }
        else
        {
            reply.Value().Status.ShouldBeOneOf(OrderStatus.PendingNew, OrderStatus.Cancelled, OrderStatus.Rejected);
            (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().Status.ShouldBeOneOf(OrderStatus.Cancelled, OrderStatus.Rejected);
        }

        Market.OpenOrders.ShouldBeEmpty();
        Market.Fills.ShouldBeEmpty();
    }

    [Fact]
    public async Task OrderThatCrosses_TakesAndRests_StateTellsWhatIsLeft()
    {
        Market.Rest(Instrument, Side.Sell, Mid, Unit);
        var order = Place($"{Prefix}x1", isPostOnly: false);
        await ShouldTellAsync(await Adapter.SubmitOrderAsync(order, default), State(order, OrderStatus.PartiallyFilled, 3 * Unit));
        Market.Fills.ShouldHaveSingleItem().IsMaker.ShouldBeFalse();
    }

    [Fact]
    public async Task ImmediateOrCancel_TakesWhatThereIs_TheRestIsCancelled()
    {
        Market.Rest(Instrument, Side.Sell, Mid, Unit);
        var order = Place($"{Prefix}x1", isPostOnly: false, timeInForce: TimeInForce.ImmediateOrCancel);
        (await Adapter.SubmitOrderAsync(order, default)).Value();
        var ended = (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value();
        (ended.Status, Market.Position(Instrument)).ShouldBe((OrderStatus.Cancelled, Instrument.Sizes.ToDecimal(Unit)));
        Market.OpenOrders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RefusalCode.BadRequest, RefusalKind.Order)]
    [InlineData(RefusalCode.BelowMinimum, RefusalKind.Order)]
    [InlineData(RefusalCode.InsufficientFunds, RefusalKind.Order)]
    [InlineData(RefusalCode.Halted, RefusalKind.Order)]
    [InlineData(RefusalCode.DuplicateOrder, RefusalKind.DuplicateOrder)]
    [InlineData(RefusalCode.RateLimited, RefusalKind.RateLimited)]
    [InlineData(RefusalCode.UnknownKey, RefusalKind.Credentials)]
    [InlineData(RefusalCode.BadSignature, RefusalKind.Credentials)]
    [InlineData(RefusalCode.StaleTimestamp, RefusalKind.Credentials)]
    public async Task PlacementRefused_KindSaysWhatCanBeDone_WordsAreTheVenues(RefusalCode code, RefusalKind kind)
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Refused(new(code, "so says the venue")));
        var refusal = (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Refusal();
        refusal.Kind.ShouldBe(kind);
        refusal.Reason.ShouldNotBeEmpty();
        AtVenue($"{Prefix}x1").ShouldBeNull();
    }

    [Fact]
    public async Task MarketHalted_RefusedByTheVenueItself()
    {
        Market.Halted.Add(Instrument.Id);
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Refusal().Kind.ShouldBe(RefusalKind.Order);
    }

    /// <summary>The order that was lost comes later than the answer was waited for: until it has, the venue knows nothing of it.</summary>
    [Fact]
    public async Task PlacementDelayedOnItsWay_Unknown_ThenUnknownToTheVenue_ThenThere()
    {
        var held = new HeldTraffic();
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Held(held));
        var order = Place($"{Prefix}x1");
        var reply = Adapter.SubmitOrderAsync(order, default);
        await held.Arrived.Guarded("the placement");
        await Time.PassAsync(Rig.RequestTimeout);
        (await reply).ShouldBeUnknown();
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
        var arrived = ArrivalAsync();
        held.Pass();
        await arrived;
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(order, OrderStatus.Live, 4 * Unit));
    }

    [Fact]
    public async Task PlacementRepeatedOnItsWay_OneOrder()
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Repeated());
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Value();
        Market.Orders.ShouldHaveSingleItem();
    }

    /// <summary>Ends once an order of the account has changed.</summary>
    private Task ArrivalAsync()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Market.Happened += happened =>
        {
            if (happened is MarketEvent.OrderChanged) arrived.TrySetResult();
        };
        return arrived.Task.Guarded("the order that was late");
    }
}
