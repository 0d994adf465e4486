using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// Instrument definitions of Bybit, from its <c>instruments-info</c> replies: spot pairs and perpetual contracts. One that is not trading is a fault
/// of
/// the listing, with its status.
/// </summary>
public static class BybitInstruments
{
    /// <summary>Parses the pages of <c>GET /v5/market/instruments-info</c> of one product, in their order.</summary>
    /// <exception cref="FormatException">A reply as a whole is not of that shape; an entry that is not (dated futures among them) becomes a fault of
    /// the
    /// listing.</exception>
    public static InstrumentListing Parse(string venue, BybitProduct product, IEnumerable<ReadOnlyMemory<byte>> pages)
    {
        var instruments = ImmutableArray.CreateBuilder<Instrument>();
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var page in pages)
        {
            var listing = InstrumentListing.Parse(venue, List(venue, page), "list", "symbol", (entry, id) => Read(venue, product, entry, id));
            foreach (var instrument in listing.Instruments) instruments.Add(instrument with { Id = new(instruments.Count) });
            faults.AddRange(listing.Faults);
        }

        return new(venue, instruments.ToImmutable(), faults.ToImmutable());
    }

    /// <summary>Asks for the next page; empty at the end of the list.</summary>
    /// <exception cref="FormatException">The reply is not of that shape.</exception>
    public static string NextCursor(string venue, ReadOnlyMemory<byte> page)
    {
        var fields = new JsonFields(List(venue, page).Span, ["nextPageCursor"], stackalloc JsonSlice[1]);
        return fields.Has(0) ? fields.Text(0) : "";
    }

    private static ReadOnlyMemory<byte> List(string venue, ReadOnlyMemory<byte> page)
    {
        var result = BybitReplies.Result(page.Span, out _, out var fault);
        return fault is null ? result.ToArray() : throw new FormatException($"{venue}: {fault}");
    }

    private static Instrument Read(string venue, BybitProduct product, JsonElement entry, InstrumentId id)
    {
        var status = InstrumentListing.Text(entry, "status");
        if (status != "Trading") throw new FormatException($"status is '{status}': expected Trading");
        if (product != BybitProduct.Spot)
        {
            var expected = product == BybitProduct.Linear ? "LinearPerpetual" : "InversePerpetual";
            var type = InstrumentListing.Text(entry, "contractType");
            if (type != expected) throw new FormatException($"contractType is '{type}': expected {expected}");
        }

        var sizes = Part(entry, "lotSizeFilter");
        var isSpot = product == BybitProduct.Spot;
        return new Instrument
        {
            Id = id,
            Venue = venue,
            Symbol = InstrumentListing.Text(entry, "symbol"),
            BaseAsset = InstrumentListing.Text(entry, "baseCoin"),
            QuoteAsset = InstrumentListing.Text(entry, "quoteCoin"),
            Kind = product switch
            {
                BybitProduct.Spot => ContractKind.Spot, BybitProduct.Linear => ContractKind.Linear, _ => ContractKind.Inverse,
            },
            SequenceRule = BookSequenceRule.RisingId,
            Prices = InstrumentListing.Grid(Part(entry, "priceFilter"), "tickSize"),
            Sizes = InstrumentListing.Grid(sizes, isSpot ? "basePrecision" : "qtyStep"),
            MinimumSize = InstrumentListing.Positive(sizes, "minOrderQty"),
            MinimumNotional = Optional(sizes, isSpot ? "minOrderAmt" : "minNotionalValue"),
            // A linear contract is counted in its base asset, an inverse one in its quote asset.
            ContractSize = 1m,
        };
    }

    private static JsonElement Part(JsonElement entry, string field) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(field, out var part) && part.ValueKind == JsonValueKind.Object
            ? part
            : throw new FormatException($"{field} is missing");

    /// <summary>A limit that may be absent, empty or zero, which means none.</summary>
    private static decimal Optional(JsonElement entry, string field)
    {
        if (!entry.TryGetProperty(field, out var value) || value.ToString() is not { Length: > 0 } text) return 0m;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var limit) && limit == 0
            ? 0m
            : InstrumentListing.Positive(entry, field).Canonical();
    }
}
