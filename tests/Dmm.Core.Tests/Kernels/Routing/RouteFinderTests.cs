using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels.Routing;

public sealed class RouteFinderTests
{
    private readonly RouteSetting _setting = new();

    /// <summary>
    /// Net asks 1.0000·1.0005 = 1.0005 and 1.0010·1.0005 = 1.0015005; net bids 1.0050·0.9995 = 1.0044975 and 1.0030·0.9995 = 1.0024985. The last unit
    /// earns, less 2 · 2 bps: 80 at 39.8754 − 4 = 35.875; 20 more at 0.0019985/1.00149925 = 19.9551 − 4 = 15.955; then 0.000998/1.0019995 = 9.96 −
    /// 4 = 5.96, below 10. So 100: paid 100.05, received 80·1.0044975 + 20·1.0024985 = 100.40977, mean 100.229885; without fees 100 and 100.46.
    /// </summary>
    [Fact]
    public void BooksThatDiffer_AreWalkedWhileTheLastUnitEarnsTheThreshold()
    {
        var found = _setting.Find()!;
        (found.Kind, found.Buy.Instrument.Id, found.Sell.Instrument.Id, found.Quantity)
            .ShouldBe((RouteKind.Arbitrage, RouteSetting.East, RouteSetting.West, 100m));
        // 10000·1.0002 = 10002; 10030·0.9998 = 10027.994, on the grid no worse than that.
        (found.BuyTicks, found.SellTicks).ShouldBe((10002, 10028));
        found.Terms.GrossBps.ShouldBe(0.46 / 100.229885 * 1e4, 1e-6);
        found.Terms.BuyFeeBps.ShouldBe(0.05 / 100.229885 * 1e4, 1e-6);
        found.Terms.SellFeeBps.ShouldBe(0.05023 / 100.229885 * 1e4, 1e-6);
        found.Terms.NetBps.ShouldBe(0.35977 / 100.229885 * 1e4 - 4, 1e-6);
        found.Terms.MarginalBps.ShouldBe(15.955082, 1e-5);
        (found.Terms.GasBps, found.Terms.SlippageBps, found.Terms.ThresholdBps).ShouldBe((0, 4, 10));
    }

    [Fact]
    public void TermsOfAnEdge_AddUp()
    {
        var terms = _setting.Find()!.Terms;
        (terms.GrossBps - terms.BuyFeeBps - terms.SellFeeBps - terms.GasBps - terms.SlippageBps).ShouldBe(terms.NetBps, 1e-5);
    }

    /// <summary>At 15.96 the second 20 earn too little; at 35.88 nothing is left.</summary>
    [Theory]
    [InlineData(15.95, 100)]
    [InlineData(15.96, 80)]
    [InlineData(35.87, 80)]
    [InlineData(35.88, 0)]
    public void Threshold_BoundsTheSize(double thresholdBps, int quantity)
    {
        _setting.Parameters = new() { ThresholdBps = thresholdBps };
        (_setting.Find()?.Quantity ?? 0).ShouldBe(quantity);
    }

    /// <summary>West shows 80 within 25 bps of its mid, east 100 (1.0000, of mid 0.9995): the thinner side goes first.</summary>
    [Fact]
    public void FirstLeg_IsOnTheLessLiquidMarket()
    {
        _setting.Find()!.FirstSide.ShouldBe(Side.Sell);
        _setting.Books[0].Show("9990*5000", "10000*500 10080*500");
        _setting.Find()!.FirstSide.ShouldBe(Side.Buy);
    }

    /// <summary>A unit is worth at most 1.0050, where the sale begins: 50/1.0050 = 49.7512.</summary>
    [Theory]
    [InlineData(50, 49.7)]
    [InlineData(1000, 100)]
    public void TradeNotional_BoundsTheSize(int notional, double quantity)
    {
        _setting.Parameters = new() { TradeNotionalMax = notional, UnhedgedNotionalMax = 1000 };
        _setting.Find()!.Quantity.ShouldBe((decimal)quantity);
    }

    [Fact]
    public void UnhedgedNotional_BoundsTheSize()
    {
        _setting.Parameters = new() { TradeNotionalMax = 20, UnhedgedNotionalMax = 20 };
        // 20/1.0050 = 19.9004…
        _setting.Find()!.Quantity.ShouldBe(19.9m);
    }

    [Fact]
    public void VenueCaps_BoundBothLegs()
    {
        // 30/(1.0010·1.0002) = 29.964 for the buy; 25/1.0050 = 24.875 for the sale.
        _setting.Rooms[0] = (new(30, 1000), RouteSetting.Wide);
        _setting.Find()!.Quantity.ShouldBe(29.9m);
        _setting.Rooms[1] = (RouteSetting.Wide, new(25, 1000));
        _setting.Find()!.Quantity.ShouldBe(24.8m);
    }

    [Fact]
    public void InventoryRoom_BoundsTheLegThatGoesFirst()
    {
        _setting.Rooms[1] = (RouteSetting.Wide, new(1000, 12.34m));
        _setting.Find()!.Quantity.ShouldBe(12.3m);
        // The buy that follows brings inventory back.
        _setting.Rooms[1] = (RouteSetting.Wide, RouteSetting.Wide);
        _setting.Rooms[0] = (new(1000, 12.34m), RouteSetting.Wide);
        _setting.Find()!.Quantity.ShouldBe(100m);
    }

    [Fact]
    public void Balances_BoundBothLegs()
    {
        _setting.BaseBalances[1] = 42.07m;
        _setting.Find()!.Quantity.ShouldBe(42.0m);
        // 10 / (1.0010·1.0002·1.0005) = 9.983
        _setting.QuoteBalances[0] = 10m;
        _setting.Find()!.Quantity.ShouldBe(9.9m);
    }

    [Fact]
    public void SizeBelowTheMinimum_IsNotTraded()
    {
        _setting.BaseBalances[1] = 0.95m;
        _setting.Find().ShouldBeNull();
    }

    [Theory]
    [InlineData(TradingState.Widened)]
    [InlineData(TradingState.Reducing)]
    [InlineData(TradingState.Halted)]
    [InlineData(TradingState.Killed)]
    public void MarketThatIsNotActive_IsOut(TradingState state)
    {
        _setting.Permissions[0] = RouteSetting.Active with { State = state };
        // South asks 1.0035, above what west bids after fees.
        _setting.Find().ShouldBeNull();
    }

    [Theory]
    [InlineData(BookStatus.Crossed)]
    [InlineData(BookStatus.Gap)]
    [InlineData(BookStatus.AwaitingSnapshot)]
    public void BookThatMayNotBeBelieved_IsOut(BookStatus status)
    {
        _setting.Books[1].Status = status;
        // East's 1.0000 against south's 1.0015: 15 − 10 of fees − 4 = 1.
        _setting.Find().ShouldBeNull();
    }

    [Fact]
    public void WithoutAFairValue_NothingBegins()
    {
        _setting.FairValue = 0;
        _setting.Find().ShouldBeNull();
    }

    /// <summary>
    /// Soft limit 4 % of 250,000 = 10,000: q̂ = 0.2 at 2,000 long. West's limit 1.0028·0.9995 = 1.00229860 is 2.98 bps above 1.0020.
    /// </summary>
    [Fact]
    public void LongInventory_IsSoldWhereTheBidIsRich()
    {
        (_setting.Held, _setting.FairValue) = (2_000m, 1.0020);
        var found = _setting.Find()!;
        (found.Kind, found.FirstSide, found.Sell.Instrument.Id, found.Quantity).ShouldBe((RouteKind.Hedge, Side.Sell, RouteSetting.West, 100m));
        found.Terms.NetBps.ShouldBe((1.0028 * 0.9995 / 1.0020 - 1) * 1e4, 1e-6);
        found.Terms.BuyFeeBps.ShouldBe(0);
    }

    /// <summary>East's limit 1.0002·1.0005 = 1.0007001, below the fair value.</summary>
    [Fact]
    public void ShortInventory_IsBoughtWhereTheAskIsCheap()
    {
        (_setting.Held, _setting.FairValue) = (-1_500m, 1.0020);
        var found = _setting.Find()!;
        (found.Kind, found.FirstSide, found.Buy.Instrument.Id).ShouldBe((RouteKind.Hedge, Side.Buy, RouteSetting.East));
        found.Terms.NetBps.ShouldBe(-(1.0002 * 1.0005 / 1.0020 - 1) * 1e4, 1e-6);
    }

    [Theory]
    [InlineData(2_000, 1.0030)] // it would sell below the fair value: 1.00229860
    [InlineData(500, 1.0020)] // q̂ = 0.05 is not worth a hedge
    public void InventoryThatTheMarketDoesNotPayFor_IsLeftWhereItIs(int held, double fair)
    {
        (_setting.Held, _setting.FairValue) = (held, fair);
        _setting.Find()!.Kind.ShouldBe(RouteKind.Arbitrage);
    }

    [Fact]
    public void Hedge_IsNoLargerThanTheExcess()
    {
        _setting.Inventory = new() { CirculatingFloat = 1_000, Target = 0, Starting = 0 };
        (_setting.Held, _setting.FairValue) = (33.33m, 1.0020);
        _setting.Find()!.Quantity.ShouldBe(33.3m);
    }
}
