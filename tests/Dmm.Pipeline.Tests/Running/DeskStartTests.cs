using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sources.Ton;

namespace Dmm.Pipeline.Tests.Running;

/// <summary>The parameters of a desk: what its markets bring along, and what is set over it.</summary>
public sealed class DeskStartTests
{
    private static readonly TonPoolFeedOptions Pools = new() { Venue = "stonfi" };

    private static readonly ListedMarket Stream = new(Market(0, "okx", "USDT", isPool: false), MakerFeeBps: 2, TakerFeeBps: 5);

    private static readonly ListedMarket Pool =
        new(Market(1, "stonfi", "TON", isPool: true), MakerFeeBps: 0, TakerFeeBps: 0, IsQuoted: false, Ages: Pools.Ages);

    [Fact]
    public void PoolsAges_FollowFromHowOftenItIsLookedAt_AndTheOthersKeepThoseOfAll()
    {
        var parameters = Configured();
        Ages(parameters.Venues[0]).ShouldBe((null, null));
        Ages(parameters.Venues[1]).ShouldBe((11, 17));
        (Pools with { Interval = TimeSpan.FromSeconds(0.2) }).Ages.ShouldBe(new(TimeSpan.FromSeconds(5.6), TimeSpan.FromSeconds(6.2)));
        // The longest interval there is gives limits that are within their range.
        var slow = (Pools with { Interval = TimeSpan.FromMinutes(1) }).Checked();
        DeskStart.Configured([Stream, Pool with { Ages = slow.Ages }], []).Venues[1].StaleCancelAfter.ShouldBe(TimeSpan.FromSeconds(365));
    }

    [Fact]
    public void WhatIsSet_GoesOverIt()
    {
        Ages(Configured("venues.stonfi.staleWidenAfter=6s").Venues[1]).ShouldBe((6, 17));
        Ages(Configured("venues.okx.staleCancelAfter=2500ms").Venues[0]).ShouldBe((null, 2.5));
        Should.Throw<ParameterException>(() => Configured("venues.stonfi.staleCancelAfter=9s", "venues.okx.staleWidenAfter=20ms")).Faults.ShouldBe(
        [
            "venues[okx:DCT-USDT].staleWidenAfter = 0.02 s: expected 0.05 to 300 s",
            "venues[stonfi:DCT-TON].staleCancelAfter = 9 s: expected later than venues[stonfi:DCT-TON].staleWidenAfter = 11 s",
        ]);
        Should.Throw<BadInputException>(() => Configured("venues.stonfi.staleWidenAfter=soon")).Message
            .ShouldContain("--set venues.stonfi.staleWidenAfter=soon: venues.stonfi.staleWidenAfter = 'soon': expected a time, as in 500 ms");
    }

    private static (double? Widen, double? Cancel) Ages(VenueParameters venue) =>
        (venue.StaleWidenAfter?.TotalSeconds, venue.StaleCancelAfter?.TotalSeconds);

    private static QuotingParameters Configured(params string[] settings) =>
        DeskStart.Configured([Stream, Pool], settings.Select(text => ParameterSetting.Read(text)!.Value));

    private static Instrument Market(int id, string venue, string quoteAsset, bool isPool) => new()
    {
        Id = new(id), Venue = venue, Symbol = $"DCT-{quoteAsset}", BaseAsset = "DCT", QuoteAsset = quoteAsset, Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), IsPool = isPool,
    };
}
