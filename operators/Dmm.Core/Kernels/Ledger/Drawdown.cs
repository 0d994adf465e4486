namespace Dmm.Core.Kernels;

/// <summary>Where the profit of a trading session stands against its peak. The default is a ledger before its first fill.</summary>
/// <param name="SessionStart">Midnight UTC; <see cref="Timestamp.None"/> before the first value.</param>
/// <param name="Peak">Highest profit of the session.</param>
/// <param name="Latest">Profit at the last value.</param>
/// <param name="Deepest">Largest fall from a peak within the session.</param>
public readonly record struct DrawdownState(Timestamp SessionStart, decimal Peak, decimal Latest, decimal Deepest)
{
    /// <summary>The fall from the peak that stands, at or above zero.</summary>
    public decimal Current => Peak - Latest;
}

/// <summary>
/// Fall of the order-flow profit from its peak, per trading session (a UTC day by event time). A session begins where the one before ended, so that a
/// loss over midnight counts in the new one. Only the date ends a session: a restart continues it, and a value with an earlier date belongs to the
/// present one.
/// </summary>
public static class Drawdown
{
    public static DrawdownState Step(in DrawdownState state, Timestamp at, decimal orderFlow)
    {
        var session = new Timestamp(at.Ticks - at.Ticks % TimeSpan.TicksPerDay);
        var before = session > state.SessionStart ? new(session, state.Latest, state.Latest, Deepest: 0) : state;
        var peak = Math.Max(before.Peak, orderFlow);
        return before with { Peak = peak, Latest = orderFlow, Deepest = Math.Max(before.Deepest, peak - orderFlow) };
    }

    /// <summary>
    /// A person has reset the guard: the peak is counted from the present profit on. The deepest fall of the session stays on record.
    /// </summary>
    public static DrawdownState Rebase(in DrawdownState state) => state with { Peak = state.Latest };
}
