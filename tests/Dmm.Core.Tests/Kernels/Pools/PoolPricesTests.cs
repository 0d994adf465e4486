using System.Numerics;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels.Pools;

public class PoolPricesTests
{
    private const long Nano = 1_000_000_000;

    private static readonly Instrument Instrument = new()
    {
        Id = new(0), Venue = "stonfi", Symbol = "DCT-TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ChecksumOnly, Prices = new(0.00001m), Sizes = new(0.1m), IsPool = true,
    };

    // 1,000,000 DCT against 10,000 TON.
    private static readonly TokenPool StonFi = new(1_000_000 * (BigInteger)Nano, 10_000 * (BigInteger)Nano, new(20, 10));
    private static readonly DedustTokenPool Dedust = new(1_000_000 * (BigInteger)Nano, 10_000 * (BigInteger)Nano, new(25, 10_000));

    [Fact]
    public void Sizes_HaveThePriceThatThePoolTakesForThem()
    {
        // As on the virtual machine: after 100 TON were swapped, 5000 DCT bring 50.596085873 TON.
        var after = StonFi.Buy(100 * (BigInteger)Nano).Pool;
        PoolPrices.Bid(after, Instrument, 50_000, Nano).ShouldBe(50.596085873m / 5_000);
        var cost = StonFi.QuoteToBuy(5_000 * (BigInteger)Nano)!.Value;
        PoolPrices.Ask(StonFi, Instrument, 50_000, Nano).ShouldBe((decimal)cost / Nano / 5_000);
    }

    [Fact]
    public void WhatThePoolHasNot_HasNoPrice()
    {
        PoolPrices.Ask(StonFi, Instrument, 10_000_000, Nano).ShouldBeNull();
        PoolPrices.Ask(Dedust, Instrument, 10_000_000, Nano).ShouldBeNull();
        PoolPrices.Bid(StonFi with { Base = ConstantProduct.CoinsMax }, Instrument, 1, Nano).ShouldBeNull();
    }

    [Fact]
    public void AnySize_CostsMoreThanTheMid_AndMoreTheLargerItIs() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 1_000_000], Gen.Int[0, 100]).Sample((one, other, tax) =>
        {
            var (small, large) = (Math.Min(one, other), Math.Max(one, other));
            Check(StonFi with { TransferTaxBps = tax });
            Check(Dedust with { TransferTaxBps = tax });

            void Check<TPool>(TPool pool)
                where TPool : struct, ITokenPool
            {
                var (askSmall, askLarge) = (PoolPrices.Ask(pool, Instrument, small, Nano)!.Value, PoolPrices.Ask(pool, Instrument, large, Nano)!.Value);
                var (bidSmall, bidLarge) = (PoolPrices.Bid(pool, Instrument, small, Nano)!.Value, PoolPrices.Bid(pool, Instrument, large, Nano)!.Value);
                const decimal mid = 0.01m;
                // One smallest unit of rounding, over the smallest size.
                var rounding = 2m / Nano / (small * 0.1m);
                askLarge.ShouldBeGreaterThanOrEqualTo(askSmall - rounding);
                bidLarge.ShouldBeLessThanOrEqualTo(bidSmall + rounding);
                askSmall.ShouldBeGreaterThan(mid);
                bidSmall.ShouldBeLessThan(mid);
            }
        });

    [Fact]
    public void AskOfASize_IsTheLeastThatBringsIt() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, 100]).Sample((lots, tax) =>
        {
            Check(StonFi with { TransferTaxBps = tax });
            Check(Dedust with { TransferTaxBps = tax });

            void Check<TPool>(TPool pool)
                where TPool : struct, ITokenPool
            {
                var size = (BigInteger)lots * Nano / 10;
                var cost = pool.QuoteToBuy(size)!.Value;
                pool.Move(Side.Buy, cost).Base.ShouldBeGreaterThanOrEqualTo(size);
                pool.Move(Side.Buy, cost - 1).Base.ShouldBeLessThan(size);
            }
        });

    [Fact]
    public void Impact_IsHowFarTheReservesMove()
    {
        // 100 TON into 10,000: √-law, (1.01)² ≈ 2 %, less what the protocol takes out.
        PoolPrices.ImpactBps(StonFi, Side.Buy, 100 * (BigInteger)Nano, 0).ShouldBe(200.7, 0.5);
        PoolPrices.ImpactBps(Dedust, Side.Buy, 100 * (BigInteger)Nano, 0).ShouldBe(200.7, 0.5);
        PoolPrices.ImpactBps(StonFi, Side.Sell, 10_000 * (BigInteger)Nano, 0).ShouldBe(196.6, 0.7);
    }

    [Fact]
    public void SwapThatWillNotHappen_HasNoImpact()
    {
        var paid = StonFi.Buy(100 * (BigInteger)Nano).PaidOut;
        PoolPrices.ImpactBps(StonFi, Side.Buy, 100 * (BigInteger)Nano, paid).ShouldBeGreaterThan(0);
        PoolPrices.ImpactBps(StonFi, Side.Buy, 100 * (BigInteger)Nano, paid + 1).ShouldBe(0);
        PoolPrices.ImpactBps(StonFi, Side.Buy, 0, 0).ShouldBe(0);
        PoolPrices.ImpactBps(StonFi, Side.Buy, ConstantProduct.CoinsMax, 0).ShouldBe(0);
    }

    [Fact]
    public void AnyAmount_HasAFiniteImpact() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Bool, Gen.ULong).Sample((high, low, isBuy, least) =>
        {
            var amount = ((BigInteger)(high >> 8) << 64) + low;
            foreach (var impact in new[]
            {
                PoolPrices.ImpactBps(StonFi, isBuy ? Side.Buy : Side.Sell, amount, least),
                PoolPrices.ImpactBps(Dedust, isBuy ? Side.Buy : Side.Sell, amount, least),
            })
            {
                double.IsFinite(impact).ShouldBeTrue();
                impact.ShouldBeGreaterThanOrEqualTo(0);
            }
        });

    [Fact]
    public void Book_OfEitherExchange_IsTheSame_AndGivesTheReservesAgain()
    {
        var (one, other) = (Book(StonFi), Book(Dedust));
        one.Levels.ToArray().ShouldBe(other.Levels.ToArray());
        (one.BidCount, one.Asks.Length, one.IsSnapshot, one.LastUpdateId, one.PreviousUpdateId).ShouldBe((10, 10, true, 7, -1));
        // Mid 0.01; √k = 100,000; 10⁵·(1/√0.00999 − 1/√0.01) = 500.37 DCT, and 499.62 on the other side.
        (one.Bids[0], one.Asks[0]).ShouldBe((new BookLevel(999, 5003), new BookLevel(1001, 4996)));

        static BookUpdate Book<TPool>(TPool pool)
            where TPool : struct, ITokenPool => PoolBook.Snapshot(pool, Instrument, Nano, 7, new(1), new(2));
    }
}
