using Dmm.Core.Kernels;
using static Dmm.Core.Tests.Kernels.Books.BookSamples;

namespace Dmm.Core.Tests.Kernels.Books;

public sealed class EventTimeGuardTests
{
    private static readonly TimeSpan AheadMax = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(5.0, 0, EventTimeVerdict.InOrder)]
    [InlineData(5.1, 0, EventTimeVerdict.Ahead)]
    [InlineData(6.3, 1.3, EventTimeVerdict.InOrder)]
    [InlineData(6.4, 1.3, EventTimeVerdict.Ahead)]
    [InlineData(3.7, -1.3, EventTimeVerdict.InOrder)]
    [InlineData(3.8, -1.3, EventTimeVerdict.Ahead)]
    [InlineData(-3600, 0, EventTimeVerdict.InOrder)]
    public void TimeAgainstTheCorrectedClock(double ahead, double offset, EventTimeVerdict expected) =>
        Judge(new() { Offset = TimeSpan.FromSeconds(offset) }, ahead, EventOrder.ByTime).Verdict.ShouldBe(expected);

    [Theory]
    [InlineData(-2.0, EventOrder.BySequence, EventTimeVerdict.InOrder)]
    [InlineData(-2.1, EventOrder.BySequence, EventTimeVerdict.Backwards)]
    [InlineData(-2.0, EventOrder.ByTime, EventTimeVerdict.InOrder)]
    [InlineData(-2.1, EventOrder.ByTime, EventTimeVerdict.Superseded)]
    public void TimeAgainstTheLatestOf2SecondsAgo(double ahead, EventOrder order, EventTimeVerdict expected) =>
        Judge(new() { LatestEventTime = At(-2) }, ahead, order).Verdict.ShouldBe(expected);

    [Fact]
    public void MessageWithoutATime_IsInOrderAndChangesNothing()
    {
        var state = new EventTimeState { LatestEventTime = At(-2), Backwards = 1, Refused = 2 };
        EventTimeGuard.Step(state, Timestamp.None, Start, EventOrder.ByTime, AheadMax, out var verdict).ShouldBe(state);
        verdict.ShouldBe(EventTimeVerdict.InOrder);
    }

    [Fact]
    public void RefusedTime_IsForgotten()
    {
        var (ahead, _) = Judge(new() { LatestEventTime = At(-2) }, 3600, EventOrder.ByTime);
        ahead.ShouldBe(new() { LatestEventTime = At(-2), Refused = 1 });
        Judge(ahead, -1, EventOrder.ByTime).ShouldBe((ahead with { LatestEventTime = At(-1) }, EventTimeVerdict.InOrder));
    }

    [Fact]
    public void AcceptedTimeAheadOfTheClock_IsNoMeasureForThoseAfterIt()
    {
        var (early, _) = Judge(default, 4, EventOrder.ByTime);
        Judge(early, 0, EventOrder.ByTime).ShouldBe((new EventTimeState { LatestEventTime = At(0) }, EventTimeVerdict.InOrder));
    }

    [Fact]
    public void BackwardsInASequence_IsCountedAndBecomesTheLatest() =>
        Judge(new() { LatestEventTime = At(-1) }, -3, EventOrder.BySequence).State.ShouldBe(new() { LatestEventTime = At(-3), Backwards = 1 });

    [Fact]
    public void Refusals_NameTheThingAndTheNumbers()
    {
        var state = new EventTimeState { LatestEventTime = At(-1), Offset = TimeSpan.FromSeconds(1.3) };
        EventTimeGuard.Explain(state, EventTimeVerdict.Ahead, At(8), Start, AheadMax, "okx", "okx:BTC-USDT delta 17..19").ShouldBe(new(
            "okx", "event time 2024-08-08T12:00:08.0000000Z of okx:BTC-USDT delta 17..19 is 6.70 s ahead of the corrected clock, limit 5.00 s",
            "okx:BTC-USDT delta 17..19"));
        EventTimeGuard.Explain(state, EventTimeVerdict.Superseded, At(-3), Start, AheadMax, "ston", "TON/USDT rate").Reason.ShouldBe(
            "event time 2024-08-08T11:59:57.0000000Z of TON/USDT rate runs 2.00 s backwards: a newer state is known");
    }

    private static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static (EventTimeState State, EventTimeVerdict Verdict) Judge(EventTimeState state, double aheadSeconds, EventOrder order)
    {
        var next = EventTimeGuard.Step(state, At(aheadSeconds), Start, order, AheadMax, out var verdict);
        return (next, verdict);
    }
}
