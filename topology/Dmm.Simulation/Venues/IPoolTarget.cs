using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>What traders other than us see and do at a simulated pool: without delay, at the queue's present time.</summary>
public interface IPoolTarget
{
    Instrument Instrument { get; }

    /// <summary>Reserves and fees as they stand; amounts in the smallest units, <see cref="UnitsPerToken"/> to a token.</summary>
    ITokenPool Pool { get; }

    /// <summary>Smallest units in one token, of either.</summary>
    long UnitsPerToken { get; }

    /// <summary>Swaps so much of the quote token (a buy) or of the base token (a sell), at whatever it brings.</summary>
    void Swap(Side side, BigInteger amount);
}
