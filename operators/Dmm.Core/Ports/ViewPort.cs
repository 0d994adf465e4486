namespace Dmm.Core.Ports;

/// <summary>
/// Lets the wiring look at what one operator holds at this moment, so that a stage that samples many of them keeps no copies which a snapshot would have to
/// restore. Single-threaded, like the engine that owns it.
/// </summary>
/// <param name="name">Stable name of the operator's place in the topology.</param>
public sealed class ViewPort<T>(string name)
{
    private Func<T>? _read;

    /// <summary>What the operator holds now.</summary>
    /// <exception cref="InvalidOperationException">The operator has no subscription.</exception>
    public T Value => _read is { } read ? read() : throw new InvalidOperationException($"'{name}' is looked at before it is connected");

    /// <summary>Called by the operator on subscription; disposing the result at its end closes the view.</summary>
    /// <exception cref="InvalidOperationException">Another subscription is attached: share the stream by Publish.</exception>
    public IDisposable Attach(Func<T> read)
    {
        if (_read is not null) throw new InvalidOperationException($"'{name}' has two subscriptions: expected one, shared by Publish");
        _read = read;
        return new Attachment(this);
    }

    private sealed class Attachment(ViewPort<T> port) : IDisposable
    {
        public void Dispose() => port._read = null;
    }
}
