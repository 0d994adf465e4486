using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing;

/// <summary>A catalogue of one spot, one linear and one inverse market of BTC, and fills on them.</summary>
public static class RiskSamples
{
    public static readonly InstrumentId Spot = new(0);
    public static readonly InstrumentId Linear = new(1);
    public static readonly InstrumentId Inverse = new(2);
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T12:00:00Z");

    public static readonly InstrumentCatalog Catalog = new([
        Market(0, "BTCUSDT", "USDT", ContractKind.Spot, 1m),
        Market(1, "BTC-PERP", "USDT", ContractKind.Linear, 0.1m),
        Market(2, "BTCUSD", "USD", ContractKind.Inverse, 100m),
    ]);

    public static QuotingParameters Parameters { get; } =
        QuotingParameters.Dct(Catalog.All.Select(i => new VenueParameters { Instrument = i.Name })).Validated(Catalog);

    /// <summary>A ledger before its first fill.</summary>
    public static PositionLedger NewLedger(decimal starting = 0) => new(Catalog, PositionLedgerState.Open("BTC", starting));

    /// <summary>A maker fill, quoted 2 s before <see cref="Start"/> with a half-spread of 10 bps.</summary>
    public static Fill Fill(
        InstrumentId instrument, Side side, decimal quantity, decimal price, decimal fee = 0, string feeAsset = "USDT",
        string tradeId = "", int second = 0) => new()
    {
        Instrument = instrument, TradeId = tradeId, ClientOrderId = "A1", Side = side, Price = price, Quantity = quantity, Fee = fee,
        FeeAsset = feeAsset, IsMaker = true, QuotedAt = Start - TimeSpan.FromSeconds(2), QuotedHalfSpreadBps = 10, VenueTime = Start + TimeSpan.FromSeconds(second),
    };

    /// <summary>Trades as <c>buy 1@100 fee 10, sell .5@150 fee 5</c>, with rising trade ids.</summary>
    public static IEnumerable<Fill> Trades(InstrumentId instrument, string feeAsset, string text) => text.Split(", ").Select((trade, i) =>
    {
        var words = trade.Split(' ', '@');
        return Fill(instrument, words[0] == "buy" ? Side.Buy : Side.Sell, Number(words[1]), Number(words[2]),
            words.Length > 3 ? Number(words[4]) : 0, feeAsset, tradeId: $"{instrument.Index}-{i}", second: i);
    });

    /// <summary>What is left of a state once it was written and read again.</summary>
    public static T ThroughJson<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value))!;

    public static string Text<T>(T value) => JsonSerializer.Serialize(value);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Instrument Market(int id, string symbol, string quote, ContractKind kind, decimal contractSize) => new()
    {
        Id = new(id), Venue = "venue", Symbol = symbol, BaseAsset = "BTC", QuoteAsset = quote, Kind = kind,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.01m), Sizes = new(0.001m), ContractSize = contractSize,
    };

    /// <summary>One mid for every instrument.</summary>
    public sealed class Mids(double mid) : IMidView
    {
        public double MidOf(InstrumentId instrument) => mid;
    }

    /// <summary>One numeraire for USD and USDT, the given rate for BNB.</summary>
    public sealed class Rates(decimal? bnb = null, decimal? usdt = 1) : IRateView
    {
        public decimal? NumerairePer(string asset) => asset switch { "USDT" => usdt, "USD" => 1, "BNB" => bnb, _ => null };
    }
}
