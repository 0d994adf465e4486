using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Jettons;

public sealed class TokenAmountTests
{
    private static readonly Gen<UInt128> Units =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[8, 127]).Select((high, low, bits) => new UInt128(high, low) >> bits);

    [Fact]
    public void AnyAmount_IsReadAsItIsWritten() => Gen.Select(Units, Gen.Int[0, TokenAmount.DecimalsMax]).Sample((units, decimals) =>
    {
        TokenAmount.TryParse(TokenAmount.Text(units, decimals), decimals, out var again).ShouldBeTrue();
        again.ShouldBe(units);
    });

    [Theory]
    [InlineData("1000.5", 9, 1_000_500_000_000)]
    [InlineData("0.000000001", 9, 1)]
    [InlineData("000.10", 9, 100_000_000)]
    [InlineData("7", 0, 7)]
    public void Tokens_AreTheirSmallestUnits(string text, int decimals, long units)
    {
        TokenAmount.TryParse(text, decimals, out var read).ShouldBeTrue();
        read.ShouldBe((UInt128)units);
    }

    [Theory]
    [InlineData("1.0000000001", 9)]
    [InlineData("1.", 9)]
    [InlineData(".5", 9)]
    [InlineData("", 9)]
    [InlineData("-1", 9)]
    [InlineData("+1", 9)]
    [InlineData(" 1", 9)]
    [InlineData("1e3", 9)]
    [InlineData("1,000", 9)]
    [InlineData("1.5", 0)]
    [InlineData("1.2.3", 9)]
    [InlineData("١", 9)]
    [InlineData("1329227995784915872903807060.280344576", 9)]
    [InlineData("99999999999999999999999999999999999999999999", 9)]
    public void TextThatIsNoSuchAmount_IsRefused(string text, int decimals) =>
        TokenAmount.TryParse(text, decimals, out _).ShouldBeFalse();

    [Fact]
    public void LargestAmountOfAMessage_IsRead()
    {
        TokenAmount.TryParse("1329227995784915872903807060.280344575", 9, out var most).ShouldBeTrue();
        most.ShouldBe(Coins.NanoMax);
    }
}
