using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Wire.Bus;

/// <summary>Reads messages of the bus back. Single-threaded.</summary>
/// <param name="instruments">What the reader wants; market data of others is read up to its name.</param>
public sealed class BusDecoder(InstrumentCatalog instruments)
{
    private readonly InstrumentNames _names = new(instruments);
    private BookLevel[] _levels = new BookLevel[64];

    /// <summary>The levels of a book are valid until the next call.</summary>
    /// <exception cref="BusFormatException">The bytes are not a message of this schema version: exactly its members, in their order.</exception>
    public MarketMessage Read(ReadOnlySpan<byte> body)
    {
        JournalLineParser members = default;
        try
        {
            members = new(body);
            var message = Read(ref members);
            if (message.Foreign is null) members.EndMessage();
            return message;
        }
        catch (JournalException version)
        {
            throw new BusFormatException(version.Reason, version);
        }
        catch (Exception e) when (JournalLine.IsGrammar(e))
        {
            var member = members.Member;
            throw new BusFormatException(member.Length == 0 ? $"not a message of the bus: {e.Message}" : $"at member '{member}': {e.Message}", e);
        }
    }

    private MarketMessage Read(ref JournalLineParser members)
    {
        var kind = members.Enum<BusKind>("kind"u8);
        return kind switch
        {
            BusKind.Feed => new()
            {
                Kind = kind, Input = new(new FeedStatus(members.Text("venue"u8), members.Enum<FeedState>("state"u8), members.Text("detail"u8))),
            },
            BusKind.Rate => new() { Kind = kind, Input = new(Rate(ref members)) },
            BusKind.Instruments => new() { Kind = kind, Listing = Listing(ref members) },
            BusKind.Heartbeat => new()
            {
                Kind = kind,
                Heartbeat = new(members.Text("src"u8), members.Text("venue"u8), members.Text("asset"u8), members.Long("n"u8), members.Time("at"u8),
                    members.Enum<FeedState>("state"u8), members.Object<ImmutableArray<BusBookPosition>>("books"u8, JournalJson.Header)),
            },
            _ => MarketData(ref members, kind),
        };
    }

    private MarketMessage MarketData(ref JournalLineParser members, BusKind kind)
    {
        if (!_names.TryRead(ref members, "ins"u8, out var instrument))
            return new() { Kind = kind, Foreign = members.LastText() };
        return new()
        {
            Kind = kind,
            Input = kind switch
            {
                BusKind.Book => new(MarketDataBodies.ReadBook(ref members, instrument, ref _levels)),
                BusKind.Top => new(MarketDataBodies.ReadTop(ref members, instrument)),
                _ => new(MarketDataBodies.ReadTrade(ref members, instrument)),
            },
        };
    }

    private static BusListing Listing(ref JournalLineParser members)
    {
        var listing = new BusListing(members.Text("venue"u8), members.Text("asset"u8),
            members.Object<ImmutableArray<Instrument>>("instruments"u8, JournalJson.Header));
        foreach (var instrument in listing.Instruments)
        {
            if (instrument?.Venue != listing.Venue || instrument.BaseAsset != listing.Asset)
                throw new FormatException($"'{instrument?.Name ?? "null"}' is not a market of {listing.Asset} at {listing.Venue}");
        }

        return listing;
    }

    private static ReferenceRate Rate(ref JournalLineParser members) =>
        new(members.Text("baseAsset"u8), members.Text("quoteAsset"u8), members.Decimal("rate"u8), members.Time("venueTime"u8));
}
