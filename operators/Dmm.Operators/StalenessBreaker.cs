using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class StalenessBreakerOperator
{
    /// <summary>
    /// Where each feed (an instrument's book, a reference rate) stands, whenever its demand changes: fresh, widen, or halt for what depends on it.
    /// | Event | Behaviour |
    /// |---|---|
    /// | subscription | nothing; unknown feeds are halted without saying so; a timer is armed for the earliest feed to age |
    /// | top, control message | emits for each feed whose demand changes; a book that is not valid and a link that is down halt at once |
    /// | a feed reaches an age limit | emits at that very instant, though nothing arrives; one timer serves all feeds |
    /// | OnError | forwarded at once, the timer is dropped |
    /// | OnCompleted | completes when both sources have; till then the feeds go on ageing |
    /// </summary>
    /// <param name="tops">Built tops of every instrument.</param>
    /// <param name="messages">Uses FeedStatus, ClockOffset and ReferenceRate; passes over the rest.</param>
    /// <param name="instruments">The feeds, and which reference rates they need.</param>
    /// <param name="parameters">Age limits, widening, and the quote assets that need no reference rate.</param>
    /// <param name="port">The breaker's state; <see cref="StalenessBreakerState.Starting"/> at first.</param>
    /// <param name="scheduler">The engine's clock and timers.</param>
    public static IObservable<BreakerState> StalenessBreaker(
        this IObservable<BookTop> tops, IObservable<ControlMessage> messages, InstrumentCatalog instruments,
        QuotingParameters parameters, StatePort<StalenessBreakerState> port, IScheduler scheduler) =>
        BreakerRun<FeedInput, StalenessBreakerState>.Over(
            MergeInOrderOperator.MergeInOrder([tops.Select(top => new FeedInput(top)), messages.Select(message => new FeedInput(message))]),
            state => new StalenessBreaker(state, instruments, parameters), port, scheduler);
}
