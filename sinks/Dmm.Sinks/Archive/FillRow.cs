using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks.Archive;

/// <summary>What makes a fill one of its kind: a self-trade has one id and two sides.</summary>
internal readonly record struct FillKey(string Ledger, string Venue, string Symbol, Side Side, string TradeId)
{
    public static FillKey Of(string ledger, Instrument instrument, Side side, string tradeId) =>
        new(ledger, instrument.Venue, instrument.Symbol, side, tradeId);

    public object?[] Columns => [Ledger, Venue, Symbol, ArchiveText.Of(Side), TradeId];
}

/// <summary>A fill, as it was first told.</summary>
/// <param name="Key">Primary key.</param>
/// <param name="Journal">Where it was first told.</param>
/// <param name="Stamp">Its input there.</param>
/// <param name="Fill">As the venue told it; when it was quoted, and how, follows with its first markout where the venue did not know.</param>
internal sealed record FillRow(FillKey Key, string Journal, Stamp Stamp, Fill Fill)
{
    /// <summary>Completed by what only the engine knew of the filled quote.</summary>
    public FillRow With(in Markout markout) => Fill.QuotedAt.IsKnown || markout.TimeToFill is not { } wait
        ? this
        : this with { Fill = Fill with { QuotedAt = Stamp.At - wait, QuotedHalfSpreadBps = markout.QuotedHalfSpreadBps } };

    /// <summary>Decimals and instants as they are: each store has its own way to keep them.</summary>
    public object?[] Columns =>
    [
        .. Key.Columns, Fill.ClientOrderId, Fill.Price, Fill.Quantity, Fill.Fee, Fill.FeeAsset, Fill.IsMaker, Fill.QuotedAt,
        Fill.QuotedAt.IsKnown ? Fill.QuotedHalfSpreadBps : null, Fill.VenueTime, Stamp.At, Journal, Stamp.Sequence,
    ];
}

/// <summary>How the mid stood a horizon after a fill.</summary>
internal sealed record MarkoutRow(FillKey Key, Markout Markout, Timestamp At, string Journal, long Decision)
{
    public object?[] Columns =>
    [
        .. Key.Columns, Markout.Horizon.TotalMilliseconds, Markout.Bps, Markout.MidMoveBps, Markout.TimeToFill?.TotalMilliseconds,
        Markout.QuotedHalfSpreadBps, Markout.IsMaker, At, Journal, Decision,
    ];
}
