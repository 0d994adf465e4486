using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;
using Xunit.Sdk;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

/// <summary>Wrong operators, and operators described wrongly, fail with the reason.</summary>
public sealed class OperatorMatrixDefectTests
{
    private static readonly IReadOnlyList<Recorded<Notification<int>>> Sample =
        [OnNext(100, 1), OnNext(110, 2), OnNext(150, 3), OnNext(200, 4)];

    [Fact]
    public void TimerThatOutlivesTheSubscription_IsALeak()
    {
        var findings = Fail((source, scheduler) => Observable.Create<int>(observer =>
        {
            scheduler.Schedule(TimeSpan.FromTicks(1000), () => { });
            return source.Subscribe(observer);
        }));
        findings.ShouldContain("- disposal after step 0 of 5: leaves 1 timer(s) scheduled without a subscriber after the disposal");
        findings.ShouldContain("- empty: leaves 1 timer(s) scheduled without a subscriber after OnCompleted()");
    }

    [Fact]
    public void SourceSubscriptionThatOutlivesTheOperators_IsALeak()
    {
        var findings = Fail((source, _) => Observable.Create<int>(observer =>
        {
            source.Subscribe(observer);
            return Disposable.Empty;
        }));
        findings.ShouldContain("- disposal after step 0 of 4: holds 1 source subscription(s) for 0 open subscriber(s) after the disposal");
    }

    [Fact]
    public void ValueAfterDisposal_BreaksTheContract() => Fail((source, scheduler) => new RawObservable<int>(observer =>
        StableCompositeDisposable.Create(
            Disposable.Create(() => observer.OnNext(-1)), source.Subscribe(observer))))
        .ShouldContain("- disposal after step 0 of 4: SilentAfterDispose broken by the operator's output: OnNext(-1) came after");

    [Fact]
    public void ValueAfterDisposalInsideADelivery_BreaksTheContract() => Fail((source, _) => new RawObservable<int>(observer => source.Subscribe(
        x =>
        {
            observer.OnNext(x);
            observer.OnNext(-x);
        }, observer.OnError, observer.OnCompleted)))
        .ShouldContain("- disposal inside delivery 1 of 8: SilentAfterDispose broken by the operator's output: OnNext(-1) came after");

    [Fact]
    public void ValueAfterCompletion_BreaksTheContract() => Fail((source, _) => new RawObservable<int>(observer => source.Subscribe(
        observer.OnNext, observer.OnError, () =>
        {
            observer.OnCompleted();
            observer.OnNext(-1);
        })))
        .ShouldContain("- empty: SilentAfterTerminal broken by the operator's output: OnNext(-1) came after OnCompleted()");

    [Fact]
    public void CapturedLocal_IsSharedByTwoSubscribers()
    {
        var findings = Fail((source, _) =>
        {
            var sum = 0;
            return source.Select(x => sum += x);
        });
        findings.ShouldContain("- two subscribers from the start: the first does not receive what it would alone");
        findings.ShouldContain("- a new subscriber after 2 values, once the first is disposed: the new one does not receive what it would alone");
        findings.ShouldContain("*    1  OnNext(3)@110  | OnNext(4)@110");
    }

    [Fact]
    public void SharedSource_StarvesTheLateSubscriber() => Fail((source, _) => source.Scan((sum, x) => sum + x).Replay(1).RefCount())
        .ShouldContain("- a second subscriber after 2 values: the second does not receive what it would alone");

    [Fact]
    public void FlagOutsideTheSubscription_StopsTheOneThatStays() => Fail((source, _) =>
    {
        var stopped = false;
        return Observable.Create<int>(observer => StableCompositeDisposable.Create(
            source.Where(_ => !stopped).Subscribe(observer), Disposable.Create(() => stopped = true)));
    }).ShouldContain("- one of two disposed after 2 values: the one that stays does not receive what it would alone");

    [Fact]
    public void EndThatKeepsTheSource_IsALeak() => Fail(
        (source, _) => new RawObservable<int>(observer =>
        {
            var ended = false;
            return source.Where(_ => !ended).Subscribe(
                x =>
                {
                    observer.OnNext(x);
                    ended = true;
                    observer.OnCompleted();
                }, observer.OnError, () => { });
        }), new() { EndsEarly = true })
        .ShouldContain("- the sample: holds 1 source subscription(s) for 0 open subscriber(s) at 100, after OnNext(1)");

    [Fact]
    public void TwoSubscriptionsToTheSource_AreADiamond() => Fail((source, _) => source.Merge(source.Select(x => -x)))
        .ShouldContain("- the sample: holds 2 source subscription(s) for 1 open subscriber(s) after the subscription");

    [Fact]
    public void SubscriptionAtCreation_IsTooEarly() => Fail((source, _) =>
    {
        var shared = new Subject<int>();
        source.Subscribe(shared);
        return shared;
    }).ShouldContain("- the sample: holds 1 source subscription(s) for 0 open subscriber(s) before anyone has subscribed");

    [Fact]
    public void TimerAtCreation_IsTooEarly() => Fail((source, scheduler) =>
    {
        scheduler.Schedule(TimeSpan.FromTicks(1), () => { });
        return source;
    }).ShouldContain("- the sample: leaves 1 timer(s) scheduled without a subscriber before anyone has subscribed");

    [Fact]
    public void StateOutsideTheOperator_DiffersFromRunToRun()
    {
        var calls = 0;
        Fail((source, _) => source.Select(x => x + ++calls))
            .ShouldContain("- completion after 1 of 4 values: differs from a run of its own with the same inputs");
    }

    [Fact]
    public void SwallowedError_DoesNotFitTheDefaults() => Fail((source, _) => source.Catch(Observable.Empty<int>()))
        .ShouldContain("- source error after 0 of 4 values: the terminal does not fit \"fails without values\"; "
            + "the answer to the source's end at 99 was OnCompleted()@99");

    [Fact]
    public void ReplacedError_IsNotTheSourcesOwn() => Fail((source, _) =>
        source.Catch((Exception _) => Observable.Throw<int>(new InvalidOperationException())))
        .ShouldContain("- source error after 0 of 4 values: the error, which is not the source's own, does not fit");

    [Fact]
    public void SwallowedCompletion_DoesNotFitTheDefaults()
    {
        var findings = Fail((source, _) => source.Concat(Observable.Never<int>()));
        findings.ShouldContain("- empty: the terminal does not fit \"completes without values\"; the answer to the source's end at 99 was nothing");
        findings.ShouldContain("- completion after 1 of 4 values: the terminal does not fit");
        findings.ShouldContain("- a source that completes inside Subscribe: does not end");
    }

    [Fact]
    public void DelayedCompletion_DoesNotFitTheDefaults() => Fail((source, scheduler) => source.Concat(Observable.Empty<int>(scheduler)))
        .ShouldContain("- completion after 1 of 4 values: the time of the terminal does not fit \"completes without values\"; "
            + "the answer to the source's end at 100 was OnCompleted()@101");

    [Fact]
    public void FlushOnCompletion_DoesNotFitTheDefaults() => Fail((source, _) => source.Concat(Observable.Return(9)))
        .ShouldContain("- completion after 1 of 4 values: the values do not fit \"completes without values\"; "
            + "the answer to the source's end at 100 was OnNext(9)@100");

    [Fact]
    public void ValuesInSilence_DoNotFitTheDefaults() => Fail((source, scheduler) => source.Publish(shared =>
        shared.Merge(Observable.Interval(TimeSpan.FromTicks(40), scheduler).Select(_ => 0).TakeUntil(shared.LastOrDefaultAsync()))))
        .ShouldContain("- never: the values do not fit \"stays open without values\"; the answer was OnNext(0)@139, OnNext(0)@179,");

    [Fact]
    public void EndOfItsOwnAccord_NeedsTheTrait() => Fail((source, _) => source.Take(2))
        .ShouldContain("- the sample: ends although its source did not: OnCompleted()@110");

    [Fact]
    public void ErrorOfTheOperatorItself_IsShown() => Fail((source, _) => source.Select(x => 1 / (x - 2)))
        .ShouldContain("- the sample: ends although its source did not: OnError(System.DivideByZeroException)@110");

    [Fact]
    public void ThrowFromSubscribe_BreaksTheContract() => Fail((_, _) => new RawObservable<int>(_ => throw new InvalidOperationException("refused")))
        .ShouldContain("- the sample: SubscribeDoesNotThrow broken by the operator's output: Subscribe threw InvalidOperationException: refused");

    [Fact]
    public void ThrowFromATimer_IsShown() => Fail((source, scheduler) => Observable.Create<int>(observer =>
        StableCompositeDisposable.Create(
            scheduler.Schedule(TimeSpan.FromTicks(5), () => throw new InvalidOperationException("bug")), source.Subscribe(observer))))
        .ShouldContain("- the sample: threw InvalidOperationException: bug");

    [Fact]
    public void OperatorThatIgnoresItsSource_IsFound() => Fail((_, _) => Observable.Never<int>())
        .ShouldContain("- the sample: never subscribes to its source");

    [Fact]
    public void SampleWithoutAnAnswer_ChecksNothing() => Fail((source, _) => source.Where(_ => false))
        .ShouldContain("- the sample: gives no value, so there would be little to check");

    [Fact]
    public void TraitsThatPromiseMore_AreNotMet()
    {
        OperatorTraits traits = new()
        {
            Empty = Reaction.Completes.WithValues(), Never = Reaction.StaysOpen.WithValues(),
            Completion = Reaction.Completes.Later(), Error = Reaction.StaysOpen,
        };
        var findings = Fail((source, _) => source.Select(x => x), traits);
        findings.ShouldContain("- empty: the values do not fit \"completes with values\"");
        findings.ShouldContain("- never: the values do not fit \"stays open with values\"; the answer was nothing");
        findings.ShouldContain("- completion after 4 of 4 values: the time of the terminal does not fit \"completes later without values\"");
        findings.ShouldContain("- source error after 0 of 4 values: the terminal does not fit \"stays open without values\"");
    }

    [Fact]
    public void EndsEarlyThatDoesNot_IsNotMet() => Fail((source, _) => source.Select(x => x), new() { EndsEarly = true })
        .ShouldContain("- the sample: is still open after the last value, though EndsEarly is set");

    [Theory]
    [InlineData(new long[] { 100 }, "two values or more")]
    [InlineData(new long[] { 100, 90 }, "must rise")]
    [InlineData(new long[] { 0, 90 }, "must rise")]
    public void SampleOutOfShape_IsRefused(long[] times, string reason) => Should.Throw<ArgumentException>(() =>
        OperatorMatrix.Check<int, int>((source, _) => source, [.. times.Select(time => OnNext(time, 1))])).Message.ShouldContain(reason);

    [Fact]
    public void SampleWithATerminal_IsRefused() => Should.Throw<ArgumentException>(() =>
        OperatorMatrix.Check<int, int>((source, _) => source, [.. Sample, OnCompleted<int>(300)])).Message.ShouldContain("holds OnCompleted()");

    private static string Fail<TOut>(Func<IObservable<int>, IScheduler, IObservable<TOut>> op, OperatorTraits? traits = null) =>
        Should.Throw<XunitException>(() => OperatorMatrix.Check(op, Sample, traits)).Message;
}
