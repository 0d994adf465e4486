using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class DiscrepancyBreakerTests
{
    private readonly Driven<VenueMid, DiscrepancyBreakerState> _breaker = new(Create(DiscrepancyBreakerState.Starting));

    [Fact]
    public void MidTooFarForTheWholeTime_HaltsThatVenueAtTheExactInstant()
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, 102, 100).Until(10);
        _breaker.Said.ShouldBe(["3 Halted ×1: okx:DCT-USDT mid is 200.00 bps from the fair value, above 100.00 bps for 2 s: quotes are cancelled"]);
        _breaker.Last!.Subject.ShouldBe(Market.OkxName);
        _breaker.Last.Value.ShouldBe(200);
    }

    [Theory]
    [InlineData(101, 0)]
    [InlineData(101.00000002, 1)]
    [InlineData(99, 0)]
    [InlineData(98.99999998, 1)]
    public void DistanceAtTheLimit_CountsFromOneUnitAboveIt(double mid, int count)
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, mid, 100).Until(10);
        _breaker.Said.Count.ShouldBe(count);
    }

    [Fact]
    public void MidBackOneTickBeforeTheTime_NeverHalts()
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, 102, 100);
        Mid(2.9999999, Market.Okx, 101, 100);
        Mid(3, Market.Okx, 102, 100).Until(4.9999999);
        _breaker.Said.ShouldBeEmpty();
    }

    [Fact]
    public void FairValueThatMovesAway_HaltsAVenueThatIsSilent()
    {
        Mid(0, Market.Okx, 100, 100);
        Mid(1, Market.Gate, 104, 103).Until(4);
        _breaker.Said.ShouldBe(["3 Halted ×1: okx:DCT-USDT mid is 291.26 bps from the fair value, above 100.00 bps for 2 s: quotes are cancelled"]);
    }

    [Fact]
    public void TwoVenuesThatDisagree_AreBothHalted()
    {
        Mid(0, Market.Okx, 98, 98);
        Mid(1, Market.Gate, 102, 100).Until(4);
        _breaker.Said.Count.ShouldBe(2);
        _breaker.Said.ShouldAllBe(s => s.StartsWith("3 Halted"));
    }

    [Fact]
    public void OneVenueAlone_HasNothingToCompareWith()
    {
        Mid(0, Market.Okx, 120, 100).Until(60);
        _breaker.Said.ShouldBeEmpty();
    }

    [Fact]
    public void OtherVenueGone_EndsTheTimeOverTheLimit()
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, 102, 100);
        Mid(2, Market.Gate, 0, 102).Until(60);
        _breaker.Said.ShouldBeEmpty();
    }

    [Fact]
    public void OwnMidOrFairValueGone_EndsTheTimeButKeepsATrip()
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, 102, 100);
        Mid(2, Market.Okx, 0, 0).Until(10);
        _breaker.Said.ShouldBeEmpty();
        Mid(11, Market.Okx, 102, 100).Until(13);
        _breaker.Said.Count.ShouldBe(1);
        Mid(14, Market.Okx, 0, 100);
        Mid(50, Market.Gate, 100, 100);
        _breaker.Said.Count.ShouldBe(1);
    }

    [Fact]
    public void Recovery_NeedsEightyPercentForTheWholeTime()
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, 102, 100);
        Mid(10, Market.Okx, 100.9, 100);
        Mid(41, Market.Okx, 100.8, 100);
        Mid(60, Market.Okx, 100.9, 100);
        Mid(61, Market.Okx, 100.7, 100);
        Mid(90.9, Market.Okx, 100.7, 100);
        _breaker.Said.Count.ShouldBe(1);
        Mid(91, Market.Okx, 100.7, 100);
        _breaker.Said[^1].ShouldBe("91 Active ×1: okx:DCT-USDT mid is 70.00 bps from the fair value, at or below 80.00 bps for 30 s");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void MidThatIsNoPrice_HaltsAtOnce(double mid)
    {
        Mid(0, Market.Okx, mid, 100);
        _breaker.Said.ShouldBe(["0 Halted ×1: okx:DCT-USDT mid is not a positive number: quotes are cancelled"]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void FairValueThatIsNoPrice_HaltsEveryVenueThatHasAMid(double fairValue)
    {
        Mid(0, Market.Gate, 100, 100);
        Mid(1, Market.Okx, 100, fairValue);
        _breaker.Said.ShouldBe(
        [
            "1 Halted ×1: okx:DCT-USDT: the fair value is not a positive number: quotes are cancelled",
            "1 Halted ×1: gate:DCT-USDT: the fair value is not a positive number: quotes are cancelled",
        ]);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Select(Gen.Int[0, 2], Gen.Double[98, 102], Gen.Double[0, 20], Gen.Int[0, 19]).Array[1, 30].Sample(steps =>
        {
            var seconds = 0.0;
            var script = steps.Select(s => (seconds = Math.Round(seconds + s.Item3, 3),
                new VenueMid(new(s.Item1), s.Item4 == 0 ? 0 : s.Item4 == 1 ? double.NaN : s.Item2, s.Item4 == 2 ? 0 : 100))).ToArray();
            Restored.ShouldSayTheSame(script, DiscrepancyBreakerState.Starting, Create, seconds + 5);
        });

    private static DiscrepancyBreaker Create(DiscrepancyBreakerState state) => new(state, Market.Instruments, new());

    private Driven<VenueMid, DiscrepancyBreakerState> Mid(double seconds, InstrumentId instrument, double mid, double fairValue) =>
        _breaker.Take(seconds, new(instrument, mid, fairValue));
}
