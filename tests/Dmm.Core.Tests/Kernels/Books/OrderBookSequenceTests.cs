using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Core.Tests.Kernels.Books.BookSamples;

namespace Dmm.Core.Tests.Kernels.Books;

public sealed class OrderBookSequenceTests
{
    [Theory]
    [InlineData(90, 99, BookOutcome.Duplicate)]
    [InlineData(90, 100, BookOutcome.Duplicate)]
    [InlineData(90, 101, BookOutcome.Applied)]
    [InlineData(100, 105, BookOutcome.Applied)]
    [InlineData(101, 101, BookOutcome.Applied)]
    [InlineData(101, 105, BookOutcome.Applied)]
    [InlineData(102, 105, BookOutcome.Broken)]
    public void ContiguousRange_FirstDeltaAfterSnapshot100(long first, long last, BookOutcome expected)
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(first, last)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(106, 106, BookOutcome.Applied)]
    [InlineData(106, 110, BookOutcome.Applied)]
    [InlineData(105, 110, BookOutcome.Broken)]
    [InlineData(107, 110, BookOutcome.Broken)]
    [InlineData(101, 105, BookOutcome.Duplicate)]
    [InlineData(101, 104, BookOutcome.Duplicate)]
    public void ContiguousRange_DeltaAfterDeltaTo105(long first, long last, BookOutcome expected)
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 105));
        book.Apply(Delta(first, last)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(90, 99, 89, BookOutcome.Duplicate)]
    [InlineData(90, 100, 89, BookOutcome.Applied)]
    [InlineData(100, 104, 99, BookOutcome.Applied)]
    [InlineData(101, 104, 100, BookOutcome.Applied)]
    [InlineData(103, 104, 99, BookOutcome.Applied)]
    [InlineData(103, 104, 101, BookOutcome.Broken)]
    [InlineData(101, 104, -1, BookOutcome.Broken)]
    [InlineData(100, 100, 100, BookOutcome.Applied)]
    [InlineData(5, 5, 100, BookOutcome.Applied)]
    public void PreviousId_FirstDeltaAfterSnapshot100(long first, long last, long previous, BookOutcome expected)
    {
        var book = Book(BookSequenceRule.PreviousId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(first, last, previous)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(110, 112, 104, BookOutcome.Applied)]
    [InlineData(110, 112, 103, BookOutcome.Broken)]
    [InlineData(110, 112, 105, BookOutcome.Broken)]
    [InlineData(101, 104, 100, BookOutcome.Duplicate)]
    [InlineData(101, 103, 100, BookOutcome.Duplicate)]
    [InlineData(104, 104, 104, BookOutcome.Applied)]
    [InlineData(3, 3, 104, BookOutcome.Applied)]
    public void PreviousId_DeltaAfterDeltaTo104(long first, long last, long previous, BookOutcome expected)
    {
        var book = Book(BookSequenceRule.PreviousId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 104, 100));
        book.Apply(Delta(first, last, previous)).ShouldBe(expected);
    }

    [Fact]
    public void IdsStartAnewAndTheMessageThatSaidSoWasLost_IsAGapAndNoDuplicate()
    {
        var book = Book(BookSequenceRule.PreviousId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 104, 100, second: 1));
        book.Apply(Delta(6, 9, 5, second: 2)).ShouldBe(BookOutcome.Broken);
        book.Status.ShouldBe(BookStatus.Gap);
    }

    [Fact]
    public void EventTimeRunsBackwardsInAWholeChain_IsApplied()
    {
        var book = Book(BookSequenceRule.PreviousId);
        book.Apply(Snapshot(100, second: 5));
        book.Apply(Delta(101, 104, 100, "99*7 /", second: 3)).ShouldBe(BookOutcome.Applied);
        book.Top.Bid.SizeLots.ShouldBe(7);
        book.Top.VenueTime.ShouldBe(Start + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void ChecksumOnly_WhateverTheIds_IsApplied()
    {
        var book = Book(BookSequenceRule.ChecksumOnly);
        book.Apply(Snapshot(0));
        book.Apply(Delta(7, 7)).ShouldBe(BookOutcome.Applied);
        book.Apply(Delta(3, 3)).ShouldBe(BookOutcome.Applied);
        book.Apply(Delta(3, 3)).ShouldBe(BookOutcome.Applied);
    }

    [Theory]
    [InlineData(101, BookOutcome.Applied)]
    [InlineData(5_000, BookOutcome.Applied)]
    [InlineData(100, BookOutcome.Broken)]
    [InlineData(7, BookOutcome.Broken)]
    public void RisingId_LaterDelta_WhateverLiesBetween_IsBrokenOnlyWhereItsIdDoesNotRise(long id, BookOutcome expected)
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(id, id, levels: "99*7 /", second: 1)).ShouldBe(expected);
        book.Counters.Gaps.ShouldBe(expected == BookOutcome.Broken ? 1 : 0);
    }

    [Fact]
    public void RisingId_TheSameDeltaOnceMore_IsADuplicate()
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(103, 103, levels: "99*7 /", second: 1));
        book.Apply(Delta(103, 103, levels: "99*7 /", second: 1)).ShouldBe(BookOutcome.Duplicate);
        Text(book).ShouldBe("99*7 / 101*1");
    }

    [Fact]
    public void RisingId_UpdatesInTheWrongOrder_AreABreak()
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(103, 103, levels: "99*7 /", second: 2));
        book.Apply(Delta(102, 102, levels: "99*9 /", second: 1)).ShouldBe(BookOutcome.Broken);
        book.Status.ShouldBe(BookStatus.Gap);
    }

    [Fact]
    public void RisingId_RestartSnapshotWithAnIdFarBelow_ReplacesAndGoesOnFromThere()
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(100));
        book.Apply(Delta(103, 103, second: 1));
        book.Apply(Snapshot(1, "98*1 / 100*1", second: 2)).ShouldBe(BookOutcome.Applied);
        book.Apply(Delta(2, 2, levels: "98*4 /", second: 3)).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldBe("98*4 / 100*1");
        book.Counters.Gaps.ShouldBe(0);
    }

    [Fact]
    public void RisingId_DeltasBeforeTheSnapshotOrAfterABreak_AreNeverReplayedOntoIt()
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Delta(90, 90, levels: "99*5 /")).ShouldBe(BookOutcome.Dropped);
        book.Apply(Snapshot(1));
        book.Apply(Delta(1, 1, levels: "99*6 /", second: 1)).ShouldBe(BookOutcome.Broken);
        book.Apply(Delta(2, 2, levels: "99*7 /", second: 2)).ShouldBe(BookOutcome.Dropped);
        book.Apply(Snapshot(1, second: 3)).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldBe("99*1 / 101*1");
    }

    [Fact]
    public void RisingId_CrossedAndUncrossed_StaysInvalidUntilASnapshot()
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(1));
        book.Apply(Delta(2, 2, levels: "102*1 /"));
        book.Apply(Delta(4, 4, levels: "102*0 /"));
        book.Status.ShouldBe(BookStatus.Crossed);
        book.Apply(Snapshot(5));
        book.Status.ShouldBe(BookStatus.Valid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RisingId_RefusedUpdate_IsMissed(bool isSnapshot)
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(1));
        book.Miss(isSnapshot ? Snapshot(9) : Delta(9, 9)).ShouldBeTrue();
        book.Status.ShouldBe(BookStatus.Gap);
    }

    [Fact]
    public void RisingId_RefusedDuplicate_IsNotMissed()
    {
        var book = Book(BookSequenceRule.RisingId);
        book.Apply(Snapshot(5));
        book.Miss(Delta(5, 5)).ShouldBeFalse();
        book.Status.ShouldBe(BookStatus.Valid);
    }

    [Fact]
    public void OneDeltaMissing_IsOneGapAtTheNext_AndSilenceUntilTheSnapshot()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(102, 102, levels: "99*9 /")).ShouldBe(BookOutcome.Broken);
        book.Apply(Delta(103, 103, levels: "98*3 /")).ShouldBe(BookOutcome.Kept);
        book.Top.LastUpdateId.ShouldBe(100);
        book.Apply(Snapshot(101, "99*2 / 101*1")).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldBe("99*9 98*3 / 101*1");
        book.Top.LastUpdateId.ShouldBe(103);
        book.Counters.ShouldBe(new() { Snapshots = 2, Deltas = 2, Gaps = 1, Resyncs = 1 });
    }
}
