using System.Collections.Immutable;

namespace Dmm.Core.Kernels;

/// <summary>What a control can be about, besides an instrument (by <see cref="Instrument.Name"/>) and a venue (by its name).</summary>
public static class BreakerSubjects
{
    /// <summary>Everything the engine trades.</summary>
    public const string Asset = "asset";

    /// <summary>The long limit: withholds buys.</summary>
    public const string Long = "long";

    /// <summary>The short limit: withholds sells.</summary>
    public const string Short = "short";

    /// <summary>The rate that turns that asset into the numeraire.</summary>
    public static string Reference(string asset) => $"{asset} reference rate";

    /// <summary>Quote assets that need a reference rate, in ordinal order.</summary>
    public static ImmutableArray<string> ReferenceAssets(InstrumentCatalog instruments, ImmutableArray<string> numeraireAssets) =>
        [.. instruments.All.Select(i => i.QuoteAsset).Where(asset => !numeraireAssets.Contains(asset)).Distinct().Order(StringComparer.Ordinal)];
}
