using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks.Archive;

/// <summary>How values stand in an archive: exact decimals and instants as text, whatever the culture.</summary>
internal static class ArchiveText
{
    public static string Of(decimal value) => value.Canonical().ToString(CultureInfo.InvariantCulture);

    public static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 with seven decimals, which sorts by time; null for an instant that is not known.</summary>
    public static string? Of(Timestamp at) => at.IsKnown ? at.ToString() : null;

    public static Timestamp Instant(string? text) => text is null ? Timestamp.None : Timestamp.Parse(text);

    /// <summary>The name in the code in camel case, as in the journal.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static T Enum<T>(string text)
        where T : struct, Enum => System.Enum.Parse<T>(text, ignoreCase: true);

    /// <summary>A JSON object of exact decimals as text, by asset: <c>{"TON":"0.06"}</c>.</summary>
    public static string Of(ImmutableArray<AssetAmount> amounts) =>
        $"{{{string.Join(',', amounts.Select(a => $"\"{JsonEncodedText.Encode(a.Asset)}\":\"{Of(a.Amount)}\""))}}}";
}
