using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Several providers as one: whoever answered last is asked first, and one that failed rests. What differs between them is nobody's to reconcile
/// here: <see cref="SenderKernel"/> passes over whoever is behind, and who needs answers of one state asks the teller of a head. Thread-safe.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | an answer | that provider stays the first |
/// | none, or one that cannot be read, or our limit used up | the next is asked, in order; that one is asked last for <c>rest</c> |
/// | nobody answers | the shortest wait, where somebody only wants one; else the first's reason. The next call asks everybody again |
/// | a message to be sent | to all of them that take it: the same bytes do no harm, and one may lose them |
/// | a head | its teller is the provider that told it, alone; when that fails it rests, too, and nobody is asked in its place |
/// </remarks>
/// <param name="nodes">In the order of preference; one at least.</param>
/// <param name="rest">How long a provider that failed is asked last.</param>
/// <param name="time">Measures it.</param>
public sealed class NodeFailover(IReadOnlyList<ITonNode> nodes, TimeSpan rest, TimeProvider time) : ITonNode
{
    private readonly Lock _lock = new();
    private readonly long[] _restsUntil = [.. nodes.Select(_ => long.MinValue)];
    private int _first;

    /// <summary>How often another provider became the first.</summary>
    public int Changes { get; private set; }

    public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) =>
        AskAsync(async place => (await nodes[place].HeadAsync(cancellation)).Select(told => told with { Teller = new Provider(this, nodes[place], place) }));

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) =>
        AskAsync(place => nodes[place].WalletAsync(wallet, cancellation));

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) =>
        AskAsync(place => nodes[place].TraceAsync(message, cancellation));

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        AskAsync(place => nodes[place].MethodAsync(contract, method, arguments, cancellation));

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) =>
        AskAsync(place => nodes[place].JettonsAsync(owner, master, cancellation));

    public async Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation)
    {
        var replies = await Task.WhenAll(nodes.Select(node => node.SendAsync(attempt, cancellation)));
        return replies.FirstOrDefault(r => r is VenueReply<Hash256>.Accepted) ?? replies.FirstOrDefault(r => r is VenueReply<Hash256>.Unknown)
            ?? replies[0];
    }

    private async Task<VenueReply<T>> AskAsync<T>(Func<int, Task<VenueReply<T>>> ask)
    {
        VenueReply<T>? none = null;
        foreach (var place in Order())
        {
            var reply = await ask(place);
            Note(place, reply is VenueReply<T>.Accepted);
            if (reply is VenueReply<T>.Accepted) return reply;
            if (none is null || WaitOf(reply) < WaitOf(none)) none = reply;
        }

        return none!;
    }

    private static TimeSpan WaitOf<T>(VenueReply<T> reply) =>
        reply is VenueReply<T>.Refused { Refusal: { Kind: RefusalKind.RateLimited, RetryAfter: var wait } } ? wait : TimeSpan.MaxValue;

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

    /// <summary>One of them alone. Who asks it waits where it wants that: a wait is no failure here, and no answer of one that has failed since
    /// makes it the first again.</summary>
    private sealed class Provider(NodeFailover all, ITonNode node, int place) : ITonNode
    {
        public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) => Noted(node.HeadAsync(cancellation));

        public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) =>
            Noted(node.WalletAsync(wallet, cancellation));

        public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation) =>
            Noted(node.SendAsync(attempt, cancellation));

        public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) =>
            Noted(node.TraceAsync(message, cancellation));

        public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
            Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
            Noted(node.MethodAsync(contract, method, arguments, cancellation));

        public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) =>
            Noted(node.JettonsAsync(owner, master, cancellation));

        private async Task<VenueReply<T>> Noted<T>(Task<VenueReply<T>> asked)
        {
            var reply = await asked;
            if (reply is not VenueReply<T>.Accepted && WaitOf(reply) == TimeSpan.MaxValue) all.Note(place, isAnswer: false);
            return reply;
        }
    }
}
