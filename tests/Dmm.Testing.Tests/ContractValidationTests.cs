using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

public sealed class ContractValidationTests
{
    private readonly TestScheduler _scheduler = new();
    private IObserver<int> _outlet = null!;

    [Fact]
    public void WellBehavedSource_PassesUnchanged()
    {
        var source = _scheduler.CreateHotObservable(OnNext(210, 1), OnNext(220, 2), OnCompleted<int>(230));
        var observer = _scheduler.Start(() => source.Validated());
        observer.Messages.AssertEqual(OnNext(210, 1), OnNext(220, 2), OnCompleted<int>(230));
        source.Subscriptions.AssertEqual(Subscribe(200, 1000));
    }

    [Fact]
    public void ErrorOfTheSource_PassesUnchanged()
    {
        var error = new InvalidOperationException("link down");
        var source = _scheduler.CreateHotObservable(OnError<int>(210, error));
        _scheduler.Start(() => source.Validated()).Messages.AssertEqual(OnError<int>(210, error));
    }

    [Fact]
    public void ValueAfterCompletion_NamesRuleExpressionAndPlace()
    {
        var ticks = Raw();
        ticks.Validated().Subscribe(_ => { }, error => throw error);
        _outlet.OnNext(1);
        _outlet.OnCompleted();
        var violation = Should.Throw<ContractViolationException>(() => _outlet.OnNext(2));
        violation.Rule.ShouldBe(ContractRule.SilentAfterTerminal);
        violation.Where.ShouldMatch(@"^ticks \(ContractValidationTests\.cs:\d+\)$");
        violation.Message.ShouldEndWith(": OnNext(2) came after OnCompleted() (values so far: 1)");
    }

    [Fact]
    public void SecondTerminal_IsAViolation()
    {
        Raw().Validated().Subscribe(_ => { }, _ => { });
        _outlet.OnError(new InvalidOperationException("link down"));
        Should.Throw<ContractViolationException>(_outlet.OnCompleted).Rule.ShouldBe(ContractRule.SilentAfterTerminal);
    }

    [Fact]
    public void ValueAfterDisposal_IsAViolation()
    {
        Raw().Validated().Subscribe(_ => { }, error => throw error).Dispose();
        Should.Throw<ContractViolationException>(() => _outlet.OnNext(1)).Rule.ShouldBe(ContractRule.SilentAfterDispose);
    }

    [Fact]
    public void CompletionByTheDisposalItself_IsAViolation()
    {
        var subscription = Raw(() => _outlet.OnCompleted()).Validated().Subscribe(_ => { }, error => throw error);
        Should.Throw<ContractViolationException>(subscription.Dispose).Rule.ShouldBe(ContractRule.SilentAfterDispose);
    }

    [Fact]
    public void DisposalInsideOnNext_IsNoViolation()
    {
        var observed = new List<int>();
        using var subject = new Subject<int>();
        var subscription = new SingleAssignmentDisposable();
        subscription.Disposable = subject.Validated().Subscribe(
            value =>
            {
                observed.Add(value);
                subscription.Dispose();
            }, error => throw error);
        subject.OnNext(1);
        subject.OnNext(2);
        observed.ShouldBe([1]);
    }

    [Fact]
    public void FeedbackFromInsideOnNext_IsReentrant()
    {
        using var subject = new Subject<int>();
        subject.Validated().Where(value => value == 1).Subscribe(_ => subject.OnNext(2), error => throw error);
        var violation = Should.Throw<ContractViolationException>(() => subject.OnNext(1));
        violation.Rule.ShouldBe(ContractRule.NotReentrant);
        violation.Message.ShouldContain("OnNext(2) began inside another delivery");
    }

    [Fact]
    public void CompletionFromInsideOnNext_IsReentrant()
    {
        Raw().Validated().Subscribe(_ => _outlet.OnCompleted(), error => throw error);
        Should.Throw<ContractViolationException>(() => _outlet.OnNext(1)).Rule.ShouldBe(ContractRule.NotReentrant);
    }

    [Fact]
    public void DeliveryFromAnotherThreadDuringOne_IsOverlapping()
    {
        Exception? seen = null;
        Raw().Validated().Subscribe(
            _ =>
            {
                var other = new Thread(() => seen = Record.Exception(() => _outlet.OnNext(2)));
                other.Start();
                other.Join();
            }, error => throw error);
        _outlet.OnNext(1);
        seen.ShouldBeOfType<ContractViolationException>().Rule.ShouldBe(ContractRule.NotOverlapping);
    }

    [Fact]
    public void DeliveriesFromTwoThreadsInTurn_AreNoViolation()
    {
        var observed = new List<int>();
        Raw().Validated().Subscribe(observed.Add, error => throw error);
        _outlet.OnNext(1);
        var other = new Thread(() => _outlet.OnNext(2));
        other.Start();
        other.Join();
        observed.ShouldBe([1, 2]);
    }

    [Fact]
    public void SubscribeThrows_IsAViolationWithItsCause()
    {
        var refused = new InvalidOperationException("refused");
        var source = new RawObservable<int>(_ => throw refused);
        var violation = Should.Throw<ContractViolationException>(() => source.Validated().Subscribe(_ => { }, error => throw error));
        violation.Rule.ShouldBe(ContractRule.SubscribeDoesNotThrow);
        violation.InnerException.ShouldBeSameAs(refused);
        violation.Message.ShouldContain("Subscribe threw InvalidOperationException: refused");
    }

    [Fact]
    public void SubscribeReturnsNull_IsAViolation()
    {
        var source = new RawObservable<int>(_ => null!);
        Should.Throw<ContractViolationException>(() => source.Validated().Subscribe(_ => { }, error => throw error))
            .Rule.ShouldBe(ContractRule.SubscribeReturnsDisposable);
    }

    [Fact]
    public void ObserverThrowsDuringSubscribe_IsNotTheSourcesFault()
    {
        var bug = new InvalidOperationException("bug downstream");
        var source = new RawObservable<int>(outlet =>
        {
            outlet.OnNext(1);
            return Disposable.Empty;
        });
        Should.Throw<InvalidOperationException>(() => source.Validated().Subscribe(_ => throw bug, error => throw error)).ShouldBeSameAs(bug);
    }

    [Fact]
    public void ObserverThrew_NextDeliveryIsJudgedAlone()
    {
        Raw().Validated().Subscribe(value => _ = 1 / value, error => throw error);
        Should.Throw<DivideByZeroException>(() => _outlet.OnNext(0));
        _outlet.OnNext(1);
    }

    [Fact]
    public void TwoSubscriptions_AreJudgedApart()
    {
        using var subject = new Subject<int>();
        var observed = new List<int>();
        var validated = subject.Validated();
        validated.Subscribe(_ => { }, error => throw error).Dispose();
        validated.Subscribe(observed.Add, error => throw error);
        subject.OnNext(1);
        observed.ShouldBe([1]);
    }

    private RawObservable<int> Raw(Action? dispose = null) => new(outlet =>
    {
        _outlet = outlet;
        return Disposable.Create(dispose ?? (() => { }));
    });
}
