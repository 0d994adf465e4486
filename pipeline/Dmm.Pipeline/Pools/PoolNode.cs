using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>The node that pools are looked at through. All of them share its limit on requests.</summary>
/// <param name="options">Checked.</param>
/// <param name="time">The host's clock.</param>
internal sealed class PoolNode(NodeOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (HttpClient Client, ToncenterNode Node)? _asked;

    public string Address => options.Url.Authority;

    /// <summary>Requests a second that it takes.</summary>
    public double PerSecond => options.Requests.PerSecond;

    public bool HasKey => options.ApiKey is not null;

    public ToncenterNode Asked(HttpClient client)
    {
        lock (_lock)
        {
            if (_asked is { } asked && asked.Client == client) return asked.Node;
            var node = ToncenterNode.Of(client, options, time);
            _asked = (client, node);
            return node;
        }
    }
}
