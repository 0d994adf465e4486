namespace Dmm.Wire.Ton;

/// <summary>From the router to a pool, version 2: swap. One amount is zero.</summary>
/// <param name="QueryId">Of the transfer.</param>
/// <param name="Sender">Who sent the input.</param>
/// <param name="Amount0">Of the pool's first token.</param>
/// <param name="Amount1">Of the pool's second token.</param>
/// <param name="Payload">The sender's <see cref="StonFiV2Swap"/>, as it came.</param>
public sealed record StonFiV2PoolSwap(ulong QueryId, Address Sender, UInt128 Amount0, UInt128 Amount1, Cell Payload) : IMessageBody
{
    public const uint Op = StonFiV2Swap.Op;

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV2PoolSwap Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var swap = new StonFiV2PoolSwap(slice.LoadUInt(64), slice.LoadGivenAddress(), slice.LoadAmount(), slice.LoadAmount(), slice.LoadRef());
        slice.DemandEnd();
        return swap;
    }

    public Cell ToCell() => BodyOps.Build(Op, QueryId).StoreAddress(Sender).StoreAmount(Amount0).StoreAmount(Amount1).StoreRef(Payload).Build();
}

/// <summary>From a pool to the router, version 2: pay out.</summary>
/// <param name="QueryId">Of the transfer.</param>
/// <param name="To">Who is paid.</param>
/// <param name="Excesses">Who gets the TON that is left.</param>
/// <param name="Sender">Who sent the input.</param>
/// <param name="ExitCode">What for: see <see cref="StonFiV2Exits"/>.</param>
/// <param name="CustomPayload">Goes to whom is paid; a <see cref="StonFiV2Swap"/> makes it a swap over two pools.</param>
/// <param name="ForwardTon">Goes along with it.</param>
/// <param name="Amount0">Of the pool's first token.</param>
/// <param name="Wallet0">The router's jetton wallet of it.</param>
/// <param name="Amount1">Of the pool's second token.</param>
/// <param name="Wallet1">The router's jetton wallet of it.</param>
public sealed record StonFiV2PayTo(
    ulong QueryId, Address To, Address Excesses, Address Sender, uint ExitCode, Cell? CustomPayload, Coins ForwardTon, UInt128 Amount0,
    Address Wallet0, UInt128 Amount1, Address Wallet1) : IMessageBody
{
    public const uint Op = 0x657b54f5;

    /// <exception cref="CellException">It is none.</exception>
    public static StonFiV2PayTo Read(Cell body)
    {
        var slice = BodyOps.Begin(body, Op);
        var (queryId, to, excesses, sender) = (slice.LoadUInt(64), slice.LoadGivenAddress(), slice.LoadGivenAddress(), slice.LoadGivenAddress());
        var (exitCode, custom, sums) = (slice.LoadUInt32(), slice.LoadOptRef(), slice.LoadRef().Parse());
        slice.DemandEnd();
        var paid = new StonFiV2PayTo(
            queryId, to, excesses, sender, exitCode, custom, sums.LoadCoins(), sums.LoadAmount(), sums.LoadGivenAddress(), sums.LoadAmount(),
            sums.LoadGivenAddress());
        sums.DemandEnd();
        return paid;
    }

    public Cell ToCell()
    {
        var sums = new CellBuilder().StoreCoins(ForwardTon).StoreAmount(Amount0).StoreAddress(Wallet0).StoreAmount(Amount1).StoreAddress(Wallet1);
        return BodyOps.Build(Op, QueryId).StoreAddress(To).StoreAddress(Excesses).StoreAddress(Sender).StoreUInt(ExitCode, 32)
            .StoreOptRef(CustomPayload).StoreRef(sums.Build()).Build();
    }
}
