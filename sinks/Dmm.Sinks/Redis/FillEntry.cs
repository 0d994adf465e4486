using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;

namespace Dmm.Sinks.Redis;

/// <summary>A fill as it is first told, for the stream (its fields) and for dashboards (the same as JSON).</summary>
internal sealed class FillEntry(FollowedJournal journal, Instrument instrument, string asset, in Stamp stamp, Fill fill)
{
    /// <summary>What makes it one of its kind: a self-trade has one id and two sides.</summary>
    public string Key { get; } = string.Join('|', journal.Ledger, instrument.Venue, instrument.Symbol, ArchiveText.Of(fill.Side), fill.TradeId);

    /// <summary>Milliseconds since 0001-01-01, which a double holds exactly.</summary>
    public long Order { get; } = stamp.At.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Names and values in turn.</summary>
    public IReadOnlyList<string> Fields { get; } =
    [
        "journal", journal.Name, "sequence", Number(stamp.Sequence), "at", stamp.At.ToString(), "asset", asset, "ledger", journal.Ledger,
        "venue", instrument.Venue, "symbol", instrument.Symbol, "side", ArchiveText.Of(fill.Side), "tradeId", fill.TradeId,
        "clientOrderId", fill.ClientOrderId, "price", ArchiveText.Of(fill.Price), "quantity", ArchiveText.Of(fill.Quantity),
        "fee", ArchiveText.Of(fill.Fee), "feeAsset", fill.FeeAsset, "isMaker", fill.IsMaker ? "true" : "false",
        "quotedAt", ArchiveText.Of(fill.QuotedAt) ?? "",
        "quotedHalfSpreadBps", fill.QuotedAt.IsKnown ? fill.QuotedHalfSpreadBps.ToString("R", CultureInfo.InvariantCulture) : "",
        "venueTime", ArchiveText.Of(fill.VenueTime) ?? "",
    ];

    public string Json => StateText.Object(json =>
    {
        for (var i = 0; i < Fields.Count; i += 2) json.WriteString(Fields[i], Fields[i + 1]);
    });

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
