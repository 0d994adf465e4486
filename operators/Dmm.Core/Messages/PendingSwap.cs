namespace Dmm.Core.Messages;

/// <summary>A swap that is on its way to a pool, priced by the pool as it stood when the swap was seen.</summary>
public readonly record struct PendingSwap
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

/// <summary>What is heard of swaps on their way: one was seen, or a trace is over.</summary>
public readonly record struct PendingSwapNews
{
    private PendingSwapNews(PendingSwap? seen, string? gone) => (Seen, Gone) = (seen, gone);

    public PendingSwap? Seen { get; }

    /// <summary>The trace that was carried out, taken back or given up.</summary>
    public string? Gone { get; }

    public static PendingSwapNews OfSwap(in PendingSwap swap) => new(swap, null);

    public static PendingSwapNews OfTraceGone(string trace) => new(null, trace);
}

/// <summary>How far the swaps on their way may move a pool, bps of its mid; both are 0 at rest.</summary>
/// <param name="Instrument">The pool.</param>
/// <param name="UpBps">By buys: what an ask there should keep off beside its own spread.</param>
/// <param name="DownBps">By sells: likewise a bid.</param>
public readonly record struct PendingPressure(InstrumentId Instrument, double UpBps, double DownBps);
