using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Several providers as one: whoever answered last is asked first, and one that failed rests. What differs between them is nobody's to reconcile
/// here:
/// <see cref="SenderKernel"/> passes over whoever is behind. Thread-safe.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | an answer | that provider stays the first |
/// | none, or one that cannot be read, or our limit used up | the next is asked, in order; that one is asked last for <c>rest</c> |
/// | nobody answers | the first's reason; the next call asks everybody again |
/// | a message to be sent | to all of them that take it: the same bytes do no harm, and one may lose them |
/// </remarks>
/// <param name="nodes">In the order of preference.</param>
/// <param name="rest">How long a provider that failed is asked last.</param>
/// <param name="time">Measures it.</param>
public sealed class NodeFailover(IReadOnlyList<ITonNode> nodes, TimeSpan rest, TimeProvider time) : ITonNode
{
    private readonly Lock _lock = new();
    private readonly long[] _restsUntil = [.. nodes.Select(_ => long.MinValue)];
    private int _first;

    /// <summary>How often another provider became the first.</summary>
    public int Changes { get; private set; }

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) =>
        AskAsync(node => node.WalletAsync(wallet, cancellation));

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) =>
        AskAsync(node => node.TraceAsync(message, cancellation));

    public async Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation)
    {
        var replies = await Task.WhenAll(nodes.Select(node => node.SendAsync(attempt, cancellation)));
        return replies.FirstOrDefault(r => r is VenueReply<Hash256>.Accepted) ?? replies.FirstOrDefault(r => r is VenueReply<Hash256>.Unknown)
            ?? replies[0];
    }

    private async Task<VenueReply<T>> AskAsync<T>(Func<ITonNode, Task<VenueReply<T>>> ask)
    {
        VenueReply<T>? first = null;
        foreach (var place in Order())
        {
            var reply = await ask(nodes[place]);
            Note(place, reply is VenueReply<T>.Accepted);
            if (reply is VenueReply<T>.Accepted) return reply;
            first ??= reply;
        }

        return first!;
    }

    private int[] Order()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            return [.. Enumerable.Range(0, nodes.Count).OrderBy(i => _restsUntil[i] > now).ThenBy(i => i != _first).ThenBy(i => i)];
        }
    }

    private void Note(int place, bool isAnswer)
    {
        lock (_lock)
        {
            _restsUntil[place] = isAnswer ? long.MinValue : time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);
            if (!isAnswer || _first == place) return;
            _first = place;
            Changes++;
        }
    }
}
