using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>
/// What bounds the memory of one book. With these values a side takes 8 KiB to 1 MiB for its flat array, and at most 0.5 MiB for levels far away;
/// kept deltas take at most some 5 MiB, and only where a feed stays without a snapshot.
/// </summary>
public sealed record OrderBookLimits
{
    /// <summary>The share of the price that the flat array of a side spans: a fiftieth, 2 %.</summary>
    private const int WindowDivisor = 50;

    public static OrderBookLimits Default { get; } = new();

    /// <summary>Fewest ticks of a side's flat array, a power of two from 64.</summary>
    public int WindowTicksMin { get; init; } = 1_024;

    /// <summary>Most ticks of a side's flat array, a power of two.</summary>
    public int WindowTicksMax { get; init; } = 131_072;

    /// <summary>
    /// Levels of a side behind its flat array. Beyond it the farthest sixteenth is dropped, and the book breaks (Gap) if the touch gets there.
    /// </summary>
    public int FarLevelsMax { get; init; } = 32_768;

    /// <summary>
    /// Deltas kept while there is no snapshot to apply them to; beyond it the oldest are dropped, which shows as a gap if they are needed.
    /// </summary>
    public int KeptDeltasMax { get; init; } = 4_096;

    /// <summary>Levels of all kept deltas together.</summary>
    public int KeptLevelsMax { get; init; } = 65_536;

    /// <summary>Length of the flat array for a touch at that price: the power of two at or above 2 % of it, within the limits.</summary>
    internal int WindowTicksAt(long priceTicks) =>
        (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(priceTicks / WindowDivisor, WindowTicksMin, WindowTicksMax));
}
