using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Funding as tickers tell it: the first one whole, then only what has changed, so that rate and time are put together here. A message is made when
/// both
/// are known and one of them is new.
/// </summary>
internal sealed class BybitFunding
{
    private static readonly string[] Names = ["fundingRate", "nextFundingTime"];

    private readonly Dictionary<InstrumentId, Known> _known = [];

    private enum Field { Rate, Next }

    /// <summary>Null, or why the ticker is refused; what was known stands then.</summary>
    public string? Take(ReadOnlySpan<byte> json, Instrument instrument, bool isSnapshot, Timestamp sentAt, MessageBatch batch)
    {
        var fields = new JsonFields(json, Names, stackalloc JsonSlice[Names.Length]);
        var before = _known.GetValueOrDefault(instrument.Id);
        decimal? rate = IsGiven(fields, Field.Rate) ? fields.Decimal((int)Field.Rate, decimal.MinValue) : isSnapshot ? null : before.Rate;
        Timestamp? next = IsGiven(fields, Field.Next) ? fields.Milliseconds((int)Field.Next) : isSnapshot ? null : before.Next;
        if (fields.Fault is not null) return fields.Fault;
        var now = new Known(rate, next);
        if (now == before) return null;
        _known[instrument.Id] = now;
        if (rate is { } fraction && next is { } at) batch.Add(new FundingRate(instrument.Id, fraction, at, sentAt));
        return null;
    }

    // Contracts without funding, and those not yet open, have empty texts.
    private static bool IsGiven(in JsonFields fields, Field field) =>
        fields.Has((int)field) && !fields.Raw((int)field).SequenceEqual("\"\""u8);

    private readonly record struct Known(decimal? Rate, Timestamp? Next);
}
