using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>What every adapter does when it cancels and amends, whatever became of the order meanwhile.</summary>
public abstract class CancelContract : VenueContract
{
    [Fact]
    public async Task Cancel_OpenOrder_Ends()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        (await Adapter.CancelOrderAsync(Cancel(order), default)).Value();
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(order, OrderStatus.Cancelled, 0), Reasonless);
        Market.OpenOrders.ShouldBeEmpty();
    }

    [Fact]
    public async Task CancelOfAPartFilledOrder_CancelledAndTheFillStands()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        Fill(order.ClientOrderId, Unit);
        (await Adapter.CancelOrderAsync(Cancel(order), default)).Value();
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().Status.ShouldBe(OrderStatus.Cancelled);
        (await FillsAsync()).ShouldHaveSingleItem().Quantity.ShouldBe(Instrument.Sizes.ToDecimal(Unit));
    }

    /// <summary>Whether the venue refuses or answers with the order as it is: it is never told as cancelled.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelMeetsAFill_NeverToldAsCancelled(bool isUnderWay)
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        if (isUnderWay)
            Venue.Faults.Next(VenueOperation.Cancel, new RequestFault.Preceded(_ => Fill(order.ClientOrderId, 4 * Unit)));
        else
            Fill(order.ClientOrderId, 4 * Unit);
        switch (await Adapter.CancelOrderAsync(Cancel(order), default))
        {
            case VenueReply<OrderUpdate>.Refused { Refusal.Kind: var kind }:
                kind.ShouldBe(RefusalKind.UnknownOrder);
                break;
            case VenueReply<OrderUpdate>.Accepted { Value.Status: var status }:
                status.ShouldBeOneOf(OrderStatus.Filled, OrderStatus.PendingNew);
                break;
            case var unknown:
                unknown.ShouldBeUnknown();
                break;
        }

        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task CancelOfAnOrderThatNeverWas_UnknownOrder() =>
        (await Adapter.CancelOrderAsync(Cancel(Place($"{Prefix}x9")), default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);

    [Fact]
    public async Task CancelTwice_TheSecondIsUnknownOrderOrTheEnd()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        (await Adapter.CancelOrderAsync(Cancel(order), default)).Value();
        var second = await Adapter.CancelOrderAsync(Cancel(order), default);
        if (second is VenueReply<OrderUpdate>.Accepted { Value.Status: var status })
            status.ShouldBeOneOf(OrderStatus.Cancelled, OrderStatus.PendingNew);
        else
            second.Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
    }

    [Theory]
    [InlineData(RefusalCode.OrderEnded, RefusalKind.UnknownOrder)]
    [InlineData(RefusalCode.UnknownOrder, RefusalKind.UnknownOrder)]
    [InlineData(RefusalCode.RateLimited, RefusalKind.RateLimited)]
    [InlineData(RefusalCode.BadSignature, RefusalKind.Credentials)]
    public async Task CancelRefused_TheOrderStaysAsItIs(RefusalCode code, RefusalKind kind)
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        Venue.Faults.Next(VenueOperation.Cancel, new RequestFault.Refused(new(code, "so says the venue")));
        (await Adapter.CancelOrderAsync(Cancel(order), default)).Refusal().Kind.ShouldBe(kind);
        AtVenue(order.ClientOrderId)!.IsOpen.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Mid - 3, 4)]
    [InlineData(Mid, 2)]
    [InlineData(Mid + 2, 1)]
    public async Task Amendment_PriceOrSmallerSize_UnderTheSameId(long price, int units)
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        var amendment = Amend(order, price, units * Unit);
        await ShouldTellAsync(await Adapter.AmendOrderAsync(amendment, default), State(amendment, OrderStatus.Live, units * Unit));
        Market.OpenOrders.ShouldHaveSingleItem().PriceTicks.ShouldBe(price);
    }

    /// <summary>The size of an amendment is what may still trade, whatever the venue counts.</summary>
    [Fact]
    public async Task AmendmentOfAPartFilledOrder_SizeIsWhatMayStillTrade()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        Fill(order.ClientOrderId, Unit);
        var amendment = Amend(order, Mid - 1, 2 * Unit);
        (await Adapter.AmendOrderAsync(amendment, default)).Value();
        AtVenue(order.ClientOrderId)!.RemainingLots.ShouldBeLessThanOrEqualTo(2 * Unit);
    }

    [Fact]
    public async Task AmendmentOfAnEndedOrder_UnknownOrder_StaysAsItEnded()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        Fill(order.ClientOrderId, 4 * Unit);
        (await Adapter.AmendOrderAsync(Amend(order, Mid - 1, Unit), default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task CancelAll_OursOnly_OthersStay()
    {
        for (var i = 0; i < 3; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), price: Mid - i);
        PlaceByHand(Rig.OnTheWire("d2x0x1"));
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        PlaceByHand("", Side.Sell, Mid + 1);
        (await Adapter.CancelAllAsync(Prefix, default)).Value().ShouldBe(3);
        Market.OpenOrders.Select(o => o.ClientOrderId).ShouldBe([Rig.OnTheWire("d2x0x1"), "byhand7", ""], ignoreOrder: true);
    }

    [Fact]
    public async Task CancelAll_NothingOpen_None() => (await Adapter.CancelAllAsync(Prefix, default)).Value().ShouldBe(0);

    [Fact]
    public async Task CancelAll_MoreThanAnyPage_UntilNoneIsOpen()
    {
        for (var i = 0; i < Rig.BeyondAPage; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), lots: Unit);
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        var cancelled = 0;
        for (var round = 0; round < Rig.BeyondAPage && Market.OpenOrders.Count > 1; round++)
        {
            if (await Adapter.CancelAllAsync(Prefix, default) is VenueReply<int>.Accepted { Value: var some }) cancelled += some;
            Time.Advance(TimeSpan.FromSeconds(10));
        }

        Market.OpenOrders.ShouldHaveSingleItem().ClientOrderId.ShouldBe("byhand7");
        cancelled.ShouldBe(Rig.BeyondAPage);
    }

    private async Task<IReadOnlyList<Fill>> FillsAsync() => (await Adapter.FetchFillsSinceAsync("", default)).Value().Fills;

    // Why an order ended is the venue's to say, and so is whether what never traded counts as left.
    private static IEqualityComparer<OrderUpdate> Reasonless { get; } =
        EqualityComparer<OrderUpdate>.Create(
            (a, b) => a! with { Reason = "", RemainingLots = 0 } == b! with { Reason = "", RemainingLots = 0 },
            o => o.ClientOrderId.GetHashCode(StringComparison.Ordinal));
}
