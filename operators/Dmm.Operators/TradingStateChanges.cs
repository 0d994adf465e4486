using System.Reactive.Linq;
using Dmm.Core.Messages;

namespace Dmm.Operators;

public static class TradingStateChangesOperator
{
    /// <summary>
    /// The asset's steps among the merged answers.
    /// | Event | Behaviour |
    /// |---|---|
    /// | status | emits its Change, if it has one; From and To are equal when only the multiplier or the withheld sides changed |
    /// | OnError | forwarded |
    /// | OnCompleted | completes |
    /// </summary>
    public static IObservable<TradingStateChange> TradingStateChanges(this IObservable<TradingStatus> statuses) =>
        statuses.Where(status => status.Change is not null).Select(status => status.Change!);
}
