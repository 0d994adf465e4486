using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>The virtual machine's chain as a sender sees it.</summary>
internal sealed class TvmNode(TvmChain chain, IWalletContract wallet) : ITonNode
{
    private readonly Dictionary<Hash256, Trace> _traces = [];

    public uint Now { get; private set; } = WalletOnChain.Now;

    /// <summary>What is sent does not arrive.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>What is told of the balance instead of the truth.</summary>
    public Coins? Balance { get; set; }

    public List<SendAttempt> Sent { get; } = [];

    /// <summary>Exit codes with which the wallet refused what arrived.</summary>
    public List<int> Refusals { get; } = [];

    public void Clock(uint now) => chain.Clock(Now = now);

    public void Deliver(SendAttempt attempt)
    {
        var outcome = chain.Send(attempt.Boc.ToArray());
        if (outcome.Refused is { } exit) Refusals.Add(exit);
        else _traces[attempt.Hash] = new([.. outcome.Transactions.Select(t => t.Traced(Now))], TraceFinality.Finalized, IsComplete: true);
    }

    public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) => Accepted(new NodeHead(new(1, Now), this));

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract asked, CancellationToken cancellation)
    {
        var (state, balance) = chain.Account(asked.Address);
        var seqno = state == "active" ? (uint)chain.Call(asked.Address, "seqno")[0].Number : 0;
        return Accepted(new WalletView(seqno, Balance ?? balance, Now));
    }

    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation)
    {
        Sent.Add(attempt);
        if (!IsDeaf) Deliver(attempt);
        return Accepted(attempt.Hash);
    }

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) =>
        Accepted(new TraceLookup(_traces.GetValueOrDefault(message), Now));

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        throw new NotSupportedException("contracts are asked of the virtual machine itself");

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) =>
        throw new NotSupportedException("jettons are asked of the virtual machine itself");

    public Coins Spent() => Coins.FromNano(Coins.Parse("100").Nano - chain.Account(wallet.Address).Balance.Nano);

    private static Task<VenueReply<T>> Accepted<T>(T value) => Task.FromResult<VenueReply<T>>(new VenueReply<T>.Accepted(value));
}
