using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

/// <summary>Operators of System.Reactive, whose behaviour is known, pass with the traits that describe it.</summary>
public sealed class OperatorMatrixTests
{
    private static readonly IReadOnlyList<Recorded<Notification<int>>> Sample =
        [OnNext(100, 1), OnNext(110, 2), OnNext(110, 3), OnNext(150, 4), OnNext(200, 5)];

    [Fact]
    public void StatelessOperator_FitsTheDefaults() => Check((source, _) => source.Select(x => x * 2));

    [Fact]
    public void OperatorWithState_FitsTheDefaults() => Check((source, _) => source.Scan(0, (sum, x) => sum + x).DistinctUntilChanged());

    [Fact]
    public void Sampling_GivesItsLastValueAtTheNextTickAfterTheEnd() => Check(
        (source, scheduler) => source.Sample(TimeSpan.FromTicks(30), scheduler),
        new() { Completion = Reaction.Completes.WithValues().Later(), Empty = Reaction.Completes.Later() });

    [Fact]
    public void Debounce_FlushesOnCompletion() => Check(
        (source, scheduler) => source.Throttle(TimeSpan.FromTicks(20), scheduler), new() { Completion = Reaction.Completes.WithValues() });

    [Fact]
    public void Delay_CompletesLaterWithTheValuesInFlight() => Check(
        (source, scheduler) => source.Delay(TimeSpan.FromTicks(20), scheduler),
        new() { Completion = Reaction.Completes.WithValues().Later(), Empty = Reaction.Completes.Later() });

    [Fact]
    public void Buffer_ComparedAsText_FlushesOnCompletion() => Check(
        (source, scheduler) => source.Buffer(TimeSpan.FromTicks(35), scheduler).Select(buffer => string.Join(' ', buffer)),
        new() { Never = Reaction.StaysOpen.WithValues(), Empty = Reaction.Completes.WithValues(), Completion = Reaction.Completes.WithValues() });

    [Fact]
    public void StartWith_GivesAValueWithoutInput() => Check(
        (source, _) => source.StartWith(0), new() { Empty = Reaction.Completes.WithValues(), Never = Reaction.StaysOpen.WithValues() });

    [Fact]
    public void Take_EndsEarly() => Check((source, _) => source.Take(3), new() { EndsEarly = true });

    [Fact]
    public void Materialize_AnswersAnErrorWithAValue() => Check(
        (source, _) => source.Materialize().Select(notification => notification.Kind),
        new()
        {
            Empty = Reaction.Completes.WithValues(), Completion = Reaction.Completes.WithValues(), Error = Reaction.Completes.WithValues(),
        });

    [Fact]
    public void Timeout_FailsInSilence() => Check(
        (source, scheduler) => source.Timeout(TimeSpan.FromTicks(90), scheduler), new() { Never = Reaction.Fails });

    [Fact]
    public void BrokenInvariant_FailsBeforeTheSampleEnds() => Check(
        (source, _) => source.Select(x => x < 4 ? x : throw new InvalidOperationException("x is 4")), new() { EndsEarly = true });

    [Fact]
    public void HeartbeatThatOutlivesItsSource_StaysOpen() => Check(
        (source, scheduler) => source.Merge(Observable.Interval(TimeSpan.FromTicks(40), scheduler).Select(i => (int)i)),
        new()
        {
            Never = Reaction.StaysOpen.WithValues(), Empty = Reaction.StaysOpen.WithValues(), Completion = Reaction.StaysOpen.WithValues(),
        });

    [Fact]
    public void SwallowedError_StaysOpen() => Check(
        (source, _) => source.Catch(Observable.Never<int>()), new() { Error = Reaction.StaysOpen });

    [Fact]
    public void ColdSecondInput_LeavesNothing() => Check((source, scheduler) =>
        source.WithLatestFrom(((TestScheduler)scheduler).CreateColdObservable(OnNext(5, 10), OnNext(60, 20)), (x, y) => x + y));

    [Fact]
    public void SharedUpstreamInsideTheOperator_SubscribesOnce() => Check((source, scheduler) =>
        source.Publish(shared => shared.Merge(shared.Throttle(TimeSpan.FromTicks(20), scheduler))),
        new() { Completion = Reaction.Completes.WithValues() });

    [Fact]
    public void LongSample_IsCheckedInBoundedTime() => OperatorMatrix.Check<long, long>(
        (source, _) => source.Select(x => x), [.. Enumerable.Range(1, 2000).Select(i => OnNext(i * 10L, (long)i))]);

    private static void Check<TOut>(Func<IObservable<int>, IScheduler, IObservable<TOut>> op, OperatorTraits? traits = null) =>
        OperatorMatrix.Check(op, Sample, traits);
}
