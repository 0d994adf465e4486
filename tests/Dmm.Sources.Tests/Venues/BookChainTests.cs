using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources.Tests;

public sealed class BookChainTests
{
    [Fact]
    public void DeltasBeforeTheSnapshot_JoinedWhenItReachesThem()
    {
        var chain = new BookChain(BookSequenceRule.ContiguousRange);
        chain.Take(Delta(11, 12)).ShouldBeFalse();
        chain.Take(Delta(13, 15)).ShouldBeFalse();
        chain.TryJoin(9).ShouldBeFalse();
        chain.TryJoin(13).ShouldBeTrue();
        chain.Take(Delta(16, 16)).ShouldBeFalse();
    }

    [Fact]
    public void FirstDeltaMayReachBehindTheSnapshot_TheNextMayNot()
    {
        var chain = new BookChain(BookSequenceRule.ContiguousRange);
        chain.TryJoin(20).ShouldBeTrue();
        chain.Take(Delta(15, 20)).ShouldBeFalse();
        chain.Take(Delta(18, 22)).ShouldBeFalse();
        chain.Take(Delta(21, 24)).ShouldBeTrue();
    }

    [Fact]
    public void Gap_ToldOnce_UntilTheNextSnapshot()
    {
        var chain = new BookChain(BookSequenceRule.ContiguousRange);
        chain.TryJoin(20);
        chain.Take(Delta(22, 22)).ShouldBeTrue();
        chain.Take(Delta(25, 25)).ShouldBeFalse();
        chain.TryJoin(23).ShouldBeFalse();
        chain.TryJoin(24).ShouldBeTrue();
        chain.Take(Delta(26, 26)).ShouldBeFalse();
        chain.Take(Delta(28, 28)).ShouldBeTrue();
    }

    [Fact]
    public void SnapshotOfTheStream_BeginsAnew()
    {
        var chain = new BookChain(BookSequenceRule.ContiguousRange);
        chain.TryJoin(20);
        chain.Take(Delta(3, 3) with { IsSnapshot = true }).ShouldBeFalse();
        chain.Take(Delta(4, 5)).ShouldBeFalse();
    }

    private static BookUpdate Delta(long first, long last) => new()
    {
        Instrument = new(0), IsSnapshot = false, VenueTime = Timestamp.None, ReceiveTime = Timestamp.None, FirstUpdateId = first, LastUpdateId = last,
        BidCount = 0, Levels = default,
    };
}
