namespace Dmm.Pipeline.Running;

/// <summary>Connections that hold keys or files, let go of together.</summary>
internal sealed class OwnedConnections(IEnumerable<IDisposable> all) : IDisposable
{
    private readonly IDisposable[] _all = [.. all];

    public void Dispose()
    {
        foreach (var one in _all) one.Dispose();
    }
}
