using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;
using static Dmm.Core.Tests.Kernels.Books.BookSamples;

namespace Dmm.Core.Tests.Kernels.Books;

public sealed class OrderBookTests
{
    private static readonly OrderBookLimits Small = new()
    {
        WindowTicksMin = 64, WindowTicksMax = 64, FarLevelsMax = 16, KeptDeltasMax = 3, KeptLevelsMax = 4,
    };

    [Fact]
    public void NoSnapshotYet_AwaitsIt()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Delta(1, 1)).ShouldBe(BookOutcome.Kept);
        book.Top.ShouldBe(new BookTop
        {
            Instrument = new(0), Status = BookStatus.AwaitingSnapshot, Bid = default, Ask = default, LastUpdateId = 0,
            VenueTime = Timestamp.None, Depth = book,
        });
    }

    [Fact]
    public void DeltasBeforeTheSnapshot_AreReplayedOntoIt()
    {
        var book = Book(BookSequenceRule.PreviousId);
        book.Apply(Delta(90, 95, 89, "50*1 /"));
        book.Apply(Delta(96, 101, 95, "99*3 /"));
        book.Apply(Delta(102, 103, 101, "/ 101*0 102*4", second: 7));
        book.Apply(Snapshot(100)).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldBe("99*3 / 102*4");
        book.Top.ShouldBe(new BookTop
        {
            Instrument = new(0), Status = BookStatus.Valid, Bid = new(99, 3), Ask = new(102, 4), LastUpdateId = 103,
            VenueTime = Start + TimeSpan.FromSeconds(7), Depth = book,
        });
        book.Counters.ShouldBe(new() { Snapshots = 1, Deltas = 2, Duplicates = 1 });
    }

    [Fact]
    public void SnapshotOlderThanTheDeltasKept_IsAGap_AndTheyWaitForTheNext()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Delta(105, 106, levels: "99*8 /"));
        book.Apply(Snapshot(100)).ShouldBe(BookOutcome.Broken);
        book.Status.ShouldBe(BookStatus.Gap);
        book.Apply(Snapshot(103)).ShouldBe(BookOutcome.Broken);
        book.Apply(Snapshot(104)).ShouldBe(BookOutcome.Applied);
        book.Top.Bid.ShouldBe(new(99, 8));
        book.Counters.ShouldBe(new() { Snapshots = 3, Deltas = 1, Gaps = 1, Resyncs = 1 });
    }

    [Fact]
    public void HoleAmongTheDeltasKept_LeavesOnlyThoseBehindIt()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Delta(101, 101, levels: "99*5 /"));
        book.Apply(Delta(103, 103, levels: "99*6 /"));
        book.Capture().Kept.Select(delta => delta.LastUpdateId).ShouldBe([103]);
        book.Apply(Snapshot(102)).ShouldBe(BookOutcome.Applied);
        book.Top.Bid.ShouldBe(new(99, 6));
        book.Counters.Dropped.ShouldBe(1);
    }

    [Fact]
    public void MoreDeltasThanMayBeKept_DropsTheOldest_WhichShowsAsAGap()
    {
        var book = Book(BookSequenceRule.ContiguousRange, Small);
        for (var id = 101; id <= 104; id++) book.Apply(Delta(id, id, levels: "99*1 /"));
        book.Capture().Kept.Select(delta => delta.LastUpdateId).ShouldBe([102, 103, 104]);
        book.Apply(Snapshot(100)).ShouldBe(BookOutcome.Broken);
        book.Apply(Snapshot(101)).ShouldBe(BookOutcome.Applied);
        book.Counters.Dropped.ShouldBe(1);
    }

    [Fact]
    public void MoreLevelsThanMayBeKept_DropsTheOldest()
    {
        var book = Book(BookSequenceRule.ContiguousRange, Small);
        book.Apply(Delta(101, 101, levels: "99*1 98*1 /"));
        book.Apply(Delta(102, 102, levels: "99*1 98*1 / 101*1"));
        book.Capture().Kept.Select(delta => delta.LastUpdateId).ShouldBe([102]);
        book.Apply(Delta(103, 103, levels: "99*1 98*1 / 101*1 102*1 103*1"));
        book.Capture().Kept.ShouldBeEmpty();
        book.Counters.Dropped.ShouldBe(3);
    }

    [Fact]
    public void Snapshot_ReplacesAndNeverMerges()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100, "99*1 98*1 10*1 / 101*1 90000*1"));
        book.Apply(Snapshot(200, "97*2 / 105*2")).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldBe("97*2 / 105*2");
    }

    [Fact]
    public void ZeroSizeForUnknownLevels_ChangesNothing()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 101, levels: "100*0 98*0 1*0 / 102*0 100*0 5000000*0")).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldBe("99*1 / 101*1");
        book.Status.ShouldBe(BookStatus.Valid);
    }

    [Fact]
    public void LastLevelOfASide_Deleted_IsOneSided_UntilThereIsAnother()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 101, levels: "/ 101*0"));
        book.Top.Status.ShouldBe(BookStatus.OneSided);
        book.Top.Ask.ShouldBe(default);
        book.Apply(Delta(102, 102, levels: "/ 7000*3"));
        book.Top.Status.ShouldBe(BookStatus.Valid);
        book.Top.Ask.ShouldBe(new(7000, 3));
    }

    [Theory]
    [InlineData("101*1 /")]
    [InlineData("102*1 /")]
    [InlineData("/ 99*1")]
    public void BestBidAtOrAboveBestAsk_IsCrossed_AndRecoversByTheChain(string crossing)
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 101, levels: crossing)).ShouldBe(BookOutcome.Applied);
        book.Status.ShouldBe(BookStatus.Crossed);
        book.LotsWithin(Side.Buy, 1000).ShouldBe(0);
        book.Apply(Delta(102, 102, levels: "102*0 101*0 99*1 / 99*0 101*1")).ShouldBe(BookOutcome.Applied);
        book.Status.ShouldBe(BookStatus.Valid);
        book.Counters.Crossings.ShouldBe(1);
    }

    [Fact]
    public void CrossedWithoutAChain_StaysSoUntilASnapshot()
    {
        var book = Book(BookSequenceRule.ChecksumOnly);
        book.Apply(Snapshot(0));
        book.Apply(Delta(0, 0, levels: "102*1 /"));
        book.Apply(Delta(0, 0, levels: "102*0 /"));
        book.Status.ShouldBe(BookStatus.Crossed);
        book.Apply(Snapshot(0));
        book.Status.ShouldBe(BookStatus.Valid);
    }

    [Fact]
    public void CrossedWithoutAChain_IsClearedByAMatchingChecksum()
    {
        var book = new OrderBook(Instrument(BookSequenceRule.ChecksumOnly, 0.1m), OrderBookState.Empty);
        book.Apply(Snapshot(0, "33661*7 33660*6 / 33668*9 33680*8"));
        book.Apply(Delta(0, 0, levels: "33669*1 /"));
        book.Apply(Delta(0, 0, levels: "33669*0 /"));
        book.Status.ShouldBe(BookStatus.Crossed);
        book.Apply(Delta(0, 0, checksum: -1881014294));
        book.Status.ShouldBe(BookStatus.Valid);
    }

    // zlib.crc32 of the texts 3366.1:7:3366.8:9:3366:6:3368:8 and 3366.1:7:3366.8:9:3368:8:3370:0.05 and 0.5:0.00000001:0.6:12.5, by CPython.
    [Theory]
    [InlineData("33661*7 33660*6 / 33668*9 33680*8", "0.1", "1", -1881014294)]
    [InlineData("33661*700 / 33668*900 33680*800 33700*5", "0.1", "0.01", -2093237043)]
    [InlineData("5*1 / 6*1250000000", "0.1", "0.00000001", 103367191)]
    public void Checksum_IsOverTheVenuesOwnText(string levels, string tick, string lot, int checksum)
    {
        var instrument = Instrument(BookSequenceRule.PreviousId, decimal.Parse(tick), decimal.Parse(lot));
        var book = new OrderBook(instrument, OrderBookState.Empty);
        book.Apply(Snapshot(100, levels, checksum)).ShouldBe(BookOutcome.Applied);
        book.Apply(Delta(101, 101, 100, checksum: checksum)).ShouldBe(BookOutcome.Applied);
        book.Apply(Delta(102, 102, 101, checksum: 0)).ShouldBe(BookOutcome.Applied);
        book.Apply(Delta(103, 103, 102, checksum: checksum + 1)).ShouldBe(BookOutcome.Broken);
        book.Status.ShouldBe(BookStatus.ChecksumMismatch);
        book.Apply(Delta(104, 104, 103, checksum: checksum)).ShouldBe(BookOutcome.Kept);
        book.Apply(Snapshot(103, levels)).ShouldBe(BookOutcome.Applied);
        book.Counters.ShouldBe(new() { Snapshots = 2, Deltas = 4, ChecksumMismatches = 1, Resyncs = 1 });
    }

    [Theory]
    [InlineData("0*1 /")]
    [InlineData("-5*1 /")]
    [InlineData("/ 101*-1")]
    [InlineData("/ 2305843009213693953*1")]
    public void PriceOrSizeThatCannotBe_IsNotApplied_AndBreaksTheBook(string levels)
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Apply(Delta(101, 101, levels: "98*5 " + levels)).ShouldBe(BookOutcome.Broken);
        book.Status.ShouldBe(BookStatus.Gap);
        Text(book).ShouldBe("99*1 / 101*1");
        book.Apply(Snapshot(101)).ShouldBe(BookOutcome.Applied);
        book.Counters.ShouldBe(new() { Snapshots = 2, Impossible = 1, Gaps = 1, Resyncs = 1 });
    }

    [Fact]
    public void UpdateOfAnotherInstrument_Throws() =>
        Should.Throw<ArgumentException>(() => Book(BookSequenceRule.ContiguousRange).Apply(Snapshot(1) with { Instrument = new(3) }))
            .Message.ShouldStartWith("an update of instrument 3 came to the book of venue:BTCUSDT, 0");

    [Fact]
    public void RefusedDelta_BreaksTheBookAtOnce_UnlessItWasADuplicate()
    {
        var book = Book(BookSequenceRule.ContiguousRange);
        book.Apply(Snapshot(100));
        book.Miss(Delta(99, 100)).ShouldBeFalse();
        book.Miss(Snapshot(200)).ShouldBeFalse();
        book.Status.ShouldBe(BookStatus.Valid);
        book.Miss(Delta(101, 101)).ShouldBeTrue();
        book.Status.ShouldBe(BookStatus.Gap);
        book.Miss(Delta(102, 102)).ShouldBeFalse();
        book.Counters.Gaps.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RefusedUpdateWithoutAChain_BreaksTheBook(bool isSnapshot)
    {
        var book = Book(BookSequenceRule.ChecksumOnly);
        book.Apply(Snapshot(0));
        book.Miss(isSnapshot ? Snapshot(0) : Delta(0, 0)).ShouldBeTrue();
        book.Apply(Delta(0, 0)).ShouldBe(BookOutcome.Dropped);
        book.Status.ShouldBe(BookStatus.Gap);
        book.Apply(Snapshot(0)).ShouldBe(BookOutcome.Applied);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 5)]
    [InlineData(199.99, 5)]
    [InlineData(200, 12)]
    [InlineData(5000, 12)]
    [InlineData(9000, 23)]
    [InlineData(1e9, 23)]
    [InlineData(-1, 0)]
    public void LotsWithin_CountsLevelsUpToTheEdge(double distanceBps, long expected)
    {
        var book = Book(BookSequenceRule.ContiguousRange, Small);
        book.Apply(Snapshot(1, "990*5 980*7 100*11 / 1010*5 1020*7 1900*11"));
        book.LotsWithin(Side.Buy, distanceBps).ShouldBe(expected);
        book.LotsWithin(Side.Sell, distanceBps).ShouldBe(expected);
    }

    [Fact]
    public void MoreFarLevelsThanMayBeHeld_DropsTheFarthest_AndBreaksWhenTheTouchGetsThere()
    {
        var book = Book(BookSequenceRule.ContiguousRange, Small);
        var bids = string.Join(' ', Enumerable.Range(0, 18).Select(i => $"{10_000 - i * 100}*1"));
        book.Apply(Snapshot(100, $"{bids} / 10001*1")).ShouldBe(BookOutcome.Applied);
        Text(book).ShouldEndWith("8400*1 / 10001*1");
        var deletions = string.Join(' ', Enumerable.Range(0, 16).Select(i => $"{10_000 - i * 100}*0"));
        book.Apply(Delta(101, 101, levels: $"{deletions} /")).ShouldBe(BookOutcome.Applied);
        book.Top.Bid.ShouldBe(new(8400, 1));
        book.Apply(Delta(102, 102, levels: "8400*0 /")).ShouldBe(BookOutcome.Broken);
        book.Status.ShouldBe(BookStatus.Gap);
    }

    [Fact]
    public void BookInSteadyState_AllocatesNothing()
    {
        var book = Book(BookSequenceRule.PreviousId);
        book.Apply(Snapshot(0, "60000*5 59999*5 10*1 / 60001*5 60002*5 900000*1"));
        BookUpdate[] deltas =
        [
            Delta(0, 0, levels: "60000*0 59998*3 20*1 / 60001*7 800000*0"),
            Delta(0, 0, levels: "60000*5 59998*0 20*0 / 60001*5 800000*2 60002*0"),
        ];
        var top = default(BookTop);
        var lots = 0L;
        var levels = new BookLevel[10];
        Allocations.PerItem(i =>
        {
            var id = book.Top.LastUpdateId;
            book.Apply(deltas[i % 2] with { FirstUpdateId = id + 1, LastUpdateId = id + 1, PreviousUpdateId = id });
            top = book.Top;
            lots += book.LotsWithin(Side.Buy, 25) + book.CopyLevels(Side.Sell, levels);
        }).ShouldBe(0);
        top.Status.ShouldBe(BookStatus.Valid);
    }
}
