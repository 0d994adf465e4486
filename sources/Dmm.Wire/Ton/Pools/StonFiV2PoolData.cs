using System.Globalization;
using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Wire.Ton;

/// <summary>What a constant-product pool of STON.fi, version 2, tells of itself.</summary>
/// <param name="IsLocked">It takes no swaps.</param>
/// <param name="Router">The only contract that it obeys.</param>
/// <param name="LpSupply">Liquidity tokens.</param>
/// <param name="Reserve0">Of its first token.</param>
/// <param name="Reserve1">Of its second token.</param>
/// <param name="Wallet0">The router's jetton wallet of the first.</param>
/// <param name="Wallet1">The router's jetton wallet of the second.</param>
/// <param name="LpBps">Stays in the pool.</param>
/// <param name="ProtocolBps">Leaves it.</param>
/// <remarks>Source: ston-fi/dex-core-v2, contracts/pool/get.fc.</remarks>
public sealed record StonFiV2PoolData(
    bool IsLocked, Address Router, UInt128 LpSupply, UInt128 Reserve0, UInt128 Reserve1, Address Wallet0, Address Wallet1, int LpBps, int ProtocolBps)
{
    public const string Method = "get_pool_data";

    private const int Items = 12;
    private const int BpsMax = 10_000;

    /// <summary>Reads the answer of <see cref="Method"/>; <paramref name="fault"/> says what is wrong with it, and is empty when nothing
    /// is.</summary>
    public static bool TryRead(IReadOnlyList<StackItem> stack, out StonFiV2PoolData? data, out string fault) =>
        StackReader.TryRead(Method, stack, Items, Read, out data, out fault);

    /// <summary>
    /// The pool for pricing. Null with the reason where it is not the pool that is meant, or takes no swaps.
    /// </summary>
    /// <param name="place">The pool that is meant.</param>
    /// <param name="transferTaxBps">The base token's.</param>
    /// <param name="fault">Says what is wrong, and is empty when nothing is.</param>
    public TokenPool? ToPool(StonFiV2Place place, int transferTaxBps, out string fault)
    {
        fault = place.Router != Router ? $"{Method}: router {Router}: expected {place.Router}"
            : IsLocked ? $"{Method}: the pool {place.Pool} is locked: expected one that takes swaps"
            : place.BaseWallet == Wallet0 && place.QuoteWallet == Wallet1 ? ""
            : place.BaseWallet == Wallet1 && place.QuoteWallet == Wallet0 ? ""
            : $"{Method}: the wallets {Wallet0} and {Wallet1}: expected {place.BaseWallet} and {place.QuoteWallet}";
        if (fault.Length > 0) return null;
        var (held, money) = place.BaseWallet == Wallet0 ? (Reserve0, Reserve1) : (Reserve1, Reserve0);
        var pool = new TokenPool(held, money, new(LpBps, ProtocolBps), transferTaxBps);
        var faults = new ParameterFaults();
        pool.CollectFaults(faults);
        fault = PoolFaults.Text(Method, faults);
        return fault.Length == 0 ? pool : null;
    }

    private static StonFiV2PoolData Read(StackReader stack) => new(
        stack.Flag("is_locked"), stack.Address("router"), stack.Amount("total_supply_lp"), stack.Amount("reserve0"), stack.Amount("reserve1"),
        stack.Address("token0_wallet"), stack.Address("token1_wallet"), stack.Int32("lp_fee", BpsMax), stack.Int32("protocol_fee", BpsMax));
}

/// <summary>Where a pool of STON.fi, version 2, stands, and which of its tokens is our base.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Router">Its router.</param>
/// <param name="BaseWallet">The router's jetton wallet of the base token.</param>
/// <param name="QuoteWallet">The router's wallet of wrapped TON.</param>
/// <param name="IsBaseFirst">The base is the pool's first token.</param>
public sealed record StonFiV2Place(Address Pool, Address Router, Address BaseWallet, Address QuoteWallet, bool IsBaseFirst);

internal static class PoolFaults
{
    public static string Text(string method, ParameterFaults faults) =>
        faults.Faults.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{method}: {string.Join("; ", faults.Faults)}");
}
