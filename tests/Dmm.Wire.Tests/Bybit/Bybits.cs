using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

/// <summary>Bybit's wires under test, an instrument or two each.</summary>
internal static class Bybits
{
    public static readonly Instrument Btc = new()
    {
        Id = new(3), Venue = "bybit-linear", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Linear,
        SequenceRule = BookSequenceRule.RisingId, Prices = new(0.1m), Sizes = new(0.001m), MinimumSize = 0.001m, MinimumNotional = 5m,
    };

    public static readonly Instrument Gram =
        Btc with { Id = new(4), Symbol = "GRAMUSDT", BaseAsset = "GRAM", Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 0.1m };

    public static readonly Instrument SpotBtc = new()
    {
        Id = new(5), Venue = "bybit-spot", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.RisingId, Prices = new(0.01m), Sizes = new(0.000001m), MinimumSize = 0.000048m, MinimumNotional = 1m,
    };

    public static readonly Instrument InverseBtc = new()
    {
        Id = new(6), Venue = "bybit-inverse", Symbol = "BTCUSD", BaseAsset = "BTC", QuoteAsset = "USD", Kind = ContractKind.Inverse,
        SequenceRule = BookSequenceRule.RisingId, Prices = new(0.5m), Sizes = new(1m), MinimumSize = 1m,
    };

    public static readonly Timestamp At = Timestamp.FromUnixMilliseconds(1_758_841_135_824);

    public static BybitWire Linear => new("bybit-linear", BybitProduct.Linear, 50, [Btc, Gram]);

    public static BybitWire Spot => new("bybit-spot", BybitProduct.Spot, 50, [SpotBtc]);

    public static BybitWire Inverse => new("bybit-inverse", BybitProduct.Inverse, 50, [InverseBtc]);

    public static BybitOptions Options(BybitProduct product = BybitProduct.Linear) => new()
    {
        Venue = $"bybit-{product.ToString().ToLowerInvariant()}", Product = product, Credentials = new("key-of-ann", "the secret of ann"),
    };

    public static OrderIntent Intent(Instrument instrument, string id = "dax1x2", OrderIntentKind kind = OrderIntentKind.Place) => new()
    {
        Kind = kind, Instrument = instrument.Id, ClientOrderId = id, Side = Side.Sell, PriceTicks = 1_093_789, SizeLots = 15, IsPostOnly = true,
    };

    public static (string Shown, VenueFrame Heard) Heard(this BybitWire wire, string frame)
    {
        var batch = new MessageBatch();
        var status = wire.Parse(Wires.Bytes(frame), Wires.Received, batch, out var heard);
        return (Wires.Shown(status, batch), heard);
    }

    /// <summary>The messages of a reply's body.</summary>
    public static string Read(string body, Func<byte[], MessageBatch, ParseStatus> parse)
    {
        var batch = new MessageBatch();
        var status = parse(Wires.Bytes(body), batch);
        return Wires.Shown(status, batch);
    }
}
