namespace Dmm.Wire.Ton;

/// <summary>A pool that a swap goes through.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Limit">The least output that is accepted.</param>
/// <param name="Next">The cell of the next step; null after the last.</param>
public sealed record DedustStep(Address Pool, UInt128 Limit, Cell? Next = null)
{
    // Output given instead of input is reserved.
    private const uint GivenIn = 0;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustStep Read(Cell cell)
    {
        var slice = cell.Parse();
        var step = Load(slice);
        slice.DemandEnd();
        return step;
    }

    public Cell ToCell() => Store(new()).Build();

    internal static DedustStep Load(CellSlice slice)
    {
        var pool = slice.LoadGivenAddress();
        if (slice.LoadBit()) throw slice.Fault("a swap with the output given: expected the input");
        return new(pool, slice.LoadAmount(), slice.LoadOptRef());
    }

    internal CellBuilder Store(CellBuilder builder) =>
        builder.StoreAddress(Pool).StoreUInt(GivenIn, 1).StoreAmount(Limit).StoreOptRef(Next);
}

/// <summary>What holds for all steps of a swap.</summary>
/// <param name="Deadline">Unix time in seconds; 0 for none.</param>
/// <param name="Recipient">Who gets the output; null for the sender.</param>
/// <param name="Referral">Whom the swap is owed to; null for nobody.</param>
/// <param name="Fulfilled">Goes along with the output.</param>
/// <param name="Rejected">Goes along with the input when it comes back.</param>
public sealed record DedustSwapParams(uint Deadline, Address? Recipient, Address? Referral = null, Cell? Fulfilled = null, Cell? Rejected = null)
{
    /// <exception cref="CellException">It is none.</exception>
    public static DedustSwapParams Read(Cell cell)
    {
        var slice = cell.Parse();
        var parameters = new DedustSwapParams(slice.LoadUInt32(), slice.LoadAddress(), slice.LoadAddress(), slice.LoadOptRef(), slice.LoadOptRef());
        slice.DemandEnd();
        return parameters;
    }

    public Cell ToCell() => new CellBuilder().StoreUInt(Deadline, 32).StoreAddress(Recipient).StoreAddress(Referral).StoreOptRef(Fulfilled)
        .StoreOptRef(Rejected).Build();
}

/// <summary>To the vault of TON: swap. The message carries the amount and gas.</summary>
/// <param name="QueryId">Comes back in what follows.</param>
/// <param name="Amount">TON to be swapped.</param>
/// <param name="Step">The first pool.</param>
/// <param name="Params">What holds for all steps.</param>
public sealed record DedustNativeSwap(ulong QueryId, Coins Amount, DedustStep Step, DedustSwapParams Params) : IMessageBody
{
    public const uint Op = 0xea06185d;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustNativeSwap Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var swap = new DedustNativeSwap(slice.LoadUInt(64), slice.LoadCoins(), DedustStep.Load(slice), DedustSwapParams.Read(slice.LoadRef()));
        slice.DemandEnd();
        return swap;
    }

    public Cell ToCell() => Step.Store(BodyOps.Build(Op, QueryId).StoreCoins(Amount)).StoreRef(Params.ToCell()).Build();
}

/// <summary>The payload of a transfer to a jetton's vault: swap.</summary>
/// <param name="Step">The first pool.</param>
/// <param name="Params">What holds for all steps.</param>
public sealed record DedustJettonSwap(DedustStep Step, DedustSwapParams Params) : IMessageBody
{
    public const uint Op = 0xe3a0d482;

    /// <exception cref="CellException">It is none.</exception>
    public static DedustJettonSwap Read(Cell payload)
    {
        var slice = BodyOps.Begin(payload, Op);
        var swap = new DedustJettonSwap(DedustStep.Load(slice), DedustSwapParams.Read(slice.LoadRef()));
        slice.DemandEnd();
        return swap;
    }

    public Cell ToCell() => Step.Store(new CellBuilder().StoreUInt(Op, 32)).StoreRef(Params.ToCell()).Build();
}
