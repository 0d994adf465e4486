using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>What every adapter finds when it asks: all of it, once each, ours told from others', over as many pages as it takes.</summary>
public abstract class QueryContract : VenueContract
{
    [Fact]
    public async Task Order_InEachState_AsTheVenueHasIt()
    {
        var order = Place($"{Prefix}x1");
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
        await PlacedAsync(order);
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(order, OrderStatus.Live, 4 * Unit));
        Fill(order.ClientOrderId, Unit);
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(order, OrderStatus.PartiallyFilled, 3 * Unit));
        Fill(order.ClientOrderId, 3 * Unit);
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(order, OrderStatus.Filled, 0));
    }

    /// <summary>Venues keep ended orders for a while only.</summary>
    [Fact]
    public async Task OrderThatTheVenueHasForgotten_UnknownOrder()
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        Market.Forget(Market.Cancel(AtVenue(order.ClientOrderId)!).Value!);
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
    }

    [Fact]
    public async Task OpenOrders_WithOurPrefix_OursOnly()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        PlaceByHand(Rig.OnTheWire($"{Prefix}x2"), Side.Sell, Mid + 1);
        PlaceByHand(Rig.OnTheWire("d2x0x1"));
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        PlaceByHand("", Side.Sell, Mid + 3);
        Fill($"{Prefix}x2", Unit);
        var open = (await Adapter.FetchOpenOrdersAsync(Prefix, default)).Value().Orders;
        open.OrderBy(o => o.ClientOrderId, StringComparer.Ordinal).ShouldBe(
        [
            State(Place($"{Prefix}x1"), OrderStatus.Live, 4 * Unit),
            State(Place($"{Prefix}x2", Side.Sell, Mid + 1), OrderStatus.PartiallyFilled, 3 * Unit),
        ]);
    }

    [Fact]
    public async Task OpenOrders_NoneOpen_Empty()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Fill($"{Prefix}x1", 4 * Unit);
        (await Adapter.FetchOpenOrdersAsync(Prefix, default)).Value().Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenOrders_MoreThanAnyPage_AllOfThemOnceEach()
    {
        for (var i = 0; i < Rig.BeyondAPage; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), lots: Unit);
        var open = (await Adapter.FetchOpenOrdersAsync(Prefix, default)).Value().Orders;
        open.Length.ShouldBe(Rig.BeyondAPage);
        open.Select(o => o.ClientOrderId).ShouldBe(Enumerable.Range(0, Rig.BeyondAPage).Select(i => $"{Prefix}x{i}"), ignoreOrder: true);
    }

    /// <summary>From a cursor on: what changed later is there, as it last was, and nothing twice once its cursor is passed.</summary>
    [Fact]
    public async Task OrdersSince_ACursor_WhatChangedLater()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        PlaceByHand(Rig.OnTheWire($"{Prefix}x2"));
        var cursor = (await Adapter.FetchOpenOrdersAsync(Prefix, default)).Value().Cursor;
        Time.Advance(TimeSpan.FromMilliseconds(5));
        Fill($"{Prefix}x1", 4 * Unit);
        Market.Cancel(AtVenue($"{Prefix}x2")!);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x3"));
        var changed = await OrdersSinceAsync(cursor);
        changed[$"{Prefix}x1"].Status.ShouldBe(OrderStatus.Filled);
        changed[$"{Prefix}x2"].Status.ShouldBe(OrderStatus.Cancelled);
        if (changed.TryGetValue($"{Prefix}x3", out var placed)) placed.Status.ShouldBe(OrderStatus.Live);
    }

    [Fact]
    public async Task OrdersSince_MoreThanAnyPage_EachEndIsFound()
    {
        for (var i = 0; i < Rig.BeyondAPage; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), lots: Unit);
        var cursor = (await Adapter.FetchOpenOrdersAsync(Prefix, default)).Value().Cursor;
        for (var i = 0; i < Rig.BeyondAPage; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(5));
            Market.Cancel(AtVenue($"{Prefix}x{i}")!);
        }

        var changed = await OrdersSinceAsync(cursor);
        changed.Values.Count(o => o.Status == OrderStatus.Cancelled).ShouldBe(Rig.BeyondAPage);
    }

    [Fact]
    public async Task Fills_Exact_WithFeesMakerFlagsAndIds()
    {
        Market.Rest(Instrument, Side.Sell, Mid + 1, Unit);
        await PlacedAsync(Place($"{Prefix}x1", price: Mid + 1, isPostOnly: false));
        Fill($"{Prefix}x1", Unit);
        var fills = (await Adapter.FetchFillsSinceAsync("", default)).Value().Fills;
        fills.Select(f => (f.ClientOrderId, f.Side, f.Price, f.Quantity, f.Fee, f.FeeAsset, f.IsMaker)).ShouldBe(
            Market.Fills.Select(f => ($"{Prefix}x1", Side.Buy, f.Price, f.Quantity, f.Fee, f.FeeAsset, f.IsMaker)));
        fills.Select(f => f.IsMaker).ShouldBe([false, true]);
        fills.ShouldAllBe(f => f.Fee > 0 && f.TradeId.Length > 0 && f.VenueTime.IsKnown && f.Instrument == Instrument.Id);
        fills[0].TradeId.ShouldNotBe(fills[1].TradeId);
    }

    [Fact]
    public async Task FillsSince_MoreThanAnyPage_OldestFirst_OnceEach()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"), lots: (Rig.BeyondAPage + 1) * Unit);
        for (var i = 0; i < Rig.BeyondAPage; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(5));
            Fill($"{Prefix}x1", Unit);
        }

        var fills = await FillsSinceAsync("");
        fills.Count.ShouldBe(Rig.BeyondAPage);
        fills.Select(f => f.TradeId).Distinct().Count().ShouldBe(Rig.BeyondAPage);
        fills.Select(f => f.VenueTime).ShouldBeInOrder();
        (await FillsSinceAsync(fills[^1].TradeId)).ShouldBeEmpty();
        (await FillsSinceAsync(fills[Rig.BeyondAPage / 2].TradeId)).Select(f => f.TradeId)
            .ShouldBe(fills.Skip(Rig.BeyondAPage / 2 + 1).Select(f => f.TradeId));
    }

    /// <summary>Several trades of one instant: a cursor by time alone would lose or double them.</summary>
    [Fact]
    public async Task FillsOfOneInstant_EachOnce()
    {
        for (var i = 0; i < 5; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), lots: Unit);
        Market.Take(Instrument, Side.Sell, Mid, 5 * Unit);
        var all = await FillsSinceAsync("");
        all.Count.ShouldBe(5);
        (await FillsSinceAsync(all[1].TradeId)).Select(f => f.TradeId).ShouldBe(all.Skip(2).Select(f => f.TradeId));
    }

    [Fact]
    public async Task Balances_AsTheAccountHasThem()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Fill($"{Prefix}x1", Unit);
        var balances = (await Adapter.FetchBalancesAsync(default)).Value();
        balances.ToDictionary(b => b.Asset, b => b.Total).ShouldBe(
            Market.Balances.Where(b => Rig.Holds(b.Asset)).ToDictionary(b => b.Asset, b => b.Total), ignoreOrder: true);
    }

    [Fact]
    public async Task Positions_OfEachContractInItsBaseAsset_AlsoWhereThereIsNone()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"), Side.Sell);
        Fill($"{Prefix}x1", Unit);
        await PositionsAsync();
        // Bought back: none is listed, which is a count of nothing.
        PlaceByHand(Rig.OnTheWire($"{Prefix}x2"), Side.Buy, Mid - 1);
        Fill($"{Prefix}x2", Unit);
        Market.Position(Instrument).ShouldBe(0);
        await PositionsAsync();

        async Task PositionsAsync() => (await Adapter.FetchPositionsAsync(default)).Value().Select(p => (p.Instrument, p.Quantity)).ShouldBe(
            Rig.Instruments.Where(i => i.Kind != ContractKind.Spot).Select(i => (i.Id, Market.Position(i) * i.ContractSize)), ignoreOrder: true);
    }

    [Fact]
    public async Task AccountWithOnePositionForEachContract_IsAsItShouldBe() => (await Adapter.FetchAccountFaultAsync(default)).Value().ShouldBeEmpty();

    [Fact]
    public async Task Book_AsItStands()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        var book = (await Adapter.FetchOrderBookAsync(Instrument, default)).Value();
        var there = Market.TrueBook(Instrument);
        book.IsSnapshot.ShouldBeTrue();
        book.Bids.ToArray().ShouldBe(there.Bids.ToArray());
        book.Asks.ToArray().ShouldBe(there.Asks.ToArray());
        book.Bids[0].ShouldBe(new BookLevel(Mid, 4 * Unit));
    }

    [Fact]
    public async Task Trades_OldestFirst_SideOfTheTaker()
    {
        Market.Take(Instrument, Side.Buy, Mid + Edge, 2 * Unit);
        Time.Advance(TimeSpan.FromMilliseconds(5));
        Market.Take(Instrument, Side.Sell, Mid - Edge, Unit);
        var trades = (await Adapter.FetchTradesAsync(Instrument, default)).Value();
        trades.Select(t => (t.Aggressor, t.PriceTicks, t.SizeLots)).ShouldBe([(Side.Buy, Mid + Edge, 2 * Unit), (Side.Sell, Mid - Edge, Unit)]);
    }

    private async Task<Dictionary<string, OrderUpdate>> OrdersSinceAsync(long cursor)
    {
        var changed = new Dictionary<string, OrderUpdate>(StringComparer.Ordinal);
        for (var pages = 0; pages <= Rig.BeyondAPage; pages++)
        {
            var page = (await Adapter.FetchOrdersSinceAsync(cursor, default)).Value();
            foreach (var order in page.Orders) changed[order.ClientOrderId] = order;
            if (page.Orders.IsEmpty || page.Cursor <= cursor) return changed;
            cursor = page.Cursor;
        }

        throw new ShouldAssertException("the pages have no end");
    }

    private async Task<List<Fill>> FillsSinceAsync(string tradeId)
    {
        List<Fill> fills = [];
        for (var pages = 0; pages <= Rig.BeyondAPage; pages++)
        {
            var page = (await Adapter.FetchFillsSinceAsync(tradeId, default)).Value();
            if (page.Fills.IsEmpty) return fills;
            fills.AddRange(page.Fills);
            tradeId = page.Fills[^1].TradeId;
        }

        throw new ShouldAssertException("the pages have no end");
    }
}
