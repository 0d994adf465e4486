using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Venues;

/// <summary>Orders take 10 ms to the venue, answers 5 ms back, market data 20 ms, unless a test says otherwise.</summary>
public sealed class LatencyAndRaceTests
{
    private static TestVenue Resting() => new TestVenue().Place(0, "a", Side.Buy, 100, 50);

    [Fact]
    public void AckAndFill_ReachUsExactlyTheirLatencyLater()
    {
        var venue = Resting().Do(0, e => e.Connect()).Submit(100, Side.Sell, 100, 50);
        venue.RunTo(200).Lines.ShouldBe(
        [
            "15 Live a 50 @ 100", "20 feed Connected (connected)", "20 snapshot 0 bids [] asks []", "30 delta 1..1 bids [100:50] asks []",
            "105 fill a buy 50 @ 100 maker #1", "105 Filled a 0 @ 100", "120 trade #1 50 @ 100 sell", "120 delta 2..2 bids [100:0] asks []",
        ]);
        venue.Fills[0].VenueTime.ShouldBe(TestVenue.At(100));
        venue.Books[^1].VenueTime.ShouldBe(TestVenue.At(100));
        venue.Books[^1].ReceiveTime.ShouldBe(TestVenue.At(120));
    }

    [Fact]
    public void OrderAtTheInstantOfItsSending_StillTakesItsLatency()
    {
        var venue = new TestVenue(TestVenue.Exact with { OrderLatency = TimeSpan.Zero, ResponseLatency = TimeSpan.Zero });
        venue.Place(7, "a", Side.Buy, 100, 5).RunTo(20).Lines.ShouldBe(["7 Live a 5 @ 100"]);
    }

    [Fact]
    public void Jitter_DelaysButNothingOvertakes() => Gen.Long.Sample(seed =>
    {
        var venue = new TestVenue(TestVenue.Exact with { Jitter = TimeSpan.FromMilliseconds(50) }, seed: seed);
        for (var i = 0; i < 40; i++) venue.Place(i, $"{i:00}", Side.Buy, 100, 5).Cancel(i + 0.5, $"{i:00}");
        venue.RunTo(1_000);
        var ids = Enumerable.Range(0, 40).Select(i => $"{i:00}").ToArray();
        venue.Private.ShouldBe(ids.SelectMany(id => (string[])[$"Live {id} 5 @ 100", $"Cancelled {id} 0 @ 100"]));
        var times = venue.Lines.Select(line => double.Parse(line[..line.IndexOf(' ')])).ToArray();
        times.ShouldBeInOrder();
        // Order and answer are each at least their latency, and at most that and the jitter.
        for (var i = 0; i < 40; i++) (times[2 * i] - i).ShouldBeInRange(15, 115);
    }, iter: 50);

    [Fact]
    public void CancelBeforeTheTrade_Wins() =>
        Resting().Cancel(89, "a").Submit(100, Side.Sell, 100, 50, TimeInForce.ImmediateOrCancel).RunTo(200).Lines
            .ShouldBe(["15 Live a 50 @ 100", "104 Cancelled a 0 @ 100"]);

    [Fact]
    public void CancelAtTheInstantOfTheTrade_WhatWasUnderWayFirstWins()
    {
        Resting().Cancel(90, "a").Submit(100, Side.Sell, 100, 50).RunTo(200).Lines.ShouldBe(["15 Live a 50 @ 100", "105 Cancelled a 0 @ 100"]);
        var venue = Resting().Submit(100, Side.Sell, 100, 50).Cancel(90, "a").RunTo(200);
        venue.Lines.ShouldBe(["15 Live a 50 @ 100", "105 fill a buy 50 @ 100 maker #1", "105 Filled a 0 @ 100"]);
        venue.Exchange.Orders.Counts.TooLate.ShouldBe(1);
    }

    // It leaves before the trade, or while the fill is on its way to us, or after that: the venue knows nothing of it any more.
    [Theory]
    [InlineData(91)]
    [InlineData(102)]
    [InlineData(106)]
    public void CancelAfterTheTrade_IsTooLateAndSaysNothing(double sentMs)
    {
        var venue = Resting().Submit(100, Side.Sell, 100, 50).Cancel(sentMs, "a").RunTo(200);
        venue.Lines.ShouldBe(["15 Live a 50 @ 100", "105 fill a buy 50 @ 100 maker #1", "105 Filled a 0 @ 100"]);
        venue.Exchange.Orders.Counts.ShouldBe(new() { Placed = 1, Fills = 1, TooLate = 1 });
    }

    [Fact]
    public void CancelAfterAPartialFill_TakesTheRest()
    {
        var venue = Resting().Submit(100, Side.Sell, 100, 20).Cancel(91, "a").RunTo(200);
        venue.Lines.ShouldBe(
            ["15 Live a 50 @ 100", "105 fill a buy 20 @ 100 maker #1", "105 PartiallyFilled a 30 @ 100", "106 Cancelled a 0 @ 100"]);
        venue.Levels(Side.Buy).ShouldBe("");
    }

    [Fact]
    public void AmendBeforeTheFill_LimitsIt() =>
        Resting().Amend(89, "a", 100, 30).Submit(100, Side.Sell, 100, 50, TimeInForce.ImmediateOrCancel).RunTo(200).Lines.ShouldBe(
            ["15 Live a 50 @ 100", "104 Live a 30 @ 100", "105 fill a buy 30 @ 100 maker #1", "105 Filled a 0 @ 100"]);

    [Fact]
    public void AmendAtTheInstantOfTheFill_WhatWasUnderWayFirstWins()
    {
        Resting().Amend(90, "a", 99, 30).Submit(100, Side.Sell, 100, 50, TimeInForce.ImmediateOrCancel).RunTo(200).Lines
            .ShouldBe(["15 Live a 50 @ 100", "105 Live a 30 @ 99"]);
        Resting().Submit(100, Side.Sell, 100, 50, TimeInForce.ImmediateOrCancel).Amend(90, "a", 99, 30).RunTo(200).Lines
            .ShouldBe(["15 Live a 50 @ 100", "105 fill a buy 50 @ 100 maker #1", "105 Filled a 0 @ 100"]);
    }

    [Theory]
    [InlineData(40, 10)]
    [InlineData(15, 30)]
    public void AmendAfterAPartialFill_NeverRestoresWhatTraded(long traded, long left)
    {
        var venue = Resting().Submit(100, Side.Sell, 100, traded).Amend(91, "a", 99, 30).RunTo(200);
        venue.Lines.ShouldBe(
        [
            "15 Live a 50 @ 100", $"105 fill a buy {traded} @ 100 maker #1", $"105 PartiallyFilled a {50 - traded} @ 100",
            $"106 PartiallyFilled a {left} @ 99",
        ]);
        venue.Levels(Side.Buy).ShouldBe($"99:{left}");
    }

    [Fact]
    public void AmendAfterTheOrderEnded_IsTooLate()
    {
        var venue = Resting().Submit(100, Side.Sell, 100, 50).Amend(91, "a", 99, 30).RunTo(200);
        venue.Lines.Count.ShouldBe(3);
        venue.Exchange.Orders.Counts.TooLate.ShouldBe(1);
        venue.Exchange.Orders.Counts.Amended.ShouldBe(0);
    }

    [Fact]
    public void SameSeed_GivesTheSameMessages() => Said(3).ShouldBe(Said(3));

    [Fact]
    public void OtherSeed_GivesOtherTimes() => Said(3).ShouldNotBe(Said(4));

    private static List<string> Said(long seed)
    {
        var venue = new TestVenue(TestVenue.Exact with { Jitter = TimeSpan.FromMilliseconds(3), RejectProbability = 0.1 }, seed: seed);
        venue.Exchange.Connect();
        for (var i = 0; i < 100; i++) venue.Place(i, $"{i}", (Side)(i % 2), i % 2 == 0 ? 99 + i % 3 : 102 - i % 4, 5 + i);
        return venue.RunTo(5_000).Lines;
    }
}
