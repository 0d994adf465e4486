using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dmm.Core.QuickQuote;

/// <summary>One pass over loose telemetry that collects every fault instead of stopping at the first.</summary>
internal sealed class MarketInputReading(IReadOnlyDictionary<string, object?> telemetry)
{
    private const int ShownCharactersMax = 40;

    private readonly List<MarketInputFault> _faults = [];

    /// <exception cref="MarketInputException">The root is not a JSON object.</exception>
    public static MarketInputReading Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new MarketInputException([new("(root)", Describe(Plain(root)), "a JSON object of market inputs")]);

        var telemetry = new Dictionary<string, object?>();
        foreach (var property in root.EnumerateObject())
        {
            // Two values for one price leave no way to say which was meant, equal or not.
            if (NameOf(property) is { } name && !telemetry.TryAdd(name, Plain(property.Value)))
                telemetry[name] = new NotANumber("more than one value");
        }

        return new MarketInputReading(telemetry);
    }

    /// <summary>The value of <paramref name="field"/>; NaN, with a fault recorded, when it is refused.</summary>
    public double Take(MarketInputField field)
    {
        if (!telemetry.TryGetValue(field.Name, out var found))
            return field.Default ?? Refuse(field, "nothing");

        var given = found is JsonElement element ? Plain(element) : found;
        return ToNumber(given) is { } value && field.Range.Admits(value) ? value : Refuse(field, Describe(given));
    }

    /// <exception cref="MarketInputException">At least one input taken so far was refused.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
            throw new MarketInputException(_faults.ToArray());
    }

    private double Refuse(MarketInputField field, string given)
    {
        _faults.Add(new(field.Name, given, field.Range.Expected));
        return double.NaN;
    }

    private static double? ToNumber(object? given) => given switch
    {
        double value => value,
        float value => value,
        Half value => (double)value,
        decimal value => (double)value,
        sbyte value => value,
        byte value => value,
        short value => value,
        ushort value => value,
        int value => value,
        uint value => value,
        long value => value,
        ulong value => value,
        Int128 value => (double)value,
        UInt128 value => (double)value,
        BigInteger value => (double)value,
        string text => Parse(text),
        _ => null,
    };

    /// <summary>Digits, sign, decimal point and exponent, with blanks around them only: "1,000" is one thousand to some and one to others.</summary>
    private static double? Parse(string text) =>
        // The framework's parser passes over trailing NULs, which are a sign of a padded buffer and not of a number.
        !text.Contains('\0') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble() is var value && double.IsFinite(value) ? value : new NotANumber(Shorten(element.GetRawText())),
        JsonValueKind.String => TextOf(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        JsonValueKind.Object => new NotANumber("an object"),
        JsonValueKind.Array => new NotANumber("an array"),
        _ => new NotANumber("no JSON value"),
    };

    private static object TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Well-formed JSON may hold half a surrogate pair or broken UTF-8, which no string can carry.
            return new NotANumber("a string that is not Unicode text");
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // As in TextOf; such a key is none of ours, and unknown keys are ignored.
            return null;
        }
    }

    private static string Describe(object? given) => given switch
    {
        null => "null",
        true => "true",
        false => "false",
        NotANumber refused => refused.Description,
        string text => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Shorten(text))}\"",
        IFormattable number when ToNumber(given) is not null => Shorten(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => $"a value of type {Shorten(given.GetType().Name)}",
    };

    private static string Shorten(string text) => text.Length <= ShownCharactersMax ? text : text[..ShownCharactersMax] + "…";

    private sealed record NotANumber(string Description);
}
