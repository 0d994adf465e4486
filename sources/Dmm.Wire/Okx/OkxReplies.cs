using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>How far a page of a list reaches.</summary>
/// <param name="Count">Rows on it, of ours and of others.</param>
/// <param name="LastId">What the next page is asked for with; empty where there is no row.</param>
/// <param name="ChangedAt">When one of these orders last changed, Unix time in milliseconds; 0 for fills, and where there is no row.</param>
public readonly record struct OkxPage(int Count, string LastId, long ChangedAt)
{
    /// <summary>There is nothing behind it.</summary>
    public bool IsLast => Count < OkxRequests.PageMax;
}

/// <summary>The bodies of the replies to REST requests. No body makes it throw.</summary>
internal sealed class OkxReplies(string venue, SymbolTable symbols)
{
    private static readonly string[] EnvelopeNames = ["code", "msg", "data"];
    private static readonly string[] IdNames = ["ordId", "billId", "uTime"];

    private readonly OkxPrivateMessages _private = new(symbols);

    private enum Envelope { Code, Message, Data }

    private enum Id { Order, Bill, ChangedAt }

    public ParseStatus Snapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        var data = Data(body, out var fault);
        if (fault is not null) return batch.Reject(venue, fault, body);
        return OkxRows.Each(
            venue, data, $"{instrument.Symbol} book", batch,
            (row, into) => OkxMarketMessages.AddBook(row, instrument, isSnapshot: true, receiveTime, into));
    }

    /// <summary>Public trades, in the venue's order, which is newest first.</summary>
    public ParseStatus Trades(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        var data = Data(body, out var fault);
        if (fault is not null) return batch.Reject(venue, fault, body);
        return OkxRows.Each(
            venue, data, $"{instrument.Symbol} trade", batch, (row, into) => OkxMarketMessages.AddTrade(row, instrument, receiveTime, into));
    }

    /// <summary>Orders that changed at that time or later, Unix time in milliseconds.</summary>
    public ParseStatus Orders(ReadOnlySpan<byte> body, long changedFrom, MessageBatch batch, out OkxPage page) => Page(
        body, "order", batch, Id.Order, (row, into) => IsOlder(row, changedFrom) ? null : _private.AddOrder(row, into), out page);

    /// <summary>Fills, in the venue's order, which is newest first.</summary>
    public ParseStatus Fills(ReadOnlySpan<byte> body, MessageBatch batch, out OkxPage page) =>
        Page(body, "fill", batch, Id.Bill, _private.AddFill, out page);

    public ParseStatus Balances(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        var data = Data(body, out var fault);
        return fault is not null
            ? batch.Reject(venue, fault, body)
            : OkxRows.Each(venue, data, "account", batch, (row, into) => OkxPrivateMessages.AddBalances(venue, row, into));
    }

    public ParseStatus Positions(ReadOnlySpan<byte> body, MessageBatch batch)
    {
        var data = Data(body, out var fault);
        return fault is not null ? batch.Reject(venue, fault, body) : OkxRows.Each(venue, data, "position", batch, _private.AddPosition);
    }

    private ParseStatus Page(ReadOnlySpan<byte> body, string what, MessageBatch batch, Id id, OkxRows.Add add, out OkxPage page)
    {
        page = default;
        var data = Data(body, out var fault);
        if (fault is not null) return batch.Reject(venue, fault, body);
        var (count, last, changedAt) = (0, "", 0L);
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (OkxRows.Next(ref reader, data, out var row))
        {
            count++;
            if (Reach(row, id, ref last, ref changedAt) is { } unnamed) return batch.Reject(venue, $"{what}: {unnamed}", row);
        }

        page = new(count, last, changedAt);
        return OkxRows.Each(venue, data, what, batch, add);
    }

    private static string? Reach(ReadOnlySpan<byte> row, Id id, ref string last, ref long changedAt)
    {
        var ids = new JsonFields(row, IdNames, stackalloc JsonSlice[IdNames.Length]);
        last = ids.Text((int)id);
        if (id == Id.Order) changedAt = Math.Max(changedAt, ids.Integer((int)Id.ChangedAt));
        return ids.Fault;
    }

    private static bool IsOlder(ReadOnlySpan<byte> row, long changedFrom)
    {
        var ids = new JsonFields(row, IdNames, stackalloc JsonSlice[IdNames.Length]);
        return ids.Integer((int)Id.ChangedAt) < changedFrom;
    }

    /// <summary>The rows of a good reply; empty, with the fault, otherwise.</summary>
    public static ReadOnlySpan<byte> Data(ReadOnlySpan<byte> body, out string? fault)
    {
        var envelope = new JsonFields(body, EnvelopeNames, new JsonSlice[EnvelopeNames.Length]);
        var code = envelope.Integer((int)Envelope.Code);
        var words = Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Message));
        if (code != 0) envelope.Fail(string.Create(CultureInfo.InvariantCulture, $"the venue answers with code {code}, {words}"));
        if (!envelope.IsArray((int)Envelope.Data)) envelope.Fail("data is missing: expected an array");
        fault = envelope.Fault;
        return fault is null ? envelope.Raw((int)Envelope.Data) : default;
    }
}
