using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Collecting;

namespace Dmm.Pipeline.Tests.Collecting;

/// <summary>When the middle of a market is worth telling as a rate.</summary>
public sealed class ReferenceRatesTests
{
    private static readonly Timestamp Start = Timestamp.From(new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

    private readonly ReferenceRates _rates;

    public ReferenceRatesTests() => _rates = new(new([Market(0, "TON-USDT", "TON"), Market(1, "DCT-USDT", "DCT")]), ["ref:TON-USDT"]);

    [Fact]
    public void MiddleOfTheMarket_IsTheRate_ToHalfATick() =>
        Rate(0, 50_000, 50_001, 0).ShouldBe(new ReferenceRate("TON", "USDT", 5.00005m, Start));

    [Fact]
    public void RateThatStays_IsToldOnceASecond_AndOneThatChangesAtOnce()
    {
        Rate(0, 100, 102, 0).ShouldNotBeNull();
        Rate(0, 99, 103, 0.5).ShouldBeNull("the middle is the same");
        Rate(0, 100, 104, 0.6)!.Rate.ShouldBe(0.0102m);
        Rate(0, 100, 104, 1.5).ShouldBeNull();
        Rate(0, 100, 104, 1.6)!.VenueTime.ShouldBe(Start + TimeSpan.FromSeconds(1.6));
        _rates.Last.ShouldBe([new ReferenceRate("TON", "USDT", 0.0102m, Start + TimeSpan.FromSeconds(1.6))]);
    }

    [Theory]
    [InlineData(100, 0, 102, 5)]
    [InlineData(100, 5, 102, 0)]
    [InlineData(102, 5, 102, 5)]
    [InlineData(103, 5, 102, 5)]
    public void MarketWithoutTwoSidesThatAgree_GivesNoRate(long bid, long bidLots, long ask, long askLots) =>
        _rates.Of(new(0), new(bid, bidLots), new(ask, askLots), Start).ShouldBeNull();

    [Fact]
    public void MarketThatIsNoReference_AndWhatIsNotLater_GiveNoRate()
    {
        Rate(1, 100, 102, 0).ShouldBeNull();
        Rate(0, 100, 102, 1).ShouldNotBeNull();
        Rate(0, 200, 202, 1).ShouldBeNull("readers take what is later");
        Rate(0, 200, 202, 0.5).ShouldBeNull();
    }

    private ReferenceRate? Rate(int market, long bid, long ask, double seconds) =>
        _rates.Of(new(market), new(bid, 5), new(ask, 5), Start + TimeSpan.FromSeconds(seconds));

    private static Instrument Market(int place, string symbol, string asset) => new()
    {
        Id = new(place), Venue = "ref", Symbol = symbol, BaseAsset = asset, QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.01m),
    };
}
