using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>
/// The states of all operators of one built topology, by name: hands out their ports, each with the state restored from a snapshot or its fresh one, and
/// captures them again as one JSON object, in order of wiring.
/// </summary>
/// <param name="snapshot">A former <see cref="Capture"/>, or empty for a fresh start.</param>
public sealed class StateSet(ReadOnlyMemory<byte> snapshot)
{
    private readonly JsonObject _restored = snapshot.IsEmpty ? [] : JsonNode.Parse(snapshot.Span) as JsonObject ?? throw new JsonException("a snapshot is a JSON object");
    private readonly List<(string Name, Func<JsonNode?> Capture)> _ports = [];

    /// <summary>A topology starting with nothing.</summary>
    public static StateSet Fresh() => new(default);

    /// <summary>The port of the operator with that name.</summary>
    /// <exception cref="InvalidOperationException">The name was handed out before.</exception>
    /// <exception cref="JsonException">The snapshot's state under that name is not of this type.</exception>
    public StatePort<TState> Port<TState>(string name, TState fresh)
        where TState : notnull
    {
        if (_ports.Any(p => p.Name == name)) throw new InvalidOperationException($"state '{name}' is taken: every stateful operator has its own name");
        var initial = _restored[name] is { } node ? node.Deserialize<TState>() ?? fresh : fresh;
        var port = new StatePort<TState>(name, initial);
        _ports.Add((name, () => JsonSerializer.SerializeToNode(port.Capture())));
        return port;
    }

    /// <summary>The states as they are now, as UTF-8 JSON; equal states give equal bytes.</summary>
    public ReadOnlyMemory<byte> Capture()
    {
        var captured = new JsonObject();
        foreach (var (name, capture) in _ports) captured.Add(name, capture());
        return JsonSerializer.SerializeToUtf8Bytes(captured);
    }

    /// <summary>Names in the snapshot that no operator asked for: a sign that it comes from another topology.</summary>
    public IEnumerable<string> Unclaimed() => _restored.Select(p => p.Key).Except(_ports.Select(p => p.Name));
}
