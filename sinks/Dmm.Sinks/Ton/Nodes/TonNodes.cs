using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Providers as they are configured.</summary>
public static class TonNodes
{
    // Long enough not to be asked at every turn, short enough to be the first again soon after a restart of the others.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>One provider, or several as one.</summary>
    /// <param name="client">Owned by the caller.</param>
    /// <param name="options">Checked, in the order of preference; one at least.</param>
    /// <param name="time">For limits, timeouts and rests.</param>
    public static ITonNode Of(HttpClient client, IReadOnlyList<NodeOptions> options, TimeProvider time)
    {
        ITonNode[] nodes = [.. options.Select(o => o.Kind == NodeKind.Tonapi ? (ITonNode)TonapiNode.Of(client, o, time) : ToncenterNode.Of(client, o, time))];
        return nodes is [var only] ? only : new NodeFailover(nodes, Rest, time);
    }
}
