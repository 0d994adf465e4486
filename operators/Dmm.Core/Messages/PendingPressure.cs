namespace Dmm.Core.Messages;

/// <summary>How far the swaps on their way may move a pool, bps of its mid; both are 0 at rest.</summary>
/// <param name="Instrument">The pool.</param>
/// <param name="UpBps">By buys: what an ask should keep off beside its own spread.</param>
/// <param name="DownBps">By sells: likewise a bid.</param>
public readonly record struct PendingPressure(InstrumentId Instrument, double UpBps, double DownBps);
