using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Simulation.Tests;

public sealed class CaptureVenueTests
{
    [Fact]
    public void TradesAtOurPrice_FillWhatGoesBeyondTheFront()
    {
        var desk = new CaptureDesk().Opened(bid: 100);
        desk.Resting(Side.Buy, 1000, 50);
        desk.At(20);
        desk.Trade(Side.Sell, 1000, 80);
        desk.At(30);
        desk.Trade(Side.Sell, 1000, 30);
        desk.At(40);
        desk.Trade(Side.Sell, 1000, 50);

        desk.Said.ShouldBe(
        [
            "10 a1 Live 50",
            "30 a1 fill 10@1000 maker", "30 a1 PartiallyFilled 40",
            "40 a1 fill 40@1000 maker", "40 a1 Filled 0",
        ]);
        desk.Venue.Reasons.ShouldBe(new FillReasons(Queue: 2, Through: 0, Crossed: 0, Taken: 0));
        desk.Venue.OpenOrders.ShouldBeEmpty();
    }

    [Fact]
    public void Fill_CarriesExactPriceSizeFeeAndTime()
    {
        var desk = new CaptureDesk().Opened(ask: 0);
        desk.Resting(Side.Sell, 1001, 50);
        desk.At(20);
        desk.Trade(Side.Buy, 1001, 30);

        var fill = desk.Fills.ShouldHaveSingleItem();
        (fill.Side, fill.Price, fill.Quantity).ShouldBe((Side.Sell, 100.1m, 0.03m));
        (fill.Fee, fill.FeeAsset, fill.IsMaker).ShouldBe((100.1m * 0.03m * 0.0001m, "USDT", true));
        fill.VenueTime.ShouldBe(CaptureDesk.Start + TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void BuyersTrade_FillsNoBid()
    {
        var desk = new CaptureDesk().Opened(bid: 0);
        desk.Resting(Side.Buy, 1000, 50);
        desk.Trade(Side.Buy, 1000, 500);
        desk.Fills.ShouldBeEmpty();
    }

    [Fact]
    public void TradeBeyondOurPrice_FillsWhateverStoodInFront()
    {
        var desk = new CaptureDesk().Opened(bid: 100);
        desk.Resting(Side.Buy, 1000, 50);
        desk.At(20);
        desk.Trade(Side.Sell, 999, 20);
        desk.At(30);
        desk.Trade(Side.Sell, 1000, 5);

        desk.Said.Skip(1).ShouldBe(
            ["20 a1 fill 20@1000 maker", "20 a1 PartiallyFilled 30", "30 a1 fill 5@1000 maker", "30 a1 PartiallyFilled 25"]);
        desk.Venue.Reasons.ShouldBe(new FillReasons(Queue: 1, Through: 1, Crossed: 0, Taken: 0));
    }

    [Fact]
    public void OneTrade_FillsNoMoreThanItsSize_BestPriceFirstThenFirstCome()
    {
        var desk = new CaptureDesk().Opened(bid: 0, bid2: 10);
        desk.Resting(Side.Buy, 999, 20);
        desk.Resting(Side.Buy, 999, 20);
        desk.Resting(Side.Buy, 1000, 15);
        desk.At(50);
        desk.Trade(Side.Sell, 999, 50);

        // 50 sold: 15 to our better bid. Of those 40 that go beyond the 10 in front at 999, 15 are spent already.
        desk.Fills.Select(f => (f.ClientOrderId, f.Quantity)).ShouldBe([("a3", 0.015m), ("a1", 0.02m), ("a2", 0.005m)]);
        desk.Fills.Sum(f => f.Quantity).ShouldBe(0.04m);
    }

    [Fact]
    public void LevelThatShrinksWithoutTrades_MovesUsByTheModel()
    {
        var desk = new CaptureDesk("power-2").Opened(bid: 100);
        desk.Resting(Side.Buy, 1000, 50);
        desk.At(20);
        desk.Bid(1000, 150);
        desk.Bid(1000, 120);
        desk.At(30);
        desk.Trade(Side.Sell, 1000, 77);

        // 76 stand in front of us.
        desk.Said.Skip(1).ShouldBe(["30 a1 fill 1@1000 maker", "30 a1 PartiallyFilled 49"]);
    }

    [Fact]
    public void LevelThatTradesAndShrinks_CountsTheTradeOnce()
    {
        var desk = new CaptureDesk("power-2").Opened(bid: 100);
        desk.Resting(Side.Buy, 1000, 50);
        desk.Trade(Side.Sell, 1000, 30);
        desk.Bid(1000, 70);
        desk.Trade(Side.Sell, 1000, 70);
        desk.Fills.ShouldBeEmpty();
        desk.Trade(Side.Sell, 1000, 5);
        desk.Fills.ShouldHaveSingleItem().Quantity.ShouldBe(0.005m);
    }

    [Fact]
    public void OppositeBestAtOurPrice_FillsUpToItsSizeOnce()
    {
        var desk = new CaptureDesk().Opened(bid: 0);
        desk.Resting(Side.Buy, 1000, 50);
        desk.At(20);
        desk.Ask(1000, 20);
        desk.Ask(1005, 7);
        desk.At(30);
        desk.Ask(1000, 25);
        desk.At(40);
        desk.Ask(999, 500);

        // The 20 we took are still shown in the recording; 5 more came, then enough beyond our price.
        desk.Said.Skip(1).ShouldBe(
        [
            "20 a1 fill 20@1000 maker", "20 a1 PartiallyFilled 30",
            "30 a1 fill 5@1000 maker", "30 a1 PartiallyFilled 25",
        ]);
        desk.Venue.Reasons.ShouldBe(new FillReasons(Queue: 0, Through: 0, Crossed: 2, Taken: 0));
    }

    [Fact]
    public void OrderThatCrossesOnArrival_TakesLevelByLevel()
    {
        var desk = new CaptureDesk().Opened(ask: 30, ask2: 40);
        desk.Place(Side.Buy, 1002, 100, isPostOnly: false);
        desk.Place(Side.Buy, 1002, 10, isPostOnly: false);
        desk.At(10);

        desk.Said.ShouldBe(
        [
            "10 a1 Live 100", "10 a1 fill 30@1001 taker", "10 a1 PartiallyFilled 70", "10 a1 fill 40@1002 taker", "10 a1 PartiallyFilled 30",
            "10 a2 Live 10",
        ]);
        desk.Fills[0].Fee.ShouldBe(100.1m * 0.03m * 0.0004m);
        desk.Venue.Reasons.ShouldBe(new FillReasons(Queue: 0, Through: 0, Crossed: 0, Taken: 2));
    }

    [Fact]
    public void ImmediateOrder_IsCancelledForTheRest()
    {
        var desk = new CaptureDesk().Opened(ask: 30);
        desk.Venue.Orders.Place(new("i1", Side.Buy, 1001, 50, IsPostOnly: false, TimeInForce.ImmediateOrCancel), CaptureDesk.Start);
        desk.At(10);
        desk.Said.ShouldBe(
        [
            "10 i1 Live 50", "10 i1 fill 30@1001 taker", "10 i1 PartiallyFilled 20",
            "10 i1 Cancelled 0: immediate or cancel: nothing more to take",
        ]);
    }

    [Fact]
    public void PostOnlyOrderThatWouldCross_IsRejected()
    {
        var desk = new CaptureDesk().Opened();
        desk.Place(Side.Buy, 1001, 50);
        desk.At(10);
        desk.Said.ShouldBe(["10 a1 Rejected 0: the post-only order would have traded at once"]);
    }

    [Fact]
    public void OrderUnderWay_MissesTheTradesBeforeItArrives()
    {
        var desk = new CaptureDesk(latencyMs: 10).Opened(bid: 0);
        desk.Place(Side.Buy, 1000, 50);
        desk.At(9.9999);
        desk.Trade(Side.Sell, 1000, 20);
        desk.At(10);
        desk.Trade(Side.Sell, 1000, 20);

        desk.Said.ShouldBe(["10 a1 Live 50", "10 a1 fill 20@1000 maker", "10 a1 PartiallyFilled 30"]);
    }

    [Fact]
    public void FillBeforeTheCancelArrives_Stands()
    {
        var desk = new CaptureDesk(latencyMs: 10).Opened(bid: 0);
        var filled = desk.Resting(Side.Buy, 1000, 20);
        desk.At(20);
        desk.Cancel(filled);
        desk.At(29.9999);
        desk.Trade(Side.Sell, 1000, 20);
        desk.At(30);

        desk.Said.ShouldBe(["10 a1 Live 20", "29.9999 a1 fill 20@1000 maker", "29.9999 a1 Filled 0"]);
        desk.Venue.Counts.TooLate.ShouldBe(1);
    }

    [Fact]
    public void TradeAfterTheCancelArrived_FillsNothing()
    {
        var desk = new CaptureDesk(latencyMs: 10).Opened(bid: 0);
        desk.Cancel(desk.Resting(Side.Buy, 1000, 20));
        desk.At(20);
        desk.Trade(Side.Sell, 1000, 20);
        desk.Said.ShouldBe(["10 a1 Live 20", "20 a1 Cancelled 0"]);
    }

    [Fact]
    public void AmendedPrice_IsANewPlaceAtTheEnd_SmallerSizeKeepsIt()
    {
        var desk = new CaptureDesk().Opened(bid: 10, bid2: 30);
        var moved = desk.Resting(Side.Buy, 1000, 20);
        var shrunk = desk.Resting(Side.Buy, 1000, 20);
        desk.Trade(Side.Sell, 1000, 6);
        desk.Amend(moved, Side.Buy, 999, 20);
        desk.Amend(shrunk, Side.Buy, 1000, 5);
        desk.At(30);
        desk.Trade(Side.Sell, 1000, 5);
        desk.Fills.Select(f => (f.ClientOrderId, f.Quantity)).ShouldBe([("a2", 0.001m)]);
        desk.Trade(Side.Sell, 999, 36);

        // 4 of them go to the rest of the better bid; 6 go beyond the 30 in front, and 4 of those are spent.
        desk.Fills.Skip(1).Select(f => (f.ClientOrderId, f.Quantity)).ShouldBe([("a2", 0.004m), ("a1", 0.002m)]);
    }

    [Fact]
    public void AmendmentThatCrosses_TakesLikeANewOrder()
    {
        var desk = new CaptureDesk().Opened(ask: 30);
        var id = desk.Place(Side.Buy, 1000, 50, isPostOnly: false);
        desk.At(10);
        desk.Amend(id, Side.Buy, 1001, 50);
        desk.At(20);
        desk.Said.ShouldBe(["10 a1 Live 50", "20 a1 Live 50", "20 a1 fill 30@1001 taker", "20 a1 PartiallyFilled 20"]);
    }

    [Fact]
    public void InvalidBook_AcceptsAndFillsNothing()
    {
        var desk = new CaptureDesk();
        desk.Place(Side.Buy, 1000, 50);
        desk.At(10);
        desk.Opened(bid: 0);
        var resting = desk.Resting(Side.Buy, 1000, 50);
        var other = desk.Resting(Side.Buy, 999, 50);
        desk.Gap();
        desk.At(40);
        desk.Trade(Side.Sell, 998, 500);
        desk.Place(Side.Buy, 1000, 50);
        desk.Amend(other, Side.Buy, 998, 50);
        desk.At(50);
        desk.Opened(bid: 0);
        desk.Trade(Side.Sell, 1000, 20);

        desk.Said.ShouldBe(
        [
            "10 a1 Rejected 0: no market", "20 a2 Live 50", "30 a3 Live 50", "50 a4 Rejected 0: no market",
            "50 a3 Cancelled 0: amendment refused: no market", "50 a2 fill 20@1000 maker", "50 a2 PartiallyFilled 30",
        ]);
        desk.Venue.OpenOrders.ShouldHaveSingleItem().ClientOrderId.ShouldBe(resting);
    }

    [Fact]
    public void BookThatComesBack_LeavesUsNoFartherInFrontThanItShows()
    {
        var desk = new CaptureDesk("power-2").Opened(bid: 100);
        desk.Resting(Side.Buy, 1000, 50);
        desk.Gap();
        desk.Opened(bid: 90);
        desk.Trade(Side.Sell, 1000, 90);
        desk.Fills.ShouldBeEmpty();
        desk.Trade(Side.Sell, 1000, 1);
        desk.Fills.ShouldHaveSingleItem().Quantity.ShouldBe(0.001m);
    }

    [Fact]
    public void MarketDataOfAnotherInstrument_IsAFaultOfTheWiring() => Should.Throw<ArgumentException>(() => new CaptureDesk().Venue.OnMarketData(
        new Input(new Trade
        {
            Instrument = new(3), VenueTime = default, ReceiveTime = default, TradeId = 1, PriceTicks = 1, SizeLots = 1, Aggressor = Side.Buy,
        }))).Message.ShouldStartWith("market data of instrument 3 came to test:BTCUSDT, 0");

    [Fact]
    public void RandomMarket_FillsNoMoreThanATradeOrTheLevelsHold() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[997, 1004], Gen.Int[0, 60]).Array[1, 120].Sample(steps =>
        {
            var desk = new CaptureDesk("log").Opened();
            var sent = 0L;
            for (var i = 0; i < steps.Length; i++)
            {
                var (kind, price, lots) = steps[i];
                desk.At(i * 20);
                var (before, crossed) = (Filled(desk), desk.Venue.Reasons.Crossed);
                switch (kind)
                {
                    case 0:
                        sent += lots + 1;
                        desk.Place(price > 1000 ? Side.Sell : Side.Buy, price, lots + 1);
                        break;
                    case 1:
                        desk.Trade(price > 1000 ? Side.Buy : Side.Sell, price, lots + 1);
                        if (Filled(desk) - before > lots + 1) return false;
                        break;
                    case 2:
                        desk.Bid(price, lots);
                        if (Filled(desk) > before && desk.Venue.Reasons.Crossed == crossed) return false;
                        break;
                    default:
                        desk.Ask(price, lots);
                        if (Filled(desk) > before && desk.Venue.Reasons.Crossed == crossed) return false;
                        break;
                }
            }

            return desk.Venue.Reasons.Total == desk.Fills.Count && Filled(desk) <= sent && desk.Venue.OpenOrders.All(o => o.RemainingLots > 0);
        });

    private static long Filled(CaptureDesk desk) => (long)(desk.Fills.Sum(f => f.Quantity) * 1000);

    [Fact]
    public void MarketDataAwayFromOurOrders_AllocatesNothing()
    {
        var desk = new CaptureDesk().Opened();
        desk.Resting(Side.Buy, 990, 50);
        Allocations.PerItem(i =>
        {
            if (i % 2 == 0) desk.Venue.OnMarketData(Quiet);
        }).ShouldBe(0);
        var update = new BookLevel[] { new(1000, 100), new(1001, 100) };
        var id = 1L;
        Allocations.PerItem(_ => desk.Venue.OnMarketData(new Input(new BookUpdate
        {
            Instrument = CaptureDesk.Instrument.Id, IsSnapshot = false, VenueTime = CaptureDesk.Start, ReceiveTime = CaptureDesk.Start, FirstUpdateId = ++id,
            LastUpdateId = id, PreviousUpdateId = -1, BidCount = 1, Levels = update,
        }))).ShouldBe(0);
        desk.Venue.OpenOrders.Count.ShouldBe(1);
    }

    private static Input Quiet => new(new Trade
    {
        Instrument = CaptureDesk.Instrument.Id, VenueTime = CaptureDesk.Start, ReceiveTime = CaptureDesk.Start, TradeId = 1, PriceTicks = 1000, SizeLots = 5,
        Aggressor = Side.Sell,
    });
}
