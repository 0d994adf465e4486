using System.Collections.Immutable;
using System.Text.Json;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>
/// What the venue answers to orders: it has taken the request down. Whether an order lives, has changed or has ended comes by the private stream, so
/// that
/// an accepted one is <see cref="OrderStatus.PendingNew"/> here, with what was asked for.
/// </summary>
public static class BybitReceipts
{
    private static readonly string[] EnvelopeNames = ["retCode", "retMsg", "result", "retExtInfo"];
    private static readonly string[] ResultNames = ["orderLinkId", "list"];
    private static readonly string[] CodeNames = ["code", "msg"];

    private enum Envelope { Code, Words, Result, Extension }

    private enum Result { Id, List }

    private enum Code { Number, Words }

    /// <summary>Parses the body of the answer to one order.</summary>
    public static VenueReply<OrderUpdate> One(ReadOnlySpan<byte> body, OrderIntent intent)
    {
        var envelope = new JsonFields(body, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (Failure(ref envelope) is { } failure) return failure;
        return Named(envelope.Raw((int)Envelope.Result), intent);
    }

    /// <summary>Parses the body of the answer to a batch: an answer for each intent, in their order.</summary>
    public static ImmutableArray<VenueReply<OrderUpdate>> All(ReadOnlySpan<byte> body, ImmutableArray<OrderIntent> intents)
    {
        var envelope = new JsonFields(body, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (Failure(ref envelope) is { } failure) return [.. intents.Select(_ => failure)];
        var orders = Elements(envelope.Raw((int)Envelope.Result));
        var codes = Elements(envelope.Raw((int)Envelope.Extension));
        if (orders.Length != intents.Length || codes.Length != intents.Length)
        {
            var unknown = new VenueReply<OrderUpdate>.Unknown(
                $"the reply holds {orders.Length} orders and {codes.Length} codes: expected {intents.Length} of each");
            return [.. intents.Select(_ => unknown)];
        }

        var replies = ImmutableArray.CreateBuilder<VenueReply<OrderUpdate>>(intents.Length);
        for (var i = 0; i < intents.Length; i++) replies.Add(Failure(codes[i]) ?? Named(orders[i], intents[i]));
        return replies.MoveToImmutable();
    }

    /// <summary>Null where the whole was accepted.</summary>
    private static VenueReply<OrderUpdate>? Failure(ref JsonFields envelope)
    {
        var code = envelope.Integer((int)Envelope.Code, long.MinValue);
        var words = BybitErrors.Words(envelope, (int)Envelope.Words);
        if (envelope.Fault is null && code == BybitErrors.None && !envelope.IsObject((int)Envelope.Result))
            envelope.Fail("result is missing: expected an object");
        return envelope.Fault is { } fault ? new VenueReply<OrderUpdate>.Unknown($"the reply cannot be read: {fault}") : OfCode(code, words);
    }

    private static VenueReply<OrderUpdate>? Failure(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json, CodeNames, stackalloc JsonSlice[CodeNames.Length]);
        var code = fields.Integer((int)Code.Number, long.MinValue);
        var words = BybitErrors.Words(fields, (int)Code.Words);
        return fields.Fault is { } fault ? new VenueReply<OrderUpdate>.Unknown($"the reply cannot be read: {fault}") : OfCode(code, words);
    }

    private static VenueReply<OrderUpdate>? OfCode(long code, string words) => code == BybitErrors.None ? null
        : BybitErrors.Refusal(code, words) is { } refusal ? new VenueReply<OrderUpdate>.Refused(refusal)
        : new VenueReply<OrderUpdate>.Unknown(BybitErrors.Masked($"the venue answers with code {code}, which does not say what was done: {words}"));

    private static VenueReply<OrderUpdate> Named(ReadOnlySpan<byte> json, OrderIntent intent)
    {
        var fields = new JsonFields(json, ResultNames, stackalloc JsonSlice[ResultNames.Length]);
        var id = fields.Text((int)Result.Id);
        if (id != intent.ClientOrderId) fields.Fail($"orderLinkId is '{id}': expected {intent.ClientOrderId}");
        return fields.Fault is { } fault
            ? new VenueReply<OrderUpdate>.Unknown($"the reply cannot be read: {fault}")
            : new VenueReply<OrderUpdate>.Accepted(new OrderUpdate
            {
                Instrument = intent.Instrument, ClientOrderId = id, Status = OrderStatus.PendingNew, Side = intent.Side,
                PriceTicks = intent.PriceTicks, RemainingLots = intent.SizeLots, Reason = "",
            });
    }

    private static ImmutableArray<byte[]> Elements(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json, ResultNames, stackalloc JsonSlice[ResultNames.Length]);
        if (!fields.IsArray((int)Result.List)) return [];
        var array = fields.Raw((int)Result.List);
        var elements = ImmutableArray.CreateBuilder<byte[]>();
        var reader = new Utf8JsonReader(array);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = (int)reader.TokenStartIndex;
            reader.Skip();
            elements.Add(array[at..(int)reader.BytesConsumed].ToArray());
        }

        return elements.ToImmutable();
    }
}
