using CsCheck;
using Dmm.Ton.Tests.Cells;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Values;

public sealed class CoinsTests
{
    [Fact]
    public void AnyAmount_WrittenAsTon_IsReadExactly() =>
        CellGen.Amount.Sample(nano => Coins.Parse(Coins.FromNano(nano).ToString()).Nano.ShouldBe(nano));

    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("1", 1_000_000_000UL)]
    [InlineData("1.5", 1_500_000_000UL)]
    [InlineData("0.000000001", 1UL)]
    public void Ton_AreNanotons(string ton, ulong nano)
    {
        Coins.Parse(ton).ShouldBe((Coins)nano);
        Coins.Parse(ton).ToString().ShouldBe(ton);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e9")]
    [InlineData("1,5")]
    [InlineData("1.0000000001")]
    [InlineData("1.5.5")]
    [InlineData("1329227995784915872903807060.280344576")]
    [InlineData("99999999999999999999999999999")]
    public void OtherText_IsRefused(string ton) => Should.Throw<FormatException>(() => Coins.Parse(ton)).Message.ShouldContain("expected digits");

    [Fact]
    public void SumsAndDifferences_NeverWrap()
    {
        var most = Coins.FromNano(Coins.NanoMax);
        most.ToString().ShouldBe("1329227995784915872903807060.280344575");
        Should.Throw<OverflowException>(() => most + 1);
        Should.Throw<OverflowException>(() => Coins.Zero - 1);
        Should.Throw<OverflowException>(() => Coins.FromNano(Coins.NanoMax + 1));
        (most - most).ShouldBe(Coins.Zero);
    }
}
