using System.Numerics;
using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels.Pools;

public sealed class DedustProductTests
{
    private static readonly BigInteger Token = 1_000_000_000;
    private static readonly DedustFee Fee = new(25, 10_000);

    private static readonly Gen<BigInteger> Amount = Gen.Select(Gen.ULong, Gen.Int[0, 50], (number, shift) => ((BigInteger)number >> shift) + 1);
    private static readonly Gen<BigInteger> Reserve = Gen.Select(Gen.ULong, Gen.Int[0, 50], (number, shift) => ((BigInteger)number << shift) + 1);
    private static readonly Gen<DedustFee> AnyFee =
        Gen.Select(Gen.Int[0, 1_000], Gen.Int[0, 3], (part, power) => new DedustFee(part, 1_001 * (int)Math.Pow(10, power)));

    // By hand: 100 TON less 0.25 % are 99.75; 99.75 · 1,000,000 / (10,000 + 99.75) = 9,876.482091140869…
    [Fact]
    public void FeeComesOffTheInput_AndTheRestIsPricedByTheProduct() =>
        DedustProduct.Swap(10_000 * Token, 1_000_000 * Token, 100 * Token, Fee)
            .ShouldBe(new DedustSwapResult(9_876_482_091_140, 250_000_000, 10_100 * Token, 1_000_000 * Token - 9_876_482_091_140));

    [Fact]
    public void FeeOfAUnitsPart_IsAUnit() => DedustProduct.Swap(1_000, 1_000, 2, Fee).ShouldBe(new DedustSwapResult(0, 1, 1_002, 1_000));

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void NothingInOrInReserve_Throws(int reserveIn, int reserveOut, int amount) =>
        Should.Throw<ArgumentOutOfRangeException>(() => DedustProduct.Swap(reserveIn, reserveOut, amount, Fee));

    [Fact]
    public void Product_NeverFalls() =>
        Gen.Select(Reserve, Reserve, Amount, AnyFee).Sample((reserveIn, reserveOut, amount, fee) =>
        {
            var swap = DedustProduct.Swap(reserveIn, reserveOut, amount, fee);
            (swap.ReserveIn * swap.ReserveOut).ShouldBeGreaterThanOrEqualTo(reserveIn * reserveOut);
            swap.Out.ShouldBeLessThan(reserveOut);
        });

    [Fact]
    public void InputFor_IsTheSmallestThatGivesEnough() =>
        Gen.Select(Reserve, Reserve, Amount, AnyFee).Sample((reserveIn, reserveOut, wanted, fee) =>
        {
            if (DedustProduct.InputFor(reserveIn, reserveOut, wanted, fee) is not { } input)
            {
                DedustProduct.Swap(reserveIn, reserveOut, ConstantProduct.CoinsMax - reserveIn, fee).Out.ShouldBeLessThan(wanted);
                return;
            }

            DedustProduct.Swap(reserveIn, reserveOut, input, fee).Out.ShouldBeGreaterThanOrEqualTo(wanted);
            if (input > 1) DedustProduct.Swap(reserveIn, reserveOut, input - 1, fee).Out.ShouldBeLessThan(wanted);
        });

    [Fact]
    public void LargestInput_IsWhereTheLastUnitMeetsTheLimit() =>
        Gen.Select(Gen.Int[1, 1_000], Gen.Int[1, 1_000], Gen.Int[1, 200], AnyFee).Sample((tokensIn, tokensOut, percent, fee) =>
        {
            var (reserveIn, reserveOut) = (tokensIn * Token * Token, tokensOut * Token * Token);
            var (limitIn, limitOut) = (100 * reserveIn, percent * reserveOut);
            var input = DedustProduct.LargestInput(reserveIn, reserveOut, fee, limitIn, limitOut);
            decimal Rate(BigInteger from) => (decimal)(DedustProduct.Swap(reserveIn, reserveOut, from + Token, fee).Out
                - (from > 0 ? DedustProduct.Swap(reserveIn, reserveOut, from, fee).Out : 0)) / (decimal)Token;
            var limit = (decimal)limitOut / (decimal)limitIn;
            if (input >= Token) Rate(input - Token).ShouldBeGreaterThanOrEqualTo(limit * 0.999_999m - 2 / (decimal)Token);
            Rate(input).ShouldBeLessThanOrEqualTo(limit * 1.000_001m + 0.000_001m);
        });

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(100, 100)]
    [InlineData(1, 0)]
    public void FeeThatIsNone_IsAFault(int part, int whole)
    {
        var faults = new ParameterFaults();
        new DedustFee(part, whole).CollectFaults(faults);
        faults.Faults.ShouldNotBeEmpty();
    }
}
