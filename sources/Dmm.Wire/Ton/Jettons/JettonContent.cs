using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dmm.Wire.Ton;

/// <summary>What a jetton's minter tells people of it on the chain itself.</summary>
/// <param name="Symbol">Null where the chain does not tell it: anybody may use any, so it names and proves nothing.</param>
/// <param name="Decimals">Of a token's smallest unit; null where the chain does not tell them.</param>
/// <remarks>Source: TEP-64, token data standard.</remarks>
public sealed record JettonContent(string? Symbol, int? Decimals)
{
    /// <summary>Of a jetton whose content is on the chain and does not name them; TON has as many.</summary>
    public const int DecimalsOrdinary = 9;

    private const int OnChain = 0, OffChain = 1, Snake = 0, KeyBits = 256, EntriesMax = 64, DecimalsMax = 255;

    /// <summary>Reads content in either layout; what lies behind a link is not fetched.</summary>
    internal static JettonContent Load(CellSlice slice)
    {
        var layout = slice.LoadUInt(8);
        if (layout == OffChain) return new(null, null);
        if (layout != OnChain) throw slice.Fault($"content of the layout {layout}: expected 0 (on the chain) or 1 (elsewhere)");
        var entries = slice.LoadOptRef() is { } root ? Hashmap.Read(root, KeyBits, EntriesMax) : [];
        var decimals = Text(entries, "decimals") is { } text ? DecimalsOf(slice, text)
            // What is not here may stand behind the link.
            : Entry(entries, "uri") is null ? DecimalsOrdinary : (int?)null;
        return new(Text(entries, "symbol"), decimals);
    }

    private static int DecimalsOf(CellSlice slice, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var decimals) && decimals <= DecimalsMax
            ? decimals
            : throw slice.Fault($"decimals '{(text.Length > 16 ? text[..16] : text)}': expected 0 to {DecimalsMax}");

    private static CellSlice? Entry(List<HashmapEntry> entries, string name)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        foreach (var entry in entries)
            if (entry.Key.AsSpan().SequenceEqual(key)) return entry.Value;
        return null;
    }

    /// <summary>Null where it is absent, or in chunks, which none of these short texts needs.</summary>
    private static string? Text(List<HashmapEntry> entries, string name)
    {
        if (Entry(entries, name) is not { } value) return null;
        // By the standard in a cell of its own; some minters write it into the leaf.
        var text = value is { BitsLeft: 0, RefsLeft: 1 } ? value.LoadRef().Parse() : value;
        return text.LoadUInt(8) == Snake ? SnakeText.Load(text) : null;
    }
}
