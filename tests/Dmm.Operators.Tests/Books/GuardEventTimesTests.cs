using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.Books.BookStreams;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Books;

public sealed class GuardEventTimesTests
{
    private static readonly long Second = TimeSpan.TicksPerSecond;
    private static readonly Func<BreakerParameters> Parameters = () => new();

    // Event times arrive 0, 4, 6 and 0 s ahead of the clock, and the last one lies before the one before it.
    private static readonly Recorded<Notification<ReferenceRate>>[] Rates =
    [
        OnNext(110, Rate(110)), OnNext(120, Rate(120 + 4 * Second)), OnNext(130, Rate(130 + 6 * Second)), OnNext(140, Rate(140)),
        OnNext(150, Rate(135)),
    ];

    [Fact]
    public void RatesOrderedByTime_LoseTheOneTooFarAheadAndTheOneSuperseded_AndNoOther() =>
        RunGuard(Observable.Never<ClockOffset>(), [.. Rates, OnCompleted<ReferenceRate>(160)]).ShouldBe([
            OnNext(110, new Guarded<ReferenceRate>(Rate(110), null, false)),
            OnNext(120, new Guarded<ReferenceRate>(Rate(120 + 4 * Second), null, false)),
            OnNext(130, new Guarded<ReferenceRate>(Rate(130 + 6 * Second), Refusal(
                "event time 0001-01-01T00:00:06.0000130Z of TON/USDT rate is 6.00 s ahead of the corrected clock, limit 5.00 s"), true)),
            OnNext(140, new Guarded<ReferenceRate>(Rate(140), null, false)),
            OnNext(150, new Guarded<ReferenceRate>(Rate(135), Refusal(
                "event time 0001-01-01T00:00:00.0000135Z of TON/USDT rate runs 0.00 s backwards: a newer state is known"), false)),
            OnCompleted<Guarded<ReferenceRate>>(160),
        ]);

    [Fact]
    public void OffsetOfTheVenue_CorrectsTheClock_AndThatOfAnotherDoesNot()
    {
        var offsets = new[] { new ClockOffset("ston", TimeSpan.FromSeconds(1.3)), new ClockOffset("okx", TimeSpan.FromSeconds(-9)) };
        AcceptedAt(RunGuard(offsets.ToObservable(ImmediateScheduler.Instance), Rates)).ShouldBe([110, 120, 130, 140]);
        offsets = [new("ston", TimeSpan.FromSeconds(-2))];
        AcceptedAt(RunGuard(offsets.ToObservable(ImmediateScheduler.Instance), Rates)).ShouldBe([110, 140, 150]);
    }

    [Fact]
    public void AcceptedAndRefusals_PartTheStream()
    {
        Run((IObservable<ReferenceRate> rates, IScheduler scheduler) => Guard(rates, Port(), scheduler).Accepted(), Rates)
            .ShouldBe([Rates[0], Rates[1], Rates[3]]);
        Run((IObservable<ReferenceRate> rates, IScheduler scheduler) => Guard(rates, Port(), scheduler).Refusals(), Rates)
            .Select(message => message.Time).ShouldBe([130, 150]);
    }

    [Fact]
    public void ErrorOfTheOffsets_IsForwarded_AndTheirEndIsNot()
    {
        var error = new InvalidOperationException("estimate");
        RunGuard(Observable.Throw<ClockOffset>(error, ImmediateScheduler.Instance), Rates).ShouldBe([OnError<Guarded<ReferenceRate>>(1, error)]);
        RunGuard(Observable.Empty<ClockOffset>(ImmediateScheduler.Instance), Rates).Count.ShouldBe(Rates.Length);
    }

    [Fact]
    public void BookDeltaTooFarAhead_IsAGapOfThatBook_AndBackwardsInTheChainIsNot()
    {
        var port = Port();
        IObservable<BookTop> Op(IObservable<BookUpdate> updates, IScheduler scheduler) =>
            updates.GuardEventTimes(Chained, Observable.Never<ClockOffset>(), Parameters, port, scheduler)
                .Books(Chained, new("book", OrderBookState.Empty)).Select(Bare);
        Run<BookUpdate, BookTop>(Op,
            OnNext(110, Snapshot(110, 1)), OnNext(120, Delta(105, 2, 2)), OnNext(130, Delta(130 + 6 * Second, 3, 3)), OnNext(140, Delta(140, 4, 4)),
            OnNext(150, Snapshot(150, 3, 3))).ShouldBe([
                OnNext(110, Top(BookStatus.Valid, 1, 1, 90)),
                OnNext(120, Top(BookStatus.Valid, 2, 2, 85)),
                OnNext(130, Top(BookStatus.Gap, 2, 2, 85)),
                OnNext(150, Top(BookStatus.Valid, 4, 4, 120)),
            ]);
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<ReferenceRate, Guarded<ReferenceRate>>((rates, scheduler) => Guard(rates, Port(), scheduler), Rates);

    [Fact]
    public void SplitOverASnapshot_GivesTheOutputsOfTheUnsplitRun()
    {
        var whole = RunGuard(Observable.Never<ClockOffset>(), Rates);
        for (var split = 1; split < Rates.Length; split++)
        {
            RunSplit(split, default,
                (IObservable<ReferenceRate> rates, StatePort<EventTimeState> port, IScheduler scheduler) => Guard(rates, port, scheduler), Rates)
                .ShouldBe(whole, $"split at {split}");
        }
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var parameters = new BreakerParameters();
        Allocations.PerItem<BookUpdate, Guarded<BookUpdate>>(
            updates => updates.GuardEventTimes(Chained, Observable.Never<ClockOffset>(), () => parameters, Port(), new TestScheduler()),
            i => Delta(100 + i % 7, i, 1)).ShouldBe(0);
    }

    private static IObservable<Guarded<ReferenceRate>> Guard(
        IObservable<ReferenceRate> rates, StatePort<EventTimeState> port, IScheduler scheduler, IObservable<ClockOffset>? offsets = null) =>
        rates.GuardEventTimes("ston", EventOrder.ByTime, rate => rate.VenueTime, rate => $"{rate.BaseAsset}/{rate.QuoteAsset} rate",
            offsets ?? Observable.Never<ClockOffset>(), Parameters, port, scheduler);

    private static IList<Recorded<Notification<Guarded<ReferenceRate>>>> RunGuard(
        IObservable<ClockOffset> offsets, params Recorded<Notification<ReferenceRate>>[] inputs) =>
        Run((IObservable<ReferenceRate> rates, IScheduler scheduler) => Guard(rates, Port(), scheduler, offsets), inputs);

    private static IEnumerable<long> AcceptedAt(IList<Recorded<Notification<Guarded<ReferenceRate>>>> messages) =>
        messages.Where(message => message.Value.Value.IsAccepted).Select(message => message.Time);

    private static Rejected Refusal(string reason) => new("ston", reason, "TON/USDT rate");

    private static ReferenceRate Rate(long venueTime) => new("TON", "USDT", 3m, new(venueTime));

    private static StatePort<EventTimeState> Port() => new("guard", default);
}
