using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class QuotedFillsOperator
{
    /// <summary>
    /// Executions with what only we know of them: when the filled quote was placed, and with which half-spread. Wire it before the order stage, which then
    /// still holds an order that this fill ends.
    /// | Event | Behaviour |
    /// |---|---|
    /// | fill of a live order | the fill, completed; unchanged when it says itself when it was quoted |
    /// | fill of another order | as it came |
    /// | OnError, OnCompleted | forwarded at once |
    /// </summary>
    /// <param name="fills">As venues tell them.</param>
    /// <param name="orders">The order stage's, for the live orders as they stand.</param>
    public static IObservable<Fill> QuotedFills(this IObservable<Fill> fills, StatePort<OrderStageState> orders) => fills.Select(fill =>
        !fill.QuotedAt.IsKnown && orders.Capture().Live.Find(fill.ClientOrderId) is { } order
            ? fill with { QuotedAt = order.PlacedAt, QuotedHalfSpreadBps = order.QuotedHalfSpreadBps }
            : fill);
}
