namespace Dmm.Core.Ports;

/// <summary>
/// Gives a stateful operator its initial state, and lets the engine read its state when a snapshot is taken. The state itself lives in the subscription.
/// </summary>
/// <typeparam name="TState">An immutable record that serialises to JSON and back without loss.</typeparam>
/// <param name="name">Stable name of the operator's place in the topology.</param>
/// <param name="initial">The state a subscription starts from.</param>
public sealed class StatePort<TState>(string name, TState initial)
    where TState : notnull
{
    private readonly List<Func<TState>> _captures = [];

    public string Name { get; } = name;

    public TState Initial { get; } = initial;

    /// <summary>Called by the operator on subscription; disposing the result at its end takes the subscription off again.</summary>
    public IDisposable Attach(Func<TState> capture)
    {
        _captures.Add(capture);
        return new Attachment(this, capture);
    }

    /// <summary>The state of the one subscription, or the initial state while there is none.</summary>
    /// <exception cref="InvalidOperationException">Several subscriptions are attached, so that there is no one state: share the stream by Publish.</exception>
    public TState Capture() => _captures switch
    {
        [] => Initial,
        [var one] => one(),
        _ => throw new InvalidOperationException($"'{Name}' has {_captures.Count} subscriptions: expected one, shared by Publish"),
    };

    private sealed class Attachment(StatePort<TState> port, Func<TState> capture) : IDisposable
    {
        public void Dispose() => port._captures.Remove(capture);
    }
}
