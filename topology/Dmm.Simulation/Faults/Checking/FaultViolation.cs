using System.Globalization;

namespace Dmm.Simulation;

/// <summary>The invariants of a fault simulation.</summary>
public enum FaultRule : byte
{
    /// <summary>The position is the sum of the fills told, each counted once; at the end, of the venues' own.</summary>
    Ledger,

    /// <summary>What may rest on a side of a venue, on its way included, is within the cap on outstanding notional.</summary>
    NotionalCap,

    /// <summary>Nothing is placed with which inventory could go beyond a hard limit, everything counted that may still trade.</summary>
    InventoryLimit,

    /// <summary>An order does not outlive its cancel by more than the bound: none rests while quoting is halted or killed.</summary>
    CancelBound,

    /// <summary>Every order ends, and the desk knows of it.</summary>
    OrderEnds,

    /// <summary>What remains of an order never rises, and it never trades more than its size.</summary>
    Remaining,

    /// <summary>Orders of others in the account are left alone.</summary>
    ForeignOrder,

    /// <summary>A client order id is given once, and bears our prefix.</summary>
    OrderId,

    /// <summary>No more orders stand on a side than the ladder has levels.</summary>
    OneOrderALevel,

    /// <summary>No order is said to have ended that may still trade.</summary>
    InventedEnd,

    /// <summary>Killed or paused, nothing is placed; a latch outlives the process.</summary>
    Latch,

    /// <summary>Over a while no more orders are placed or moved at a venue than if each refresh and each fill laid its ladder anew.</summary>
    Pace,

    /// <summary>
    /// One trade of the router at a time, and in it one order that may still trade; every order that takes at once is a leg of it, and the legs add
    /// up to what their trades say.
    /// </summary>
    RouterLegs,

    /// <summary>What is open between legs is within its limit, and no longer open than its bound; people are told of what is left.</summary>
    RouterExposure,

    /// <summary>Nothing throws.</summary>
    Fault,
}

/// <summary>An invariant that did not hold.</summary>
/// <param name="Rule">Which.</param>
/// <param name="At">When, from the start of the run.</param>
/// <param name="ClientOrderId">The order it is about; empty where it is about none.</param>
/// <param name="Text">What was found, and what was expected.</param>
public sealed record FaultViolation(FaultRule Rule, TimeSpan At, string ClientOrderId, string Text)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rule} at {At.TotalSeconds:0.000} s: {Text}");
}
