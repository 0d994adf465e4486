using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels;

/// <summary>Instruments, parameters and books that the quote tests share.</summary>
internal static class QuoteSetting
{
    public static readonly Timestamp Start = Timestamp.Parse("2025-01-01T00:00:00Z");

    public static readonly Instrument Cex = new()
    {
        Id = new(0), Venue = "cex", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    public static readonly Instrument Pool = Cex with
    {
        Id = new(1), Venue = "stonfi", Symbol = "DCT-TON", QuoteAsset = "TON", IsPool = true, Prices = new(0.000001m),
    };

    public static readonly Instrument CoinMargined = Cex with
    {
        Id = new(0), Venue = "coinm", Symbol = "BTCUSD", BaseAsset = "BTC", QuoteAsset = "USD", Kind = ContractKind.Inverse, ContractSize = 100m,
        Prices = new(0.1m), Sizes = new(1m), MinimumSize = 1m, MinimumNotional = 0m,
    };

    public static readonly VenueParameters CexVenue = new() { Instrument = Cex.Name };

    public static readonly QuotingParameters Dct = QuotingParameters.Dct(CexVenue, new VenueParameters { Instrument = Pool.Name });

    /// <summary>A venue without fees under a set without floor, so that the formulas show bare.</summary>
    public static readonly VenueParameters FreeVenue = CexVenue with { MakerFeeBps = 0 };

    public static QuotingParameters Bare(QuoteParameters quote) => Dct with { Quote = quote with { FloorOverFeesBps = 0, HalfSpreadCapBps = 1000 } };

    public static QuoteSituation Situation(double inventoryRatio, double volatilityBps, double toxicity = 1, double breakers = 1) => new()
    {
        InventoryRatio = inventoryRatio, RawVolatilityBps = volatilityBps, VolatilityBps = volatilityBps, ToxicityMultiplier = toxicity,
        BreakerMultiplier = breakers,
    };

    /// <summary>Inventory at that ratio of the default limits: target 5,000, soft limit 10,000 on both sides.</summary>
    public static decimal InventoryAt(double ratio) => 5_000m + 10_000m * (decimal)ratio;
}

/// <summary>A book whose top and depth a test sets.</summary>
internal sealed class FixedBook : IBookView, IBookDepth
{
    public FixedBook(InstrumentId instrument, long bidTicks, long askTicks, long lotsEachSide = 1_000)
    {
        LotsEachSide = lotsEachSide;
        Top = new()
        {
            Instrument = instrument, Status = BookStatus.Valid, Bid = new(bidTicks, 10), Ask = new(askTicks, 30), LastUpdateId = 1,
            VenueTime = QuoteSetting.Start, Depth = this,
        };
    }

    public BookTop Top { get; set; }

    public long LotsEachSide { get; set; }

    public double AskedDistanceBps { get; private set; }

    public int CopyLevels(Side side, Span<BookLevel> levels) => 0;

    public long LotsAt(Side side, long priceTicks) => 0;

    public long LotsWithin(Side side, double distanceBps)
    {
        AskedDistanceBps = distanceBps;
        return LotsEachSide;
    }
}
