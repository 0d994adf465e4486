using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

/// <summary>
/// Two providers over one chain, each behind by as much as it likes and down when it likes, its indexer behind its node; what is sent may be lost,
/// come late, come twice, or arrive though the answer says otherwise.
/// </summary>
internal sealed class SimulatedNode(SimulatedChain chain, CrashPlan plan, Random chance, Func<Hash256, int?> messagesOf) : ITonNode
{
    private const int Providers = 2;

    private readonly uint[] _behind = [(uint)chance.Next(4), (uint)chance.Next(45)];
    private readonly uint[] _indexerBehind = [(uint)chance.Next(30), (uint)chance.Next(120)];
    private int _used;

    public bool IsCalm { get; set; }

    public int Failovers { get; private set; }

    /// <summary>Batches that were sent and are in no record.</summary>
    public int Unrecorded { get; private set; }

    public int Sends { get; private set; }

    public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation) =>
        AskAsync(() => new NodeHead(new(1, chain.Now - _behind[_used]), this));

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract wallet, CancellationToken cancellation) =>
        AskAsync(() => chain.At(chain.Now - _behind[_used]));

    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation)
    {
        plan.Step();
        if (messagesOf(attempt.Hash) is not { } messages)
        {
            Unrecorded++;
            throw new InvalidOperationException("sent before it was kept");
        }

        Sends++;
        var way = IsCalm ? 9 : chance.Next(10);
        if (way > 2) chain.Take(attempt, messages, way == 3 ? (uint)chance.Next(200) : (uint)chance.Next(4));
        if (way == 4) chain.Take(attempt, messages, (uint)chance.Next(100));
        plan.Step();
        VenueReply<Hash256> reply = way is 0 or 5 ? new VenueReply<Hash256>.Unknown("no answer") : new VenueReply<Hash256>.Accepted(attempt.Hash);
        return Task.FromResult(reply);
    }

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation) => AskAsync(() =>
    {
        var indexedTo = chain.Now - _behind[_used] - (IsCalm ? 5 : _indexerBehind[_used]);
        if (chain.Executions.Find(e => e.Hash == message) is { } done && done.At <= indexedTo)
        {
            // What is new is told before it is whole and sure.
            var age = indexedTo - done.At;
            return new TraceLookup(
                age < 4 ? done.Trace with { IsComplete = false } : age < 8 ? done.Trace with { Finality = TraceFinality.Confirmed } : done.Trace,
                indexedTo);
        }

        return chain.Mirages.TryGetValue(message, out var mirage) && chain.Now < mirage.Until ? new(mirage.Trace, indexedTo) : new(null, indexedTo);
    });

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        throw new NotSupportedException("no contract answers on this chain");

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) =>
        throw new NotSupportedException("there are no jettons on this chain");

    private Task<VenueReply<T>> AskAsync<T>(Func<T> answer)
    {
        plan.Step();
        if (!IsCalm && chance.Next(15) == 0)
        {
            _used = (_used + 1) % Providers;
            Failovers++;
            if (chance.Next(2) == 0) return Task.FromResult<VenueReply<T>>(new VenueReply<T>.Unknown("down"));
        }

        if (!IsCalm && chance.Next(20) == 0) (_behind[1], _indexerBehind[1]) = ((uint)chance.Next(45), (uint)chance.Next(120));
        var told = answer();
        plan.Step();
        return Task.FromResult<VenueReply<T>>(new VenueReply<T>.Accepted(told));
    }
}
