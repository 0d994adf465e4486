using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>
/// The states of all operators of one built topology, by name: hands out their ports, each with the state restored from a snapshot or its fresh one,
/// and captures them again as one JSON object, in order of wiring.
/// </summary>
/// <param name="snapshot">A former <see cref="Capture"/>, or empty for a fresh start.</param>
public sealed class StateSet(ReadOnlyMemory<byte> snapshot)
{
    // Every value comes back as it was, or not at all: a state of another shape is refused instead of filled up with defaults.
    private static readonly JsonSerializerOptions Exact = new(JsonSerializerOptions.Strict)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
    };

    private readonly JsonObject _restored = Parse(snapshot);
    private readonly List<(string Name, object Port, Func<JsonNode?> Capture)> _ports = [];

    /// <summary>A topology starting with nothing.</summary>
    public static StateSet Fresh() => new(default);

    /// <summary>The port of the operator with that name.</summary>
    /// <exception cref="InvalidOperationException">The name was handed out before.</exception>
    /// <exception cref="JsonException">The snapshot's state under that name is not of this type.</exception>
    public StatePort<TState> Port<TState>(string name, TState fresh)
        where TState : notnull
    {
        if (_ports.Any(p => p.Name == name))
            throw new InvalidOperationException($"state '{name}' is taken: every stateful operator has its own name");
        var initial = _restored[name] is { } node ? node.Deserialize<TState>(Exact) ?? fresh : fresh;
        var port = new StatePort<TState>(name, initial);
        _ports.Add((name, port, () => JsonSerializer.SerializeToNode(port.Capture(), Exact)));
        return port;
    }

    /// <summary>The state that the snapshot has under that name, before anything is wired; null when it has none.</summary>
    public TState? Restored<TState>(string name)
        where TState : class => _restored[name]?.Deserialize<TState>(Exact);

    /// <summary>The states as they are now, as UTF-8 JSON; equal states give equal bytes.</summary>
    public ReadOnlyMemory<byte> Capture()
    {
        var captured = new JsonObject();
        foreach (var (name, _, capture) in _ports) captured.Add(name, capture());
        return JsonSerializer.SerializeToUtf8Bytes(captured);
    }

    /// <summary>One operator's state as it is now.</summary>
    /// <exception cref="InvalidOperationException">No operator of that name has such a state.</exception>
    public TState Current<TState>(string name)
        where TState : notnull =>
            _ports.Find(p => p.Name == name).Port is StatePort<TState> port ? port.Capture()
                : throw new InvalidOperationException($"no operator '{name}' has a state of type {typeof(TState).Name}");

    /// <summary>Names in the snapshot that no operator asked for: a sign that it comes from another topology.</summary>
    public IEnumerable<string> Unclaimed() => _restored.Select(p => p.Key).Except(_ports.Select(p => p.Name));

    /// <summary>One operator's state in a snapshot.</summary>
    /// <exception cref="KeyNotFoundException">The snapshot has none of that name.</exception>
    public static TState Read<TState>(ReadOnlyMemory<byte> snapshot, string name)
        where TState : notnull =>
            (Parse(snapshot)[name] ?? throw new KeyNotFoundException($"the snapshot has no state '{name}'")).Deserialize<TState>(Exact)!;

    /// <summary>The snapshot with that operator's state in place of the one it has.</summary>
    public static ReadOnlyMemory<byte> With<TState>(ReadOnlyMemory<byte> snapshot, string name, TState state)
        where TState : notnull
    {
        var changed = Parse(snapshot);
        changed[name] = JsonSerializer.SerializeToNode(state, Exact);
        return JsonSerializer.SerializeToUtf8Bytes(changed);
    }

    /// <summary>The snapshot with the states of those operators only; all others will start fresh.</summary>
    public static ReadOnlyMemory<byte> Only(ReadOnlyMemory<byte> snapshot, IReadOnlySet<string> names)
    {
        var kept = Parse(snapshot);
        foreach (var name in kept.Select(p => p.Key).Where(n => !names.Contains(n)).ToArray()) kept.Remove(name);
        return JsonSerializer.SerializeToUtf8Bytes(kept);
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> snapshot) =>
        snapshot.IsEmpty ? [] : JsonNode.Parse(snapshot.Span) as JsonObject ?? throw new JsonException("a snapshot is a JSON object");

    /// <summary>Name of the first operator whose states differ in two captures that are not the same.</summary>
    internal static string FirstDifference(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        using var states = JsonDocument.Parse(one);
        using var others = JsonDocument.Parse(other);
        var otherStates = others.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText());
        foreach (var state in states.RootElement.EnumerateObject())
        {
            if (!otherStates.Remove(state.Name, out var text) || text != state.Value.GetRawText()) return state.Name;
        }

        return otherStates.Keys.Order(StringComparer.Ordinal).FirstOrDefault("the order of the states");
    }
}
