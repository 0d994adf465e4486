using System.Buffers;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

/// <summary>The HMAC venue's wire under test, and its frames as the venue writes them.</summary>
internal static class HmacVenues
{
    public static readonly Instrument Dct = new()
    {
        Id = new(3), Venue = "hmac", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0005m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 5m,
    };

    public static readonly Instrument Ton = Dct with { Id = new(5), Symbol = "TON-USDT", BaseAsset = "TON", Prices = new(0.001m), Sizes = new(0.01m) };

    public static readonly Timestamp At = Timestamp.FromUnixMilliseconds(1_723_161_256_299);

    public static readonly OrderUpdate OurOrder = new()
    {
        Instrument = Dct.Id, ClientOrderId = "dsx1x2", Status = OrderStatus.PartiallyFilled, Side = Side.Sell, PriceTicks = 2_100, RemainingLots = 15, Reason = "",
    };

    public static readonly Fill OurFill = new()
    {
        Instrument = Dct.Id, TradeId = "77", ClientOrderId = "dsx1x2", Side = Side.Sell, Price = 1.05m, Quantity = 2.5m, Fee = -0.000525m, FeeAsset = "USDT",
        IsMaker = true, QuotedAt = Timestamp.None, VenueTime = At,
    };

    public static HmacVenueWire OfVenue => new("hmac", [Dct, Ton]);

    public static HmacVenueWriter Writer => new("hmac", [Dct, Ton]);

    public static string Written(Action<HmacVenueWriter, IBufferWriter<byte>> write)
    {
        using var writer = Writer;
        var buffer = new ArrayBufferWriter<byte>();
        write(writer, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The messages of a reply's body.</summary>
    public static string Read(string body, Func<byte[], MessageBatch, ParseStatus> parse)
    {
        var batch = new MessageBatch();
        var status = parse(Wires.Bytes(body), batch);
        return Wires.Shown(status, batch);
    }
}
