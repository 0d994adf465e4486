using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>The 2,048 English words that mnemonics are made of (BIP 39's list).</summary>
public static class MnemonicWords
{
    public static readonly ImmutableArray<string> All = Load();

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string word) => Known.Contains(word);

    private static ImmutableArray<string> Load()
    {
        using var stream = typeof(MnemonicWords).Assembly.GetManifestResourceStream("Dmm.Wire.Ton.english.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
