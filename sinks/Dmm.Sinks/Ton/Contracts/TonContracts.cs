using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Reads a get-method's answer; <paramref name="fault"/> says what is wrong with it, and is empty when nothing is.</summary>
public delegate bool AnswerReader<T>(IReadOnlyList<StackItem> items, out T? value, out string fault);

/// <summary>Get-methods of contracts, through one node and within its limit. Thread-safe.</summary>
/// <param name="node">Who is asked.</param>
/// <param name="time">For waits until the node's limit allows the next question.</param>
public sealed class TonContracts(ITonNode node, TimeProvider time)
{
    /// <summary>How far the node knows the chain.</summary>
    /// <exception cref="ContractException">It does not tell.</exception>
    public async Task<ChainHead> HeadAsync(CancellationToken cancellation) =>
        await Patience.AskAsync(() => node.HeadAsync(cancellation), time, cancellation) is var reply && reply is VenueReply<NodeHead>.Accepted head
            ? head.Value.Head
            : throw new ContractException($"the chain's head is not told: {reply.Fault}");

    /// <summary>What a contract answers.</summary>
    /// <exception cref="ContractException">It does not, or not what is expected.</exception>
    public async Task<T> AskAsync<T>(
        Address contract, string method, IReadOnlyList<StackItem> arguments, AnswerReader<T> read, CancellationToken cancellation)
    {
        var reply = await Patience.AskAsync(() => node.MethodAsync(contract, method, arguments, cancellation), time, cancellation);
        if (reply is not VenueReply<ImmutableArray<StackItem>>.Accepted { Value: var items })
            throw new ContractException($"{method} of {contract} is not told: {reply.Fault}");
        return read(items, out var value, out var fault) ? value! : throw new ContractException($"{contract}: {fault}");
    }

    /// <summary>The owner's jetton wallet, as the minter names it; it need not be there yet.</summary>
    /// <exception cref="ContractException">The minter is not heard, or is none.</exception>
    public async Task<JettonHolder> HolderAsync(Address minter, Address owner, CancellationToken cancellation) => new(owner, await AskAsync<Address>(
        minter, JettonMethods.WalletAddress, [StackItem.Slice(owner)],
        (items, out wallet, out fault) =>
            StackReader.TryRead(JettonMethods.WalletAddress, items, 1, stack => stack.Address("address"), out wallet, out fault),
        cancellation));

    /// <summary>Jettons in the wallet that the minter names.</summary>
    /// <exception cref="ContractException">The wallet is not heard, as one that was never paid is not; or it is another's.</exception>
    public async Task<UInt128> BalanceAsync(Address minter, JettonHolder holder, CancellationToken cancellation)
    {
        var data = await AskAsync<JettonWalletData>(holder.Wallet, JettonMethods.WalletData, [], JettonMethods.TryReadWallet, cancellation);
        return data.Owner == holder.Address && data.Minter == minter
            ? data.Balance
            : throw new ContractException(
                $"the jetton wallet {holder.Wallet} is {data.Owner}'s of {data.Minter}: expected {holder.Address}'s of {minter}, which names it");
    }

    /// <summary>
    /// As <see cref="BalanceAsync"/>; nothing where the wallet is not heard and the node's index knows none of that owner either.
    /// </summary>
    /// <exception cref="ContractException">As above, and the index does not say that there is none.</exception>
    public async Task<UInt128> BalanceOrNothingAsync(Address minter, JettonHolder holder, CancellationToken cancellation)
    {
        try
        {
            return await BalanceAsync(minter, holder, cancellation);
        }
        catch (ContractException)
        {
            var indexed = await Patience.AskAsync(() => node.JettonsAsync(holder.Address, minter, cancellation), time, cancellation);
            if (indexed is VenueReply<UInt128>.Accepted { Value: var none } && none == UInt128.Zero) return 0;
            throw;
        }
    }

    /// <summary>The jetton's supply, and what its minter tells of it.</summary>
    /// <exception cref="ContractException">The minter is not heard, or is none.</exception>
    public Task<JettonData> JettonAsync(Address minter, CancellationToken cancellation) =>
        AskAsync<JettonData>(minter, JettonMethods.Data, [], JettonMethods.TryReadData, cancellation);
}
