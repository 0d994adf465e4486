using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>The desk's rules, fees and manners, in front of the exchange.</summary>
public sealed class OrderEntryTests
{
    private static readonly Instrument Limited = TestVenue.Spot with { Sizes = new(0.1m), OrderStepLots = 5, MinimumSize = 2m, MinimumNotional = 4m };

    [Theory]
    [InlineData(100, 40, null)]
    [InlineData(200, 20, null)]
    [InlineData(0, 40, "price is not above zero")]
    [InlineData(-3, 40, "price is not above zero")]
    [InlineData(100, 0, "size 0 is not a multiple of the order step")]
    [InlineData(100, -5, "size -0.5 is not a multiple of the order step")]
    [InlineData(100, 43, "size 4.3 is not a multiple of the order step")]
    [InlineData(300, 15, "size 1.5 is below the minimum of 2")]
    [InlineData(100, 35, "notional 3.5 is below the minimum of 4")]
    public void Placement_KeepsTheInstrumentsRulesOrIsRejected(long price, long lots, string? reason)
    {
        var venue = new TestVenue(instrument: Limited).Place(0, "a", Side.Buy, price, lots).RunTo(50);
        venue.Lines.ShouldBe([reason is null ? $"15 Live a {lots} @ {price}" : $"15 Rejected a 0 @ {price} ({reason})"]);
        venue.Exchange.OpenOrders.Count.ShouldBe(reason is null ? 1 : 0);
    }

    [Fact]
    public void Amendment_ThatBreaksARuleEndsItsOrder()
    {
        var venue = new TestVenue(instrument: Limited).Place(0, "a", Side.Buy, 100, 60).Amend(20, "a", 100, 35).RunTo(50);
        venue.Private.ShouldBe(["Live a 60 @ 100", "Cancelled a 0 @ 100 (amendment refused: notional 3.5 is below the minimum of 4)"]);
        venue.Levels(Side.Buy).ShouldBe("");
    }

    [Fact]
    public void PostOnly_IsRejectedWhereItWouldTradeAndRestsOneTickAway()
    {
        var venue = new TestVenue().Submit(0, Side.Sell, 101, 10);
        venue.Place(1, "a", Side.Buy, 101, 5, isPostOnly: true).Place(2, "b", Side.Buy, 100, 5, isPostOnly: true);
        venue.Place(3, "c", Side.Sell, 100, 5, isPostOnly: true).RunTo(50);
        venue.Private.ShouldBe(
        [
            "Rejected a 0 @ 101 (the post-only order would have traded at once)", "Live b 5 @ 100",
            "Rejected c 0 @ 100 (the post-only order would have traded at once)",
        ]);
    }

    [Fact]
    public void DuplicateOfAnOpenOrder_IsRejectedAndTheOrderStays()
    {
        var venue = new TestVenue().Place(0, "a", Side.Buy, 100, 5).Place(1, "a", Side.Buy, 99, 5).RunTo(50);
        venue.Private.ShouldBe(["Live a 5 @ 100", "Rejected a 0 @ 99 (duplicate client order id)"]);
        venue.Levels(Side.Buy).ShouldBe("100:5");
    }

    [Fact]
    public void OpenOrdersAboveTheMaximum_AreRejected()
    {
        var venue = new TestVenue(TestVenue.Exact with { OpenOrdersMax = 2 });
        foreach (var id in (string[])["a", "b", "c"]) venue.Place(0, id, Side.Buy, 100, 5);
        venue.RunTo(50).Private.Last().ShouldBe("Rejected c 0 @ 100 (more than 2 open orders)");
    }

    [Fact]
    public void Rate_BurstThenOneEachTenthOfASecondAndCancelsAlways()
    {
        var venue = new TestVenue(TestVenue.Exact with { RequestsPerSecond = 10, RequestBurst = 3 });
        for (var i = 0; i < 5; i++) venue.Place(0, $"a{i}", Side.Buy, 100, 5);
        venue.Place(99, "b", Side.Buy, 100, 5).Place(100, "c", Side.Buy, 100, 5).Place(150, "d", Side.Buy, 100, 5);
        for (var i = 0; i < 3; i++) venue.Cancel(151, $"a{i}");
        venue.RunTo(300).Private.ShouldBe(
        [
            "Live a0 5 @ 100", "Live a1 5 @ 100", "Live a2 5 @ 100", "Rejected a3 0 @ 100 (too many requests)", "Rejected a4 0 @ 100 (too many requests)",
            "Rejected b 0 @ 100 (too many requests)", "Live c 5 @ 100", "Rejected d 0 @ 100 (too many requests)",
            "Cancelled a0 0 @ 100", "Cancelled a1 0 @ 100", "Cancelled a2 0 @ 100",
        ]);
        venue.Exchange.Orders.Counts.ShouldBe(new() { Placed = 4, Rejected = 4, Throttled = 4, Cancelled = 3 });
    }

    [Fact]
    public void ThrottledAmendment_EndsItsOrderSoThatNothingRestsWhereNobodyExpectsIt()
    {
        var venue = new TestVenue(TestVenue.Exact with { RequestsPerSecond = 1, RequestBurst = 1 });
        venue.Place(0, "a", Side.Buy, 100, 5).Amend(1, "a", 99, 5).RunTo(50);
        venue.Private.ShouldBe(["Live a 5 @ 100", "Cancelled a 0 @ 100 (amendment refused: too many requests)"]);
        venue.Levels(Side.Buy).ShouldBe("");
    }

    [Fact]
    public void RejectProbability_IsTheShareOfSoundPlacements()
    {
        var venue = new TestVenue(TestVenue.Exact with { RejectProbability = 0.2, OpenOrdersMax = 100_000 }, seed: 5);
        for (var i = 0; i < 10_000; i++) venue.Place(0, $"a{i}", Side.Buy, 100, 5);
        venue.RunTo(50);
        // Five standard errors: 5·√(0.2·0.8/10,000) = 0.02.
        ((double)venue.Exchange.Orders.Counts.Rejected / 10_000).ShouldBe(0.2, 0.02);
        venue.Private.Where(l => l.StartsWith("Rejected")).ShouldAllBe(l => l.EndsWith("(the venue is busy)"));
    }

    [Fact]
    public void Halt_RejectsOrdersTakesCancelsAndSaysSo()
    {
        var venue = new TestVenue().Place(0, "a", Side.Buy, 100, 5).Place(0, "b", Side.Buy, 100, 5).Do(20, e => e.Orders.Halt("maintenance"));
        venue.Place(21, "c", Side.Buy, 100, 5).Amend(22, "a", 99, 5).Cancel(23, "b").Do(40, e => e.Orders.Resume("maintenance is over"));
        venue.Place(31, "d", Side.Buy, 100, 5).RunTo(100);
        venue.Lines.ShouldBe(
        [
            "15 Live a 5 @ 100", "15 Live b 5 @ 100", "25 orders closed (maintenance)", "36 Rejected c 0 @ 100 (orders are halted: maintenance)",
            "37 Cancelled a 0 @ 100 (amendment refused: orders are halted: maintenance)", "38 Cancelled b 0 @ 100", "45 orders open (maintenance is over)",
            "46 Live d 5 @ 100",
        ]);
    }

    [Fact]
    public void Fees_AreCostAboveZeroAndRebateBelowInTheQuoteAsset()
    {
        var venue = new TestVenue(TestVenue.Exact with { MakerFeeBps = -1, TakerFeeBps = 5 }).Place(0, "m", Side.Buy, 10_000, 30);
        venue.Submit(20, Side.Sell, 10_000, 10).Submit(30, Side.Buy, 9_999, 1).Submit(40, Side.Sell, 10_100, 7).Cancel(41, "m");
        venue.Place(42, "t", Side.Buy, 10_100, 7).RunTo(100);
        // 10 · 100 USDT at −1 bps; 7 · 101 USDT at 5 bps.
        venue.Fills.Select(f => (f.ClientOrderId, f.Price, f.Fee, f.FeeAsset, f.IsMaker)).ShouldBe(
            [("m", 100m, -0.1m, "USDT", true), ("t", 101m, 0.3535m, "USDT", false)]);
        venue.Fills[0].VenueTime.ShouldBe(TestVenue.At(20));
    }

    [Fact]
    public void InverseContract_PaysItsFeeInTheBaseAsset()
    {
        var instrument = TestVenue.Spot with { Kind = ContractKind.Inverse, BaseAsset = "BTC", QuoteAsset = "USD", ContractSize = 100m, Prices = new(0.1m) };
        var venue = new TestVenue(TestVenue.Exact with { MakerFeeBps = 2 }, instrument).Place(0, "m", Side.Buy, 500_000, 4).Submit(20, Side.Sell, 500_000, 4);
        // 4 contracts of 100 USD at 50,000: 0.008 BTC, of which 2 bps.
        venue.RunTo(100).Fills.ShouldHaveSingleItem().Fee.ShouldBe(0.0000016m);
        venue.Fills[0].FeeAsset.ShouldBe("BTC");
    }

    [Fact]
    public void Intents_ArePlacedAmendedAndCancelledAsTold()
    {
        var venue = new TestVenue();
        var place = new OrderIntent
        {
            Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = "a", Side = Side.Sell, PriceTicks = 101, SizeLots = 9, IsPostOnly = true,
        };
        venue.Exchange.Send(place, TestVenue.At(0));
        venue.Exchange.Send(place with { Kind = OrderIntentKind.Amend, PriceTicks = 102, SizeLots = 8 }, TestVenue.At(1));
        venue.Exchange.Send(place with { Kind = OrderIntentKind.Cancel }, TestVenue.At(2));
        venue.RunTo(100).Lines.ShouldBe(["15 Live a 9 @ 101", "16 Live a 8 @ 102", "17 Cancelled a 0 @ 102"]);
        venue.Exchange.Orders.Counts.ShouldBe(new() { Placed = 1, Amended = 1, Cancelled = 1 });
    }

    [Fact]
    public void ExecutionBeyondTheRest_IsAFaultOfTheModel()
    {
        var venue = new TestVenue().Place(0, "a", Side.Buy, 100, 5).RunTo(20);
        var order = venue.Exchange.Orders.Find("a").ShouldNotBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => venue.Exchange.Orders.Execute(order, 100, 6, isMaker: true)).Message.ShouldContain("1 to 5 lots");
        Should.Throw<ArgumentOutOfRangeException>(() => venue.Exchange.Orders.Execute(order, 100, 0, isMaker: true));
    }

    [Fact]
    public void RulesOutOfRange_AreNamedAllAtOnce()
    {
        var rules = new VenueRules { MakerFeeBps = -11, RejectProbability = 1.5, RequestBurst = 0 };
        var instrument = TestVenue.Spot with { SequenceRule = BookSequenceRule.PreviousId };
        Should.Throw<ParameterException>(() => new TestVenue(rules, instrument)).Faults.ShouldBe(
        [
            "venue.makerFeeBps = -11: expected -10 to 100 bps", "venue.requestBurst = 0: expected 1 to 1000000",
            "venue.rejectProbability = 1.5: expected 0 to 1",
            "sim:DCTUSDT.sequenceRule is PreviousId: expected ContiguousRange, by which this venue numbers its updates",
        ]);
    }
}
