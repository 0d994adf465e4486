using System.Numerics;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels.Routing;

public sealed class RoutePoolTests
{
    private static readonly BigInteger Nano = new(1_000_000_000);

    private readonly RouteSetting _setting = new();

    public RoutePoolTests()
    {
        _setting.Instruments = _setting.Instruments.SetItem(0, RouteSetting.Market(0, "pool", isPool: true) with { Prices = new(0.000001m) });
        _setting.Pool = new();
        _setting.Gas = 0.06m;
        _setting.Books[2].Status = BookStatus.Gap;
    }

    [Theory]
    [InlineData(200_000, 200_000)]
    [InlineData(50_000, 17_000)]
    [InlineData(1_000_000, 3_100_000)]
    public void Reserves_AreFoundInTheCurve(long held, long money)
    {
        Curve(held, money);
        var pool = PoolCurve.Behind(_setting.Books[0], _setting.Instruments[0], _setting.Pool!)!.Value;
        ((double)pool.Base / 1e9).ShouldBe(held, held * 3e-3);
        ((double)pool.Quote / (double)pool.Base).ShouldBe((double)money / held, (double)money / held * 1e-5);
    }

    /// <summary>
    /// A pool of 200,000 against 198,000: mid 0.99. What it really charges lies within a tenth of a basis point of what the curve says.
    /// </summary>
    [Fact]
    public void PriceOfASwap_IsThatOfThePoolItself()
    {
        Curve(200_000, 198_000);
        var real = new TokenPool(200_000 * Nano, 198_000 * Nano, new(20, 10));
        var found = PoolCurve.Behind(_setting.Books[0], _setting.Instruments[0], _setting.Pool!)!.Value;
        ((double)PoolCurve.CostOf(found, 150m)! / ((double)real.QuoteToBuy(150 * Nano)! / 1e9)).ShouldBe(1, 1e-5);
        ((double)PoolCurve.ProceedsOf(found, 150m) / ((double)real.Sell(150 * Nano).Quote / 1e9)).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Pool_GoesFirstAtItsPriceWithFeesTaxAndGas()
    {
        Curve(200_000, 198_000);
        var found = _setting.Find()!;
        (found.FirstSide, found.Buy.Instrument.IsPool).ShouldBe((Side.Buy, true));
        var real = new TokenPool(200_000 * Nano, 198_000 * Nano, new(20, 10));
        var cost = (decimal)real.QuoteToBuy(new BigInteger(found.Quantity * 1_000_000_000m))!.Value / 1_000_000_000m + 0.06m;
        var limit = _setting.Instruments[0].Prices.ToDecimal(found.BuyTicks);
        // The whole swap with gas fits its limit, which lets 2 bps of slippage in.
        (limit * found.Quantity / cost).ShouldBeInRange(1.0001m, 1.00021m);
        found.Terms.GasBps.ShouldBe(0.06 / (double)(found.Quantity * 0.998m) * 1e4, 0.05);
    }

    /// <summary>0.06 of gas on the 80 that west bids for at 1.0050 is 7.5 bps; 6 is 750.</summary>
    [Fact]
    public void GasThatEatsTheEdge_LeavesNothing()
    {
        Curve(200_000, 198_000);
        _setting.Gas = 6m;
        _setting.Find().ShouldBeNull();
    }

    [Fact]
    public void PoolOfUnknownCosts_IsOut()
    {
        Curve(200_000, 198_000);
        _setting.Pool = null;
        _setting.Find().ShouldBeNull();
    }

    [Fact]
    public void TransferTax_RaisesTheFee()
    {
        Curve(200_000, 198_000);
        var before = _setting.Find()!.Terms.BuyFeeBps;
        _setting.Pool = new() { TransferTaxBps = 20 };
        (_setting.Find()!.Terms.BuyFeeBps - before).ShouldBe(20, 0.2);
    }

    /// <summary>Ten levels to either side, 10 bps apart: √k·|1/√p − 1/√p′| each, in whole lots.</summary>
    private void Curve(long held, long money)
    {
        var (mid, root) = ((double)money / held, Math.Sqrt((double)held * money));
        foreach (var side in (Side[])[Side.Buy, Side.Sell])
        {
            var levels = side == Side.Buy ? _setting.Books[0].Bids : _setting.Books[0].Asks;
            levels.Clear();
            var price = mid;
            for (var i = 1; i <= 10; i++)
            {
                var ticks = (long)Math.Round(mid * (1 - side.Sign() * i * 1e-3) / 0.000001);
                var next = ticks * 0.000001;
                levels.Add(new(ticks, (long)(root * Math.Abs(1 / Math.Sqrt(next) - 1 / Math.Sqrt(price)) / 0.1)));
                price = next;
            }
        }
    }
}
