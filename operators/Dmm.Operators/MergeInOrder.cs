using System.Collections.Immutable;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Dmm.Operators;

public static class MergeInOrderOperator
{
    /// <summary>
    /// The items of several streams of one engine as one stream, each at once. Unlike <c>Merge</c> it takes no lock for an item: the engine's single
    /// thread delivers one item after the other, and the sources must all be of that engine.
    /// </summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | subscribes to the sources in their order, which is the order in which they see a common cause |
    /// | item of any source | passed on |
    /// | OnError of any source | forwarded at once; the other sources are let go |
    /// | OnCompleted | once all sources have completed; at once when there is none |
    /// </remarks>
    /// <param name="sources">Fixed in number; a single one is passed through as it is.</param>
    public static IObservable<T> MergeInOrder<T>(this IEnumerable<IObservable<T>> sources)
    {
        ImmutableArray<IObservable<T>> all = [.. sources];
        if (all is [var single]) return single;
        return Observable.Create<T>(observer =>
        {
            var running = all.Length;
            if (running == 0) observer.OnCompleted();
            var subscriptions = new CompositeDisposable(all.Length);
            foreach (var source in all) subscriptions.Add(source.Subscribe(observer.OnNext, observer.OnError, Complete));
            return subscriptions;

            void Complete()
            {
                if (--running == 0) observer.OnCompleted();
            }
        });
    }
}
