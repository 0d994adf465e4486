using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class TopChangesOperator
{
    /// <summary>Those tops that differ from the last one emitted in bid, ask (price or size) or status.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | first top | emits |
    /// | top | emits when it differs; one that only moves update id and time on is dropped, so ages are judged upstream of here |
    /// | OnError, OnCompleted | forwarded |
    /// </remarks>
    /// <param name="tops">Tops of one instrument.</param>
    /// <param name="state">The last top emitted, so that a restored run does not repeat it.</param>
    public static IObservable<BookTop> TopChanges(this IObservable<BookTop> tops, StatePort<TopChangeState> state) =>
        Observable.Create<BookTop>(observer =>
        {
            var last = state.Initial;
            var attachment = state.Attach(() => last);
            var subscription = tops.Subscribe(
                top =>
                {
                    last = TopChange.Step(last, top, out var isChange);
                    if (isChange) observer.OnNext(top);
                },
                observer.OnError,
                observer.OnCompleted);
            return StableCompositeDisposable.Create(subscription, attachment);
        });
}
