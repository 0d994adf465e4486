using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class StalenessBreakerTests
{
    private readonly Driven<FeedInput, StalenessBreakerState> _breaker = new(Create(StalenessBreakerState.Starting));

    [Fact]
    public void SilentFeed_WidensAndHaltsAtTheExactInstantsAndReturnsWithTheFirstFreshBook()
    {
        Book(10).Until(20);
        Book(20.25, 20.2);
        _breaker.Said.ShouldBe(
        [
            "10 Active ×1: okx:DCT-USDT is fresh again, 0.00 s old",
            "11.5 Widened ×1.5: okx:DCT-USDT is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "13 Halted ×1: okx:DCT-USDT is 3.00 s old, limit 3.00 s: quotes are cancelled",
            "20.25 Active ×1: okx:DCT-USDT is fresh again, 0.05 s old",
        ]);
    }

    [Fact]
    public void FeedThatTicksOneUnitBeforeTheLimit_DoesNotWiden()
    {
        Book(10);
        Book(11.4999999).Until(12.9999998);
        _breaker.Said.Count.ShouldBe(1);
        _breaker.Until(12.9999999).Said.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(1.4999999, TradingState.Active)]
    [InlineData(1.5, TradingState.Widened)]
    [InlineData(2.9999999, TradingState.Widened)]
    [InlineData(3, TradingState.Halted)]
    public void BookThatArrivesOld_IsJudgedByItsExchangeTime(double age, TradingState demand)
    {
        Book(10);
        Book(14, 14 - age);
        _breaker.Last!.Demand.ShouldBe(demand);
    }

    [Fact]
    public void ConnectedFeedThatRepeatsAnOldExchangeTime_GoesStale()
    {
        Book(10);
        for (var i = 1; i < 40; i++) Book(10 + i * 0.1, 10);
        _breaker.Said.Select(s => s.Split(':')[0]).ShouldBe(["10 Active ×1", "11.5 Widened ×1.5", "13 Halted ×1"]);
    }

    [Fact]
    public void VenueClockAhead_CountsAsFreshAtArrivalAndAgesFromThere()
    {
        Book(10, 14).Until(20);
        _breaker.Said.Select(s => s.Split(':')[0]).ShouldBe(["10 Active ×1", "11.5 Widened ×1.5", "13 Halted ×1"]);
    }

    [Fact]
    public void VenueClockKnownToRunBehind_IsCorrected()
    {
        _breaker.Take(9, new(new ClockOffset("okx", TimeSpan.FromSeconds(-2))));
        Book(10, 7.75).Until(11.5);
        _breaker.Said.ShouldBe(
        [
            "10 Active ×1: okx:DCT-USDT is fresh again, 0.25 s old",
            "11.25 Widened ×1.5: okx:DCT-USDT is 1.50 s old, limit 1.50 s: half-spread × 1.5",
        ]);
    }

    [Fact]
    public void OffsetThatMakesABookOlder_ActsAtOnce()
    {
        Book(10);
        _breaker.Take(11, new(new ClockOffset("okx", TimeSpan.FromSeconds(2.5))));
        _breaker.Said[^1].ShouldBe("11 Halted ×1: okx:DCT-USDT is 3.50 s old, limit 3.00 s: quotes are cancelled");
    }

    [Fact]
    public void VenueWithoutTimes_IsJudgedByArrival()
    {
        _breaker.Take(10, new(Market.Top(Market.Okx, Timestamp.None))).Until(11.5);
        _breaker.Last!.Demand.ShouldBe(TradingState.Widened);
    }

    [Theory]
    [InlineData(BookStatus.AwaitingSnapshot, "awaits its snapshot")]
    [InlineData(BookStatus.Gap, "has a gap")]
    [InlineData(BookStatus.Crossed, "is crossed")]
    [InlineData(BookStatus.ChecksumMismatch, "does not match its checksum")]
    [InlineData(BookStatus.OneSided, "has an empty side")]
    public void InvalidBook_HaltsAtOnceAndReturnsWithTheNextValidOne(BookStatus status, string fault)
    {
        Book(10);
        Book(20);
        _breaker.Take(20.5, new(Market.Top(Market.Okx, At(20.5), status)));
        _breaker.Said[^1].ShouldBe($"20.5 Halted ×1: okx:DCT-USDT book {fault}: quotes are cancelled");
        Book(23);
        _breaker.Said[^1].ShouldBe("23 Active ×1: okx:DCT-USDT is fresh again, 0.00 s old");
    }

    [Fact]
    public void FlappingBook_ReturnsAtMostOnceInTheCancelTime()
    {
        for (var i = 0; i < 100; i++)
        {
            var seconds = 10 + i * 0.1;
            _breaker.Take(seconds, new(Market.Top(Market.Okx, At(seconds), i % 2 == 0 ? BookStatus.Valid : BookStatus.Crossed)));
        }

        _breaker.Said.Where(s => s.Contains("Active")).Select(s => s.Split(' ')[0]).ShouldBe(["10", "13", "16", "19"]);
        _breaker.Said.Where(s => s.Contains("Halted")).Select(s => s.Split(' ')[0]).ShouldBe(["10.1", "13.1", "16.1", "19.1"]);
    }

    [Theory]
    [InlineData(FeedState.Disconnected, "is disconnected")]
    [InlineData(FeedState.Ended, "has ended")]
    public void LinkDown_HaltsAtOnceAndBooksAreNotBelievedBeforeItIsUp(FeedState state, string verb)
    {
        Book(10);
        _breaker.Take(11, new(new FeedStatus("okx", state, "reset by peer")));
        Book(14);
        _breaker.Take(15, new(new FeedStatus("okx", FeedState.Connected, "")));
        _breaker.Said.Skip(1).ShouldBe([$"11 Halted ×1: okx:DCT-USDT feed {verb}: reset by peer"]);
        Book(16);
        _breaker.Said[^1].ShouldBe("16 Active ×1: okx:DCT-USDT is fresh again, 0.00 s old");
    }

    [Fact]
    public void Resyncing_HaltsUntilTheNextValidBook()
    {
        Book(10);
        _breaker.Take(11, new(new FeedStatus("okx", FeedState.Resyncing, "gap")));
        Book(14);
        _breaker.Said.Skip(1).ShouldBe(["11 Halted ×1: okx:DCT-USDT feed resyncs: gap", "14 Active ×1: okx:DCT-USDT is fresh again, 0.00 s old"]);
    }

    [Fact]
    public void FeedsOfOtherVenues_GoOn()
    {
        Book(10);
        _breaker.Take(10, new(Market.Top(Market.Gate, At(10)))).Take(10.5, new(new FeedStatus("gate", FeedState.Disconnected, "")));
        _breaker.Last!.Subject.ShouldBe(Market.GateName);
        Book(11).Until(12);
        _breaker.Said.Count.ShouldBe(3);
    }

    [Fact]
    public void ReferenceRate_AgesLikeABook()
    {
        _breaker.Take(10, Rate(10, 3)).Until(13);
        _breaker.Said.ShouldBe(
        [
            "10 Active ×1: TON reference rate is fresh again, 0.00 s old",
            "11.5 Widened ×1.5: TON reference rate is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "13 Halted ×1: TON reference rate is 3.00 s old, limit 3.00 s: quotes are cancelled",
        ]);
        _breaker.Last!.Subject.ShouldBe(Market.TonRate);
    }

    [Fact]
    public void RateNotAboveZeroOrOfAnotherPair_DoesNotRefresh()
    {
        _breaker.Take(10, Rate(10, 3)).Take(11, new(new ReferenceRate("BTC", "USDT", 1, At(11))))
            .Take(11, new(new ReferenceRate("TON", "EUR", 1, At(11))));
        _breaker.Take(11, Rate(11, 0));
        _breaker.Said.Skip(1).ShouldBe(["11 Halted ×1: TON reference rate is 0, not above zero: quotes are cancelled"]);
    }

    [Fact]
    public void VenueWithLimitsOfItsOwn_IsJudgedByThem_AndTheOthersByThoseOfAll()
    {
        var breaker = new Driven<FeedInput, StalenessBreakerState>(WithSlowPool(StalenessBreakerState.Starting));
        breaker.Take(10, new(Market.Top(Market.Okx, At(10)))).Take(10, new(Market.Top(Market.Pool, At(10)))).Take(10, Rate(10, 3)).Until(20);
        breaker.Said.Skip(3).ShouldBe(
        [
            "11.5 Widened ×1.5: okx:DCT-USDT is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "11.5 Widened ×1.5: TON reference rate is 1.50 s old, limit 1.50 s: half-spread × 1.5",
            "13 Halted ×1: okx:DCT-USDT is 3.00 s old, limit 3.00 s: quotes are cancelled",
            "13 Halted ×1: TON reference rate is 3.00 s old, limit 3.00 s: quotes are cancelled",
            "16 Widened ×1.5: stonfi:DCT-TON is 6.00 s old, limit 6.00 s: half-spread × 1.5",
            "19 Halted ×1: stonfi:DCT-TON is 9.00 s old, limit 9.00 s: quotes are cancelled",
        ]);
    }

    [Theory]
    [InlineData(5.9999999, TradingState.Active)]
    [InlineData(6, TradingState.Widened)]
    [InlineData(8.9999999, TradingState.Widened)]
    [InlineData(9, TradingState.Halted)]
    public void BookOfAVenueWithLimitsOfItsOwn_ThatArrivesOld_IsJudgedByThem(double age, TradingState demand)
    {
        var breaker = new Driven<FeedInput, StalenessBreakerState>(WithSlowPool(StalenessBreakerState.Starting));
        breaker.Take(10, new(Market.Top(Market.Pool, At(10)))).Take(20, new(Market.Top(Market.Pool, At(20 - age))));
        breaker.Last!.Demand.ShouldBe(demand);
    }

    [Fact]
    public void FlappingFeedOfAVenueWithLimitsOfItsOwn_ComesBackAtMostOnceInItsOwnTime()
    {
        var breaker = new Driven<FeedInput, StalenessBreakerState>(WithSlowPool(StalenessBreakerState.Starting));
        breaker.Take(10, new(Market.Top(Market.Pool, At(10)))).Take(11, new(Market.Top(Market.Pool, At(11), BookStatus.Gap)));
        breaker.Take(18.9999999, new(Market.Top(Market.Pool, At(18.9999999)))).Take(19, new(Market.Top(Market.Pool, At(19))));
        breaker.Said.Select(s => s.Split(':')[0]).ShouldBe(["10 Active ×1", "11 Halted ×1", "19 Active ×1"]);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Select(Gen.Int[0, 7], Gen.Double[0, 2.5], Gen.Double[-1, 2]).Array[1, 30].Sample(steps =>
        {
            var seconds = 10.0;
            var script = steps.Select(s => (seconds = Math.Round(seconds + s.Item2, 3), Random(s.Item1, seconds, s.Item3))).ToArray();
            Restored.ShouldSayTheSame(script, StalenessBreakerState.Starting, Create, seconds + 5);
        });

    private static FeedInput Random(int choice, double seconds, double age) => choice switch
    {
        0 => new(Market.Top(Market.Okx, At(seconds - age), BookStatus.Gap)),
        1 => new(new FeedStatus("okx", FeedState.Disconnected, "x")),
        2 => new(new FeedStatus("okx", FeedState.Connected, "x")),
        3 => Rate(seconds - age, 3),
        4 => new(new ClockOffset("okx", TimeSpan.FromSeconds(Math.Round(age, 3)))),
        5 => new(Market.Top(Market.Gate, Timestamp.None)),
        _ => new(Market.Top(Market.Okx, At(seconds - age))),
    };

    private static StalenessBreaker Create(StalenessBreakerState state) => new(state, Market.Instruments, Market.Parameters);

    /// <summary>The pool is looked at now and then: its books may be older than those of the others.</summary>
    private static StalenessBreaker WithSlowPool(StalenessBreakerState state) => new(state, Market.Instruments, Market.Parameters with
    {
        Venues = Market.Parameters.Venues.SetItem(
            Market.Pool.Index,
            Market.Parameters.Venues[Market.Pool.Index] with
            {
                StaleWidenAfter = TimeSpan.FromSeconds(6), StaleCancelAfter = TimeSpan.FromSeconds(9),
            }),
    });

    private static FeedInput Rate(double seconds, decimal rate) => new(new ReferenceRate("TON", "USDT", rate, At(seconds)));

    private static Timestamp At(double seconds) => Driven<FeedInput, StalenessBreakerState>.At(seconds);

    private Driven<FeedInput, StalenessBreakerState> Book(double seconds, double? venueSeconds = null) =>
        _breaker.Take(seconds, new(Market.Top(Market.Okx, At(venueSeconds ?? seconds))));
}
