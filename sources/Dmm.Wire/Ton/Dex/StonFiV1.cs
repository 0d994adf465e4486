namespace Dmm.Wire.Ton;

/// <summary>
/// STON.fi, version 1: one router, whose swaps have no deadline and want more than the least output. Liquidity is withdrawn by a
/// <see cref="JettonBurn"/> of the liquidity token.
/// </summary>
/// <remarks>Source: ston-fi/dex-core, ston-fi/sdk contracts/dex/v1.</remarks>
public static class StonFiV1
{
    public static readonly Address Router = Address.Parse("EQB3ncyBUTjZUA5EnFKR5_EnOMI9V1tTEAAPaiU71gc4TiUt");

    /// <summary>Wraps TON as a jetton.</summary>
    public static readonly Address Pton = Address.Parse("EQCM3B12QK1e4yZSf8GtBRT0aLMNyEsBc_DhVfRRtOEffLez");

    /// <summary>TON that goes along with the transfer of jettons that are swapped for jettons, and how much of it to forward.</summary>
    public static readonly (Coins Value, Coins Forward) JettonToJettonGas = (220_000_000, 175_000_000);

    /// <summary>As <see cref="JettonToJettonGas"/>, for TON.</summary>
    public static readonly (Coins Value, Coins Forward) JettonToTonGas = (170_000_000, 125_000_000);

    /// <summary>On top of the TON that is swapped.</summary>
    public static readonly Coins TonToJettonForward = 185_000_000;

    public static readonly (Coins Value, Coins Forward) ProvideGas = (300_000_000, 240_000_000);

    /// <summary>On top of the TON that is provided.</summary>
    public static readonly Coins ProvideTonForward = 260_000_000;

    public static readonly Coins WithdrawValue = 500_000_000;
}

/// <summary>The payload of a transfer to the router, version 1: swap.</summary>
/// <param name="AskWallet">The router's jetton wallet of what is wanted.</param>
/// <param name="MinOut">The output must be more.</param>
/// <param name="User">Who gets it.</param>
/// <param name="Referrer">Gets a share; null for nobody.</param>
public sealed record StonFiV1Swap(Address AskWallet, UInt128 MinOut, Address User, Address? Referrer = null) : IMessageBody
{
    public const uint Op = 0x25938561;

    /// <summary>Reads one; what is behind it is passed over, as the router does, and some wallets do write something.</summary>
    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV1Swap Read(Cell payload)
    {
        var slice = BodyOps.Begin(payload, Op);
        var (wallet, minOut, user) = (slice.LoadGivenAddress(), slice.LoadAmount(), slice.LoadGivenAddress());
        return new(wallet, minOut, user, slice.LoadBit() ? slice.LoadGivenAddress() : null);
    }

    public Cell ToCell()
    {
        var builder = new CellBuilder().StoreUInt(Op, 32).StoreAddress(AskWallet).StoreAmount(MinOut).StoreAddress(User);
        return (Referrer is null ? builder.StoreBit(false) : builder.StoreBit(true).StoreAddress(Referrer)).Build();
    }
}

/// <summary>The payload of a transfer to the router, version 1: provide liquidity. Both tokens are sent so, each with the other's wallet.</summary>
/// <param name="RouterWallet">The router's jetton wallet of the other token.</param>
/// <param name="MinLp">The least of liquidity tokens.</param>
public sealed record StonFiV1Provide(Address RouterWallet, UInt128 MinLp) : IMessageBody
{
    public const uint Op = 0xfcf9e58f;

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV1Provide Read(Cell payload)
    {
        var slice = BodyOps.Begin(payload, Op);
        var provide = new StonFiV1Provide(slice.LoadGivenAddress(), slice.LoadAmount());
        slice.DemandEnd();
        return provide;
    }

    public Cell ToCell() => new CellBuilder().StoreUInt(Op, 32).StoreAddress(RouterWallet).StoreAmount(MinLp).Build();
}
