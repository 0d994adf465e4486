using System.Globalization;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>Instrument definitions of Gate. One that is not trading is a fault of the listing, with its state.</summary>
public static class GateioInstruments
{
    // The venue writes amounts with at most ten decimals; where orders are in whole units or tenths they are large, and six have to do, or the lots
    // of one level would not fit 64 bits.
    private const int SpotSizeDecimals = 10;
    private const int SpotSizeDecimalsOfCheapAssets = 6;

    /// <summary>Name of the market as a venue.</summary>
    public static string Venue(GateioProduct product) => product == GateioProduct.Spot ? "gateio-spot" : "gateio-usdt";

    /// <summary>Parses the body of <c>GET /api/v4/spot/currency_pairs</c> or <c>GET /api/v4/futures/usdt/contracts</c>.</summary>
    /// <exception cref="FormatException">The reply as a whole is not of that shape; an entry that is not becomes a fault of the listing.</exception>
    public static InstrumentListing Parse(GateioProduct product, ReadOnlyMemory<byte> reply)
    {
        var venue = Venue(product);
        try
        {
            using var document = JsonDocument.Parse(reply);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new FormatException($"{venue}: the reply is not an array of instruments");
            return product == GateioProduct.Spot
                ? InstrumentListing.Read(venue, document.RootElement, "id", ReadPair)
                : InstrumentListing.Read(venue, document.RootElement, "name", ReadContract);
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"{venue}: the reply is not JSON: {malformed.Message}", malformed);
        }
    }

    private static Instrument ReadPair(JsonElement entry, InstrumentId id)
    {
        var state = InstrumentListing.Text(entry, "trade_status");
        if (state != "tradable") throw new FormatException($"trade_status is '{state}': expected tradable");
        var orderDecimals = Decimals(entry, "amount_precision");
        // Fills by quote amount leave sizes finer than an order may have.
        var sizeDecimals = Math.Max(orderDecimals, orderDecimals >= 2 ? SpotSizeDecimals : SpotSizeDecimalsOfCheapAssets);
        var sizes = new DecimalGrid(Step(sizeDecimals));
        return new Instrument
        {
            Id = id,
            Venue = Venue(GateioProduct.Spot),
            Symbol = InstrumentListing.Text(entry, "id"),
            BaseAsset = InstrumentListing.Text(entry, "base"),
            QuoteAsset = InstrumentListing.Text(entry, "quote"),
            Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange,
            Prices = new DecimalGrid(Step(Decimals(entry, "precision"))),
            Sizes = sizes,
            OrderStepLots = sizes.ToSteps(Step(orderDecimals)),
            MinimumSize = Limit(entry, "min_base_amount"),
            MinimumNotional = Limit(entry, "min_quote_amount"),
        };
    }

    private static Instrument ReadContract(JsonElement entry, InstrumentId id)
    {
        var symbol = InstrumentListing.Text(entry, "name");
        if (entry.TryGetProperty("in_delisting", out var delisting) && delisting.ValueKind == JsonValueKind.True)
            throw new FormatException("in_delisting is true: expected a contract that goes on");
        if (entry.TryGetProperty("status", out var status) && status.ToString() is { Length: > 0 } state && state != "trading")
            throw new FormatException($"status is '{state}': expected trading");
        var type = InstrumentListing.Text(entry, "type");
        if (type != "direct") throw new FormatException($"type is '{type}': expected direct, a contract margined in its quote asset");
        var assets = symbol.Split('_');
        if (assets.Length != 2) throw new FormatException($"name is '{symbol}': expected base and quote, as in BTC_USDT");
        var minimum = InstrumentListing.Positive(entry, "order_size_min");
        return new Instrument
        {
            Id = id,
            Venue = Venue(GateioProduct.UsdtPerpetual),
            Symbol = symbol,
            BaseAsset = assets[0],
            QuoteAsset = assets[1],
            Kind = ContractKind.Linear,
            SequenceRule = BookSequenceRule.ContiguousRange,
            Prices = InstrumentListing.Grid(entry, "order_price_round"),
            Sizes = new DecimalGrid(minimum < 1 ? minimum : 1m),
            MinimumSize = minimum,
            ContractSize = InstrumentListing.Positive(entry, "quanto_multiplier").Canonical(),
        };
    }

    private static int Decimals(JsonElement entry, string field)
    {
        var text = InstrumentListing.Text(entry, field);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var decimals) && decimals <= 18
            ? decimals
            : throw new FormatException($"{field} is '{text}': expected 0 to 18 decimals");
    }

    private static decimal Step(int decimals) => new(1, 0, 0, isNegative: false, (byte)decimals);

    /// <summary>A limit that may be absent or null, which means none.</summary>
    private static decimal Limit(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
            ? InstrumentListing.Positive(entry, field).Canonical()
            : 0m;
}
