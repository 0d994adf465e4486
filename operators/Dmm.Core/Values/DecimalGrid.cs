using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dmm.Core;

/// <summary>
/// An exact grid of decimal values: step = <see cref="Units"/> · 10^−<see cref="Decimals"/>. Prices are whole ticks of one grid, sizes whole lots of another.
/// </summary>
[JsonConverter(typeof(DecimalGridJsonConverter))]
public readonly record struct DecimalGrid
{
    private static readonly decimal[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(n => (decimal)Math.Pow(10, n))];

    /// <param name="step">The tick or lot, above zero, of at most 18 decimals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not above zero or has more decimals.</exception>
    public DecimalGrid(decimal step)
    {
        if (step <= 0) throw new ArgumentOutOfRangeException(nameof(step), step, "a tick or lot must be above zero");
        step = step.Canonical();
        if (step.Scale > 18) throw new ArgumentOutOfRangeException(nameof(step), step, "a tick or lot has at most 18 decimals");
        Step = step;
        Decimals = step.Scale;
        Units = (long)(step * PowersOfTen[step.Scale]);
        StepAsDouble = (double)step;
    }

    /// <summary>The step itself, in the unit of price or size.</summary>
    public decimal Step { get; }

    /// <summary>Decimals of the step: 2 for 0.05.</summary>
    public int Decimals { get; }

    /// <summary>The step in units of its last decimal: 5 for 0.05.</summary>
    public long Units { get; }

    /// <summary>The step for kernels, which compute in double.</summary>
    public double StepAsDouble { get; }

    public decimal ToDecimal(long steps) => (steps * Step).Canonical();

    public double ToDouble(long steps) => steps * StepAsDouble;

    /// <summary>Whole steps in <paramref name="value"/>; false when it does not lie on the grid or does not fit.</summary>
    public bool TryToSteps(decimal value, out long steps)
    {
        steps = 0;
        // Of a fine step there may be more than a decimal can count.
        if (Step < 1 && Math.Abs(value) > decimal.MaxValue * Step) return false;
        var ratio = value / Step;
        if (ratio != decimal.Truncate(ratio) || ratio is > long.MaxValue or < long.MinValue) return false;
        steps = (long)ratio;
        return true;
    }

    /// <exception cref="ArgumentOutOfRangeException">The value does not lie on the grid.</exception>
    public long ToSteps(decimal value) =>
        TryToSteps(value, out var steps)
            ? steps
            : throw new ArgumentOutOfRangeException(nameof(value), value, string.Create(CultureInfo.InvariantCulture, $"not a whole multiple of {Step}"));
}

/// <summary>Writes a grid as its step.</summary>
internal sealed class DecimalGridJsonConverter : JsonConverter<DecimalGrid>
{
    public override DecimalGrid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetDecimal());

    public override void Write(Utf8JsonWriter writer, DecimalGrid value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Step);
}
