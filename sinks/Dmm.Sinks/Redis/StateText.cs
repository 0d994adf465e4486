using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sinks.Archive;

namespace Dmm.Sinks.Redis;

/// <summary>The parts of a state that are JSON: equal values are equal bytes.</summary>
internal static class StateText
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Breaker = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Object(Action<Utf8JsonWriter> members) => Text(json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    /// <summary>Controls that are not at rest, by kind, then by subject.</summary>
    public static string Of(IEnumerable<BreakerState> breakers) => JsonSerializer.Serialize(breakers, Breaker);

    public static ImmutableArray<BreakerState> Breakers(string? text) =>
        text is null ? [] : JsonSerializer.Deserialize<ImmutableArray<BreakerState>>(text, Breaker);

    /// <summary>Orders in the order of their placing, with exact decimals for people and in whole ticks and lots to go on from.</summary>
    public static string Of(LiveOrdersState orders, InstrumentCatalog instruments) => Text(json =>
    {
        json.WriteStartArray();
        foreach (var order in orders.Orders)
        {
            var instrument = instruments[order.Instrument];
            json.WriteStartObject();
            json.WriteString("id", order.ClientOrderId);
            json.WriteString("instrument", instrument.Name);
            json.WriteString("side", ArchiveText.Of(order.Side));
            json.WriteString("price", ArchiveText.Of(instrument.Prices.ToDecimal(order.PriceTicks)));
            json.WriteString("remaining", ArchiveText.Of(instrument.Sizes.ToDecimal(order.RemainingLots)));
            json.WriteString("status", ArchiveText.Of(order.Status));
            json.WriteString("placedAt", ArchiveText.Of(order.PlacedAt));
            json.WriteBoolean("hasFilled", order.HasFilled);
            json.WriteNumber("priceTicks", order.PriceTicks);
            json.WriteNumber("remainingLots", order.RemainingLots);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The same back; an order at an instrument that the catalogue no longer has is left out, as the engine leaves it out.</summary>
    public static LiveOrdersState Orders(string? text, InstrumentCatalog instruments)
    {
        if (text is null) return LiveOrdersState.Empty;
        using var document = JsonDocument.Parse(text);
        var orders = ImmutableArray.CreateBuilder<LiveOrder>();
        foreach (var order in document.RootElement.EnumerateArray())
        {
            var name = order.GetProperty("instrument").GetString();
            if (instruments.All.FirstOrDefault(i => i.Name == name) is not { } instrument) continue;
            orders.Add(new(order.GetProperty("id").GetString()!, instrument.Id, ArchiveText.Enum<Side>(order.GetProperty("side").GetString()!),
                order.GetProperty("priceTicks").GetInt64(), order.GetProperty("remainingLots").GetInt64(),
                ArchiveText.Enum<OrderStatus>(order.GetProperty("status").GetString()!),
                ArchiveText.Instant(order.GetProperty("placedAt").GetString()))
            {
                HasFilled = order.GetProperty("hasFilled").GetBoolean(),
            });
        }

        return new(orders.ToImmutable());
    }

    /// <summary>Notional of open orders by quote asset, in ordinal order: sums in different assets do not add up.</summary>
    public static string Notional(LiveOrdersState orders, InstrumentCatalog instruments) => Object(json =>
    {
        var sums = orders.Orders
            .Select(o => (Instrument: instruments[o.Instrument], Order: o))
            .GroupBy(o => o.Instrument.QuoteAsset, o => o.Instrument.Notional(o.Order.RemainingLots, o.Order.PriceTicks))
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var sum in sums) json.WriteString(sum.Key, ArchiveText.Of(sum.Sum()));
    });

    /// <summary>Base asset held, by instrument.</summary>
    public static string Inventories(InventorySnapshot inventory, InstrumentCatalog instruments) => Object(json =>
    {
        foreach (var position in inventory.Positions)
            json.WriteString(instruments[position.Instrument].Name, ArchiveText.Of(position.BaseQuantity));
    });

    /// <summary>Every position with its cost and profit, by instrument.</summary>
    public static string Positions(InventorySnapshot inventory, InstrumentCatalog instruments) => Object(json =>
    {
        foreach (var position in inventory.Positions)
        {
            json.WriteStartObject(instruments[position.Instrument].Name);
            json.WriteString("quantity", ArchiveText.Of(position.Quantity));
            json.WriteString("baseQuantity", ArchiveText.Of(position.BaseQuantity));
            json.WriteString("average", ArchiveText.Of(position.Average));
            json.WriteString("allInAverage", ArchiveText.Of(position.AllInAverage));
            json.WriteString("basis", ArchiveText.Of(position.Basis));
            json.WriteString("realisedOpen", ArchiveText.Of(position.RealisedOpen));
            json.WriteString("realised", ArchiveText.Of(position.Realised));
            json.WriteString("fees", ArchiveText.Of(position.Fees));
            json.WriteString("settlementAsset", position.SettlementAsset);
            json.WritePropertyName("unconvertedFees");
            json.WriteRawValue(ArchiveText.Of(position.UnconvertedFees));
            json.WriteEndObject();
        }
    });

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Relaxed)) write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
