using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Venue;

namespace Dmm.Pipeline.Tests.Venue;

public sealed class VenueAccountTests
{
    private readonly VenueAccount _account = new("DCT", ordersKept: 3, fillsKept: 10);

    [Fact]
    public void MoreOrdersThanKept_OldestEndedForgotten_OpenOnesStay()
    {
        _account.Take(Order("a", OrderStatus.Live));
        foreach (var id in (string[])["b", "c", "d"])
        {
            _account.Take(Order(id, OrderStatus.Live));
            _account.Take(Order(id, OrderStatus.Cancelled));
        }

        _account.OrderSequence.ShouldBe(7);
        _account.OrdersAfter(0, 500).Orders.Select(o => o.ClientOrderId).ShouldBe(["a", "c", "d"]);
        _account.Find("b").ShouldBeNull();
    }

    [Fact]
    public void PagesOfOrders_ReachAsFarAsTheySay_AndTogetherHoldEachOnce()
    {
        foreach (var id in (string[])["a", "b", "c"]) _account.Take(Order(id, OrderStatus.Live));
        _account.Take(Order("a", OrderStatus.Filled));

        var first = _account.OrdersAfter(0, 2);
        first.Orders.Select(o => o.ClientOrderId).ShouldBe(["b", "c"]);
        first.Cursor.ShouldBe(3);
        var second = _account.OrdersAfter(first.Cursor, 2);
        second.Orders.Select(o => o.ClientOrderId).ShouldBe(["a"]);
        second.Cursor.ShouldBe(4);
        _account.OrdersAfter(second.Cursor, 2).Cursor.ShouldBe(4);
    }

    [Fact]
    public void MoreFillsThanKept_OldestForgotten_NumbersGoOn()
    {
        for (var i = 1; i <= 30; i++) _account.Take(Fill(i));
        var page = _account.FillsAfter(0, 500);
        page.Sequence.ShouldBe(30);
        page.Fills.Length.ShouldBeInRange(10, 11);
        page.Fills[^1].TradeId.ShouldBe("30");
        _account.FillsAfter(28, 500).Fills.Select(f => f.TradeId).ShouldBe(["29", "30"]);
    }

    [Fact]
    public void CursorOfAnEarlierVenue_GivesWhatThisOneHas()
    {
        _account.Take(Order("a", OrderStatus.Live));
        var page = _account.OrdersAfter(99, 500);
        page.Orders.ShouldBeEmpty();
        page.Cursor.ShouldBe(1);
    }

    private static OrderUpdate Order(string id, OrderStatus status) => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 10_000, RemainingLots = 100, Reason = "",
    };

    private static Fill Fill(int tradeId) => new()
    {
        Instrument = new(0), TradeId = $"{tradeId}", ClientOrderId = "a", Side = Side.Buy, Price = 1m, Quantity = 1m, Fee = 0m, FeeAsset = "USDT",
        IsMaker = true, VenueTime = Timestamp.None,
    };
}
