using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>The markets of Binance; each is a venue of its own, since they share symbols.</summary>
public enum BinanceMarket : byte
{
    Spot,

    /// <summary>Perpetuals and futures margined in a stablecoin.</summary>
    UsdMargined,

    /// <summary>Perpetuals and futures margined in the base asset.</summary>
    CoinMargined,
}

/// <summary>Instrument definitions of Binance, from its <c>exchangeInfo</c> reply, or built in for BTC's main instruments.</summary>
public static class BinanceInstruments
{
    /// <summary>Name of the market as a venue.</summary>
    public static string Venue(BinanceMarket market) => market switch
    {
        BinanceMarket.Spot => "binance-spot",
        BinanceMarket.UsdMargined => "binance-usdm",
        _ => "binance-coinm",
    };

    /// <summary>
    /// BTC's main instrument of a market, with the grids it had on 2024-08-08, for recordings that come without an <c>exchangeInfo</c> reply.
    /// </summary>
    /// <param name="market">The market.</param>
    /// <param name="symbol"><c>BTCUSDT</c> on spot and USD-M, <c>BTCUSD_PERP</c> on COIN-M.</param>
    /// <param name="id">Its place in the catalogue.</param>
    /// <exception cref="KeyNotFoundException">Another symbol.</exception>
    public static Instrument BuiltIn(BinanceMarket market, string symbol, InstrumentId id)
    {
        var (builtIn, quoteAsset, tick, lot, orderStep, minimumNotional) = market switch
        {
            BinanceMarket.Spot => ("BTCUSDT", "USDT", 0.01m, 0.00000001m, 0.00001m, 5m),
            BinanceMarket.UsdMargined => ("BTCUSDT", "USDT", 0.1m, 0.001m, 0.001m, 100m),
            _ => ("BTCUSD_PERP", "USD", 0.1m, 1m, 1m, 0m),
        };
        if (symbol != builtIn)
            throw new KeyNotFoundException($"unknown symbol '{symbol}' at {Venue(market)}: known without an exchangeInfo reply is {builtIn}");
        return Define(
            market, symbol, id, "BTC", quoteAsset, new(tick), new(lot), orderStep, orderStep, minimumNotional,
            contractSize: market == BinanceMarket.CoinMargined ? 100m : 1m);
    }

    /// <summary>Parses the body of <c>GET …/exchangeInfo</c>.</summary>
    /// <exception cref="FormatException">The reply as a whole is not of that shape; an entry that is not becomes a fault of the listing.</exception>
    public static InstrumentListing Parse(BinanceMarket market, ReadOnlyMemory<byte> exchangeInfo) =>
        InstrumentListing.Parse(Venue(market), exchangeInfo, "symbols", "symbol", (entry, id) => Read(market, entry, id));

    private static Instrument Read(BinanceMarket market, JsonElement entry, InstrumentId id)
    {
        // COIN-M has it under another name; a recorded listing may lack it.
        var stateField = market == BinanceMarket.CoinMargined ? "contractStatus" : "status";
        if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(stateField, out var state) && state.ToString() != "TRADING")
            throw new FormatException($"{stateField} is '{state}': expected TRADING");
        var prices = Filter(entry, "PRICE_FILTER") ?? throw new FormatException("filter PRICE_FILTER is missing");
        var sizes = Filter(entry, "LOT_SIZE") ?? throw new FormatException("filter LOT_SIZE is missing");
        // Spot calls it NOTIONAL with minNotional, USD-M MIN_NOTIONAL with notional; COIN-M has none.
        var minimumNotional = Filter(entry, "NOTIONAL") is { } notional ? InstrumentListing.Positive(notional, "minNotional")
            : Filter(entry, "MIN_NOTIONAL") is { } minimum ? InstrumentListing.Positive(minimum, "notional")
            : 0m;
        var orderStep = InstrumentListing.Positive(sizes, "stepSize");
        return Define(
            market, InstrumentListing.Text(entry, "symbol"), id,
            InstrumentListing.Text(entry, "baseAsset"), InstrumentListing.Text(entry, "quoteAsset"),
            InstrumentListing.Grid(prices, "tickSize"),
            market == BinanceMarket.Spot ? AssetGrid(entry) : InstrumentListing.Grid(sizes, "stepSize"), orderStep,
            InstrumentListing.Positive(sizes, "minQty"), minimumNotional,
            contractSize: market == BinanceMarket.CoinMargined ? InstrumentListing.Positive(entry, "contractSize") : 1m);
    }

    /// <summary>
    /// The precision of the base asset. Spot books are kept on it, not on the order step: the recorded BTCUSDT book of 2024-08-08 holds sizes such as
    /// 25.42618900 beside a step of 0.00001, from orders older than the step.
    /// </summary>
    private static DecimalGrid AssetGrid(JsonElement entry)
    {
        var decimals = InstrumentListing.Positive(entry, "baseAssetPrecision");
        if (decimals > 18 || decimals != decimal.Truncate(decimals))
            throw new FormatException($"baseAssetPrecision is '{decimals}': expected 1 to 18");
        return new DecimalGrid(new decimal(1, 0, 0, isNegative: false, (byte)decimals));
    }

    private static Instrument Define(
        BinanceMarket market, string symbol, InstrumentId id, string baseAsset, string quoteAsset,
        DecimalGrid prices, DecimalGrid sizes, decimal orderStep, decimal minimumSize, decimal minimumNotional, decimal contractSize) => new()
    {
        Id = id,
        Venue = Venue(market),
        Symbol = symbol,
        BaseAsset = baseAsset,
        QuoteAsset = quoteAsset,
        Kind = market switch
        {
            BinanceMarket.Spot => ContractKind.Spot,
            BinanceMarket.UsdMargined => ContractKind.Linear,
            _ => ContractKind.Inverse,
        },
        SequenceRule = market == BinanceMarket.Spot ? BookSequenceRule.ContiguousRange : BookSequenceRule.PreviousId,
        Prices = prices,
        Sizes = sizes,
        OrderStepLots = sizes.TryToSteps(orderStep, out var lots)
            ? lots
            : throw new FormatException($"stepSize {orderStep} is not a multiple of the book's size step {sizes.Step}"),
        MinimumSize = minimumSize,
        MinimumNotional = minimumNotional,
        ContractSize = contractSize,
    };

    private static JsonElement? Filter(JsonElement entry, string type)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("filters", out var filters)) return null;
        if (filters.ValueKind != JsonValueKind.Array) return null;
        foreach (var filter in filters.EnumerateArray())
            if (filter.ValueKind == JsonValueKind.Object && filter.TryGetProperty("filterType", out var name) && name.ToString() == type)
                return filter;
        return null;
    }
}
