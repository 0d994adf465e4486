namespace Dmm.Core.Messages;

/// <summary>
/// A swap that is on its way to a pool, priced by the pool as it stood when the swap was seen. Its money may not be there, and it may never come: it
/// makes quotes careful for a while, see <see cref="Kernels.PendingSwaps"/>.
/// </summary>
public sealed record PendingSwap : ControlMessage
{
    /// <summary>The pool.</summary>
    public required InstrumentId Instrument { get; init; }

    /// <summary>What it belongs to; a trace's end or invalidation ends all its swaps.</summary>
    public required string Trace { get; init; }

    /// <summary>Buy: the pool's price rises with it.</summary>
    public required Side Side { get; init; }

    /// <summary>How far it moves the pool's mid, bps, on either side above zero; 0 when nothing will come of it.</summary>
    public required double ImpactBps { get; init; }

    /// <summary>From then on nothing comes of it; <see cref="Timestamp.None"/> for no such time.</summary>
    public required Timestamp ValidUntil { get; init; }
}

/// <summary>A trace is over: all its swaps that were on their way were carried out, taken back or given up.</summary>
public sealed record PendingSwapGone(string Trace, string Reason) : ControlMessage;
