using CsCheck;
using Dmm.Core.Ports;

namespace Dmm.Core.Tests.Values;

public sealed class ValueTests
{
    [Theory]
    [InlineData(61800.149999999994, 61800.15)]
    [InlineData(0.33333333333333331, 0.33333333333)]
    [InlineData(1.0, 1.0)]
    [InlineData(0.0, 0.0)]
    public void Price_IsRoundedToElevenDigits(double price, double expected) => Quantised.Price(price).ShouldBe(expected);

    [Fact]
    public void Price_IsNeverMovedByMoreThanAMillionthOfABasisPoint() =>
        Gen.Double[1e-6, 1e9].Sample(price => Math.Abs(Quantised.Price(price) / price - 1) <= 1e-10);

    [Theory]
    [InlineData(1.0000004999, 1)]
    [InlineData(-0.0000001, 0)]
    [InlineData(2.5000015, 2.500002)]
    public void Bps_IsRoundedToAMillionth(double term, double expected)
    {
        Quantised.Bps(term).ShouldBe(expected);
        double.IsNegative(Quantised.Bps(-1e-9)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0.05", 2, 5)]
    [InlineData("0.10", 1, 1)]
    [InlineData("25", 0, 25)]
    [InlineData("0.00000001", 8, 1)]
    public void Grid_KnowsItsDecimalsAndUnits(string step, int decimals, long units)
    {
        var grid = new DecimalGrid(decimal.Parse(step, System.Globalization.CultureInfo.InvariantCulture));
        (grid.Decimals, grid.Units).ShouldBe((decimals, units));
    }

    [Fact]
    public void Grid_RoundTripsEveryStepAndRefusesWhatLiesBetween() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 8], Gen.Long[-1_000_000_000, 1_000_000_000]).Sample((units, decimals, steps) =>
        {
            var step = new decimal(units, 0, 0, false, (byte)decimals);
            var grid = new DecimalGrid(step);
            grid.ToSteps(grid.ToDecimal(steps)).ShouldBe(steps);
            grid.TryToSteps(grid.ToDecimal(steps) + step / 2, out _).ShouldBeFalse();
        });

    /// <summary>A venue's exponent can make a number of which there are more steps than a decimal counts.</summary>
    [Theory]
    [InlineData("0.1")]
    [InlineData("0.00000001")]
    [InlineData("5")]
    public void Grid_ValueBeyondAllSteps_RefusedWithoutAnException(string step)
    {
        var grid = new DecimalGrid(decimal.Parse(step, System.Globalization.CultureInfo.InvariantCulture));
        foreach (var value in new[] { decimal.MaxValue, decimal.MinValue, 8_000_000_000_000_000_000_000_000_000m })
            grid.TryToSteps(value, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Grid_OfNoStepIsRefused(int step) => Should.Throw<ArgumentOutOfRangeException>(() => new DecimalGrid(step));

    [Fact]
    public void Timestamp_TextAndUnixNanosecondsAreExactToItsUnit()
    {
        var at = Timestamp.FromUnixNanoseconds(1_723_161_255_030_314_667);
        at.ToString().ShouldBe("2024-08-08T23:54:15.0303146Z");
        Timestamp.Parse(at.ToString()).ShouldBe(at);
        System.Text.Json.JsonSerializer.Deserialize<Timestamp>(System.Text.Json.JsonSerializer.Serialize(at)).ShouldBe(at);
        System.Text.Json.JsonSerializer.Deserialize<Timestamp>(System.Text.Json.JsonSerializer.Serialize(Timestamp.None)).ShouldBe(Timestamp.None);
        Should.Throw<FormatException>(() => Timestamp.Parse("yesterday")).Message.ShouldContain("'yesterday'");
    }

    [Fact]
    public void StatePort_ShowsTheOneSubscriptionAndRefusesToChooseBetweenTwo()
    {
        var port = new StatePort<int>("volatility", 7);
        port.Capture().ShouldBe(7);
        using (port.Attach(() => 8))
        {
            port.Capture().ShouldBe(8);
            using (port.Attach(() => 9)) Should.Throw<InvalidOperationException>(() => port.Capture()).Message.ShouldContain("volatility");
            port.Capture().ShouldBe(8);
        }

        port.Capture().ShouldBe(7);
    }

    [Fact]
    public void ViewPort_IsClosedUntilAttachedAndTakesOneOnly()
    {
        var view = new ViewPort<string>("ledger");
        Should.Throw<InvalidOperationException>(() => view.Value).Message.ShouldContain("ledger");
        using (view.Attach(() => "open"))
        {
            view.Value.ShouldBe("open");
            Should.Throw<InvalidOperationException>(() => view.Attach(() => "second"));
        }

        Should.Throw<InvalidOperationException>(() => view.Value);
    }
}
