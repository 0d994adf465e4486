using Dmm.Core;

namespace Dmm.Pipeline.Running;

/// <summary>A market of a desk, as its venue lists it.</summary>
/// <param name="Instrument">With its grids and limits; its id is its place in the catalogue once that is made.</param>
/// <param name="MakerFeeBps">A rebate is negative.</param>
/// <param name="TakerFeeBps">Of notional.</param>
/// <param name="IsQuoted">False for one that is priced from alone.</param>
/// <param name="Ages">How old its book may be where nothing else is set; null for what holds for streams.</param>
/// <param name="Pool">What a pool keeps of a swap, where nothing else is set; null for every other market.</param>
internal sealed record ListedMarket(
    Instrument Instrument, double MakerFeeBps, double TakerFeeBps, bool IsQuoted = true, AgeLimits? Ages = null, PoolCosts? Pool = null);
