using System.Text;
using System.Text.Json;

namespace Dmm.Wire.Journal;

/// <summary>The texts that stand for the values of an enum in the journal: their names in camel case.</summary>
internal static class EnumText<T>
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();
    private static readonly byte[][] Texts = [.. Values.Select(v => Encoding.UTF8.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(v.ToString())))];

    /// <exception cref="ArgumentOutOfRangeException">The value has no name.</exception>
    public static ReadOnlySpan<byte> Of(T value)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(Values[i], value)) return Texts[i];
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, $"not a {typeof(T).Name}");
    }

    public static bool TryParse(ref Utf8JsonReader json, out T value)
    {
        for (var i = 0; i < Texts.Length; i++)
        {
            value = Values[i];
            if (json.ValueTextEquals(Texts[i])) return true;
        }

        value = default;
        return false;
    }
}
