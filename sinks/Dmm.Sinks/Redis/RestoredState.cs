using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Redis;

/// <summary>
/// What a run's header restores of the engine, by the names of its operators in the topology; null where a header has no such part,
/// or has it in another shape. With it a journal whose earlier runs were removed, or that goes on from another, gives the whole state and not
/// only what changed since.
/// </summary>
internal sealed record RestoredState(LiveOrdersState? Orders, TradingStatesState? Breakers, InventorySnapshot? Inventory)
{
    private static readonly JsonSerializerOptions Exact = new(JsonSerializerOptions.Strict)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals, IncludeFields = true,
    };

    public static RestoredState Of(RunHeader header)
    {
        if (header.State.IsEmpty) return new(null, null, null);
        using var document = JsonDocument.Parse(header.State);
        var state = document.RootElement;
        return new(
            state.TryGetProperty("orders", out var orders) ? Read<LiveOrdersState>(orders, "Live") : null,
            Read<TradingStatesState>(state, "trading-states"),
            Read<PositionLedgerState>(state, "positions") is { } ledger
                ? new PositionLedger(header.Instruments, ledger).Snapshot(header.Parameters.Inventory)
                : null);
    }

    private static T? Read<T>(JsonElement state, string name)
        where T : class
    {
        try
        {
            return state.TryGetProperty(name, out var part) ? part.Deserialize<T>(Exact) : null;
        }
        catch (JsonException)
        {
            // Captured by another version: what the run's own records say is left, and an old journal does not stop the sink for good.
            return null;
        }
    }
}
