using System.Globalization;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What a reply says of the list that it is a page of.</summary>
/// <param name="NextCursor">Asks for the next page, as it stands; empty at the end of the list.</param>
/// <param name="At">When the venue answered, on its clock.</param>
/// <param name="Count">Elements of the page, those that are not ours among them.</param>
/// <param name="LatestChange">Of orders: when the last of those given changed, on the venue's clock.</param>
public readonly record struct BybitPage(string NextCursor, Timestamp At, int Count, Timestamp LatestChange = default);

/// <summary>The replies of Bybit's REST interface: an envelope with a code, and in it a result.</summary>
internal sealed class BybitReplies(string venue, BybitPrivateMessages privateMessages, BybitGeneralPath generalPath)
{
    private static readonly string[] EnvelopeNames = ["retCode", "retMsg", "result", "time"];
    private static readonly string[] ListNames = ["list", "nextPageCursor"];
    private static readonly string[] TimeNames = ["ts", "cts"];

    private enum Envelope { Code, Words, Result, Time }

    private enum List { Elements, Cursor }

    private enum Times { SentAt, MatchedAt }

    private delegate ParseStatus ListReader(ReadOnlySpan<byte> array, Timestamp at, MessageBatch batch);

    public ParseStatus Book(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        var result = Result(body, out _, out var fault);
        if (fault is not null) return batch.Reject(venue, fault, body);
        var times = new JsonFields(result, TimeNames, stackalloc JsonSlice[TimeNames.Length]);
        var at = times.Milliseconds((int)(times.Has((int)Times.MatchedAt) ? Times.MatchedAt : Times.SentAt));
        return times.Fault is { } malformed
            ? batch.Reject(venue, $"{instrument.Symbol} book: {malformed}", body)
            : generalPath.ParseSnapshot(instrument, result, at, receiveTime, batch);
    }

    public ParseStatus Trades(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch) =>
        Read(body, batch, out _, (array, _, into) => generalPath.RecentTrades(array, instrument, receiveTime, into));

    public ParseStatus Orders(ReadOnlySpan<byte> body, Timestamp changedAfter, MessageBatch batch, out BybitPage page)
    {
        var latest = Timestamp.None;
        var status = Read(body, batch, out page, (array, _, into) => privateMessages.Orders(array, changedAfter, into, out latest));
        page = page with { LatestChange = latest };
        return status;
    }

    public Dictionary<string, long>? Executed(ReadOnlySpan<byte> body, out BybitPage page, out string? fault)
    {
        Dictionary<string, long>? executed = null;
        string? why = null;
        var batch = new MessageBatch();
        var status = Read(body, batch, out page, (array, _, _) =>
        {
            executed = privateMessages.Executed(array, out why);
            return ParseStatus.Parsed;
        });
        fault = status == ParseStatus.Rejected ? ((Core.Messages.Rejected)batch[0].Control).Reason : why;
        return executed;
    }

    public ParseStatus Fills(ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page) =>
        Read(body, batch, out page, (array, _, into) => privateMessages.Fills(array, into));

    public ParseStatus Balances(ReadOnlySpan<byte> body, MessageBatch batch) => Read(body, batch, out _, privateMessages.Balances);

    public ParseStatus Positions(ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page) =>
        Read(body, batch, out page, privateMessages.Positions);

    public string? PositionModeFault(ReadOnlySpan<byte> body)
    {
        var batch = new MessageBatch();
        return Read(body, batch, out _, (array, _, into) => privateMessages.PositionModes(array, into)) == ParseStatus.Rejected
            ? ((Core.Messages.Rejected)batch[0].Control).Reason
            : null;
    }

    /// <summary>The JSON of a good reply's result; a fault where it is not a good one.</summary>
    public static ReadOnlySpan<byte> Result(ReadOnlySpan<byte> body, out Timestamp at, out string? fault)
    {
        var envelope = new JsonFields(body, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        var code = envelope.Integer((int)Envelope.Code, long.MinValue);
        var words = BybitErrors.Words(envelope, (int)Envelope.Words);
        if (code != BybitErrors.None)
            envelope.Fail(string.Create(CultureInfo.InvariantCulture, $"the venue answers with code {code}: {BybitErrors.Masked(words)}"));
        at = envelope.Milliseconds((int)Envelope.Time);
        if (!envelope.IsObject((int)Envelope.Result)) envelope.Fail("result is missing: expected an object");
        fault = envelope.Fault;
        if (fault is not null) return default;
        // As a part of the body, which outlives the fields.
        var result = envelope.Raw((int)Envelope.Result);
        body.Overlaps(result, out var start);
        return body.Slice(start, result.Length);
    }

    private ParseStatus Read(ReadOnlySpan<byte> body, MessageBatch batch, out BybitPage page, ListReader read)
    {
        page = default;
        var result = Result(body, out var at, out var fault);
        if (fault is not null) return batch.Reject(venue, fault, body);
        var fields = new JsonFields(result, ListNames, stackalloc JsonSlice[ListNames.Length]);
        var cursor = fields.Has((int)List.Cursor) ? fields.Text((int)List.Cursor) : "";
        if (!fields.IsArray((int)List.Elements)) fields.Fail("list is missing: expected an array");
        if (fields.Fault is { } malformed) return batch.Reject(venue, malformed, body);
        var list = fields.Raw((int)List.Elements);
        page = new(cursor, at, BybitArray.Count(list));
        return read(list, at, batch);
    }
}
