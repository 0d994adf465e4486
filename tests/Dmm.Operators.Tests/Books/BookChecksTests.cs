using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Operators.Tests.Books.BookStreams;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Books;

public sealed class BookChecksTests
{
    private static readonly Recorded<Notification<BookTop>>[] Sample =
    [
        OnNext(110, Top(BookStatus.Valid, 1, 1, 90)), OnNext(120, Top(BookStatus.Gap, 2, 2, 100)), OnNext(130, Top(BookStatus.Valid, 3, 3, 110)),
        OnNext(140, Top(BookStatus.Valid, 4, 4, 110)),
    ];

    [Fact]
    public void SameUpdateId_EmitsTheComparison_OnlyWhileTheBookIsValid() =>
        Checks(BookOracleState.Empty, OnCompleted<VenueTop>(200), OnCompleted<BookTop>(210)).ShouldBe([
            OnNext(115, Check(1, 1, 1, 1, 1)), OnNext(130, Check(3, 3, 9, 2, 1)), OnNext(140, Check(4, 4, 4, 3, 2)), OnCompleted<BookCheck>(210),
        ]);

    [Fact]
    public void ErrorOfEither_IsForwarded()
    {
        var error = new InvalidOperationException("link");
        Checks(BookOracleState.Empty, OnError<VenueTop>(112, error), OnCompleted<BookTop>(210)).ShouldBe([OnError<BookCheck>(112, error)]);
        Checks(BookOracleState.Empty, OnCompleted<VenueTop>(200), OnError<BookTop>(136, error)).Last().ShouldBe(OnError<BookCheck>(136, error));
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<BookTop, BookCheck>(
        (tops, _) => tops.BookChecks(new[] { VenueTop(3, 9), VenueTop(4, 4) }.ToObservable(ImmediateScheduler.Instance), new(0), Port(BookOracleState.Empty)), Sample);

    [Fact]
    public void SplitOverASnapshot_GivesTheOutputsOfTheUnsplitRun()
    {
        IObservable<BookCheck> Op(IObservable<BookTop> tops, StatePort<BookOracleState> port, IScheduler scheduler) =>
            tops.BookChecks(VenueTops((TestScheduler)scheduler), new(0), port);
        var whole = Checks(BookOracleState.Empty, OnCompleted<VenueTop>(999), OnCompleted<BookTop>(999)).Where(m => m.Value.HasValue);
        RunSplit(2, BookOracleState.Empty, (Func<IObservable<BookTop>, StatePort<BookOracleState>, IScheduler, IObservable<BookCheck>>)Op, Sample)
            .Where(m => m.Value.HasValue).ShouldBe(whole.Where(m => m.Time != 130));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        using var venueTops = new System.Reactive.Subjects.Subject<VenueTop>();
        var id = 0L;
        Allocations.PerItem<BookTop, BookCheck>(
            tops => tops.Do(top => venueTops.OnNext(VenueTop(++id, 1))).Select(top => top with { LastUpdateId = id })
                .BookChecks(venueTops, new(0), Port(BookOracleState.Empty)),
            i => Top(BookStatus.Valid, 0, 1, 100)).ShouldBe(0);
    }

    private static IList<Recorded<Notification<BookCheck>>> Checks(
        BookOracleState initial, Recorded<Notification<VenueTop>> venueEnd, Recorded<Notification<BookTop>> end) =>
        Run((IObservable<BookTop> tops, IScheduler scheduler) => tops.BookChecks(VenueTops((TestScheduler)scheduler, venueEnd), new(0), Port(initial)), [.. Sample, end]);

    private static IObservable<VenueTop> VenueTops(TestScheduler scheduler, params Recorded<Notification<VenueTop>>[] end) =>
        scheduler.CreateHotObservable([
            .. new[] { OnNext(115, VenueTop(1, 1)), OnNext(116, VenueTop(2, 2)), OnNext(125, VenueTop(3, 9)), OnNext(135, VenueTop(4, 4)) }
                .Where(message => end.Length == 0 || message.Time < end[0].Time || end[0].Time > 900),
            .. end,
        ]);

    private static BookCheck Check(long id, long built, long venue, long checks, long matches) => new()
    {
        Instrument = new(0), Built = new(id, new(99, built), new(101, 1)), Venue = new(id, new(99, venue), new(101, 1)), Checked = checks, Matched = matches,
    };

    private static StatePort<BookOracleState> Port(BookOracleState initial) => new("oracle", initial);
}
