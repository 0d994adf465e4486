using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing.Venues;

namespace Dmm.Venues.Tests;

public sealed class FakeMarketTests : IDisposable
{
    private static readonly IReadOnlyList<Instrument> Instruments = new HmacRig().Instruments;
    private static readonly Instrument Dct = Instruments[0];

    private readonly HandTime _time = new();
    private readonly List<MarketEvent> _told = [];
    private readonly FakeMarket _market;

    public FakeMarketTests()
    {
        _market = new(Instruments, _time);
        _market.Rest(Dct, Side.Buy, 9_990, 1_000);
        _market.Rest(Dct, Side.Sell, 10_010, 1_000);
        _market.Happened += _told.Add;
    }

    public void Dispose() => _market.Dispose();

    [Fact]
    public void Fill_BehindOthers_TakesThemFirst()
    {
        _market.Rest(Dct, Side.Buy, 10_000, 50);
        Place("a1", lots: 100);
        _market.Fill("a1", 40);
        _market.Find("a1")!.RemainingLots.ShouldBe(60);
        _market.Book(Dct).Bids[0].ShouldBe(new BookLevel(10_000, 60));
        _market.Position(Dct).ShouldBe(4m);
        _market.Balances.Single(b => b.Asset == "DCT").Total.ShouldBe(1_000_004m);
        Should.Throw<InvalidOperationException>(() => _market.Fill("a1", 61));
    }

    [Fact]
    public void AFill_ToldBeforeTheStateItLeft_NumbersWithoutGaps()
    {
        Place("a1");
        _market.Fill("a1", 40);
        _market.Fill("a1", 60);
        _told.OfType<MarketEvent.Filled>().Select(f => (f.Fill.Sequence, f.Fill.Order.Status))
            .ShouldBe([(1, OrderStatus.PartiallyFilled), (2, OrderStatus.Filled)]);
        _told.OfType<MarketEvent.OrderChanged>().Select(c => (c.Cause, c.Order.Status, c.Order.RemainingLots, c.Order.Sequence)).ShouldBe(
        [
            (OrderCause.Placed, OrderStatus.Live, 100, 1), (OrderCause.Filled, OrderStatus.PartiallyFilled, 60, 2),
            (OrderCause.Filled, OrderStatus.Filled, 0, 3),
        ]);
    }

    [Fact]
    public void AmendedAndCancelled_ToldWithTheirCauses()
    {
        var order = Place("a1");
        _market.Fill("a1", 40);
        _market.Amend(order, 9_999, 30).Value!.SizeLots.ShouldBe(70);
        _market.Cancel(order).Value!.Status.ShouldBe(OrderStatus.Cancelled);
        _market.Cancel(order).Refusal!.Code.ShouldBe(RefusalCode.OrderEnded);
        _told.OfType<MarketEvent.OrderChanged>().Select(c => c.Cause)
            .ShouldBe([OrderCause.Placed, OrderCause.Filled, OrderCause.Amended, OrderCause.Cancelled]);
    }

    [Fact]
    public void ImmediateOrCancel_EndedByTheVenue()
    {
        _market.Place(new(Dct, "a1", Side.Buy, 10_010, 1_500, IsPostOnly: false, TimeInForce.ImmediateOrCancel)).Value!.FilledLots.ShouldBe(1_000);
        _told.OfType<MarketEvent.OrderChanged>().Last().Cause.ShouldBe(OrderCause.EndedByVenue);
    }

    [Fact]
    public void OwnOrdersMeet_TheNewerEnds_NoFill()
    {
        Place("a1");
        _market.Place(new(Dct, "a2", Side.Sell, 10_000, 100, IsPostOnly: false)).Value!.Status.ShouldBe(OrderStatus.Cancelled);
        _market.Fills.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PostOnlyStyle.Refused)]
    [InlineData(PostOnlyStyle.EndedAtOnce)]
    public void PostOnlyThatCrosses_AsTheVenueDoesIt(PostOnlyStyle style)
    {
        using var market = new FakeMarket(Instruments, _time) { PostOnly = style };
        market.Rest(Dct, Side.Sell, 10_010, 1_000);
        var result = market.Place(new(Dct, "a1", Side.Buy, 10_010, 100));
        if (style == PostOnlyStyle.Refused) result.Refusal!.Code.ShouldBe(RefusalCode.WouldCross);
        else result.Value!.Status.ShouldBe(OrderStatus.Cancelled);
        market.OpenOrders.ShouldBeEmpty();
    }

    [Fact]
    public void DeadMan_HeldInTime_CancelsNothing_LetGo_CancelsEverything()
    {
        Place("a1");
        Place("byhand", Side.Sell, 10_020);
        _market.ArmDeadMan(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        _market.ArmDeadMan(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        _market.OpenOrders.Count.ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _market.OpenOrders.ShouldBeEmpty();
        _market.DeadManAt.ShouldBeNull();
    }

    [Fact]
    public void DeadMan_Disarmed_CancelsNothing()
    {
        Place("a1");
        _market.ArmDeadMan(TimeSpan.FromSeconds(10));
        _market.ArmDeadMan(null);
        _time.Advance(TimeSpan.FromMinutes(1));
        _market.OpenOrders.Count.ShouldBe(1);
    }

    [Fact]
    public void StaleBook_AsItStoodBefore_ThenAgainAsItStands()
    {
        var before = _market.Book(Dct).LastUpdateId;
        Place("a1");
        Place("a2", price: 9_999);
        _market.ServeStaleBooks(times: 1, updatesAgo: 2);
        _market.Book(Dct).LastUpdateId.ShouldBe(before);
        _market.Book(Dct).Bids.ToArray().Select(l => l.PriceTicks).ShouldBe([10_000, 9_999, 9_990]);
    }

    [Fact]
    public void TwoInstruments_TradeIdsDiffer()
    {
        _market.Rest(Instruments[1], Side.Sell, 5_000, 100);
        _market.Take(Instruments[1], Side.Buy, 5_000, 10);
        _market.Take(Dct, Side.Buy, 10_010, 10);
        _told.OfType<MarketEvent.Traded>().Select(t => t.Trade.TradeId).Distinct().Count().ShouldBe(2);
    }

    /// <summary>A day of whatever comes: the streams tell the whole truth, in numbers without gaps.</summary>
    [Fact]
    public void AnyFlow_TheStreamsTellTheBook_TheFillsTellThePosition()
    {
        Gen.Select(Gen.Int[0, 5], Gen.Long[9_980, 10_020], Gen.Long[20, 200], Gen.Bool).Array[80].Sample(
            steps =>
            {
                using var market = new FakeMarket(Instruments, _time);
                var book = new SortedDictionary<(Side Side, long Price), long>();
                var (lastId, sequence, position) = (market.Book(Dct).LastUpdateId, 0L, 0m);
                market.Happened += happened =>
                {
                    if (happened is MarketEvent.OrderChanged changed) changed.Order.Sequence.ShouldBe(++sequence);
                    if (happened is MarketEvent.Filled filled) position += filled.Fill.Order.Side.Sign() * filled.Fill.Quantity;
                    if (happened is not MarketEvent.BookChanged { Update: var update }) return;
                    (update.FirstUpdateId, update.PreviousUpdateId).ShouldBe((lastId + 1, lastId));
                    lastId = update.LastUpdateId;
                    foreach (var level in update.Bids) Apply(book, Side.Buy, level);
                    foreach (var level in update.Asks) Apply(book, Side.Sell, level);
                };
                for (var i = 0; i < steps.Length; i++)
                {
                    var (what, price, lots, isBuy) = steps[i];
                    var side = isBuy ? Side.Buy : Side.Sell;
                    var open = market.OpenOrders;
                    if (what == 0) market.Rest(Dct, side, price, lots);
                    else if (what == 1) market.Take(Dct, side, price, lots);
                    else if (what < 4 || open.Count == 0) market.Place(new(Dct, $"a{i}", side, price, lots, IsPostOnly: what == 2));
                    else if (what == 4) market.Cancel(open[(int)(lots % open.Count)]);
                    else market.Amend(open[(int)(lots % open.Count)], price, Math.Min(lots, open[(int)(lots % open.Count)].RemainingLots));
                }

                var there = market.Book(Dct);
                book.Where(l => l.Key.Side == Side.Buy).Select(l => new BookLevel(l.Key.Price, l.Value)).Reverse().ShouldBe(there.Bids.ToArray());
                book.Where(l => l.Key.Side == Side.Sell).Select(l => new BookLevel(l.Key.Price, l.Value)).ShouldBe(there.Asks.ToArray());
                market.Position(Dct).ShouldBe(position);
                market.Balances.Single(b => b.Asset == "DCT").Total.ShouldBe(FakeMarket.OpeningBalance + position);
            },
            iter: 200);
    }

    private static void Apply(SortedDictionary<(Side Side, long Price), long> book, Side side, BookLevel level)
    {
        if (level.SizeLots == 0) book.Remove((side, level.PriceTicks));
        else book[(side, level.PriceTicks)] = level.SizeLots;
    }

    private FakeOrder Place(string id, Side side = Side.Buy, long price = 10_000, long lots = 100) =>
        _market.Place(new(Dct, id, side, price, lots)).Value!;
}
