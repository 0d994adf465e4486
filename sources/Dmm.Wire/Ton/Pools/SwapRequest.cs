using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Wire.Ton;

/// <summary>
/// A swap that somebody has asked for and no pool has carried out yet. What strangers ask for need not happen: their money may not be there, and
/// what looks like a jetton's transfer may do nothing. It may make us careful, never bold.
/// </summary>
/// <param name="Side">Buy: base for quote.</param>
/// <param name="Amount">Smallest units of what is paid.</param>
/// <param name="LeastOut">What the pool must pay, or the input goes back.</param>
/// <param name="Deadline">Unix time in seconds; 0 for none.</param>
/// <param name="HasArrived">The amount is what reached the exchange: a transfer tax is off it already.</param>
public readonly record struct SwapRequest(Side Side, UInt128 Amount, UInt128 LeastOut, ulong Deadline, bool HasArrived)
{
    // The last second that fits; what is later is as good as never.
    private const ulong DeadlineMax = 253_402_300_799;

    /// <summary>What it would do to the pool as that stands; an impact of 0 says that nothing will come of it.</summary>
    /// <param name="instrument">The pool's.</param>
    /// <param name="trace">Names what it belongs to.</param>
    /// <param name="pool">As last heard of.</param>
    public PendingSwap Priced(InstrumentId instrument, string trace, TokenPool pool) =>
        Priced(instrument, trace, PoolPrices.ImpactBps(HasArrived ? pool with { TransferTaxBps = 0 } : pool, Side, Amount, LeastOut));

    /// <inheritdoc cref="Priced(InstrumentId, string, TokenPool)"/>
    public PendingSwap Priced(InstrumentId instrument, string trace, DedustTokenPool pool) =>
        Priced(instrument, trace, PoolPrices.ImpactBps(HasArrived ? pool with { TransferTaxBps = 0 } : pool, Side, Amount, LeastOut));

    private PendingSwap Priced(InstrumentId instrument, string trace, double impactBps) => new()
    {
        Instrument = instrument, Trace = trace, Side = Side, ImpactBps = impactBps,
        ValidUntil = Deadline is 0 or > DeadlineMax ? Timestamp.None : Timestamp.FromUnixMilliseconds((long)Deadline * 1_000),
    };
}
