using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>One provider of the kind of toncenter.</summary>
/// <param name="rest">For <see cref="ToncenterProtocol"/> of this provider.</param>
public sealed class ToncenterNode(RestClient rest) : ITonNode
{
    /// <param name="client">Owned by the caller.</param>
    /// <param name="options">Checked.</param>
    /// <param name="time">For limits and timeouts.</param>
    public static ToncenterNode Of(HttpClient client, NodeOptions options, TimeProvider time) => new(new(
        client, new ToncenterProtocol(options), new Dictionary<string, Dmm.Wire.RequestLimits> { [ToncenterProtocol.Bucket] = options.Requests },
        options.Timeout, time));

    public async Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) =>
        (await BlockAsync(cancellation)).Select(head => new NodeHead(head, this));

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) => rest.AskAsync(
        ToncenterProtocol.Account(wallet.Address),
        Read((ReadOnlyMemory<byte> body, out WalletView view, out string fault) =>
        {
            var isRead = ToncenterReplies.TryReadWallet(body, wallet, out var read, out fault);
            view = read!;
            return isRead;
        }),
        cancellation);

    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation) =>
        rest.AskAsync(ToncenterProtocol.Send(attempt.Boc), Read<Hash256>(ToncenterReplies.TryReadSent), cancellation);

    /// <summary>The time is asked for first: what came between it and the look is known or may be.</summary>
    public async Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation)
    {
        var indexed = await BlockAsync(cancellation);
        if (indexed is not VenueReply<ChainHead>.Accepted { Value.At: var indexedTo }) return new VenueReply<TraceLookup>.Unknown(indexed.Fault);
        return await rest.AskAsync(
            ToncenterProtocol.Traces(message),
            Read((ReadOnlyMemory<byte> body, out TraceLookup lookup, out string fault) =>
            {
                var isRead = ToncenterReplies.TryReadTrace(body, message, out var trace, out fault);
                lookup = new(trace, indexedTo);
                return isRead;
            }),
            cancellation);
    }

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) => rest.AskAsync(
        ToncenterProtocol.JettonWallets(owner, master),
        Read((ReadOnlyMemory<byte> body, out UInt128 amount, out string fault) =>
            ToncenterReplies.TryReadJettons(body, owner, master, out amount, out fault)),
        cancellation);

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) => rest.AskAsync(
        ToncenterProtocol.Method(contract, method, arguments), Read<ImmutableArray<StackItem>>(ToncenterReplies.TryReadMethod), cancellation);

    private Task<VenueReply<ChainHead>> BlockAsync(CancellationToken cancellation) =>
        rest.AskAsync(ToncenterProtocol.Masterchain(), Read<ChainHead>(ToncenterReplies.TryReadHead), cancellation);

    private Func<ReadOnlyMemory<byte>, VenueReply<T>> Read<T>(NodeReader<T> reader) => NodeReading.With(rest.Venue, reader);
}
