using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels.Books;

public sealed class OthersBookTests
{
    private static readonly Instrument Market = BookSamples.Instrument(BookSequenceRule.ContiguousRange);

    private LiveOrdersState _live = LiveOrdersState.Empty;

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

    private void Rest(Side side, long price, long lots) => _live = new(
        _live.Orders.Add(new LiveOrder($"o{_live.Orders.Length}", Market.Id, side, price, lots, OrderStatus.Live, default)));

    private (OrderBook Book, OthersBook Others) Books()
    {
        var book = BookSamples.Book(BookSequenceRule.ContiguousRange);
        book.Apply(BookSamples.Snapshot(1, "100*10 99*20 / 102*10 103*20"));
        return (book, new OthersBook(book, Market.Id, () => _live));
    }
}
