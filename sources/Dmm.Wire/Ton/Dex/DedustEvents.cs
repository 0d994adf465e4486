namespace Dmm.Wire.Ton;

/// <summary>A pool tells the outside of a swap.</summary>
/// <param name="AssetIn">What came in.</param>
/// <param name="AssetOut">What went out.</param>
/// <param name="AmountIn">How much came in.</param>
/// <param name="AmountOut">How much went out.</param>
/// <param name="Sender">Who swapped.</param>
/// <param name="Referral">Whom the swap was owed to.</param>
/// <param name="Reserve0">Of the pool's first asset, afterwards.</param>
/// <param name="Reserve1">Of the pool's second asset, afterwards.</param>
public sealed record DedustSwapEvent(
    DedustAsset AssetIn, DedustAsset AssetOut, UInt128 AmountIn, UInt128 AmountOut, Address Sender, Address? Referral, UInt128 Reserve0,
    UInt128 Reserve1) : IMessageBody
{
    public const uint Op = 0x9c610de3;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustSwapEvent Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var (assetIn, assetOut, amountIn, amountOut) = (DedustAsset.Load(slice), DedustAsset.Load(slice), slice.LoadAmount(), slice.LoadAmount());
        var more = slice.LoadRef().Parse();
        slice.DemandEnd();
        var swap = new DedustSwapEvent(
            assetIn, assetOut, amountIn, amountOut, more.LoadGivenAddress(), more.LoadAddress(), more.LoadAmount(), more.LoadAmount());
        more.DemandEnd();
        return swap;
    }

    public Cell ToCell()
    {
        var more = new CellBuilder().StoreAddress(Sender).StoreAddress(Referral).StoreAmount(Reserve0).StoreAmount(Reserve1).Build();
        return AssetOut.Store(AssetIn.Store(new CellBuilder().StoreUInt(Op, 32))).StoreAmount(AmountIn).StoreAmount(AmountOut).StoreRef(more).Build();
    }
}

/// <summary>A pool tells the outside of a deposit.</summary>
/// <param name="Sender">Who deposited.</param>
/// <param name="Amount0">Of the pool's first asset.</param>
/// <param name="Amount1">Of the pool's second asset.</param>
/// <param name="Reserve0">Of the pool's first asset, afterwards.</param>
/// <param name="Reserve1">Of the pool's second asset, afterwards.</param>
/// <param name="Liquidity">Liquidity tokens made.</param>
public sealed record DedustDepositEvent(
    Address Sender, UInt128 Amount0, UInt128 Amount1, UInt128 Reserve0, UInt128 Reserve1, UInt128 Liquidity) : IMessageBody
{
    public const uint Op = 0xb544f4a4;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustDepositEvent Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var deposit = new DedustDepositEvent(
            slice.LoadGivenAddress(), slice.LoadAmount(), slice.LoadAmount(), slice.LoadAmount(), slice.LoadAmount(), slice.LoadAmount());
        slice.DemandEnd();
        return deposit;
    }

    public Cell ToCell() => new CellBuilder().StoreUInt(Op, 32).StoreAddress(Sender).StoreAmount(Amount0).StoreAmount(Amount1).StoreAmount(Reserve0)
        .StoreAmount(Reserve1).StoreAmount(Liquidity).Build();
}

/// <summary>From a vault of TON: the output of a swap, or what comes back.</summary>
public sealed record DedustPayout(ulong QueryId, Cell? Payload) : IMessageBody
{
    public const uint Op = 0x474f86cf;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustPayout Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var payout = new DedustPayout(slice.LoadUInt(64), slice.LoadOptRef());
        slice.DemandEnd();
        return payout;
    }

    public Cell ToCell() => BodyOps.Build(Op, QueryId).StoreOptRef(Payload).Build();
}
