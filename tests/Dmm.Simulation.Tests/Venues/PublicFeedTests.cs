using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>What everybody hears, 20 ms after it happened.</summary>
public sealed class PublicFeedTests
{
    private static TestVenue Connected() => new TestVenue().Do(0, e => e.Connect()).RunTo(20);

    private static IEnumerable<string> Since(TestVenue venue, int count) => venue.Lines.Skip(count);

    [Fact]
    public void BeforeConnect_NothingIsSaid() => new TestVenue().Submit(0, Side.Buy, 100, 5).RunTo(5_000).Lines.ShouldBeEmpty();

    [Fact]
    public void Connect_StatusThenSnapshotOfTheEndOfThatInstant()
    {
        var venue = new TestVenue().Submit(0, Side.Buy, 100, 5).Do(10, e => e.Connect()).Submit(10, Side.Sell, 102, 7).Submit(11, Side.Buy, 100, 1);
        venue.RunTo(40).Lines.ShouldBe(
            ["30 feed Connected (connected)", "30 snapshot 2 bids [100:5] asks [102:7]", "31 delta 3..3 bids [100:6] asks []"]);
    }

    [Fact]
    public void ChangesOfOneInstant_AreOneDeltaBestFirstAfterItsTrades()
    {
        var venue = Connected().Submit(30, Side.Buy, 99, 5).Submit(30, Side.Buy, 100, 5).Submit(30, Side.Buy, 100, 6).Submit(30, Side.Sell, 103, 1);
        venue.Submit(30, Side.Sell, 102, 1).Submit(30, Side.Sell, 99, 12).RunTo(60);
        Since(venue, 2).ShouldBe(
        [
            "50 trade #1 5 @ 100 sell", "50 trade #2 6 @ 100 sell", "50 trade #3 1 @ 99 sell", "50 delta 1..8 bids [100:0 99:4] asks [102:1 103:1]",
        ]);
    }

    [Fact]
    public void QuietBook_BeatsOnceASecondAndAChangeStartsTheSecondAnew()
    {
        var venue = Connected().Submit(1_500, Side.Buy, 100, 5).RunTo(3_600);
        Since(venue, 2).ShouldBe(
        [
            "1020 delta 1..1 bids [] asks []", "1520 delta 2..2 bids [100:5] asks []", "2520 delta 3..3 bids [] asks []", "3520 delta 4..4 bids [] asks []",
        ]);
        venue.Books[^1].VenueTime.ShouldBe(TestVenue.At(3_500));
    }

    [Fact]
    public void Disconnect_WhatIsUnderWayComesThenSilenceThenASnapshot()
    {
        var venue = Connected().Submit(90, Side.Buy, 100, 5).Do(100, e => e.Disconnect("link lost")).Submit(110, Side.Buy, 101, 6);
        venue.Do(4_000, e => e.Connect()).Submit(4_001, Side.Buy, 102, 7).RunTo(4_100);
        Since(venue, 2).ShouldBe(
        [
            "110 delta 1..1 bids [100:5] asks []", "120 feed Disconnected (link lost)", "4020 feed Connected (connected)",
            "4020 snapshot 2 bids [101:6 100:5] asks []", "4021 delta 3..3 bids [102:7] asks []",
        ]);
    }

    [Fact]
    public void DisconnectAndConnectInOneInstant_KeepTheirOrder()
    {
        var venue = Connected().Submit(100, Side.Buy, 100, 5).Do(100, e => e.Disconnect("blink")).Do(100, e => e.Connect()).RunTo(2_000);
        Since(venue, 2).ShouldBe(
        [
            "120 delta 1..1 bids [100:5] asks []", "120 feed Disconnected (blink)", "120 feed Connected (connected)", "120 snapshot 1 bids [100:5] asks []",
            "1120 delta 2..2 bids [] asks []",
        ]);
    }

    [Fact]
    public void ConnectOrDisconnectTwice_ChangesNothing()
    {
        var venue = Connected().Do(100, e => e.Connect()).Do(200, e => e.Disconnect("x")).Do(300, e => e.Disconnect("y")).Do(310, e => e.RequestSnapshot());
        Since(venue.RunTo(3_000), 2).ShouldBe(["220 feed Disconnected (x)"]);
        venue.Exchange.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public void OrdersGoOnWhileTheFeedIsDown()
    {
        var venue = Connected().Do(30, e => e.Disconnect("x")).Place(40, "a", Side.Buy, 100, 5).Submit(60, Side.Sell, 100, 5).RunTo(100);
        venue.Private.ShouldBe(["Live a 5 @ 100", "fill a buy 5 @ 100 maker #1", "Filled a 0 @ 100"]);
    }

    [Fact]
    public void DroppedDelta_BreaksTheBuiltBookUntilTheSnapshotAsked()
    {
        var venue = Connected();
        var book = new OrderBook(venue.Exchange.Instrument, OrderBookState.Empty);
        foreach (var update in venue.Books) book.Apply(update);
        venue.Books.Clear();
        venue.Submit(30, Side.Buy, 100, 5).Submit(30, Side.Sell, 101, 5).RunTo(60);
        venue.Do(60, e => e.DropNextDelta()).Submit(70, Side.Buy, 100, 6).Submit(75, Side.Sell, 100, 2).Submit(80, Side.Buy, 99, 1);
        venue.Do(85, e => e.RequestSnapshot()).Submit(90, Side.Buy, 98, 1).RunTo(200);
        venue.Books.Select(update => (book.Apply(update), book.Status)).ShouldBe(
        [
            (BookOutcome.Applied, BookStatus.Valid), (BookOutcome.Broken, BookStatus.Gap), (BookOutcome.Kept, BookStatus.Gap),
            (BookOutcome.Applied, BookStatus.Valid), (BookOutcome.Applied, BookStatus.Valid),
        ]);
        venue.Lines.ShouldContain("95 trade #1 2 @ 100 sell");
        book.Top.Bid.ShouldBe(new BookLevel(100, 9));
    }

    [Fact]
    public void DeltaOfAnInstantWithTheSnapshot_IsInTheSnapshot() =>
        Since(Connected().Submit(30, Side.Buy, 100, 5).Do(30, e => e.RequestSnapshot()).Submit(30, Side.Buy, 100, 1).RunTo(60), 2)
            .ShouldBe(["50 snapshot 2 bids [100:6] asks []"]);

    [Fact]
    public void OwnOrders_ArePartOfTheBook()
    {
        var venue = Connected().Submit(30, Side.Buy, 100, 5).Place(30, "a", Side.Buy, 100, 7).Amend(40, "a", 99, 6).Cancel(50, "a").RunTo(100);
        venue.Lines.Where(l => l.Contains("delta")).ShouldBe(
        [
            "50 delta 1..1 bids [100:5] asks []", "60 delta 2..2 bids [100:12] asks []", "70 delta 3..4 bids [100:5 99:6] asks []",
            "80 delta 5..5 bids [99:0] asks []",
        ]);
    }

    [Fact]
    public void WithoutLatency_MessagesComeInTheInstantThatMadeThem()
    {
        var venue = new TestVenue(TestVenue.Exact with { FeedLatency = TimeSpan.Zero }).Do(0, e => e.Connect()).Submit(5, Side.Buy, 100, 5);
        venue.Submit(5, Side.Buy, 99, 5).RunTo(20).Lines.ShouldBe(
            ["0 feed Connected (connected)", "0 snapshot 0 bids [] asks []", "5 delta 1..2 bids [100:5 99:5] asks []"]);
    }

    [Fact]
    public void SteadyFlow_AllocatesNothingAMessage()
    {
        var queue = new SimulationQueue(TestVenue.Start);
        var heard = 0L;
        var exchange = new SimulatedExchange(TestVenue.Spot, TestVenue.Exact, queue, new SeededRandom(1), (in Input _) => heard++);
        exchange.Connect();
        Testing.Allocations.PerItem(i =>
        {
            queue.RunNext(queue.Now + TimeSpan.FromMilliseconds(30));
            exchange.Submit(i % 2 == 0 ? Side.Sell : Side.Buy, 100 + i % 5, 3, i % 2 == 0 ? TimeInForce.GoodTillCancelled : TimeInForce.ImmediateOrCancel);
        }).ShouldBe(0);
        heard.ShouldBeGreaterThan(0);
    }
}
