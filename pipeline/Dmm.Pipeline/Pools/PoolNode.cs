using System.Collections.Immutable;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>The provider that pools are looked at through, or several as one. All pools share their limits on requests.</summary>
/// <param name="options">Checked, in the order of preference; one at least.</param>
/// <param name="time">The host's clock.</param>
internal sealed class PoolNode(ImmutableArray<NodeOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (HttpClient Client, ITonNode Node)? _asked;

    public string Address => string.Join(", else ", options.Select(o => o.Url.Authority));

    /// <summary>Who is asked first.</summary>
    public NodeOptions First => options[0];

    /// <summary>Where that one's key is looked for.</summary>
    public string KeyVariable => NodeAccess.VariableOf(First.Kind);

    public ITonNode Asked(HttpClient client)
    {
        lock (_lock)
        {
            if (_asked is { } asked && asked.Client == client) return asked.Node;
            var node = TonNodes.Of(client, options, time);
            _asked = (client, node);
            return node;
        }
    }
}
