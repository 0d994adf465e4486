using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>
/// The answers of a bulk request, one for each order asked for: by the client order id that an element names, by its place where it names none and
/// the reply is as long as the request. An order that the reply does not speak of is unknown.
/// </summary>
public static class GateioBulk
{
    private static readonly string[] Names = ["text", "id", "succeeded", "label"];

    private enum Field { Text, Id, Succeeded, Label }

    /// <param name="wire">Reads the orders.</param>
    /// <param name="intents">What was asked for, in its order.</param>
    /// <param name="body">UTF-8.</param>
    public static ImmutableArray<VenueReply<OrderUpdate>> Read(GateioWire wire, ImmutableArray<OrderIntent> intents, ReadOnlyMemory<byte> body)
    {
        var answers = new VenueReply<OrderUpdate>?[intents.Length];
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array) return All(intents, "the reply to a bulk request is no array");
            var isComplete = document.RootElement.GetArrayLength() == intents.Length;
            var place = 0;
            foreach (var element in document.RootElement.EnumerateArray())
            {
                Take(wire, intents, Encoding.UTF8.GetBytes(element.GetRawText()), isComplete ? place : -1, answers);
                place++;
            }
        }
        catch (JsonException malformed)
        {
            return All(intents, $"the reply to a bulk request is not JSON: {malformed.Message}");
        }

        return [.. answers.Select(a => a ?? new VenueReply<OrderUpdate>.Unknown("the reply to a bulk request does not speak of the order"))];
    }

    /// <summary>The same answer for all.</summary>
    public static ImmutableArray<VenueReply<OrderUpdate>> All(ImmutableArray<OrderIntent> intents, string unknown) =>
        [.. intents.Select(_ => (VenueReply<OrderUpdate>)new VenueReply<OrderUpdate>.Unknown(unknown))];

    private static void Take(GateioWire wire, ImmutableArray<OrderIntent> intents, byte[] element, int place, VenueReply<OrderUpdate>?[] answers)
    {
        var fields = new JsonFields(element, Names, stackalloc JsonSlice[Names.Length]);
        if (fields.Fault is not null) return;
        // A cancelled order is named by the id it was asked for by, which is the text.
        var id = Ours(ref fields, Field.Text) ?? Ours(ref fields, Field.Id);
        var at = place;
        if (id is not null)
        {
            at = -1;
            for (var i = 0; i < intents.Length; i++)
                if (intents[i].ClientOrderId == id)
                    at = i;
        }

        if (at < 0 || answers[at] is not null) return;
        var isDone = fields.Has((int)Field.Succeeded) && fields.Flag((int)Field.Succeeded);
        answers[at] = isDone ? Done(wire, intents[at], element) : Refused(element);
    }

    private static string? Ours(ref JsonFields fields, Field field) =>
        fields.Raw((int)field).StartsWith("\""u8) ? GateioIds.FromText(fields.Text((int)field)) : null;

    private static VenueReply<OrderUpdate> Refused(byte[] element) => GateioErrors.Read(element) is { } refusal
        ? new VenueReply<OrderUpdate>.Refused(refusal)
        : new VenueReply<OrderUpdate>.Unknown("the reply to a bulk request says neither that the order was taken nor why not");

    /// <summary>The order as it then is, or a receipt where the reply does not tell.</summary>
    private static VenueReply<OrderUpdate> Done(GateioWire wire, OrderIntent intent, byte[] element)
    {
        var batch = new MessageBatch();
        if (wire.ParseOrder(element, batch) == ParseStatus.Parsed && batch.Count == 1)
            return new VenueReply<OrderUpdate>.Accepted((OrderUpdate)batch[0].Control);
        return new VenueReply<OrderUpdate>.Accepted(new OrderUpdate
        {
            Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = OrderStatus.PendingNew, Side = intent.Side,
            PriceTicks = intent.PriceTicks, RemainingLots = intent.SizeLots, Reason = "",
        });
    }
}
