using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Numbers as Gate writes them: the same field comes as a string here and bare there, and bare ones may have an exponent (<c>7.782e-06</c>). Exact in
/// every case.
/// </summary>
internal static class GateioNumbers
{
    private const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;

    /// <summary>An id as text, whether it is a string or a whole number.</summary>
    public static string Id(ref JsonFields fields, int field, string name)
    {
        if (fields.Fault is not null) return "";
        var raw = fields.Raw(field);
        if (raw.StartsWith("\""u8)) return fields.Text(field);
        return fields.Integer(field) is var number && fields.Fault is null
            ? number.ToString(CultureInfo.InvariantCulture)
            : Missing(ref fields, name, raw, "an id");
    }

    public static decimal Decimal(ref JsonFields fields, int field, string name)
    {
        if (fields.Fault is not null) return 0;
        var text = Unquoted(fields.Raw(field));
        if (TryDecimal(text, out var value)) return value.Canonical();
        Missing(ref fields, name, text, "a decimal");
        return 0;
    }

    /// <summary>A price in ticks, above zero.</summary>
    public static long Price(ref JsonFields fields, int field, string name, Instrument instrument)
    {
        if (fields.Fault is not null) return 0;
        var text = Unquoted(fields.Raw(field));
        if (Steps(text, instrument.Prices, out var ticks) is { } why) return Refuse(ref fields, name, "price", text, why);
        return ticks > 0 ? ticks : Refuse(ref fields, name, "price", text, $"is zero: expected {DecimalText.Expected(instrument.Prices)} above zero");
    }

    /// <summary>A size in lots.</summary>
    public static long Size(ref JsonFields fields, int field, string name, Instrument instrument)
    {
        if (fields.Fault is not null) return 0;
        var text = Unquoted(fields.Raw(field));
        return Steps(text, instrument.Sizes, out var lots) is { } why ? Refuse(ref fields, name, "size", text, why) : lots;
    }

    /// <summary>A size in lots whose sign is the side: below zero sells.</summary>
    public static long SignedSize(ref JsonFields fields, int field, string name, Instrument instrument, out Side side)
    {
        side = Side.Buy;
        if (fields.Fault is not null) return 0;
        var text = Unquoted(fields.Raw(field));
        if (text.StartsWith("-"u8))
        {
            side = Side.Sell;
            text = text[1..];
        }

        return Steps(text, instrument.Sizes, out var lots) is { } why ? Refuse(ref fields, name, "size", text, why) : lots;
    }

    /// <summary>Unix time in milliseconds or seconds, with or without decimals: which, its size tells. What lies below 100 ns is cut off.</summary>
    public static Timestamp Instant(ref JsonFields fields, int field, string name)
    {
        if (fields.Fault is not null) return Timestamp.None;
        var text = Unquoted(fields.Raw(field));
        if (TryDecimal(text, out var number) && number is > 0 and < 10_000_000_000_000m)
        {
            var milliseconds = number < 10_000_000_000m ? number * 1_000 : number;
            if (VenueClock.IsInstant((long)milliseconds))
                return new Timestamp(DateTime.UnixEpoch.Ticks + (long)(milliseconds * TimeSpan.TicksPerMillisecond));
        }

        Missing(ref fields, name, text, "Unix time in milliseconds or seconds");
        return Timestamp.None;
    }

    /// <summary>Levels as <c>["price","size"]</c> or <c>{"p":"price","s":size}</c>, appended to the buffer; gives how many.</summary>
    public static int Levels(ref JsonFields fields, int field, string name, Instrument instrument, LevelBuffer levels)
    {
        if (fields.Fault is not null) return 0;
        if (!fields.IsArray(field))
        {
            Missing(ref fields, name, fields.Raw(field), "an array of levels");
            return 0;
        }

        var array = fields.Raw(field);
        var reader = new Utf8JsonReader(array);
        reader.Read();
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (AddLevel(array[start..(int)reader.BytesConsumed], instrument, levels) is not { } fault) continue;
            fields.Fail(string.Create(CultureInfo.InvariantCulture, $"{name}[{count}] {fault}"));
            return 0;
        }

        return count;
    }

    private static string? AddLevel(ReadOnlySpan<byte> level, Instrument instrument, LevelBuffer levels)
    {
        ReadOnlySpan<byte> price = default, size = default;
        var reader = new Utf8JsonReader(level);
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        if (!isObject && reader.TokenType != JsonTokenType.StartArray)
            return "is not a level: expected [\"price\",\"size\"] or {\"p\":\"price\",\"s\":size}";
        for (var place = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject); place++)
        {
            var (isPrice, isSize) = (place == 0, place == 1);
            if (isObject)
            {
                (isPrice, isSize) = (reader.ValueTextEquals("p"u8), reader.ValueTextEquals("s"u8));
                reader.Read();
            }

            var isNumber = reader.TokenType is JsonTokenType.String or JsonTokenType.Number && !reader.ValueIsEscaped;
            if (isPrice) price = isNumber ? reader.ValueSpan : default;
            if (isSize) size = isNumber ? reader.ValueSpan : default;
            reader.Skip();
        }

        if (Steps(price, instrument.Prices, out var ticks) is { } badPrice) return $"price {DecimalText.Quote(price)} {badPrice}";
        if (ticks == 0) return $"price is zero: expected {DecimalText.Expected(instrument.Prices)} above zero";
        if (Steps(size, instrument.Sizes, out var lots) is { } badSize) return $"size {DecimalText.Quote(size)} {badSize}";
        return levels.TryAdd(new(ticks, lots)) ? null : $"brings the frame above {LevelBuffer.CountMax} levels";
    }

    private static string? Steps(ReadOnlySpan<byte> text, DecimalGrid grid, out long steps)
    {
        if (DecimalText.Parse(text, grid, out steps) is not { } why) return null;
        var hasExponent = text.ContainsAny((byte)'e', (byte)'E') && !text.StartsWith("-"u8);
        return hasExponent && TryDecimal(text, out var value) && grid.TryToSteps(value, out steps) ? null : why;
    }

    private static bool TryDecimal(ReadOnlySpan<byte> text, out decimal value) =>
        decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out value);

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> raw) => raw.Length >= 2 && raw[0] == '"' ? raw[1..^1] : raw;

    private static long Refuse(ref JsonFields fields, string name, string what, ReadOnlySpan<byte> text, string why)
    {
        fields.Fail(text.IsEmpty ? $"{name} is missing: expected a {what}" : $"{name} {what} {DecimalText.Quote(text)} {why}");
        return 0;
    }

    private static string Missing(ref JsonFields fields, string name, ReadOnlySpan<byte> text, string expected)
    {
        fields.Fail($"{name} is {(text.IsEmpty ? "missing" : DecimalText.Quote(text))}: expected {expected}");
        return "";
    }
}
