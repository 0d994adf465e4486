using System.Numerics;
using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels.Pools;

public sealed class ConstantProductTests
{
    private static readonly BigInteger Token = 1_000_000_000;
    private static readonly PoolFees Fees = new(LpBps: 20, ProtocolBps: 10);

    private static readonly Gen<BigInteger> Amount = Gen.Select(Gen.ULong, Gen.Int[0, 50], (number, shift) => ((BigInteger)number >> shift) + 1);
    private static readonly Gen<BigInteger> Reserve = Gen.Select(Gen.ULong, Gen.Int[0, 50], (number, shift) => ((BigInteger)number << shift) + 1);
    private static readonly Gen<PoolFees> AnyFees =
        Gen.Select(Gen.Int[0, 1_000], Gen.Int[0, 1_000], Gen.Int[0, 100], (lp, protocol, referral) => new PoolFees(lp, protocol, referral));

    // Both as the contracts of STON.fi v2 gave them on a TVM, one after the other: 10,000 TON and 1,000,000 DCT, then 100 TON in, then 5,000 DCT in.
    [Fact]
    public void BuyAndThenSell_GiveWhatTheContractGave()
    {
        var buy = ConstantProduct.Swap(10_000 * Token, 1_000_000 * Token, 100 * Token, Fees);
        buy.ShouldBe(new PoolSwap(9_871_502_405_988, 9_881_383_790, 0, 10_100 * Token, 990_118_616_210_222));

        var sell = ConstantProduct.Swap(buy.ReserveOut, buy.ReserveIn, 5_000 * Token, Fees);
        sell.ShouldBe(new PoolSwap(50_596_085_873, 50_646_733, 0, 995_118_616_210_222, 10_049_353_267_394));
    }

    [Fact]
    public void Referral_IsTakenOffTheOutputRoundedUp() =>
        ConstantProduct.Swap(10_000 * Token, 1_000_000 * Token, 100 * Token, Fees with { ReferralBps = 10 })
            .ShouldBe(new PoolSwap(9_861_621_022_198, 9_881_383_790, 9_881_383_790, 10_100 * Token, 990_118_616_210_222));

    [Fact]
    public void DustThatTheFeesConsume_BringsNothing() =>
        ConstantProduct.Swap(1_000, 1_000, 2, Fees).ShouldBe(new PoolSwap(0, 1, 0, 1_002, 999));

    [Fact]
    public void ReservesOfAllBits_AreExact()
    {
        var huge = BigInteger.Pow(2, 119);
        ConstantProduct.Swap(huge, huge, huge - 1, default).Out.ShouldBe((huge - 1) * huge / (2 * huge - 1));
        Should.Throw<ArgumentOutOfRangeException>(() => ConstantProduct.Swap(huge, huge, huge, default));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, -1)]
    public void NothingInOrInReserve_Throws(int reserveIn, int reserveOut, int amount) =>
        Should.Throw<ArgumentOutOfRangeException>(() => ConstantProduct.Swap(reserveIn, reserveOut, amount, Fees));

    [Fact]
    public void Product_FallsByNoMoreThanWhatTheProtocolTakes() =>
        Gen.Select(Reserve, Reserve, Amount, AnyFees).Sample((reserveIn, reserveOut, amount, fees) =>
    {
        var swap = ConstantProduct.Swap(reserveIn, reserveOut, amount, fees);
        (swap.ReserveIn * (swap.ReserveOut + swap.Protocol + swap.Referral)).ShouldBeGreaterThanOrEqualTo(reserveIn * reserveOut);
        (swap.ReserveOut + swap.Out + swap.Protocol + swap.Referral).ShouldBe(reserveOut);
    });

    [Fact]
    public void LargerInput_NeverBringsLess() =>
        Gen.Select(Reserve, Reserve, Amount, Amount, AnyFees).Sample((reserveIn, reserveOut, amount, more, fees) =>
        ConstantProduct.Swap(reserveIn, reserveOut, amount + more, fees).Out
            .ShouldBeGreaterThanOrEqualTo(ConstantProduct.Swap(reserveIn, reserveOut, amount, fees).Out));

    [Fact]
    public void InputFor_IsTheSmallestThatGivesEnough() =>
        Gen.Select(Reserve, Reserve, Amount, AnyFees).Sample((reserveIn, reserveOut, wanted, fees) =>
    {
        if (ConstantProduct.InputFor(reserveIn, reserveOut, wanted, fees) is not { } input)
        {
            ConstantProduct.Swap(reserveIn, reserveOut, ConstantProduct.CoinsMax - reserveIn, fees).Out.ShouldBeLessThan(wanted);
            return;
        }

        ConstantProduct.Swap(reserveIn, reserveOut, input, fees).Out.ShouldBeGreaterThanOrEqualTo(wanted);
        if (input > 1) ConstantProduct.Swap(reserveIn, reserveOut, input - 1, fees).Out.ShouldBeLessThan(wanted);
    });

    [Fact]
    public void LargestInput_IsWhereTheMarginalRateMeetsTheLimit() =>
        Gen.Select(Gen.Int[1, 1_000], Gen.Int[1, 1_000], Gen.Int[1, 200], AnyFees).Sample(
        (tokensIn, tokensOut, percent, fees) =>
        {
            var (reserveIn, reserveOut) = (tokensIn * Token * Token, tokensOut * Token * Token);
            var (limitIn, limitOut) = (100 * reserveIn, percent * reserveOut);
            var input = ConstantProduct.LargestInput(reserveIn, reserveOut, fees, limitIn, limitOut);

            var step = Token;
            decimal Rate(BigInteger from) => from + step <= 0 ? 0 : (decimal)(ConstantProduct.Swap(reserveIn, reserveOut, from + step, fees).Out
                - (from > 0 ? ConstantProduct.Swap(reserveIn, reserveOut, from, fees).Out : 0)) / (decimal)step;
            var limit = (decimal)limitOut / (decimal)limitIn;
            // Two outputs, each rounded to its last unit, stand behind a rate.
            if (input >= step) Rate(input - step).ShouldBeGreaterThanOrEqualTo(limit * 0.999_999m - 2 / (decimal)step);
            Rate(input).ShouldBeLessThanOrEqualTo(limit * 1.000_001m + 0.000_001m);
        });
}
