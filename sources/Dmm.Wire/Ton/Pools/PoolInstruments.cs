using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>Pools as instruments.</summary>
public static class PoolInstruments
{
    public const string QuoteAsset = "TON";

    private const int SymbolLengthMax = 16;

    // The chain's own steps, whatever the price is: a grid that followed it would change while the market is open.
    private static readonly DecimalGrid Prices = new(0.000_000_001m);

    // Coarser than the chain's, so that counts of lots hold the largest supplies.
    private static readonly DecimalGrid Sizes = new(0.000_001m);

    /// <summary>Name of the exchange as a venue.</summary>
    public static string VenueOf(PoolExchange exchange) => exchange == PoolExchange.StonFi ? "stonfi" : "dedust";

    /// <summary>The pool as an instrument.</summary>
    /// <param name="pool">Against TON.</param>
    /// <param name="venue">Its venue's name.</param>
    /// <param name="asset">What we call the base token; null for what the chain calls it.</param>
    /// <param name="id">The instrument's.</param>
    /// <exception cref="FormatException">The chain does not tell the token's symbol, or one that cannot be used, and none is given; or its decimals
    /// are others than TON's.</exception>
    public static Instrument Of(FoundPool pool, string venue, string? asset, InstrumentId id)
    {
        var (symbol, decimals) = pool.Base;
        // Who names a token whose decimals the chain does not tell says that it has the ordinary number.
        if ((decimals ?? (asset is null ? null : JettonContent.DecimalsOrdinary)) is { } told && told != JettonContent.DecimalsOrdinary)
            throw new FormatException($"the jetton {pool.BaseMinter} has {told} decimals: expected {JettonContent.DecimalsOrdinary}, as TON has");
        if (asset is null && (decimals is null || symbol is null || !IsSymbol(symbol)))
        {
            throw new FormatException(decimals is null || symbol is null
                ? $"the chain does not tell symbol and decimals of the jetton {pool.BaseMinter}: expected its name behind the pool's address"
                : $"the jetton {pool.BaseMinter} calls itself something else than 1 to {SymbolLengthMax} letters and digits: expected its name "
                    + "behind the pool's address");
        }

        var name = asset ?? symbol!;
        return new()
        {
            Id = id, Venue = venue, Symbol = $"{name}-{QuoteAsset}", BaseAsset = name, QuoteAsset = QuoteAsset, Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange, Prices = Prices, Sizes = Sizes, IsPool = true,
        };
    }

    /// <summary>Whether a text may name an asset.</summary>
    public static bool IsSymbol(string text) => text.Length is >= 1 and <= SymbolLengthMax && text.All(char.IsAsciiLetterOrDigit);
}
