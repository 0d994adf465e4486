using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Where a value stands in a frame; of type <see cref="JsonTokenType.None"/> when the field is absent.</summary>
internal readonly record struct JsonSlice(JsonTokenType Type, int Start, int Length);

/// <summary>
/// One JSON object of a frame, read by name, in whatever order and spacing its fields come; unknown fields are passed over. The first thing that is
/// not as
/// expected is kept as <see cref="Fault"/>, and everything read after it is empty, so that a caller asks once, at the end.
/// </summary>
internal ref struct JsonFields
{
    private const int TextLengthMax = 256;

    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<string> _names;
    private readonly Span<JsonSlice> _slices;

    /// <param name="json">One JSON value: anything but an object is a fault.</param>
    /// <param name="names">The fields that are known; the other methods take a place in this list.</param>
    /// <param name="slices">Room for as many.</param>
    public JsonFields(ReadOnlySpan<byte> json, ReadOnlySpan<string> names, Span<JsonSlice> slices)
    {
        _json = json;
        _names = names;
        _slices = slices;
        slices.Clear();
        try
        {
            Locate();
        }
        catch (JsonException malformed)
        {
            Fault = $"not JSON: {malformed.Message}";
        }
    }

    /// <summary>What was not as expected, or null.</summary>
    public string? Fault { get; private set; }

    public readonly bool Has(int field) => _slices[field].Type is not (JsonTokenType.None or JsonTokenType.Null);

    public readonly bool IsArray(int field) => _slices[field].Type == JsonTokenType.StartArray;

    public readonly bool IsObject(int field) => _slices[field].Type == JsonTokenType.StartObject;

    /// <summary>The field's JSON as it stands in the frame; empty when absent.</summary>
    public readonly ReadOnlySpan<byte> Raw(int field) => _json.Slice(_slices[field].Start, _slices[field].Length);

    public void Fail(string fault) => Fault ??= fault;

    /// <summary>A string, unescaped.</summary>
    public string Text(int field)
    {
        if (Fault is not null) return "";
        if (_slices[field].Type != JsonTokenType.String) return Missing<string>(field, "a string") ?? "";
        var reader = new Utf8JsonReader(Raw(field));
        reader.Read();
        if (TryUnescape(in reader, stackalloc byte[TextLengthMax], out var text)) return Encoding.UTF8.GetString(text);
        return Missing<string>(field, "a shorter text") ?? "";
    }

    /// <summary>A whole number, bare or (as OKX writes them) as a string of digits.</summary>
    public long Integer(int field, long min = 0, long max = long.MaxValue)
    {
        if (Fault is not null) return 0;
        var raw = Raw(field);
        if (_slices[field].Type == JsonTokenType.String) raw = raw[1..^1];
        else if (_slices[field].Type != JsonTokenType.Number) return Missing<long>(field, "a whole number");
        var isNumber = long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        if (isNumber && value >= min && value <= max) return value;
        var range = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        return Missing<long>(field, range);
    }

    /// <summary>Unix time in milliseconds.</summary>
    public Timestamp Milliseconds(int field)
    {
        var milliseconds = Integer(field);
        if (Fault is not null) return Timestamp.None;
        if (VenueClock.IsInstant(milliseconds)) return Timestamp.FromUnixMilliseconds(milliseconds);
        return Missing<Timestamp>(field, "Unix time in milliseconds");
    }

    public bool Flag(int field)
    {
        if (Fault is not null) return false;
        return _slices[field].Type switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => Missing<bool>(field, "true or false"),
        };
    }

    /// <summary>A decimal as a string, plain or with an exponent, exactly; canonical.</summary>
    public decimal Decimal(int field, decimal min)
    {
        var text = Text(field);
        if (Fault is not null) return 0;
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;
        if (decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value) && value >= min) return value.Canonical();
        var least = min == decimal.MinValue ? "" : string.Create(CultureInfo.InvariantCulture, $" not below {min}");
        return Missing<decimal>(field, $"a decimal as a string{least}");
    }

    /// <summary>A price in ticks, above zero.</summary>
    public long Price(int field, Instrument instrument)
    {
        var ticks = Steps(field, "price", instrument.Prices);
        if (Fault is null && ticks == 0)
            Fail($"{Name(field)} price {Shown(field)} is zero: expected {DecimalText.Expected(instrument.Prices)} above zero");
        return ticks;
    }

    /// <summary>A size in lots.</summary>
    public long Size(int field, Instrument instrument) => Steps(field, "size", instrument.Sizes);

    /// <summary>An array of levels, each an array that begins with a price and a size as strings, appended to the buffer.</summary>
    public int Levels(int field, Instrument instrument, LevelBuffer levels)
    {
        if (Fault is not null) return 0;
        if (!IsArray(field)) return Missing<int>(field, "an array of levels");
        var reader = new Utf8JsonReader(Raw(field));
        reader.Read();
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                return Missing<int>(field, "an array of levels, each [\"price\",\"size\"]");
            reader.Read();
            if (!TrySteps(in reader, field, count, "price", instrument.Prices, out var price)) return 0;
            if (price == 0)
            {
                Refuse(field, count, "price", "0"u8, $"is zero: expected {DecimalText.Expected(instrument.Prices)} above zero");
                return 0;
            }

            reader.Read();
            if (!TrySteps(in reader, field, count, "size", instrument.Sizes, out var size)) return 0;
            if (!levels.TryAdd(new(price, size)))
            {
                Fail($"{Name(field)} brings the frame above {LevelBuffer.CountMax} levels");
                return 0;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                reader.Skip();
        }

        return count;
    }

    private void Locate()
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            Fail("expected a JSON object");
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = Find(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var type = reader.TokenType;
            reader.Skip();
            if (field < 0) continue;
            if (_slices[field].Type != JsonTokenType.None)
            {
                // Nothing behind it makes it better: what is refused need not be read.
                Fail($"{Name(field)} is given twice");
                return;
            }

            _slices[field] = new(type, start, (int)reader.BytesConsumed - start);
        }

        // Reads on to the end of the frame, so that anything behind the object is found.
        reader.Read();
    }

    private readonly int Find(ref Utf8JsonReader reader)
    {
        // Names are ASCII: another length is another name.
        var length = reader.ValueSpan.Length;
        for (var i = 0; i < _names.Length; i++)
            if ((_names[i].Length == length || reader.ValueIsEscaped) && reader.ValueTextEquals(_names[i]))
                return i;
        return -1;
    }

    private long Steps(int field, string what, DecimalGrid grid)
    {
        if (Fault is not null) return 0;
        if (_slices[field].Type != JsonTokenType.String) return Missing<long>(field, $"a {what} as a string");
        var reader = new Utf8JsonReader(Raw(field));
        reader.Read();
        return TrySteps(in reader, field, -1, what, grid, out var steps) ? steps : 0;
    }

    private bool TrySteps(in Utf8JsonReader reader, int field, int index, string what, DecimalGrid grid, out long steps)
    {
        steps = 0;
        Span<byte> scratch = stackalloc byte[TextLengthMax];
        if (reader.TokenType != JsonTokenType.String || !TryUnescape(in reader, scratch, out var text))
            return Refuse(field, index, what, reader.ValueSpan, $"is not a quoted decimal: expected {DecimalText.Expected(grid)}");
        return DecimalText.Parse(text, grid, out steps) is not { } why || Refuse(field, index, what, text, why);
    }

    /// <summary>Keeps the fault; false, so that a caller can return it.</summary>
    private bool Refuse(int field, int index, string what, scoped ReadOnlySpan<byte> text, string why)
    {
        var place = index < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{index}]");
        Fail($"{Name(field)}{place} {what} {DecimalText.Quote(text)} {why}");
        return false;
    }

    private T? Missing<T>(int field, string expected)
    {
        var found = _slices[field].Type == JsonTokenType.None ? "missing" : Shown(field);
        Fail($"{Name(field)} is {found}: expected {expected}");
        return default;
    }

    private readonly string Name(int field) => _names[field];

    private readonly string Shown(int field) => DecimalText.Quote(Raw(field).Trim((byte)'"'));

    private static bool TryUnescape(in Utf8JsonReader reader, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped) return text.Length <= TextLengthMax;
        if (text.Length > scratch.Length) return false;
        try
        {
            text = scratch[..reader.CopyString(scratch)];
            return true;
        }
        catch (InvalidOperationException)
        {
            // The escapes do not make valid UTF-16.
            return false;
        }
    }
}
