using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>The last top that was let through.</summary>
public readonly record struct TopChangeState
{
    public bool HasTop { get; init; }

    public BookStatus Status { get; init; }

    public BookLevel Bid { get; init; }

    public BookLevel Ask { get; init; }
}

/// <summary>Tells a top that differs in bid, ask or status from one that only moved its id and time on.</summary>
public static class TopChange
{
    /// <param name="state">The last top let through.</param>
    /// <param name="top">The next one.</param>
    /// <param name="isChange">It differs, or is the first.</param>
    public static TopChangeState Step(in TopChangeState state, in BookTop top, out bool isChange)
    {
        var next = new TopChangeState { HasTop = true, Status = top.Status, Bid = top.Bid, Ask = top.Ask };
        isChange = next != state;
        return next;
    }
}
