namespace Dmm.Wire.Ton;

/// <summary>
/// STON.fi, version 2: many routers, of which each pool's own is asked for; swaps have a deadline and take the least output itself. Liquidity is
/// withdrawn by a <see cref="JettonBurn"/> of the liquidity token without a response address.
/// </summary>
/// <remarks>Source: ston-fi/dex-core-v2, ston-fi/sdk contracts/dex/v2_2; run on the virtual machine.</remarks>
public static class StonFiV2
{
    /// <summary>Wraps TON as a jetton: each router has its wallet of it.</summary>
    public static readonly Address Pton = Address.Parse("EQBnGWMCf3-FZZq1W4IWcWiGAc3PHuZ0_H-7sad2oY00o83S");

    /// <summary>
    /// TON that goes along with the transfer of jettons that are swapped, and how much of it to forward; what is not used comes back.
    /// </summary>
    public static readonly (Coins Value, Coins Forward) JettonSwapGas = (300_000_000, 240_000_000);

    /// <summary>On top of the TON that is swapped.</summary>
    public static readonly Coins TonSwapForward = 300_000_000;

    public static readonly (Coins Value, Coins Forward) ProvideGas = (300_000_000, 235_000_000);

    /// <summary>On top of the TON that is provided.</summary>
    public static readonly Coins ProvideTonForward = 300_000_000;

    public static readonly Coins WithdrawValue = 800_000_000;

    /// <summary>The referrer's share that the pool takes when nothing else is said, bps; nobody's without a referrer.</summary>
    public const ushort ReferralBpsDefault = 10;

    public const ushort ReferralBpsMax = 100;
}

/// <summary>The payload of a transfer to the router, version 2: swap.</summary>
public sealed record StonFiV2Swap : IMessageBody
{
    public const uint Op = 0x6664de2a;

    /// <summary>The second leg of a swap over two pools of a router: the output of the first is not paid out but swapped.</summary>
    public const uint CrossOp = 0x69cf1a5b;

    public bool IsCross { get; init; }

    /// <summary>The router's jetton wallet of what is wanted.</summary>
    public required Address AskWallet { get; init; }

    /// <summary>Who gets the input back if nothing becomes of the swap.</summary>
    public required Address Refund { get; init; }

    /// <summary>Who gets the TON that is left.</summary>
    public required Address Excesses { get; init; }

    /// <summary>Unix time in seconds; the pool refuses from then on.</summary>
    public required ulong Deadline { get; init; }

    /// <summary>The least output that is accepted.</summary>
    public required UInt128 MinOut { get; init; }

    /// <summary>Who gets the output; null for the sender.</summary>
    public required Address? Receiver { get; init; }

    public Coins ForwardTon { get; init; }

    public Cell? CustomPayload { get; init; }

    public Coins RefundForwardTon { get; init; }

    public Cell? RefundPayload { get; init; }

    public ushort ReferralBps { get; init; } = StonFiV2.ReferralBpsDefault;

    public Address? Referrer { get; init; }

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV2Swap Read(Cell payload)
    {
        var isCross = BodyOps.Of(payload) == CrossOp;
        var slice = BodyOps.Begin(payload, isCross ? CrossOp : Op);
        var (ask, refund, excesses, deadline) = (slice.LoadGivenAddress(), slice.LoadGivenAddress(), slice.LoadGivenAddress(), slice.LoadUInt(64));
        var more = slice.LoadRef().Parse();
        slice.DemandEnd();
        var swap = new StonFiV2Swap
        {
            IsCross = isCross,
            AskWallet = ask,
            Refund = refund,
            Excesses = excesses,
            Deadline = deadline,
            MinOut = more.LoadAmount(),
            Receiver = more.LoadAddress(),
            ForwardTon = more.LoadCoins(),
            CustomPayload = more.LoadOptRef(),
            RefundForwardTon = more.LoadCoins(),
            RefundPayload = more.LoadOptRef(),
            ReferralBps = (ushort)more.LoadUInt(16),
            Referrer = more.LoadAddress(),
        };
        more.DemandEnd();
        return swap;
    }

    public Cell ToCell()
    {
        var more = new CellBuilder().StoreAmount(MinOut).StoreAddress(Receiver).StoreCoins(ForwardTon).StoreOptRef(CustomPayload)
            .StoreCoins(RefundForwardTon).StoreOptRef(RefundPayload).StoreUInt(ReferralBps, 16).StoreAddress(Referrer).Build();
        return new CellBuilder().StoreUInt(IsCross ? CrossOp : Op, 32).StoreAddress(AskWallet).StoreAddress(Refund).StoreAddress(Excesses)
            .StoreUInt(Deadline, 64).StoreRef(more).Build();
    }
}

/// <summary>The payload of a transfer to the router, version 2: provide liquidity.</summary>
/// <param name="RouterWallet">The router's jetton wallet of the other token.</param>
/// <param name="Refund">Who gets the token back if nothing becomes of it.</param>
/// <param name="Excesses">Who gets the TON that is left.</param>
/// <param name="Deadline">Unix time in seconds.</param>
/// <param name="MinLp">The least of liquidity tokens.</param>
/// <param name="Receiver">Who gets them.</param>
/// <param name="IsBothPositive">Waits for the other token; otherwise one is enough.</param>
/// <param name="ForwardTon">Goes along with the notification.</param>
/// <param name="CustomPayload">What it says.</param>
public sealed record StonFiV2Provide(
    Address RouterWallet, Address Refund, Address Excesses, ulong Deadline, UInt128 MinLp, Address Receiver, bool IsBothPositive = true,
    Coins ForwardTon = default, Cell? CustomPayload = null) : IMessageBody
{
    public const uint Op = 0x37c096df;

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV2Provide Read(Cell payload)
    {
        var slice = BodyOps.Begin(payload, Op);
        var (wallet, refund, excesses, deadline) = (slice.LoadGivenAddress(), slice.LoadGivenAddress(), slice.LoadGivenAddress(), slice.LoadUInt(64));
        var more = slice.LoadRef().Parse();
        slice.DemandEnd();
        var provide = new StonFiV2Provide(
            wallet, refund, excesses, deadline, more.LoadAmount(), more.LoadGivenAddress(), more.LoadBit(), more.LoadCoins(), more.LoadOptRef());
        more.DemandEnd();
        return provide;
    }

    public Cell ToCell()
    {
        var more = new CellBuilder().StoreAmount(MinLp).StoreAddress(Receiver).StoreBit(IsBothPositive).StoreCoins(ForwardTon)
            .StoreOptRef(CustomPayload);
        return new CellBuilder().StoreUInt(Op, 32).StoreAddress(RouterWallet).StoreAddress(Refund).StoreAddress(Excesses).StoreUInt(Deadline, 64)
            .StoreRef(more.Build()).Build();
    }
}
