using System.Globalization;
using CsCheck;
using Dmm.Core;

namespace Dmm.Wire.Tests;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData("61800.20", "0.10", 618002)]
    [InlineData("61800.2", "0.10", 618002)]
    [InlineData("61800", "0.10", 618000)]
    [InlineData("61800.2000000000000000000000", "0.10", 618002)]
    [InlineData("0.02000000", "0.00001", 2000)]
    [InlineData("0", "0.001", 0)]
    [InlineData("0.000", "0.001", 0)]
    [InlineData("1001", "1", 1001)]
    [InlineData("12.50", "0.25", 50)]
    [InlineData("000.5", "0.5", 1)]
    [InlineData("0.000000000000000001", "0.000000000000000001", 1)]
    [InlineData("9223372036854775807", "1", long.MaxValue)]
    public void TextOnTheGrid_WholeSteps(string text, string step, long steps)
    {
        DecimalText.Parse(Wires.Bytes(text), Grid(step), out var parsed).ShouldBeNull();
        parsed.ShouldBe(steps);
    }

    [Theory]
    [InlineData("61800.25", "0.10", "lies between two steps: expected a multiple of 0.1")]
    [InlineData("12.30", "0.25", "lies between two steps: expected a multiple of 0.25")]
    [InlineData("-1", "0.1", "is negative: expected a multiple of 0.1")]
    [InlineData("", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("-", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData(".5", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("5.", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("1.2.3", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("1e3", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("+1", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData(" 1", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("1,5", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("NaN", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("٣", "0.1", "is not a plain decimal: expected a multiple of 0.1")]
    [InlineData("9223372036854775808", "1", "does not fit 64 bits: expected a multiple of 1")]
    [InlineData("99999999999999999999999", "0.1", "does not fit 64 bits: expected a multiple of 0.1")]
    public void AnythingElse_RefusedWithTheGrid(string text, string step, string reason) =>
        DecimalText.Parse(Wires.Bytes(text), Grid(step), out _).ShouldBe(reason);

    [Fact]
    public void AnyDecimal_SpanReaderAgreesOrLeavesIt()
    {
        var digits = Gen.Char["0123456789.00000-eN"].Array[0, 24].Select(c => new string(c));
        var likely = Gen.Select(Gen.Long[0, 99_999_999], Gen.Int[0, 8])
            .Select((n, d) => (n / (decimal)Math.Pow(10, d)).ToString(CultureInfo.InvariantCulture));
        string[] grids = ["1", "0.1", "0.01", "0.001", "0.00001", "0.00000001", "0.5", "0.05", "0.25", "10", "0.000000000000000001"];
        Gen.Select(Gen.OneOf(digits, likely), Gen.Int[0, grids.Length - 1].Select(i => grids[i])).Sample((text, step) =>
        {
            var grid = Grid(step);
            var exact = DecimalText.Parse(Wires.Bytes(text), grid, out var expected);
            var end = new GridScale(grid).Read(Wires.Bytes(text + "\""), 0, out var read);
            if (end == text.Length)
            {
                exact.ShouldBeNull();
                read.ShouldBe(expected);
            }
        });
    }

    [Fact]
    public void UpToEighteenDigits_SpanReaderNeverLeavesIt() =>
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.Int[0, 6]).Sample((steps, decimals) =>
        {
            var grid = new DecimalGrid(new decimal(1, 0, 0, false, (byte)decimals));
            var text = grid.ToDecimal(steps).ToString(CultureInfo.InvariantCulture);
            new GridScale(grid).Read(Wires.Bytes(text), 0, out var read).ShouldBe(text.Length);
            read.ShouldBe(steps);
        });

    private static DecimalGrid Grid(string step) => new(decimal.Parse(step, CultureInfo.InvariantCulture));
}
