using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

/// <summary>OKX's wire under test, with a spot market and a perpetual, and its messages as the venue writes them.</summary>
internal static class OkxVenues
{
    public static readonly Instrument Btc = Wires.Okx("BTC-USDT", tick: 0.1m, lot: 0.00000001m, BookSequenceRule.PreviousId, id: 3) with { MinimumSize = 0.00001m };

    public static readonly Instrument Swap = Wires.Okx("BTC-USDT-SWAP", tick: 0.1m, lot: 0.01m, BookSequenceRule.PreviousId, id: 5) with
    {
        Kind = ContractKind.Linear, ContractSize = 0.01m,
    };

    public static OkxWire OfVenue => new([Btc, Swap]);

    public static OkxOptions Options => new() { Credentials = new("key-1", "secret-1", "pass-1") };

    /// <summary>A row of channel <c>orders</c>, with those fields changed; a null leaves the field out.</summary>
    public static string Order(params (string Name, string? Value)[] changes)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["accFillSz"] = "0", ["amendResult"] = "", ["cancelSource"] = "", ["clOrdId"] = "dax1x2", ["code"] = "0", ["execType"] = "", ["fillFee"] = "0",
            ["fillFeeCcy"] = "", ["fillPx"] = "", ["fillSz"] = "0", ["fillTime"] = "", ["instId"] = "BTC-USDT", ["msg"] = "", ["ordId"] = "452197707845865472",
            ["ordType"] = "post_only", ["px"] = "31527.1", ["side"] = "sell", ["state"] = "live", ["sz"] = "0.003", ["tradeId"] = "",
            ["uTime"] = "1654084353264",
        };
        foreach (var (name, value) in changes) fields[name] = value;
        return $"{{{string.Join(',', fields.Where(f => f.Value is not null).Select(f => $"\"{f.Key}\":\"{f.Value}\""))}}}";
    }

    /// <summary>The same after a fill of a third.</summary>
    public static (string Name, string? Value)[] Filled { get; } =
    [
        ("accFillSz", "0.001"), ("state", "partially_filled"), ("tradeId", "242589207"), ("fillPx", "31527.1"), ("fillSz", "0.001"), ("fillFee", "-0.02522168"),
        ("fillFeeCcy", "USDT"), ("execType", "M"), ("fillTime", "1654084353263"),
    ];

    public static string OrderFrame(params string[] rows) =>
        $$"""{"arg":{"channel":"orders","instType":"SPOT","uid":"614488474791936"},"data":[{{string.Join(',', rows)}}]}""";

    /// <summary>The messages of a frame, and that it is not refused.</summary>
    public static ControlMessage[] Heard(string frame)
    {
        var batch = new MessageBatch();
        OfVenue.Parse(Wires.Bytes(frame), Wires.Received, batch, out var heard).ShouldBe(ParseStatus.Parsed, frame);
        heard.Kind.ShouldBe(VenueFrameKind.Data);
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch[i].Control)];
    }

    /// <summary>Why a frame is refused.</summary>
    public static string[] Refused(string frame)
    {
        var batch = new MessageBatch();
        OfVenue.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Rejected, frame);
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch[i].Control).OfType<Rejected>().Select(r => r.Reason)];
    }

    public static OrderIntent Intent(OrderIntentKind kind = OrderIntentKind.Place, string id = "dax1x2") => new()
    {
        Kind = kind, Instrument = Btc.Id, ClientOrderId = id, Side = Side.Buy, PriceTicks = 315_271, SizeLots = 300_000, IsPostOnly = true,
    };
}
