using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Wire.Ton;

/// <summary>What a classic pool of DeDust tells of itself, in four answers.</summary>
/// <param name="Reserve0">Of its first asset.</param>
/// <param name="Reserve1">Of its second asset.</param>
/// <param name="Asset0">The first.</param>
/// <param name="Asset1">The second.</param>
/// <param name="Fee">Taken off the input.</param>
/// <param name="IsStable">Another curve than ours.</param>
/// <remarks>Source: @dedust/sdk 0.8.7; the contracts' source is closed.</remarks>
public sealed record DedustPoolData(
    UInt128 Reserve0, UInt128 Reserve1, DedustAsset Asset0, DedustAsset Asset1, DedustFee Fee, bool IsStable)
{
    public const string ReservesMethod = "get_reserves";
    public const string AssetsMethod = "get_assets";
    public const string FeeMethod = "get_trade_fee";
    public const string StableMethod = "is_stable";

    /// <summary>
    /// Reads the answers of the four methods; <paramref name="fault"/> says what is wrong with the first that is wrong, and is empty when none
    /// is. All four must be of one block.
    /// </summary>
    public static bool TryRead(
        IReadOnlyList<StackItem> reserves, IReadOnlyList<StackItem> assets, IReadOnlyList<StackItem> fee, IReadOnlyList<StackItem> stable,
        out DedustPoolData? data, out string fault)
    {
        data = null;
        if (!StackReader.TryRead(ReservesMethod, reserves, 2, ReadReserves, out var held, out fault)) return false;
        if (!StackReader.TryRead(AssetsMethod, assets, 2, ReadAssets, out var kinds, out fault)) return false;
        if (!StackReader.TryRead(FeeMethod, fee, 2, ReadFee, out var taken, out fault)) return false;
        if (!StackReader.TryRead(StableMethod, stable, 1, s => s.Flag("is_stable"), out var isStable, out fault)) return false;
        data = new(held.Item1, held.Item2, kinds.Item1, kinds.Item2, taken, isStable);
        return true;
    }

    /// <summary>The same pool with other reserves, from an answer of <see cref="ReservesMethod"/>: what else it tells does not change with a
    /// swap.</summary>
    public bool TryUpdate(IReadOnlyList<StackItem> reserves, out DedustPoolData? data, out string fault)
    {
        var isRead = StackReader.TryRead(ReservesMethod, reserves, 2, ReadReserves, out var held, out fault);
        data = isRead ? this with { Reserve0 = held.Item1, Reserve1 = held.Item2 } : null;
        return isRead;
    }

    /// <summary>The pool for pricing, against TON. Null with the reason where it is not the pool that is meant, or has another curve.</summary>
    /// <param name="place">The pool that is meant.</param>
    /// <param name="transferTaxBps">The base token's.</param>
    /// <param name="fault">Says what is wrong, and is empty when nothing is.</param>
    public DedustTokenPool? ToPool(DedustPlace place, int transferTaxBps, out string fault)
    {
        var meant = new DedustAsset(place.BaseMinter);
        fault = IsStable ? $"{StableMethod}: the pool {place.Pool} is a stable one: expected a volatile"
            : Asset0 == meant && Asset1 == DedustAsset.Native ? ""
            : Asset1 == meant && Asset0 == DedustAsset.Native ? ""
            : $"{AssetsMethod}: {Named(Asset0)} and {Named(Asset1)}: expected {place.BaseMinter} and TON";
        if (fault.Length > 0) return null;
        var (held, money) = Asset0 == meant ? (Reserve0, Reserve1) : (Reserve1, Reserve0);
        var pool = new DedustTokenPool(held, money, Fee, transferTaxBps);
        var faults = new ParameterFaults();
        pool.CollectFaults(faults);
        fault = PoolFaults.Text(ReservesMethod, faults);
        return fault.Length == 0 ? pool : null;
    }

    private static (UInt128, UInt128) ReadReserves(StackReader stack) => (stack.Amount("reserve0"), stack.Amount("reserve1"));

    private static (DedustAsset, DedustAsset) ReadAssets(StackReader stack) => (Asset(stack, "asset0"), Asset(stack, "asset1"));

    private static DedustFee ReadFee(StackReader stack) => new(stack.Int32("numerator", int.MaxValue), stack.Int32("denominator", int.MaxValue));

    private static DedustAsset Asset(StackReader stack, string name) => stack.Load(name, DedustAsset.Load);

    private static string Named(DedustAsset asset) => asset.Minter?.ToString() ?? "TON";
}

/// <summary>Where a classic pool of DeDust against TON stands.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="BaseMinter">The base token.</param>
/// <param name="BaseVault">DeDust's vault of it.</param>
public sealed record DedustPlace(Address Pool, Address BaseMinter, Address BaseVault);
