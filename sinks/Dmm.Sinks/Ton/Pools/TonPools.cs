using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Finds pools on the chain: questions within the node's limit. Each answer is about what does not change, so that it matters little who gives it.
/// Thread-safe.
/// </summary>
/// <param name="node">Who is asked.</param>
/// <param name="time">For waits until the node's limit allows the next question.</param>
public sealed class TonPools(ITonNode node, TimeProvider time)
{
    private delegate bool Reader<T>(IReadOnlyList<StackItem> items, out T? value, out string fault);

    /// <summary>
    /// The pool at that address with what does not change about it, each part asked of the contract that decides it: the router's wallet of
    /// wrapped TON of its minter, the wallet of the other token of that token's minter, DeDust's pool of DeDust's factory.
    /// </summary>
    /// <exception cref="FormatException">What is there is no such pool; the text says what was found and what was expected.</exception>
    public async Task<VenueReply<FoundPool>> FindAsync(PoolExchange exchange, Address pool, CancellationToken cancellation)
    {
        try
        {
            return new VenueReply<FoundPool>.Accepted(
                exchange == PoolExchange.StonFi ? await StonFiAsync(pool, cancellation) : await DedustAsync(pool, cancellation));
        }
        catch (NoAnswerException none)
        {
            return new VenueReply<FoundPool>.Unknown(none.Message);
        }
    }

    private async Task<FoundPool> StonFiAsync(Address pool, CancellationToken cancellation)
    {
        var data = await AskAsync<StonFiV2PoolData>(pool, StonFiV2PoolData.Method, [], StonFiV2PoolData.TryRead, cancellation);
        var wrapped = await WalletAsync(StonFiV2.Pton, data.Router, cancellation);
        if (wrapped != data.Wallet0 && wrapped != data.Wallet1)
        {
            throw new FormatException(
                $"the pool {pool} has the wallets {data.Wallet0} and {data.Wallet1}: expected {wrapped}, of TON, to be one of them");
        }

        var isBaseFirst = wrapped == data.Wallet1;
        var baseWallet = isBaseFirst ? data.Wallet0 : data.Wallet1;
        var wallet = await AskAsync<JettonWalletData>(baseWallet, JettonMethods.WalletData, [], JettonMethods.TryReadWallet, cancellation);
        if (wallet.Owner != data.Router)
            throw new FormatException($"the wallet {baseWallet} is {wallet.Owner}'s: expected the router's, {data.Router}");
        if (await WalletAsync(wallet.Minter, data.Router, cancellation) is var own && own != baseWallet)
            throw new FormatException($"the wallet {baseWallet} is none of {wallet.Minter}'s, as it says: that has {own} for the router");
        var place = new StonFiV2Place(pool, data.Router, baseWallet, wrapped, isBaseFirst);
        return new FoundStonFiPool(place, wallet.Minter, await ContentAsync(wallet.Minter, cancellation))
        {
            Fees = new(data.LpBps, data.ProtocolBps),
        };
    }

    private async Task<FoundPool> DedustAsync(Address pool, CancellationToken cancellation)
    {
        var reserves = await AskAsync(pool, DedustPoolData.ReservesMethod, [], cancellation);
        var assets = await AskAsync(pool, DedustPoolData.AssetsMethod, [], cancellation);
        var fee = await AskAsync(pool, DedustPoolData.FeeMethod, [], cancellation);
        var stable = await AskAsync(pool, DedustPoolData.StableMethod, [], cancellation);
        if (!DedustPoolData.TryRead(reserves, assets, fee, stable, out var data, out var fault)) throw new FormatException($"{pool}: {fault}");
        if ((data!.Asset0.Minter is null ? data.Asset1 : data.Asset0) is not { Minter: { } minter } jetton
            || (data.Asset0 != DedustAsset.Native && data.Asset1 != DedustAsset.Native))
            throw new FormatException($"the pool {pool} trades {Named(data.Asset0)} for {Named(data.Asset1)}: expected TON and a jetton");
        if (data.IsStable) throw new FormatException($"the pool {pool} is a stable one: expected a volatile");
        StackItem[] key = [StackItem.Number(0), data.Asset0.ToArgument(), data.Asset1.ToArgument()];
        var own = await AddressAsync(Dedust.Factory, Dedust.PoolMethod, key, cancellation);
        if (own != pool) throw new FormatException($"the pool {pool} is none of DeDust's: its factory has {own} for these tokens");
        var vault = await AddressAsync(Dedust.Factory, Dedust.VaultMethod, [jetton.ToArgument()], cancellation);
        return new FoundDedustPool(new(pool, minter, vault), data, minter, await ContentAsync(minter, cancellation));
    }

    private static string Named(DedustAsset asset) => asset.Minter?.ToString() ?? "TON";

    private Task<JettonContent> ContentAsync(Address minter, CancellationToken cancellation) =>
        AskAsync<JettonContent>(minter, JettonMethods.Data, [], JettonMethods.TryReadContent, cancellation);

    private Task<Address> WalletAsync(Address minter, Address owner, CancellationToken cancellation) =>
        AddressAsync(minter, JettonMethods.WalletAddress, [StackItem.Slice(owner)], cancellation);

    private Task<Address> AddressAsync(Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        AskAsync<Address>(
            contract, method, arguments,
            (IReadOnlyList<StackItem> items, out Address? address, out string fault) =>
                StackReader.TryRead(method, items, 1, stack => stack.Address("address"), out address, out fault),
            cancellation);

    private async Task<T> AskAsync<T>(
        Address contract, string method, IReadOnlyList<StackItem> arguments, Reader<T> read, CancellationToken cancellation) =>
        read(await AskAsync(contract, method, arguments, cancellation), out var value, out var fault)
            ? value!
            : throw new FormatException($"{contract}: {fault}");

    private async Task<ImmutableArray<StackItem>> AskAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        await Patience.AskAsync(() => node.MethodAsync(contract, method, arguments, cancellation), time, cancellation) is var reply
        && reply is VenueReply<ImmutableArray<StackItem>>.Accepted { Value: var items }
            ? items
            : throw new NoAnswerException($"{method} of {contract}: {reply.Fault}");
}
