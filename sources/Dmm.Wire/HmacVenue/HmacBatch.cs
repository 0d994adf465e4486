using System.Collections.Immutable;
using System.Text.Json;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>One order of a batch as the venue reads it.</summary>
/// <param name="Order">Null where it is none.</param>
/// <param name="Code">Then why, as a code.</param>
/// <param name="Words">And in words.</param>
public readonly record struct HmacBatchOrder(OrderIntent? Order, string Code, string Words);

/// <summary>What the venue answers for one order of a batch.</summary>
/// <param name="Order">As it then is; null where it was refused.</param>
/// <param name="Code">Of the refusal.</param>
/// <param name="Words">Of the refusal.</param>
public readonly record struct HmacBatchResult(OrderUpdate? Order, string Code = "", string Words = "");

/// <summary>
/// The answers of a batch request: an element for each order asked for, in their order, either the order or why not. An order that the reply does
/// not speak of is unknown.
/// </summary>
public static class HmacBatch
{
    /// <param name="wire">Reads the orders.</param>
    /// <param name="intents">What was asked for, in its order.</param>
    /// <param name="body">UTF-8.</param>
    public static ImmutableArray<VenueReply<OrderUpdate>> Read(HmacVenueWire wire, ImmutableArray<OrderIntent> intents, ReadOnlySpan<byte> body)
    {
        var answers = ImmutableArray.CreateBuilder<VenueReply<OrderUpdate>>(intents.Length);
        var fields = new JsonFields(body, ["orders"], stackalloc JsonSlice[1]);
        if (fields.Fault is null && fields.IsArray(0))
        {
            var array = fields.Raw(0);
            var reader = new Utf8JsonReader(array);
            reader.Read();
            while (answers.Count < intents.Length && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                answers.Add(Answer(wire, intents[answers.Count].ClientOrderId, array[start..(int)reader.BytesConsumed]));
            }
        }

        while (answers.Count < intents.Length)
            answers.Add(new VenueReply<OrderUpdate>.Unknown(fields.Fault ?? "the reply to the batch does not speak of the order"));
        return answers.MoveToImmutable();
    }

    private static VenueReply<OrderUpdate> Answer(HmacVenueWire wire, string clientOrderId, ReadOnlySpan<byte> element)
    {
        if (HmacVenueErrors.Parse(element, out _) is { } refusal) return new VenueReply<OrderUpdate>.Refused(refusal);
        var batch = new MessageBatch();
        return wire.ParseOrder(element, batch) == ParseStatus.Parsed && batch[0].Control is OrderUpdate order && order.ClientOrderId == clientOrderId
            ? new VenueReply<OrderUpdate>.Accepted(order)
            : new VenueReply<OrderUpdate>.Unknown($"the reply to the batch says neither that {clientOrderId} was taken nor why not");
    }
}
