using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>Who trades, at what price, and what is left; at the venue, so without a word on latency.</summary>
public sealed class PriceTimePriorityTests
{
    private static TestVenue WithAsks(params (string? Id, long Price, long Lots)[] asks)
    {
        var venue = new TestVenue();
        var ms = 0;
        foreach (var (id, price, lots) in asks)
        {
            if (id is null) venue.Submit(ms + 10, Side.Sell, price, lots);
            else venue.Place(ms, id, Side.Sell, price, lots);
            ms++;
        }

        return venue.RunTo(100);
    }

    [Theory]
    [InlineData(50, 101, "a 50", "101:50 102:30")]
    [InlineData(60, 101, "a 50,b 10", "101:40 102:30")]
    [InlineData(100, 101, "a 50,b 50", "102:30")]
    [InlineData(120, 101, "a 50,b 50", "102:30")]
    [InlineData(120, 102, "a 50,b 50,c 20", "102:10")]
    [InlineData(500, 105, "a 50,b 50,c 30", "")]
    [InlineData(10, 100, "", "101:100 102:30")]
    public void Taker_MeetsTheBestPriceThenTheFirstInItsQueue(long lots, long limit, string fills, string asks)
    {
        // c came first, at a worse price.
        var venue = WithAsks(("c", 102, 30), ("a", 101, 50), ("b", 101, 50));
        venue.Submit(100, Side.Buy, limit, lots, TimeInForce.ImmediateOrCancel).RunTo(200);
        string.Join(',', venue.Fills.Select(f => $"{f.ClientOrderId} {f.Quantity}")).ShouldBe(fills);
        venue.Levels(Side.Sell).ShouldBe(asks);
        venue.Levels(Side.Buy).ShouldBe("");
    }

    [Fact]
    public void TakerLimit_WhatIsLeftRestsAtItsOwnPrice()
    {
        var venue = WithAsks((null, 101, 50), (null, 103, 10));
        venue.Submit(100, Side.Buy, 102, 80).RunTo(200);
        venue.Levels(Side.Buy).ShouldBe("102:30");
        venue.Levels(Side.Sell).ShouldBe("103:10");
    }

    [Fact]
    public void OwnTaker_TradesAtTheRestingPricesOverSeveralLevelsAndOrders()
    {
        var venue = WithAsks((null, 101, 20), (null, 101, 15), (null, 102, 30));
        venue.Place(100, "t", Side.Buy, 105, 60).RunTo(200);
        venue.Private.ShouldBe(
        [
            "Live t 60 @ 105", "fill t buy 20 @ 101 taker #1", "PartiallyFilled t 40 @ 105", "fill t buy 15 @ 101 taker #2",
            "PartiallyFilled t 25 @ 105", "fill t buy 25 @ 102 taker #3", "Filled t 0 @ 105",
        ]);
        venue.Levels(Side.Sell).ShouldBe("102:5");
        venue.Exchange.OpenOrders.ShouldBeEmpty();
    }

    [Fact]
    public void OwnTaker_WhatIsLeftJoinsTheEndOfItsQueue()
    {
        var venue = new TestVenue().Submit(5, Side.Buy, 100, 40);
        venue.Submit(6, Side.Sell, 101, 10).Place(0, "t", Side.Buy, 100, 30).RunTo(50);
        venue.Exchange.LotsAhead("t").ShouldBe(40);
        venue.Levels(Side.Buy).ShouldBe("100:70");
    }

    // FORMULAS.md, "Queue position in the simulator".
    [Fact]
    public void HundredAhead_SellersFillUsOnlyWhenTheyAreThrough()
    {
        var venue = new TestVenue().Submit(0, Side.Buy, 100, 100);
        venue.Place(0, "a", Side.Buy, 100, 50).RunTo(20);
        venue.Exchange.LotsAhead("a").ShouldBe(100);
        venue.Submit(20, Side.Sell, 100, 80).RunTo(30);
        venue.Exchange.LotsAhead("a").ShouldBe(20);
        venue.Fills.ShouldBeEmpty();
        venue.Submit(30, Side.Sell, 100, 30).RunTo(40);
        venue.Fills.Select(f => f.Quantity).ShouldBe([10m]);
        venue.Exchange.LotsAhead("a").ShouldBe(0);
        venue.Submit(40, Side.Sell, 100, 50).RunTo(50);
        venue.Fills.Select(f => f.Quantity).ShouldBe([10m, 40m]);
        venue.Exchange.LotsAhead("a").ShouldBeNull();
        venue.Levels(Side.Sell).ShouldBe("100:10");
    }

    [Fact]
    public void OrdersAheadCancelled_OurPlaceImproves()
    {
        var venue = new TestVenue();
        long ahead = 0, behind = 0;
        venue.Do(0, e => ahead = e.Submit(Side.Buy, 100, 70, TimeInForce.GoodTillCancelled)).Place(0, "a", Side.Buy, 100, 50);
        venue.Do(20, e => behind = e.Submit(Side.Buy, 100, 5, TimeInForce.GoodTillCancelled)).RunTo(20);
        venue.Exchange.Cancel(behind);
        venue.Exchange.LotsAhead("a").ShouldBe(70);
        venue.Exchange.Cancel(ahead);
        venue.Exchange.LotsAhead("a").ShouldBe(0);
        venue.Exchange.Cancel(ahead);
        venue.Levels(Side.Buy).ShouldBe("100:50");
    }

    [Fact]
    public void NumberOfAnEndedOrder_NeverReachesAnother()
    {
        var venue = new TestVenue();
        var first = venue.Exchange.Submit(Side.Buy, 100, 10, TimeInForce.GoodTillCancelled);
        venue.Exchange.Cancel(first);
        var second = venue.Exchange.Submit(Side.Buy, 100, 20, TimeInForce.GoodTillCancelled);
        venue.Exchange.Cancel(first);
        second.ShouldNotBe(first);
        venue.Levels(Side.Buy).ShouldBe("100:20");
    }

    [Fact]
    public void SmallerSize_KeepsThePlaceAndANewPriceGoesToTheEnd()
    {
        var venue = new TestVenue().Place(0, "a", Side.Buy, 100, 50).Submit(20, Side.Buy, 100, 40).Submit(20, Side.Buy, 99, 30);
        venue.Amend(20, "a", 100, 20).RunTo(30);
        venue.Exchange.LotsAhead("a").ShouldBe(0);
        venue.Levels(Side.Buy).ShouldBe("100:60 99:30");
        venue.Amend(30, "a", 99, 20).RunTo(40);
        venue.Exchange.LotsAhead("a").ShouldBe(30);
        venue.Amend(40, "a", 100, 20).RunTo(50);
        venue.Exchange.LotsAhead("a").ShouldBe(40);
        venue.Levels(Side.Buy).ShouldBe("100:60 99:30");
    }

    [Fact]
    public void LargerSize_IsNotGiven()
    {
        var venue = new TestVenue().Place(0, "a", Side.Buy, 100, 50).Amend(20, "a", 100, 90).RunTo(50);
        venue.Levels(Side.Buy).ShouldBe("100:50");
        venue.Private.Last().ShouldBe("Live a 50 @ 100");
    }

    [Fact]
    public void AmendedAcross_TradesAtTheRestingPriceUnlessPostOnly()
    {
        var venue = WithAsks((null, 101, 20));
        venue.Place(100, "a", Side.Buy, 100, 50).Place(100, "p", Side.Buy, 100, 10, isPostOnly: true);
        venue.Amend(120, "p", 101, 10).Amend(121, "a", 102, 50).RunTo(200);
        venue.Private.Skip(2).ShouldBe(
        [
            "Cancelled p 0 @ 100 (amendment refused: the post-only order would have traded at once)",
            "Live a 50 @ 102", "fill a buy 20 @ 101 taker #1", "PartiallyFilled a 30 @ 102",
        ]);
        venue.Levels(Side.Buy).ShouldBe("102:30");
    }

    [Fact]
    public void ImmediateOrCancel_TakesWhatItCanAndNeverRests()
    {
        var venue = WithAsks((null, 101, 20), (null, 102, 20));
        venue.Place(100, "i", Side.Buy, 101, 50, force: TimeInForce.ImmediateOrCancel);
        venue.Place(101, "j", Side.Buy, 101, 50, force: TimeInForce.ImmediateOrCancel).RunTo(200);
        venue.Private.ShouldBe(
        [
            "Live i 50 @ 101", "fill i buy 20 @ 101 taker #1", "PartiallyFilled i 30 @ 101",
            "Cancelled i 0 @ 101 (immediate or cancel: nothing more to take)",
            "Live j 50 @ 101", "Cancelled j 0 @ 101 (immediate or cancel: nothing more to take)",
        ]);
        venue.Levels(Side.Buy).ShouldBe("");
        venue.Exchange.OpenOrders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TimeInForce.GoodTillCancelled)]
    [InlineData(TimeInForce.ImmediateOrCancel)]
    public void TwoOfOurs_NeverTradeAndTheRestOfTheTakerIsCancelledOnce(TimeInForce force)
    {
        var venue = WithAsks((null, 101, 20), ("s", 102, 30), (null, 103, 10));
        venue.Lines.Clear();
        venue.Place(100, "b", Side.Buy, 103, 60, force: force).RunTo(200);
        venue.Private.ShouldBe(
        [
            "Live b 60 @ 103", "fill b buy 20 @ 101 taker #1", "PartiallyFilled b 40 @ 103",
            "Cancelled b 0 @ 103 (self-trade prevention: it would have met s)",
        ]);
        venue.Levels(Side.Sell).ShouldBe("102:30 103:10");
        venue.Levels(Side.Buy).ShouldBe("");
        venue.Exchange.OpenOrders.ShouldHaveSingleItem().ClientOrderId.ShouldBe("s");
        venue.Exchange.Orders.Counts.Cancelled.ShouldBe(1);
    }

    [Fact]
    public void LatestTrades_AreKeptNewestFirst()
    {
        var venue = new TestVenue();
        for (var i = 1; i <= SimulatedExchange.TradesKept + 5; i++)
        {
            venue.Exchange.Submit(Side.Sell, 100 + i, 1, TimeInForce.GoodTillCancelled);
            venue.Exchange.Submit(Side.Buy, 100 + i, 1, TimeInForce.ImmediateOrCancel);
        }

        var trades = new Trade[SimulatedExchange.TradesKept + 5];
        venue.Exchange.CopyTrades(trades).ShouldBe(SimulatedExchange.TradesKept);
        trades.Take(SimulatedExchange.TradesKept).Select(t => t.TradeId).ShouldBe(Enumerable.Range(6, 1_000).Reverse().Select(i => (long)i));
        trades[0].PriceTicks.ShouldBe(100 + 1_005);
        venue.Exchange.CopyTrades(trades.AsSpan(0, 2)).ShouldBe(2);
    }

    [Fact]
    public void TraderCancellingOurOrder_IsAFault()
    {
        var venue = new TestVenue();
        var theirs = venue.Exchange.Submit(Side.Buy, 100, 10, TimeInForce.GoodTillCancelled);
        venue.Place(0, "a", Side.Buy, 100, 10).RunTo(20);
        Should.Throw<InvalidOperationException>(() => venue.Exchange.Cancel(theirs + 1)).Message.ShouldContain("is ours");
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(100, 0)]
    public void TraderWithoutPriceOrSize_IsAFault(long price, long lots) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TestVenue().Exchange.Submit(Side.Buy, price, lots, TimeInForce.GoodTillCancelled));
}
