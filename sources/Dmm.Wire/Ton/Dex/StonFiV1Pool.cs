namespace Dmm.Wire.Ton;

/// <summary>From the router to a pool, version 1: swap. The operation is that of the payload, the form another.</summary>
/// <param name="QueryId">Of the transfer.</param>
/// <param name="User">Who gets the output.</param>
/// <param name="OfferWallet">The router's jetton wallet of what came.</param>
/// <param name="Amount">How much came.</param>
/// <param name="MinOut">The output must be more.</param>
/// <param name="Sender">Who sent it, and gets it back if nothing becomes of the swap.</param>
/// <param name="Referrer">Gets a share; null for nobody.</param>
public sealed record StonFiV1PoolSwap(
    ulong QueryId, Address User, Address OfferWallet, UInt128 Amount, UInt128 MinOut, Address Sender, Address? Referrer) : IMessageBody
{
    public const uint Op = StonFiV1Swap.Op;

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV1PoolSwap Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var (queryId, user, wallet) = (slice.LoadUInt(64), slice.LoadGivenAddress(), slice.LoadGivenAddress());
        var (amount, minOut, hasReferrer) = (slice.LoadAmount(), slice.LoadAmount(), slice.LoadBit());
        var people = slice.LoadRef().Parse();
        slice.DemandEnd();
        var (sender, referrer) = (people.LoadGivenAddress(), hasReferrer ? people.LoadGivenAddress() : null);
        people.DemandEnd();
        return new(queryId, user, wallet, amount, minOut, sender, referrer);
    }

    public Cell ToCell()
    {
        var people = new CellBuilder().StoreAddress(Sender);
        if (Referrer is not null) people.StoreAddress(Referrer);
        return BodyOps.Build(Op, QueryId).StoreAddress(User).StoreAddress(OfferWallet).StoreAmount(Amount).StoreAmount(MinOut)
            .StoreBit(Referrer is not null).StoreRef(people.Build()).Build();
    }
}

/// <summary>From a pool to the router, version 1: pay out. At most one amount of a swap is not zero.</summary>
/// <param name="QueryId">Of the transfer.</param>
/// <param name="Owner">Who is paid.</param>
/// <param name="ExitCode">What for: see the constants.</param>
/// <param name="Amount0">Of the pool's first token.</param>
/// <param name="Wallet0">The router's jetton wallet of it.</param>
/// <param name="Amount1">Of the pool's second token.</param>
/// <param name="Wallet1">The router's jetton wallet of it.</param>
public sealed record StonFiV1PayTo(
    ulong QueryId, Address Owner, uint ExitCode, UInt128 Amount0, Address Wallet0, UInt128 Amount1, Address Wallet1) : IMessageBody
{
    public const uint Op = 0xf93bb43f;

    /// <summary>The swap's output.</summary>
    public const uint SwapOk = 0xc64370e5;

    /// <summary>The referrer's share.</summary>
    public const uint SwapOkReferral = 0x45078540;

    /// <summary>The input comes back: too little output, or no liquidity.</summary>
    public const uint SwapRefundNoLiquidity = 0x5ffe1295;

    /// <summary>The input comes back: the pool could not hold it.</summary>
    public const uint SwapRefundReserve = 0x38976e9b;

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV1PayTo Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var (queryId, owner, exitCode) = (slice.LoadUInt(64), slice.LoadGivenAddress(), slice.LoadUInt32());
        if (!slice.LoadBit()) throw slice.Fault("sums inline: expected them in a reference");
        var sums = slice.LoadRef().Parse();
        slice.DemandEnd();
        var paid = new StonFiV1PayTo(
            queryId, owner, exitCode, sums.LoadAmount(), sums.LoadGivenAddress(), sums.LoadAmount(), sums.LoadGivenAddress());
        sums.DemandEnd();
        return paid;
    }

    public Cell ToCell()
    {
        var sums = new CellBuilder().StoreAmount(Amount0).StoreAddress(Wallet0).StoreAmount(Amount1).StoreAddress(Wallet1).Build();
        return BodyOps.Build(Op, QueryId).StoreAddress(Owner).StoreUInt(ExitCode, 32).StoreBit(true).StoreRef(sums).Build();
    }
}
