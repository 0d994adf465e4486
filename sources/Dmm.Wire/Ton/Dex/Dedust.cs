namespace Dmm.Wire.Ton;

/// <summary>
/// DeDust, version 2, classic pools: assets lie in vaults, one for each, which take swaps and deposits. Liquidity is withdrawn by a
/// <see cref="JettonBurn"/> of the liquidity token. The contracts' source is closed: forms are those of the maker's kit.
/// </summary>
/// <remarks>Source: @dedust/sdk 0.8.7.</remarks>
public static class Dedust
{
    public static readonly Address Factory = Address.Parse("EQBfBWT7X2BHg9tXAxzhz2aKiNTU1tpt5NsiK0uSDW_YAJ67");

    public static readonly Address NativeVault = Address.Parse("EQDa4VOnTYlLvDJ0gZjNYm5PXfSmmtL6Vs6A_CZEtXCNICq_");

    /// <summary>Of the factory, for an asset: its vault.</summary>
    public const string VaultMethod = "get_vault_address";

    /// <summary>Of the factory, for a kind of pool (0: volatile) and its two assets: the pool.</summary>
    public const string PoolMethod = "get_pool_address";

    /// <summary>On top of the TON that is swapped.</summary>
    public static readonly Coins NativeSwapGas = 250_000_000;

    /// <summary>TON that goes along with the transfer of jettons that are swapped, and how much of it to forward.</summary>
    public static readonly (Coins Value, Coins Forward) JettonSwapGas = (300_000_000, 250_000_000);

    /// <summary>On top of the TON that is deposited.</summary>
    public static readonly Coins NativeDepositGas = 300_000_000;

    public static readonly (Coins Value, Coins Forward) JettonDepositGas = (500_000_000, 400_000_000);

    public static readonly Coins CancelDepositValue = 500_000_000;

    public static readonly Coins WithdrawValue = 500_000_000;
}

/// <summary>TON itself, or a jetton by its minter.</summary>
/// <param name="Minter">Null for TON.</param>
public readonly record struct DedustAsset(Address? Minter)
{
    public static readonly DedustAsset Native = new(null);

    private const int NativeKind = 0, JettonKind = 1;

    internal static DedustAsset Load(CellSlice slice)
    {
        var kind = slice.LoadUInt(4);
        return kind switch
        {
            NativeKind => Native,
            JettonKind => new(new Address((sbyte)slice.LoadInt(8), slice.LoadHash())),
            _ => throw slice.Fault($"an asset of kind {kind}: expected 0 (TON) or 1 (jetton)"),
        };
    }

    /// <summary>As get-methods take it.</summary>
    public StackItem ToArgument() => StackItem.Slice(Store(new()).Build());

    internal CellBuilder Store(CellBuilder builder) => Minter is null
        ? builder.StoreUInt(NativeKind, 4)
        : builder.StoreUInt(JettonKind, 4).StoreInt(Minter.Workchain, 8).StoreHash(Minter.Account);
}

/// <summary>The pool that liquidity goes to: its kind and its assets in their order.</summary>
public readonly record struct DedustPoolKey(bool IsStable, DedustAsset Asset0, DedustAsset Asset1)
{
    internal static DedustPoolKey Load(CellSlice slice) => new(slice.LoadBit(), DedustAsset.Load(slice), DedustAsset.Load(slice));

    internal CellBuilder Store(CellBuilder builder) => Asset1.Store(Asset0.Store(builder.StoreBit(IsStable)));
}
