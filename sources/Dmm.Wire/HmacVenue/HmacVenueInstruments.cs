using System.Globalization;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What the venue charges on one instrument, bps of notional; a rebate is negative.</summary>
public readonly record struct HmacFees(string Symbol, double MakerFeeBps, double TakerFeeBps);

/// <summary>Instrument definitions of the HMAC venue. One that is not trading is a fault of the listing, with its state.</summary>
public static class HmacVenueInstruments
{
    /// <summary>Parses the body of the instruments reply.</summary>
    /// <exception cref="FormatException">The reply as a whole is not of that shape; an entry that is not becomes a fault of the listing.</exception>
    public static InstrumentListing Parse(string venue, ReadOnlyMemory<byte> reply) =>
        InstrumentListing.Parse(venue, reply, "instruments", "symbol", (entry, id) => Read(venue, entry, id));

    /// <summary>The fees of each instrument that the reply lists.</summary>
    /// <exception cref="FormatException">The reply is not of that shape.</exception>
    public static IReadOnlyList<HmacFees> ParseFees(string venue, ReadOnlyMemory<byte> reply)
    {
        List<HmacFees> fees = [];
        var listing = InstrumentListing.Parse(venue, reply, "instruments", "symbol", (entry, id) =>
        {
            var symbol = InstrumentListing.Text(entry, "symbol");
            fees.Add(new(symbol, (double)Decimal(entry, "makerFeeBps", -10_000m), (double)Decimal(entry, "takerFeeBps", -10_000m)));
            return Read(venue, entry, id);
        });
        return [.. fees.Where(f => listing.Instruments.Any(i => i.Symbol == f.Symbol))];
    }

    private static Instrument Read(string venue, JsonElement entry, InstrumentId id)
    {
        var state = InstrumentListing.Text(entry, "state");
        if (state != "trading") throw new FormatException($"state is '{state}': expected trading");
        return new Instrument
        {
            Id = id,
            Venue = venue,
            Symbol = InstrumentListing.Text(entry, "symbol"),
            BaseAsset = InstrumentListing.Text(entry, "base"),
            QuoteAsset = InstrumentListing.Text(entry, "quote"),
            Kind = InstrumentListing.Text(entry, "kind") switch
            {
                "spot" => ContractKind.Spot,
                "linear" => ContractKind.Linear,
                "inverse" => ContractKind.Inverse,
                var other => throw new FormatException($"kind is '{other}': expected spot, linear or inverse"),
            },
            SequenceRule = BookSequenceRule.ContiguousRange,
            Prices = InstrumentListing.Grid(entry, "tick"),
            Sizes = InstrumentListing.Grid(entry, "lot"),
            MinimumSize = Decimal(entry, "minimumSize", 0),
            MinimumNotional = Decimal(entry, "minimumNotional", 0),
            ContractSize = InstrumentListing.Positive(entry, "contractSize").Canonical(),
        };
    }

    private static decimal Decimal(JsonElement entry, string field, decimal min)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        var text = InstrumentListing.Text(entry, field);
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var value) && value >= min
            ? value.Canonical()
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{field} is '{text}': expected a decimal not below {min}"));
    }
}
