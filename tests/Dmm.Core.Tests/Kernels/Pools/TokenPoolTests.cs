using System.Numerics;
using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels.Pools;

public sealed class TokenPoolTests
{
    private static readonly BigInteger Token = 1_000_000_000;
    private static readonly TokenPool Pool = new(1_000_000 * Token, 10_000 * Token, new PoolFees(LpBps: 20, ProtocolBps: 10));

    [Fact]
    public void WithoutTax_TradesAreTheContracts()
    {
        var buy = Pool.Buy(100 * Token);
        (buy.Base, buy.Quote, buy.PaidOut).ShouldBe((9_871_502_405_988, 100 * Token, 9_871_502_405_988));
        var sell = buy.Pool.Sell(5_000 * Token);
        (sell.Base, sell.Quote, sell.PaidOut).ShouldBe((5_000 * Token, 50_596_085_873, 50_596_085_873));
        sell.Pool.ShouldBe(Pool with { Base = 995_118_616_210_222, Quote = 10_049_353_267_394 });
    }

    [Fact]
    public void Tax_ComesOffWhatArrivesOnEachLeg()
    {
        var taxed = Pool with { TransferTaxBps = 100 };
        var buy = taxed.Buy(100 * Token);
        (buy.Base, buy.PaidOut).ShouldBe((9_772_787_381_929, 9_871_502_405_988));
        buy.Pool.Base.ShouldBe(Pool.Buy(100 * Token).Pool.Base, "the tax is the trader's");

        var sell = taxed.Sell(5_000 * Token);
        (sell.Base, sell.Quote).ShouldBe((5_000 * Token, Pool.Sell(4_950 * Token).Quote));
        sell.Pool.Base.ShouldBe(1_004_950 * Token);
    }

    [Fact]
    public void BeforeTax_IsTheSmallestOfWhichEnoughArrives() => Gen.Select(Gen.Long[1, 1_000_000_000_000], Gen.Int[0, 100]).Sample((arriving, tax) =>
    {
        var pool = Pool with { TransferTaxBps = tax };
        var sent = pool.BeforeTax(arriving);
        pool.AfterTax(sent).ShouldBeGreaterThanOrEqualTo(arriving);
        pool.AfterTax(sent - 1).ShouldBeLessThan(arriving);
    });

    [Fact]
    public void QuoteToBuy_BringsWhatWasWantedAndOneUnitLessDoesNot() =>
        Gen.Select(Gen.Long[1, 900_000_000_000_000], Gen.Int[0, 100]).Sample((wanted, tax) =>
    {
        var pool = Pool with { TransferTaxBps = tax };
        var quote = pool.QuoteToBuy(wanted)!.Value;
        pool.Buy(quote).Base.ShouldBeGreaterThanOrEqualTo(wanted);
        if (quote > 1) pool.Buy(quote - 1).Base.ShouldBeLessThan(wanted);
    });

    [Fact]
    public void MoreThanThePoolHolds_CannotBeBought() => Pool.QuoteToBuy(Pool.Base).ShouldBeNull();

    // The last token of the largest trade costs, or brings, the limit after fee and tax.
    [Theory]
    [InlineData("0.0105", 0)]
    [InlineData("0.0105", 50)]
    [InlineData("0.0125", 100)]
    public void LargestBuy_EndsAtTheLimit(string limit, int tax)
    {
        var (pool, price) = (Pool with { TransferTaxBps = tax }, decimal.Parse(limit));
        var quote = pool.LargestBuy(price);
        LastPrice(pool.Buy(quote - Token), pool.Buy(quote)).ShouldBe(price, price * 0.0005m);
    }

    [Theory]
    [InlineData("0.0095", 0)]
    [InlineData("0.0095", 50)]
    [InlineData("0.0075", 100)]
    public void LargestSale_EndsAtTheLimit(string limit, int tax)
    {
        var (pool, price) = (Pool with { TransferTaxBps = tax }, decimal.Parse(limit));
        var amount = pool.LargestSale(price);
        LastPrice(pool.Sell(amount - 100 * Token), pool.Sell(amount)).ShouldBe(price, price * 0.0005m);
    }

    [Fact]
    public void PriceWithinTheFees_IsWorthNoTrade()
    {
        Pool.LargestBuy(0.01002m).ShouldBe(0);
        Pool.LargestSale(0.00998m).ShouldBe(0);
    }

    [Fact]
    public void FaultyPool_NamesAllFaults()
    {
        var faults = new ParameterFaults();
        new TokenPool(0, ConstantProduct.CoinsMax + 1, new(-1, 2_000), 101).CollectFaults(faults);
        faults.Faults.Count.ShouldBe(5);
    }

    private static decimal LastPrice(TokenPoolTrade before, TokenPoolTrade after) =>
        (decimal)(after.Quote - before.Quote) / (decimal)(after.Base - before.Base);
}
