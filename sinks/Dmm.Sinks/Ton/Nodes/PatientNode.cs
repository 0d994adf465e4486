using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// A node whose limit on requests is waited for. A sender's turn asks several things in a row and passes over what is refused: behind a small limit
/// its last question would never be answered.
/// </summary>
/// <param name="node">Who is asked.</param>
/// <param name="time">For the waits.</param>
/// <param name="unanswered">Told why a question has no answer.</param>
public sealed class PatientNode(ITonNode node, TimeProvider time, Action<string> unanswered) : ITonNode
{
    public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) => AskAsync(() => node.HeadAsync(cancellation), cancellation);

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) =>
        AskAsync(() => node.WalletAsync(wallet, cancellation), cancellation);

    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation) =>
        AskAsync(() => node.SendAsync(attempt, cancellation), cancellation);

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) =>
        AskAsync(() => node.TraceAsync(message, cancellation), cancellation);

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        AskAsync(() => node.MethodAsync(contract, method, arguments, cancellation), cancellation);

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) =>
        AskAsync(() => node.JettonsAsync(owner, master, cancellation), cancellation);

    private async Task<VenueReply<T>> AskAsync<T>(Func<Task<VenueReply<T>>> ask, CancellationToken cancellation)
    {
        var reply = await Patience.AskAsync(ask, time, cancellation);
        if (reply is not VenueReply<T>.Accepted) unanswered(reply.Fault);
        return reply;
    }
}
