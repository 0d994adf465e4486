using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Replay;

/// <summary>What the recordings of one venue need to be read: instrument definitions, wire format, file format.</summary>
internal static class VenueCaptures
{
    private static readonly ImmutableArray<BinanceMarket> BinanceMarkets =
        [BinanceMarket.Spot, BinanceMarket.UsdMargined, BinanceMarket.CoinMargined];

    /// <summary>Venues of which recordings can be read.</summary>
    public static ImmutableArray<string> Known { get; } = [.. BinanceMarkets.Select(BinanceInstruments.Venue), OkxInstruments.Venue];

    /// <summary>The instrument as its venue defines it: Binance's are built in, OKX's are read from the replies in the recording.</summary>
    /// <exception cref="KeyNotFoundException">The symbol is not known; the text names those that are.</exception>
    /// <exception cref="InvalidDataException">A recording of OKX holds no definitions.</exception>
    public static Instrument Instrument(string venue, string symbol, IReadOnlyList<string> files, InstrumentId id)
    {
        if (venue != OkxInstruments.Venue)
            return BinanceInstruments.BuiltIn(BinanceMarkets.Single(m => BinanceInstruments.Venue(m) == venue), symbol, id);
        // Recordings made before the feed carried sequence ids are all there are: their chain is the checksum.
        var listings = files.SelectMany(file => ListingsOf(file)).ToImmutableArray();
        if (listings.IsEmpty)
            throw new InvalidDataException(
                $"{string.Join(", ", files)}: no reply of public/instruments in it; join the file that holds it by a comma");
        if (listings.FirstOrDefault(l => l.Instruments.Any(i => i.Symbol == symbol)) is { } listing) return listing.Require(symbol, id);
        var known = listings.SelectMany(l => l.Instruments).Where(i => symbol.StartsWith(i.BaseAsset, StringComparison.Ordinal))
            .Select(i => i.Symbol).Distinct().ToArray();
        if (known.Length == 0) return listings[0].Require(symbol, id);
        throw new KeyNotFoundException($"unknown symbol '{symbol}' at {venue}: known of that asset are {string.Join(", ", known)}");
    }

    public static IVenueWire Wire(string venue, IReadOnlyList<Instrument> instruments) =>
        venue == OkxInstruments.Venue ? new OkxWire(instruments) : new BinanceWire(venue, instruments);

    public static CaptureReader Open(string venue, string path) => venue == OkxInstruments.Venue ? OkxCapture.Open(path) : BinanceCapture.Open(path);

    private static IEnumerable<InstrumentListing> ListingsOf(string file)
    {
        try
        {
            return OkxCapture.ReadInstruments(file, BookSequenceRule.ChecksumOnly).Values;
        }
        catch (InvalidDataException)
        {
            // A file of frames alone; another one may hold the definitions.
            return [];
        }
    }
}
