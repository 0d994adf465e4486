using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Rates;

namespace Dmm.Pipeline.Tests.Rates;

/// <summary>What a market's feed says, and what becomes of it.</summary>
public sealed class RateBookTests : IDisposable
{
    private static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    // The exchange calls it GRAM.
    private static readonly Instrument Market = new()
    {
        Id = new(0), Venue = "okx", Symbol = "GRAM-USDT", BaseAsset = "TON", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.001m), Sizes = new(1m),
    };

    private readonly List<ControlMessage> _told = [];
    private readonly RateBook _book;
    private long _id;

    public RateBookTests() => _book = new(Market, (input, _) =>
    {
        _told.Add(input.Control);
        return ValueTask.CompletedTask;
    });

    public void Dispose() => _book.Dispose();

    [Fact]
    public async Task Middle_IsTheRateOfTheAssetByOurName()
    {
        await SnapshotAsync(0, 3_000, 3_001);
        await DeltaAsync(0.4, bid: (3_000, 0), nextBid: (2_999, 5));
        _told.ShouldBe([Rate(3.0005m, 0), Rate(3, 0.4)]);
    }

    [Fact]
    public async Task RateThatStays_IsToldOnceASecond_AndWithoutDataNever()
    {
        await SnapshotAsync(0, 3_000, 3_002);
        foreach (var second in new[] { 0.3, 0.6, 0.999, 1, 1.5, 2.1 })
            await DeltaAsync(second, bid: (2_990, 7), nextBid: (2_980, (long)(10 * second) + 1));
        _told.ShouldBe([Rate(3.001m, 0), Rate(3.001m, 1), Rate(3.001m, 2.1)]);
    }

    [Fact]
    public async Task BookWithAGap_TellsNothing_UntilItIsWholeAgain()
    {
        await SnapshotAsync(0, 3_000, 3_002);
        _id += 5;
        await DeltaAsync(2, bid: (3_001, 5), nextBid: (2_999, 5));
        await SnapshotAsync(3, 3_100, 3_102);
        _told.ShouldBe([Rate(3.001m, 0), Rate(3.101m, 3)]);
    }

    [Fact]
    public async Task TimeAheadOfItsArrival_HoldsNoLaterRateBack()
    {
        await SnapshotAsync(0, 3_000, 3_002, venueSeconds: 3_600);
        await SnapshotAsync(1, 3_010, 3_012);
        _told.ShouldBe([Rate(3.001m, 0), Rate(3.011m, 1)]);
    }

    [Fact]
    public async Task VenuesOwnTop_IsARateToo()
    {
        await _book.TakeAsync(
            new(new VenueTop
            {
                Instrument = Market.Id, VenueTime = At(1), ReceiveTime = At(1.1), UpdateId = 1, Bid = new(3_000, 1), Ask = new(3_001, 1),
            }),
            CancellationToken.None);
        _told.ShouldBe([Rate(3.0005m, 1)]);
    }

    [Fact]
    public async Task FeedsTroubles_AreTheMarkets_AndNotThoseOfTheVenueOfThatName()
    {
        foreach (var message in new ControlMessage[]
        {
            new FeedStatus("okx", FeedState.Disconnected, "link down"), new Rejected("okx", "not a number", "x"),
            new ClockOffset("okx", TimeSpan.FromSeconds(1)), new FundingRate(Market.Id, 0.1m, At(1), At(1)),
        })
            await _book.TakeAsync(new(message), CancellationToken.None);
        _told.ShouldBe([new FeedStatus("okx:GRAM-USDT", FeedState.Disconnected, "link down"), new Rejected("okx:GRAM-USDT", "not a number", "x")]);
    }

    private static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static ReferenceRate Rate(decimal rate, double seconds) => new("TON", "USDT", rate, At(seconds));

    private ValueTask SnapshotAsync(double seconds, long bid, long ask, double? venueSeconds = null)
    {
        _id++;
        return TakeAsync(seconds, venueSeconds ?? seconds, isSnapshot: true, previous: -1, [new(bid, 10), new(ask, 10)], bids: 1);
    }

    private ValueTask DeltaAsync(double seconds, (long Price, long Size) bid, (long Price, long Size) nextBid)
    {
        var previous = _id++;
        return TakeAsync(seconds, seconds, isSnapshot: false, previous, [new(bid.Price, bid.Size), new(nextBid.Price, nextBid.Size)], bids: 2);
    }

    private ValueTask TakeAsync(double seconds, double venueSeconds, bool isSnapshot, long previous, BookLevel[] levels, int bids) => _book.TakeAsync(
        new(new BookUpdate
        {
            Instrument = Market.Id, IsSnapshot = isSnapshot, VenueTime = At(venueSeconds), ReceiveTime = At(seconds), FirstUpdateId = _id,
            LastUpdateId = _id, PreviousUpdateId = previous, BidCount = bids, Levels = levels,
        }),
        CancellationToken.None);
}
