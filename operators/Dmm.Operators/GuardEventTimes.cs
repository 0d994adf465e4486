using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class GuardEventTimesOperator
{
    /// <summary>Every message with the judgement of <see cref="EventTimeGuard"/> on its event time.</summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | message | emits it: accepted; or refused with the reason, when its time lies too far ahead or, in a stream ordered by time, runs backwards |
    /// | clock offset of this venue | holds for what comes after; those of other venues are passed over |
    /// | OnError | forwarded from either |
    /// | OnCompleted | of the messages: completes; of the offsets: the last one holds |
    /// </remarks>
    /// <param name="messages">Messages of one stream of the venue.</param>
    /// <param name="venue">Name of the venue, as in <see cref="ClockOffset"/>.</param>
    /// <param name="order">What puts the stream in order.</param>
    /// <param name="eventTime">Exchange time of a message.</param>
    /// <param name="name">Names a message in a refusal.</param>
    /// <param name="offsets">Estimates of how far venues' clocks run ahead.</param>
    /// <param name="parameters">The parameters in force; <see cref="BreakerParameters.EventTimeAhead"/> is read at each message.</param>
    /// <param name="state">Where the guard starts from, and is read.</param>
    /// <param name="scheduler">The engine's clock.</param>
    public static IObservable<Guarded<T>> GuardEventTimes<T>(
        this IObservable<T> messages, string venue, EventOrder order, Func<T, Timestamp> eventTime, Func<T, string> name,
        IObservable<ClockOffset> offsets, Func<BreakerParameters> parameters, StatePort<EventTimeState> state, IScheduler scheduler) =>
        Observable.Create<Guarded<T>>(observer =>
        {
            var current = state.Initial;
            var attachment = state.Attach(() => current);
            var offsetSubscription = offsets.Where(offset => offset.Venue == venue)
                .Subscribe(offset => current = current with { Offset = offset.Offset }, observer.OnError, () => { });
            var subscription = messages.Subscribe(
                message =>
                {
                    var (before, at, now, aheadMax) = (current, eventTime(message), Timestamp.From(scheduler.Now), parameters().EventTimeAhead);
                    current = EventTimeGuard.Step(before, at, now, order, aheadMax, out var verdict);
                    var refusal = verdict is EventTimeVerdict.InOrder or EventTimeVerdict.Backwards
                        ? null
                        : EventTimeGuard.Explain(before, verdict, at, now, aheadMax, venue, name(message));
                    observer.OnNext(new(message, refusal, IsMissing: verdict == EventTimeVerdict.Ahead));
                },
                observer.OnError,
                observer.OnCompleted);
            return StableCompositeDisposable.Create(attachment, offsetSubscription, subscription);
        });

    /// <summary>As above, for the book of an instrument: ordered by its chain of ids; by time for a pool, which sends whole states.</summary>
    public static IObservable<Guarded<BookUpdate>> GuardEventTimes(
        this IObservable<BookUpdate> updates, Instrument instrument, IObservable<ClockOffset> offsets, Func<BreakerParameters> parameters,
        StatePort<EventTimeState> state, IScheduler scheduler) =>
        updates.GuardEventTimes(
            instrument.Venue, instrument.IsPool ? EventOrder.ByTime : EventOrder.BySequence, static update => update.VenueTime,
            update => $"{instrument.Name} {(update.IsSnapshot ? "snapshot" : "delta")} {update.FirstUpdateId}..{update.LastUpdateId}",
            offsets, parameters, state, scheduler);

    /// <summary>The accepted messages.</summary>
    public static IObservable<T> Accepted<T>(this IObservable<Guarded<T>> guarded) =>
        guarded.Where(item => item.IsAccepted).Select(item => item.Value);

    /// <summary>The refusals, for the dead-letter stream.</summary>
    public static IObservable<Rejected> Refusals<T>(this IObservable<Guarded<T>> guarded) => guarded.Select(item => item.Refusal).WherePresent();
}
