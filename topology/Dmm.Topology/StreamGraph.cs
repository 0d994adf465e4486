using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Text;

namespace Dmm.Topology;

/// <summary>One named stream of a topology and the streams it is made from.</summary>
public sealed record StreamNode(string Name, IReadOnlyList<string> From);

/// <summary>What a topology consists of, in the order of its wiring.</summary>
public sealed record TopologyDescription(IReadOnlyList<StreamNode> Streams)
{
    /// <summary>A flow chart in Mermaid's language.</summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("flowchart LR\n");
        foreach (var node in Streams) text.Append($"    {Id(node.Name)}[\"{node.Name}\"]\n");
        foreach (var node in Streams)
        {
            foreach (var from in node.From) text.Append($"    {Id(from)} --> {Id(node.Name)}\n");
        }

        return text.ToString();
    }

    /// <summary>A line a stream: its name, and what it is made from.</summary>
    public string ToText()
    {
        var width = Streams.Max(n => n.Name.Length);
        return string.Concat(Streams.Select(n => n.From.Count == 0 ? $"{n.Name}\n" : $"{n.Name.PadRight(width)} <- {string.Join(", ", n.From)}\n"));
    }

    private static string Id(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}

/// <summary>
/// Names the streams while they are wired. Each is published, so that however many read it, it is computed once; all are connected together at the end, in
/// the order of wiring, which fixes the order in which siblings see an event.
/// </summary>
internal sealed class StreamGraph
{
    private readonly List<StreamNode> _nodes = [];
    private readonly List<Func<IDisposable>> _connections = [];
    private readonly List<(string Name, IObservable<object> Stream)> _records = [];

    public TopologyDescription Description => new(_nodes);

    /// <summary>Where a stream enters from outside; it is hot already.</summary>
    public IObservable<T> Input<T>(string name, IObservable<T> stream)
    {
        Add(name, []);
        return stream;
    }

    /// <exception cref="ArgumentException">The name is taken, or a source is not wired yet.</exception>
    public IObservable<T> Stream<T>(string name, IReadOnlyList<string> from, IObservable<T> stream)
    {
        Add(name, from);
        var published = stream.Publish();
        _connections.Add(published.Connect);
        return published;
    }

    private void Add(string name, IReadOnlyList<string> from)
    {
        if (_nodes.Any(n => n.Name == name)) throw new ArgumentException($"stream '{name}' is wired twice", nameof(name));
        if (from.FirstOrDefault(f => _nodes.All(n => n.Name != f)) is { } unknown)
            throw new ArgumentException($"stream '{name}' is made from '{unknown}', which is not wired before it", nameof(from));
        _nodes.Add(new StreamNode(name, from));
    }

    /// <summary>
    /// Makes each item of a named stream a decision. Call it before wiring what follows from the stream: siblings see an event in the order of wiring, so a
    /// cause is on record before its effect.
    /// </summary>
    public void Record<T>(string name, IObservable<T> stream)
        where T : notnull => _records.Add((name, Stream($"record of {name}", [name], stream.Select(item => (object)item))));

    /// <summary>All that was recorded, as one stream.</summary>
    public IObservable<object> Decisions() =>
        Stream("decisions", [.. _records.Select(r => $"record of {r.Name}")], Observable.Merge(_records.Select(r => r.Stream)));

    public IDisposable Connect() => new CompositeDisposable(_connections.Select(connect => connect()));
}
