using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels.Books;

public sealed class OthersBookTests
{
    private static readonly Instrument Market = BookSamples.Instrument(BookSequenceRule.ContiguousRange);

    private LiveOrdersState _live = LiveOrdersState.Empty;
    private Timestamp _now = new(1_000_000);

    [Fact]
    public void WithoutOrdersOfOurs_IsTheBook()
    {
        var (book, others) = Books();
        (others.Top.Bid, others.Top.Ask, others.Top.Status).ShouldBe((book.Top.Bid, book.Top.Ask, BookStatus.Valid));
        others.LotsWithin(Side.Buy, 10_000).ShouldBe(book.LotsWithin(Side.Buy, 10_000));
    }

    [Theory]
    [InlineData(100, 4, 100, 6)] // ours is a part of the level
    [InlineData(100, 10, 99, 20)] // the level is ours alone
    [InlineData(100, 15, 99, 20)] // not all of ours has arrived yet
    [InlineData(99, 5, 100, 10)] // ours rests behind the touch
    [InlineData(101, 5, 100, 10)] // ours is on its way
    public void OurBid_IsTakenOut(long price, long lots, long touch, long left)
    {
        Rest(Side.Buy, price, lots);
        Books().Others.Top.Bid.ShouldBe(new BookLevel(touch, left));
    }

    [Fact]
    public void OrderBeingMoved_CountsAtBothPlaces()
    {
        _live = new([new LiveOrder("a", Market.Id, Side.Buy, 99, 20, OrderStatus.Live, default) { VenuePriceTicks = 100, VenueLots = 10 }]);
        Books().Others.Top.Status.ShouldBe(BookStatus.OneSided);
    }

    [Fact]
    public void SideOfOursAlone_HasNoTouch()
    {
        Rest(Side.Sell, 102, 10);
        Rest(Side.Sell, 103, 20);
        var top = Books().Others.Top;
        (top.Status, top.Ask, top.Bid).ShouldBe((BookStatus.OneSided, default, new BookLevel(100, 10)));
    }

    [Fact]
    public void OrdersAtAnotherInstrument_DoNotCount()
    {
        _live = new([new LiveOrder("a", new(7), Side.Buy, 100, 10, OrderStatus.Live, default)]);
        Books().Others.Top.Bid.ShouldBe(new BookLevel(100, 10));
    }

    [Fact]
    public void Depth_IsThatOfOthers()
    {
        Rest(Side.Buy, 100, 10);
        Rest(Side.Buy, 99, 5);
        var (book, others) = Books();
        var levels = new BookLevel[4];
        levels[..others.CopyLevels(Side.Buy, levels)].ShouldBe([new BookLevel(99, 15)]);
        others.LotsWithin(Side.Buy, 10_000).ShouldBe(book.LotsWithin(Side.Buy, 10_000) - 15);
    }

    [Theory]
    [InlineData(10, 99, 20)] // the book has yet to be told: the level is still ours
    [InlineData(0, 99, 20)] // it has been
    [InlineData(14, 100, 4)] // others have come beside ours
    [InlineData(3, 100, 3)] // all of ours, seven, have gone
    public void BidThatHasEnded_IsTakenOutUntilItsLevelHasFallenByIt(long shown, long touch, long left)
    {
        Leave(lots: shown == 3 ? 7 : 10, shown: 10);
        var (book, others) = Books();
        book.Apply(BookSamples.Delta(2, 2, levels: $"100*{shown} / "));
        others.Top.Bid.ShouldBe(new BookLevel(touch, left));
        others.LotsAt(Side.Buy, 100).ShouldBe(touch == 100 ? left : 0);
        others.LotsWithin(Side.Buy, 10_000).ShouldBe(touch == 100 ? left + 20 : 20);
    }

    [Fact]
    public void BidThatEndedLongAgo_CountsNoMore()
    {
        Leave(lots: 10, shown: 10);
        _now += OrderRemnants.KeptFor;
        var (_, others) = Books();
        (others.Top.Bid, others.LotsWithin(Side.Buy, 10_000)).ShouldBe((new BookLevel(100, 10), 30));
    }

    private void Leave(long lots, long shown) =>
        _live = LiveOrdersState.Empty with { Remnants = [new OrderRemnant(Market.Id, Side.Buy, 100, lots, shown, _now)] };

    private void Rest(Side side, long price, long lots) => _live = new(
        _live.Orders.Add(new LiveOrder($"o{_live.Orders.Length}", Market.Id, side, price, lots, OrderStatus.Live, default)));

    private (OrderBook Book, OthersBook Others) Books()
    {
        var book = BookSamples.Book(BookSequenceRule.ContiguousRange);
        book.Apply(BookSamples.Snapshot(1, "100*10 99*20 / 102*10 103*20"));
        return (book, new OthersBook(book, Market.Id, () => _live, () => _now));
    }
}
