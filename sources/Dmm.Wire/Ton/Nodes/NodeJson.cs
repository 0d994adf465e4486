using System.Globalization;
using System.Text.Json;

namespace Dmm.Wire.Ton;

/// <summary>Members of a provider's reply. What is required and missing is named; what is not known is passed over.</summary>
internal static class NodeJson
{
    // A trace told as a tree is two levels deeper with each message that follows another.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_024 };

    /// <exception cref="FormatException">Missing, or null.</exception>
    public static JsonElement Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw new FormatException($"'{name}' is missing");

    public static JsonElement? Optional(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string Text(this JsonElement json, string name) => json.Member(name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw new FormatException($"'{name}' is no text");

    public static bool Flag(this JsonElement json, string name) => json.Optional(name)?.ValueKind == JsonValueKind.True;

    /// <summary>A whole number, written as one or as text: providers do both.</summary>
    public static UInt128 Number(this JsonElement json, string name) =>
        UInt128.TryParse(json.Digits(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{name}' is no whole number");

    /// <summary>A whole number that may be below zero.</summary>
    public static long Signed(this JsonElement json, string name) =>
        long.TryParse(json.Digits(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{name}' is no whole number");

    public static uint Seconds(this JsonElement json, string name) => json.Number(name) is var number && number > 0 && number <= uint.MaxValue
        ? (uint)number
        : throw new FormatException($"'{name}' is no time in seconds");

    public static Coins Coin(this JsonElement json, string name) => json.Optional(name) is null ? Coins.Zero : Coins.FromNano(json.Number(name));

    public static Address? MaybeAddress(this JsonElement json, string name) => json.Optional(name) is null ? null : json.At(name);

    public static Address At(this JsonElement json, string name) =>
        Address.TryParse(json.Text(name), out var address, out _, out var fault) ? address! : throw new FormatException($"'{name}': {fault}");

    public static Hash256 HashOf(this JsonElement json, string name)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Bytes];
        return Convert.TryFromBase64String(json.Text(name), bytes, out var length) && length == Hash256.Bytes
            ? new(bytes)
            : throw new FormatException($"'{name}' is no hash in base64");
    }

    /// <summary>A hash in hexadecimal.</summary>
    public static Hash256 HexHash(this JsonElement json, string name) => Hash256.FromHex(json.Text(name));

    /// <summary>A bag of cells in hexadecimal.</summary>
    public static Cell HexBag(this JsonElement json, string name) => BagOfCells.DeserializeOne(Convert.FromHexString(json.Text(name)));

    public static Cell Bag(this JsonElement json, string name) =>
        BagOfCells.DeserializeOne(json.Member(name).TryGetBytesFromBase64(out var bytes) ? bytes
            : throw new FormatException($"'{name}' is no base64"));

    /// <summary>Reads a reply; <paramref name="fault"/> says what is wrong with it. No exception leaves.</summary>
    public static bool TryRead<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read, out T? value, out string fault)
    {
        (value, fault) = (default, "");
        try
        {
            using var json = JsonDocument.Parse(body, Deep);
            value = read(json.RootElement);
            return true;
        }
        catch (Exception foreign) when (foreign is JsonException or FormatException or CellException or OverflowException
            or InvalidOperationException)
        {
            fault = foreign.Message;
            return false;
        }
    }

    private static string? Digits(this JsonElement json, string name) => json.Member(name) is var value && value.ValueKind == JsonValueKind.String
        ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
}
