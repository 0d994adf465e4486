using System.Globalization;

namespace Dmm.Core.QuickQuote;

/// <summary>The values that a market input may take.</summary>
internal sealed record MarketInputRange(string Expected, Func<double, bool> Admits)
{
    public static readonly MarketInputRange Finite = new("a finite number", double.IsFinite);
    public static readonly MarketInputRange Positive = new("a finite number above 0", value => double.IsFinite(value) && value > 0);
}

/// <summary>A market input by its telemetry name. <paramref name="Default"/> is null where the input is required.</summary>
internal sealed record MarketInputField(string Name, MarketInputRange Range, double? Default = null)
{
    /// <returns><paramref name="value"/> itself.</returns>
    /// <exception cref="MarketInputException">The value is outside the range.</exception>
    public double Check(double value) =>
        Range.Admits(value)
            ? value
            : throw new MarketInputException([new(Name, value.ToString(CultureInfo.InvariantCulture), Range.Expected)]);
}
