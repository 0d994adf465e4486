using System.Reactive;
using System.Reactive.Linq;
using CsCheck;
using Microsoft.Reactive.Testing;
using Xunit.Sdk;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Testing.Tests;

public sealed class MarblesTests
{
    private static readonly Dictionary<char, int> Values = new() { ['a'] = 1, ['b'] = 2, ['c'] = 3, ['d'] = 4 };

    [Fact]
    public void ValuesGroupAndCompletion_StandInTheirFrames() => Marbles.Parse("--a-b-(cd)-|", Values, 10)
        .AssertEqual(OnNext(20, 1), OnNext(40, 2), OnNext(60, 3), OnNext(60, 4), OnCompleted<int>(80));

    [Fact]
    public void Origin_IsTheTimeOfTheFirstFrame() => Marbles.Parse("a-b", Values, 5, 200).AssertEqual(OnNext(200, 1), OnNext(210, 2));

    [Fact]
    public void Caret_IsTheOriginAndTakesAFrame() => Marbles.Parse("a-^b", Values, 10, 200).AssertEqual(OnNext(180, 1), OnNext(210, 2));

    [Fact]
    public void CaretInAGroup_AllowsAValueAtTheOrigin() => Marbles.Parse("a(^b)", Values, 10, 200).AssertEqual(OnNext(190, 1), OnNext(200, 2));

    [Fact]
    public void Hash_IsTheErrorGivenOrTheDefault()
    {
        var error = new TimeoutException();
        Marbles.Parse("-#", Values, 10).AssertEqual(OnError<int>(10, Marbles.Error));
        Marbles.Parse("-#", Values, 10, error: error).AssertEqual(OnError<int>(10, error));
    }

    [Fact]
    public void Blanks_TakeNoTime() => Marbles.Parse("  -a ( b c )| ", Values, 10)
        .AssertEqual(OnNext(10, 1), OnNext(20, 2), OnNext(20, 3), OnCompleted<int>(30));

    [Fact]
    public void EmptyString_HasNoMessages() => Marbles.Parse("", Values, 10).ShouldBeEmpty();

    [Theory]
    [InlineData("--x-", "bad marble 'x' at index 2 of \"--x-\": no value is given for it")]
    [InlineData("-!", "bad marble '!' at index 1 of \"-!\": no value is given for it")]
    [InlineData("a-|-b", "bad marble 'b' at index 4 of \"a-|-b\": the stream has ended before")]
    [InlineData("#|", "bad marble '|' at index 1 of \"#|\": the stream has ended before")]
    [InlineData("^-^", "bad marble '^' at index 2 of \"^-^\": time is counted from an earlier one")]
    [InlineData("-(ab", "bad marble '(' at index 1 of \"-(ab\": the group is not closed")]
    [InlineData("-ab)", "bad marble ')' at index 3 of \"-ab)\": no group is open")]
    [InlineData("(a(b))", "bad marble '(' at index 2 of \"(a(b))\": it cannot stand inside a group")]
    [InlineData("(a-b)", "bad marble '-' at index 2 of \"(a-b)\": it cannot stand inside a group")]
    [InlineData("-()", "bad marble ')' at index 2 of \"-()\": the group is empty")]
    public void BadString_NamesTheCharacterAndItsIndex(string marbles, string message) =>
        Should.Throw<FormatException>(() => Marbles.Parse(marbles, Values, 10)).Message.ShouldBe(message);

    [Fact]
    public void ValueForACharacterOfTheNotation_IsRefused() =>
        Should.Throw<ArgumentException>(() => Marbles.Parse("-", new Dictionary<char, int> { ['|'] = 1 }, 10)).Message.ShouldContain("'|'");

    [Fact]
    public void FrameWithoutLength_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Marbles.Parse("-", Values, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Marbles.ParseSubscription("^", 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Marbles.Format<int>([], Values, 0));
    }

    [Theory]
    [InlineData("--^---!", 20, 60)]
    [InlineData("^", 0, Subscription.Infinite)]
    [InlineData("-(^!)", 10, 10)]
    public void SubscriptionString_GivesBothTimes(string marbles, long subscribe, long unsubscribe) =>
        Marbles.ParseSubscription(marbles, 10).ShouldBe(new Subscription(subscribe, unsubscribe));

    [Fact]
    public void SubscriptionString_CountsFromTheOrigin() => Marbles.ParseSubscription("-^-!", 10, 200).ShouldBe(Subscribe(210, 230));

    [Theory]
    [InlineData("---", "no '^' in \"---\": there is no subscription")]
    [InlineData("-!", "bad marble '!' at index 1 of \"-!\": a subscription is one '^' and after it at most one '!'")]
    [InlineData("^-a", "bad marble 'a' at index 2 of \"^-a\": a subscription is one '^' and after it at most one '!'")]
    [InlineData("^!!", "bad marble '!' at index 2 of \"^!!\": a subscription is one '^' and after it at most one '!'")]
    public void BadSubscriptionString_NamesTheCharacterAndItsIndex(string marbles, string message) =>
        Should.Throw<FormatException>(() => Marbles.ParseSubscription(marbles, 10)).Message.ShouldBe(message);

    [Theory]
    [InlineData("--a-b-(cd)-|")]
    [InlineData("a-^-(bc)#")]
    [InlineData("a(^b)")]
    [InlineData("")]
    public void Format_GivesBackWhatWasParsed(string marbles) =>
        Marbles.Format(Marbles.Parse(marbles, Values, 10, 200), Values, 10, 200).ShouldBe(marbles);

    [Fact]
    public void Parse_GivesBackWhatWasFormatted() => Gen.Select(Gen.Int[-50, 50], Gen.Char["abcd"]).List[0, 30].Sample(items =>
    {
        var messages = items.OrderBy(item => item.Item1).Select(item => OnNext(200 + (item.Item1 * 10), Values[item.Item2])).ToArray();
        Marbles.Parse(Marbles.Format(messages, Values, 10, 200), Values, 10, 200).AssertEqual(messages);
    });

    [Fact]
    public void Format_DrawsUnknownValuesAndTimesBetweenFrames() =>
        Marbles.Format([OnNext(19, 1), OnNext(20, 99), OnCompleted<int>(39)], Values, 10).ShouldBe("-a?|");

    [Fact]
    public void FormatOfALongStream_IsCut() =>
        Marbles.Format([OnNext(0, 1), OnNext(1_000_000_000_000, 2)], Values, 10).ShouldBe("a" + new string('-', 199) + "…");

    [Fact]
    public void MarblesOnTheScheduler_DriveAnOperator()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable(Marbles.Parse("a-^-b-c---d|", Values, 10, Subscribed));
        var observer = scheduler.Start(() => source.Throttle(TimeSpan.FromTicks(30), scheduler));
        observer.Messages.AssertMarbles("^------c-(d|)", Values, 10, Subscribed);
        source.Subscriptions.AssertEqual(Marbles.ParseSubscription("^--------!", 10, Subscribed));
    }

    [Fact]
    public void DifferentMessages_AreDrawnAboveEachOther()
    {
        var failure = Should.Throw<XunitException>(() => new[] { OnNext(10, 1), OnNext(35, 2) }.AssertMarbles("-a-b|", Values, 10));
        failure.Message.ShouldStartWith("""
            expected -a-b|
            actual   -a-b
            3 expected, 2 actual; the first difference is in row 1.
            """);
        failure.Message.ShouldContain("OnNext(2)@30     | OnNext(2)@35");
    }
}
