using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What the venue answers to one order of a request to place, amend or cancel: no more than a receipt.</summary>
/// <param name="ClientOrderId">Ours, where the venue repeats it; empty otherwise.</param>
/// <param name="Code"><see cref="OkxErrors.Done"/>, or why not.</param>
/// <param name="Words">The venue's; may be empty.</param>
public readonly record struct OkxReceipt(string ClientOrderId, string Code, string Words);

/// <summary>What replies say beside messages for the engine. No body makes it throw.</summary>
public static class OkxReceipts
{
    private static readonly string[] EnvelopeNames = ["code", "data"];
    private static readonly string[] ReceiptNames = ["clOrdId", "sCode", "sMsg"];
    private static readonly string[] OrderNames = ["instId", "clOrdId", "accFillSz"];
    private static readonly string[] TimeNames = ["ts"];
    private static readonly string[] SettingNames = ["posMode", "acctLv"];

    private enum Envelope { Code, Data }

    private enum Receipt { ClientOrderId, Code, Words }

    private enum Order { Symbol, ClientOrderId, Filled }

    private enum Setting { PositionMode, Level }

    private delegate void Take(ref JsonFields row);

    /// <summary>The receipts of a request to place, amend or cancel; null, with the reason, where the body holds none that can be read.</summary>
    public static ImmutableArray<OkxReceipt>? Read(ReadOnlySpan<byte> body, out string reason)
    {
        var fields = new JsonFields(body, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        var code = fields.Text((int)Envelope.Code);
        if (code is not (OkxErrors.Done or OkxErrors.NoneDone or OkxErrors.SomeDone)) fields.Fail($"code is '{code}': expected 0, 1 or 2");
        if (!fields.IsArray((int)Envelope.Data)) fields.Fail("data is missing: expected an array");
        reason = fields.Fault ?? "";
        if (fields.Fault is not null) return null;
        var receipts = ImmutableArray.CreateBuilder<OkxReceipt>();
        reason = Each(fields.Raw((int)Envelope.Data), ReceiptNames, (ref JsonFields row) =>
        {
            var id = row.Has((int)Receipt.ClientOrderId) ? row.Text((int)Receipt.ClientOrderId) : "";
            var words = Encoding.UTF8.GetString(row.Raw((int)Receipt.Words).Trim((byte)'"'));
            receipts.Add(new(id, row.Text((int)Receipt.Code), words));
        }) ?? "";
        return reason.Length == 0 ? receipts.ToImmutable() : null;
    }

    /// <summary>How much of each order of a page was filled, all of one instrument; null where it cannot be told.</summary>
    public static ImmutableDictionary<string, long>? FilledLots(Instrument instrument, ReadOnlySpan<byte> body)
    {
        var filled = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        var data = OkxReplies.Data(body, out var fault);
        fault ??= Each(data, OrderNames, (ref JsonFields row) =>
        {
            var lots = row.Size((int)Order.Filled, instrument);
            filled[row.Text((int)Order.ClientOrderId)] = lots;
        });
        return fault is null ? filled.ToImmutable() : null;
    }

    /// <summary>The names of the orders of a page, whatever their instruments; null where they cannot be told.</summary>
    public static ImmutableArray<OkxOrderName>? Names(ReadOnlySpan<byte> body)
    {
        var names = ImmutableArray.CreateBuilder<OkxOrderName>();
        var data = OkxReplies.Data(body, out var fault);
        fault ??= Each(
            data, OrderNames, (ref JsonFields row) => names.Add(new(row.Text((int)Order.Symbol), row.Text((int)Order.ClientOrderId))));
        return fault is null ? names.ToImmutable() : null;
    }

    /// <summary>The venue's clock; null where the body does not hold it.</summary>
    public static Timestamp? ServerTime(ReadOnlySpan<byte> body)
    {
        Timestamp? at = null;
        var data = OkxReplies.Data(body, out var fault);
        fault ??= Each(data, TimeNames, (ref JsonFields row) => at = row.Milliseconds(0));
        return fault is null ? at : null;
    }

    /// <summary>
    /// Why an account that is set up like this cannot trade these instruments as it is meant here; null where it can. Contracts need an account that
    /// may hold them, with one net position each.
    /// </summary>
    public static string? SettingsFault(IReadOnlyList<Instrument> instruments, ReadOnlySpan<byte> body)
    {
        var (mode, level) = ("", "");
        var data = OkxReplies.Data(body, out var fault);
        fault ??= Each(
            data, SettingNames, (ref JsonFields row) => (mode, level) = (row.Text((int)Setting.PositionMode), row.Text((int)Setting.Level)));
        if (fault is not null) return $"the account's settings cannot be read: {fault}";
        if (instruments.All(i => i.Kind == ContractKind.Spot)) return null;
        if (level == "1") return "acctLv is '1', spot mode: expected a mode with contracts";
        return mode == "net_mode" ? null : $"posMode is '{mode}': expected net_mode";
    }

    /// <summary>Null, or what is wrong with a row.</summary>
    private static string? Each(ReadOnlySpan<byte> data, string[] names, Take take)
    {
        var slices = new JsonSlice[names.Length];
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (OkxRows.Next(ref reader, data, out var row))
        {
            var fields = new JsonFields(row, names, slices);
            take(ref fields);
            if (fields.Fault is { } fault) return fault;
        }

        return null;
    }
}
