using System.Reactive;
using Microsoft.Reactive.Testing;
using Xunit.Sdk;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

public sealed class ReactiveAssertTests
{
    private static readonly InvalidOperationException Error = new("link down");

    [Fact]
    public void EqualMessages_Pass() =>
        new[] { OnNext(10, 1), OnError<int>(20, Error) }.AssertEqual(OnNext(10, 1), OnError<int>(20, Error));

    [Fact]
    public void DifferentValue_ShowsBothSidesAndMarksTheRow()
    {
        var failure = Should.Throw<XunitException>(() =>
            new[] { OnNext(10, 1), OnNext(20, 3) }.AssertEqual(OnNext(10, 1), OnNext(20, 2), OnCompleted<int>(30)));
        failure.Message.ShouldBe("""
            3 expected, 2 actual; the first difference is in row 1.
                    expected         | actual
                 0  OnNext(1)@10     | OnNext(1)@10
            *    1  OnNext(2)@20     | OnNext(3)@20
            *    2  OnCompleted()@30 | (none)
            """);
    }

    [Fact]
    public void LongSequences_AreShownAroundTheFirstDifference()
    {
        var expected = Enumerable.Range(0, 1000);
        var lines = Should.Throw<XunitException>(() => expected.Select(i => i < 500 ? i : -i).AssertEqual(expected)).Message.Split('\n');
        lines.Length.ShouldBe(42);
        lines[2].Trim().ShouldBe("495  495      | 495");
        lines[7].ShouldBe("*  500  500      | -500");
    }

    [Fact]
    public void DifferentTime_Fails() => Should.Throw<XunitException>(() => new[] { OnNext(10, 1) }.AssertEqual(OnNext(11, 1)));

    [Fact]
    public void AdditionalMessage_Fails() => Should.Throw<XunitException>(() => new[] { OnNext(10, 1) }.AssertEqual());

    [Fact]
    public void DifferentSubscription_ShowsTheTimes()
    {
        var failure = Should.Throw<XunitException>(() => new[] { Subscribe(200) }.AssertEqual(Subscribe(200, 1000)));
        failure.Message.ShouldContain("*    0  (200, 1000) | (200, Infinite)");
    }

    [Fact]
    public void Predicates_DecideByValueKindAndTime()
    {
        var actual = new[] { OnNext(10, 1.0000001), OnError<double>(20, Error) };
        actual.AssertEqual(OnNext<double>(10, v => Math.Abs(v - 1) < 1e-6), OnError<double>(20, e => e.Message == "link down"));
        Should.Throw<XunitException>(() => actual.AssertEqual(OnNext<double>(10, v => v < 1), OnError<double>(20, _ => true)));
        Should.Throw<XunitException>(() => actual.AssertEqual(OnNext<double>(11, _ => true), OnError<double>(20, _ => true)));
        Should.Throw<XunitException>(() => actual.AssertEqual(OnNext<double>(10, _ => true), OnNext<double>(20, _ => true)));
    }

    [Fact]
    public void Predicate_IsNeverDelivered()
    {
        var scheduler = new TestScheduler();
        scheduler.CreateHotObservable(OnNext<int>(10, _ => true)).Subscribe(scheduler.CreateObserver<int>());
        Should.Throw<InvalidOperationException>(scheduler.Start).Message.ShouldContain("expectation");
    }

    [Fact]
    public void Recorded_EqualsByTimeAndValue()
    {
        var recorded = OnNext(10, 1);
        (recorded == new Recorded<Notification<int>>(10, Notification.CreateOnNext(1))).ShouldBeTrue();
        (recorded != OnNext(10, 2)).ShouldBeTrue();
        recorded.Equals((object)OnNext(10, 1)).ShouldBeTrue();
        recorded.GetHashCode().ShouldBe(OnNext(10, 1).GetHashCode());
        recorded.ToString().ShouldBe("OnNext(1)@10");
    }

    [Fact]
    public void Subscription_EqualsByBothTimes()
    {
        (Subscribe(1, 2) == new Subscription(1, 2)).ShouldBeTrue();
        (Subscribe(1) != Subscribe(1, 2)).ShouldBeTrue();
        Subscribe(1).Equals((object)Subscribe(1, Subscription.Infinite)).ShouldBeTrue();
        Subscribe(1, 2).GetHashCode().ShouldBe(new Subscription(1, 2).GetHashCode());
    }
}
