namespace Dmm.Wire.Ton;

/// <summary>How much of each asset is to be deposited; the deposit waits until both are there.</summary>
/// <param name="MinLp">The least of liquidity tokens.</param>
/// <param name="Target0">Of the pool's first asset.</param>
/// <param name="Target1">Of the pool's second asset.</param>
public readonly record struct DedustTargets(UInt128 MinLp, UInt128 Target0, UInt128 Target1)
{
    internal static DedustTargets Load(CellSlice slice) => new(slice.LoadAmount(), slice.LoadAmount(), slice.LoadAmount());

    internal CellBuilder Store(CellBuilder builder) => builder.StoreAmount(MinLp).StoreAmount(Target0).StoreAmount(Target1);
}

/// <summary>To the vault of TON: deposit. The message carries the amount and gas.</summary>
/// <param name="QueryId">Comes back in what follows.</param>
/// <param name="Amount">TON to be deposited.</param>
/// <param name="Pool">Where to.</param>
/// <param name="Targets">How much in all.</param>
/// <param name="Fulfilled">Goes along with the liquidity tokens.</param>
/// <param name="Rejected">Goes along with what comes back.</param>
public sealed record DedustNativeDeposit(
    ulong QueryId, Coins Amount, DedustPoolKey Pool, DedustTargets Targets, Cell? Fulfilled = null, Cell? Rejected = null) : IMessageBody
{
    public const uint Op = 0xd55e4686;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustNativeDeposit Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var (queryId, amount, pool, targets) = (slice.LoadUInt(64), slice.LoadCoins(), DedustPoolKey.Load(slice), slice.LoadRef().Parse());
        var deposit = new DedustNativeDeposit(queryId, amount, pool, DedustTargets.Load(targets), slice.LoadOptRef(), slice.LoadOptRef());
        slice.DemandEnd();
        targets.DemandEnd();
        return deposit;
    }

    public Cell ToCell() => Pool.Store(BodyOps.Build(Op, QueryId).StoreCoins(Amount)).StoreRef(Targets.Store(new()).Build()).StoreOptRef(Fulfilled)
        .StoreOptRef(Rejected).Build();
}

/// <summary>The payload of a transfer to a jetton's vault: deposit.</summary>
/// <param name="Pool">Where to.</param>
/// <param name="Targets">How much in all.</param>
/// <param name="Fulfilled">Goes along with the liquidity tokens.</param>
/// <param name="Rejected">Goes along with what comes back.</param>
public sealed record DedustJettonDeposit(DedustPoolKey Pool, DedustTargets Targets, Cell? Fulfilled = null, Cell? Rejected = null) : IMessageBody
{
    public const uint Op = 0x40e108d6;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustJettonDeposit Read(Cell payload)
    {
        var slice = BodyOps.Begin(payload, Op);
        var deposit = new DedustJettonDeposit(DedustPoolKey.Load(slice), DedustTargets.Load(slice), slice.LoadOptRef(), slice.LoadOptRef());
        slice.DemandEnd();
        return deposit;
    }

    public Cell ToCell() => Targets.Store(Pool.Store(new CellBuilder().StoreUInt(Op, 32))).StoreOptRef(Fulfilled).StoreOptRef(Rejected).Build();
}

/// <summary>To a deposit that waits for its other asset: give back what is there.</summary>
public sealed record DedustCancelDeposit(ulong QueryId, Cell? Payload = null) : IMessageBody
{
    public const uint Op = 0x166cedee;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustCancelDeposit Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var cancel = new DedustCancelDeposit(slice.LoadUInt(64), slice.LoadOptRef());
        slice.DemandEnd();
        return cancel;
    }

    public Cell ToCell() => BodyOps.Build(Op, QueryId).StoreOptRef(Payload).Build();
}
