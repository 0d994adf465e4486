using System.Collections.Immutable;
using System.Reactive.Linq;

namespace Dmm.Operators;

public static class EachItemOperator
{
    /// <summary>The items of each array, one by one and within its call; unlike <c>SelectMany</c> without an allocation.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | array | each of its items in order; nothing for an empty one |
    /// | OnError, OnCompleted | forwarded |
    /// | disposal within an item | the rest of its array is not delivered |
    /// </remarks>
    public static IObservable<T> EachItem<T>(this IObservable<ImmutableArray<T>> arrays) => Observable.Create<T>(observer =>
        arrays.Subscribe(
            array =>
            {
                foreach (var item in array) observer.OnNext(item);
            },
            observer.OnError,
            observer.OnCompleted));
}
