using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// One provider of the kind of TonAPI. It tells no block's time beside an account or a trace: the head is asked for first, so that its time is not
/// later than what is read after it.
/// </summary>
/// <param name="rest">For <see cref="TonapiProtocol"/> of this provider.</param>
public sealed class TonapiNode(RestClient rest) : ITonNode
{
    /// <param name="client">Owned by the caller.</param>
    /// <param name="options">Checked.</param>
    /// <param name="time">For limits and timeouts.</param>
    public static TonapiNode Of(HttpClient client, NodeOptions options, TimeProvider time) => new(new(
        client, new TonapiProtocol(options), new Dictionary<string, Dmm.Wire.RequestLimits> { [TonapiProtocol.Bucket] = options.Requests },
        options.Timeout, time));

    public async Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) =>
        (await BlockAsync(cancellation)).Select(head => new NodeHead(head, this));

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) => AfterHeadAsync(
        TonapiProtocol.RawAccount(wallet.Address),
        (ReadOnlyMemory<byte> body, ChainHead before, out WalletView view, out string fault) =>
        {
            var isRead = TonapiReplies.TryReadWallet(body, wallet, before, out var read, out fault);
            view = read!;
            return isRead;
        },
        cancellation);

    /// <summary>TonAPI names no hash: accepted is the one by which it will be found.</summary>
    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation) =>
        rest.AskAsync(TonapiProtocol.Send(attempt.Boc), _ => new VenueReply<Hash256>.Accepted(attempt.Hash), cancellation);

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) => AfterHeadAsync(
        TonapiProtocol.Trace(message),
        (ReadOnlyMemory<byte> body, ChainHead before, out TraceLookup lookup, out string fault) =>
        {
            var isRead = TonapiReplies.TryReadTrace(body, message, before, out var trace, out fault);
            lookup = new(trace, before.At);
            return isRead;
        },
        cancellation);

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) => rest.AskAsync(
        TonapiProtocol.Method(contract, method, arguments), Read<ImmutableArray<StackItem>>(TonapiReplies.TryReadMethod), cancellation);

    /// <summary>
    /// Of the wallet that the minter names for the owner, as that wallet says of itself, owner and minter checked. TonAPI's own list of balances does
    /// not say whose they are.
    /// </summary>
    public async Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation)
    {
        var named = await MethodAsync(master, JettonMethods.WalletAddress, [StackItem.Slice(owner)], cancellation);
        if (named is not VenueReply<ImmutableArray<StackItem>>.Accepted { Value: var answer }) return named.Select(_ => default(UInt128));
        if (!StackReader.TryRead(JettonMethods.WalletAddress, answer, 1, stack => stack.Address("address"), out var wallet, out var fault))
            return Unreadable(fault);
        var told = await MethodAsync(wallet!, JettonMethods.WalletData, [], cancellation);
        if (told is VenueReply<ImmutableArray<StackItem>>.Unknown unknown) return await NothingAtAsync(wallet!, unknown.Reason, cancellation);
        if (told is not VenueReply<ImmutableArray<StackItem>>.Accepted { Value: var data }) return told.Select(_ => default(UInt128));
        if (!JettonMethods.TryReadWallet(data, out var read, out fault)) return Unreadable(fault);
        return read!.Owner == owner && read.Minter == master
            ? new VenueReply<UInt128>.Accepted(read.Balance)
            : Unreadable($"the wallet {wallet} is {read.Owner}'s, of {read.Minter}: expected {owner}'s, of {master}");
    }

    /// <summary>Before the first jettons come there is no wallet: then, and only then, there are none.</summary>
    private async Task<VenueReply<UInt128>> NothingAtAsync(Address wallet, string reason, CancellationToken cancellation)
    {
        var absence = await rest.AskAsync(
            TonapiProtocol.Account(wallet),
            Read((ReadOnlyMemory<byte> body, out bool isAbsent, out string fault) =>
                TonapiReplies.TryReadAbsence(body, wallet, out isAbsent, out fault)),
            cancellation);
        return absence is VenueReply<bool>.Accepted { Value: true } ? new VenueReply<UInt128>.Accepted(0) : new VenueReply<UInt128>.Unknown(reason);
    }

    private delegate bool LaterReader<T>(ReadOnlyMemory<byte> body, ChainHead before, out T value, out string fault);

    private async Task<VenueReply<T>> AfterHeadAsync<T>(Dmm.Wire.VenueRequest request, LaterReader<T> reader, CancellationToken cancellation)
    {
        var head = await BlockAsync(cancellation);
        if (head is not VenueReply<ChainHead>.Accepted { Value: var before }) return head.Select(_ => default(T)!);
        return await rest.AskAsync(
            request, Read((ReadOnlyMemory<byte> body, out T value, out string fault) => reader(body, before, out value, out fault)), cancellation);
    }

    private Task<VenueReply<ChainHead>> BlockAsync(CancellationToken cancellation) =>
        rest.AskAsync(TonapiProtocol.Masterchain(), Read<ChainHead>(TonapiReplies.TryReadHead), cancellation);

    private Func<ReadOnlyMemory<byte>, VenueReply<T>> Read<T>(NodeReader<T> reader) => NodeReading.With(rest.Venue, reader);

    private VenueReply<UInt128>.Unknown Unreadable(string fault) => new($"{rest.Venue}'s reply cannot be read: {fault}");
}
