using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Testing.Venues;

/// <summary>A pool at a fake node, with all that is asked about it when it is looked for.</summary>
public abstract class FakePool(IFakeContracts node)
{
    public const long Nano = 1_000_000_000;

    protected IFakeContracts Node => node;

    public abstract PoolExchange Exchange { get; }

    public abstract Address Pool { get; }

    public abstract Address Minter { get; }

    /// <summary>The method by which the reserves are asked for.</summary>
    public abstract string Method { get; }

    /// <summary>The reserves from now on, in smallest units.</summary>
    public abstract void Show(UInt128 held, UInt128 money);
}

/// <summary>A pool of STON.fi, whose second token is our base.</summary>
public sealed class FakeStonFiPool : FakePool
{
    public static readonly Address Router = At(0x11), BaseWallet = At(0x12), QuoteWallet = At(0x13);

    public FakeStonFiPool(IFakeContracts node, Cell? content = null)
        : base(node)
    {
        node.Answer(StonFiV2.Pton, JettonMethods.WalletAddress, [StackItem.Slice(Router)], StackItem.Slice(QuoteWallet));
        node.Answer(Minter, JettonMethods.WalletAddress, [StackItem.Slice(Router)], StackItem.Slice(BaseWallet));
        ShowWallet(Router);
        Mint(node, Minter, content ?? OnChain(("symbol", "DCT"), ("decimals", "9")));
        Show(1_000_000 * (UInt128)Nano, 10_000 * (UInt128)Nano);
    }

    public override PoolExchange Exchange => PoolExchange.StonFi;

    public override Address Pool { get; } = At(0x10);

    public override Address Minter { get; } = At(0x14);

    public override string Method => StonFiV2PoolData.Method;

    public override void Show(UInt128 held, UInt128 money) => Show(held, money, Router, isLocked: false);

    /// <summary>As above, of a pool that may be locked or another router's.</summary>
    public void Show(UInt128 held, UInt128 money, Address router, bool isLocked) => Node.Answer(
        Pool, Method, [], Number(isLocked ? 1u : 0u), StackItem.Slice(router), Number(100_000), Number(money), Number(held),
        StackItem.Slice(QuoteWallet), StackItem.Slice(BaseWallet), Number(20), Number(10), StackItem.Named("null", null), Number(5), Number(6));

    /// <summary>Whose the base wallet says that it is.</summary>
    public void ShowWallet(Address owner) => Node.Answer(
        BaseWallet, JettonMethods.WalletData, [], Number(7), StackItem.Slice(owner), StackItem.Slice(Minter),
        new StackItem(StackKind.Cell, Cell.Empty.ToBase64()));
}

/// <summary>A pool of DeDust, whose second asset is our base.</summary>
public sealed class FakeDedustPool : FakePool
{
    public static readonly Address Vault = At(0x23);

    public FakeDedustPool(IFakeContracts node, Cell? content = null)
        : base(node)
    {
        var jetton = new DedustAsset(Minter);
        node.Answer(Pool, DedustPoolData.AssetsMethod, [], DedustAsset.Native.ToArgument(), jetton.ToArgument());
        node.Answer(Pool, DedustPoolData.FeeMethod, [], Number(25), Number(10_000));
        node.Answer(Pool, DedustPoolData.StableMethod, [], Number(0));
        node.Answer(
            Dedust.Factory, Dedust.PoolMethod, [StackItem.Number(0), DedustAsset.Native.ToArgument(), jetton.ToArgument()], StackItem.Slice(Pool));
        node.Answer(Dedust.Factory, Dedust.VaultMethod, [jetton.ToArgument()], StackItem.Slice(Vault));
        Mint(node, Minter, content ?? OnChain(("symbol", "DCT"), ("decimals", "9")));
        Show(1_000_000 * (UInt128)Nano, 10_000 * (UInt128)Nano);
    }

    public override PoolExchange Exchange => PoolExchange.Dedust;

    public override Address Pool { get; } = At(0x20);

    public override Address Minter { get; } = At(0x24);

    public override string Method => DedustPoolData.ReservesMethod;

    public override void Show(UInt128 held, UInt128 money) => Node.Answer(Pool, Method, [], Number(money), Number(held));
}
