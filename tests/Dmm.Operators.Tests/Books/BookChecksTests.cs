using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
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
    private static readonly Recorded<Notification<Either>>[] Sample =
    [
        OnNext(110, Built(BookStatus.Valid, 1, 1)), OnNext(115, Venue(1, 1)), OnNext(118, Venue(2, 2)), OnNext(120, Built(BookStatus.Gap, 2, 2)),
        OnNext(125, Venue(3, 9)), OnNext(130, Built(BookStatus.Valid, 3, 3)), OnNext(135, Built(BookStatus.Valid, 4, 4)), OnNext(140, Venue(4, 4)),
    ];

    [Fact]
    public void SameUpdateId_EmitsTheComparison_OnlyWhileTheBookIsValid() =>
        Run((IObservable<Either> inputs, IScheduler _) => Checks(inputs, Port()), [.. Sample, OnCompleted<Either>(210)]).ShouldBe([
            OnNext(115, Check(1, 1, 1, 1, 1)), OnNext(130, Check(3, 3, 9, 2, 1)), OnNext(140, Check(4, 4, 4, 3, 2)), OnCompleted<BookCheck>(210),
        ]);

    [Fact]
    public void OneSourceEnds_TheOtherGoesOn_UntilItEndsOrFails()
    {
        var error = new InvalidOperationException("link");
        var none = Observable.Empty<BookTop>(ImmediateScheduler.Instance);
        Run((IObservable<BookTop> tops, IScheduler _) => tops.BookChecks(Observable.Empty<VenueTop>(ImmediateScheduler.Instance), new(0), Port()),
            OnNext(110, Top(BookStatus.Valid, 1, 1, 90)), OnError<BookTop>(120, error)).ShouldBe([OnError<BookCheck>(120, error)]);
        Run((IObservable<VenueTop> venueTops, IScheduler _) => none.BookChecks(venueTops, new(0), Port()),
            OnNext(110, VenueTop(1, 1)), OnError<VenueTop>(120, error)).ShouldBe([OnError<BookCheck>(120, error)]);
        Run((IObservable<VenueTop> venueTops, IScheduler _) => none.BookChecks(venueTops, new(0), Port()),
            OnNext(110, VenueTop(1, 1)), OnCompleted<VenueTop>(130)).ShouldBe([OnCompleted<BookCheck>(130)]);
    }

    [Fact]
    public void Matrix() => OperatorMatrix.Check<BookTop, BookCheck>(
        (tops, _) => tops.BookChecks(new[] { VenueTop(3, 9), VenueTop(4, 4) }.ToObservable(ImmediateScheduler.Instance), new(0), Port()),
        [OnNext(110, Top(BookStatus.Valid, 1, 1, 90)), OnNext(130, Top(BookStatus.Valid, 3, 3, 110)), OnNext(140, Top(BookStatus.Valid, 4, 4, 110))]);

    [Fact]
    public void SplitOverASnapshot_GivesTheOutputsOfTheUnsplitRun()
    {
        var whole = Run((IObservable<Either> inputs, IScheduler _) => Checks(inputs, Port()), Sample);
        for (var split = 1; split < Sample.Length; split++)
        {
            RunSplit(split, BookOracleState.Empty,
                (IObservable<Either> inputs, StatePort<BookOracleState> port, IScheduler _) => Checks(inputs, port), Sample)
                .ShouldBe(whole, $"split at {split}");
        }
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        using var venueTops = new Subject<VenueTop>();
        var id = 0L;
        Allocations.PerItem<BookTop, BookCheck>(
            tops => tops.Do(_ => venueTops.OnNext(VenueTop(++id, 1))).Select(top => top with { LastUpdateId = id })
                .BookChecks(venueTops, new(0), Port()),
            i => Top(BookStatus.Valid, 0, 1, 100)).ShouldBe(0);
    }

    private static IObservable<BookCheck> Checks(IObservable<Either> inputs, StatePort<BookOracleState> port) =>
        inputs.Where(input => !input.IsVenue).Select(input => input.Built)
            .BookChecks(inputs.Where(input => input.IsVenue).Select(input => input.Venue), new(0), port);

    private static Either Built(BookStatus status, long id, long bidLots) => new(false, Top(status, id, bidLots, 90), default);

    private static Either Venue(long id, long bidLots) => new(true, default, VenueTop(id, bidLots));

    private static BookCheck Check(long id, long built, long venue, long checks, long matches) => new()
    {
        Instrument = new(0), Built = new(id, new(99, built), new(101, 1)), Venue = new(id, new(99, venue), new(101, 1)),
        Checked = checks, Matched = matches,
    };

    private static StatePort<BookOracleState> Port() => new("oracle", BookOracleState.Empty);

    private readonly record struct Either(bool IsVenue, BookTop Built, VenueTop Venue);
}
