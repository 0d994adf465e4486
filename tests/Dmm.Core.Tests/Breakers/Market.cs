using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

/// <summary>DCT at three venues, one of them quoted in TON.</summary>
internal static class Market
{
    public const string OkxName = "okx:DCT-USDT";
    public const string GateName = "gate:DCT-USDT";
    public const string PoolName = "stonfi:DCT-TON";
    public const string TonRate = "TON reference rate";

    public static readonly InstrumentId Okx = new(0);
    public static readonly InstrumentId Gate = new(1);
    public static readonly InstrumentId Pool = new(2);

    public static readonly ImmutableArray<string> Numeraires = ["USD", "USDT"];

    public static readonly InstrumentCatalog Instruments = new([Of(Okx, "okx", "USDT"), Of(Gate, "gate", "USDT"), Of(Pool, "stonfi", "TON")]);

    public static readonly QuotingParameters Parameters =
        QuotingParameters.Dct(Instruments.All.Select(i => new VenueParameters { Instrument = i.Name })) with { NumeraireAssets = Numeraires };

    public static BookTop Top(InstrumentId instrument, Timestamp venueTime, BookStatus status = BookStatus.Valid) => new()
    {
        Instrument = instrument, Status = status, Bid = new(99, 1), Ask = new(101, 1), LastUpdateId = 1, VenueTime = venueTime, Depth = new NoDepth(),
    };

    private static Instrument Of(InstrumentId id, string venue, string quoteAsset) => new()
    {
        Id = id, Venue = venue, Symbol = $"DCT-{quoteAsset}", BaseAsset = "DCT", QuoteAsset = quoteAsset, Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.01m), Sizes = new(1m),
    };

    private sealed class NoDepth : IBookDepth
    {
        public int CopyLevels(Side side, Span<BookLevel> levels) => 0;

        public long LotsAt(Side side, long priceTicks) => 0;

        public long LotsWithin(Side side, double distanceBps) => 0;
    }
}
