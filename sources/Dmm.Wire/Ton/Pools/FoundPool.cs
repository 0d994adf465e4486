using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Wire.Ton;

/// <summary>The exchanges whose pools can be read.</summary>
public enum PoolExchange : byte
{
    /// <summary>STON.fi, version 2, constant product.</summary>
    StonFi,

    /// <summary>DeDust, version 2, classic and volatile.</summary>
    Dedust,
}

/// <summary>A pool against TON that was found on the chain, with what does not change about it.</summary>
/// <param name="Pool">Where it is.</param>
/// <param name="BaseMinter">Of its other token, checked to be that token's.</param>
/// <param name="Base">What that minter tells of the token.</param>
public abstract record FoundPool(Address Pool, Address BaseMinter, JettonContent Base)
{
    /// <summary>The one get-method, without arguments, that shows the reserves.</summary>
    public abstract string Method { get; }

    /// <summary>What it keeps of a swap, as it told when it was found. Its token's transfer tax is not in it: no pool knows that.</summary>
    public abstract PoolCosts Costs { get; }

    /// <summary>What an answer of <see cref="Method"/> shows. No exception leaves it.</summary>
    public abstract PoolSight Read(IReadOnlyList<StackItem> answer);

    /// <summary>How the pool names its base token in a <see cref="TracedSwap"/>.</summary>
    public abstract Address BaseToken { get; }

    /// <summary>How it names TON there.</summary>
    public abstract Address? QuoteToken { get; }
}

/// <summary>A pool of STON.fi.</summary>
public sealed record FoundStonFiPool(StonFiV2Place Place, Address BaseMinter, JettonContent Base) : FoundPool(Place.Pool, BaseMinter, Base)
{
    /// <summary>As it told when it was found.</summary>
    public PoolFees Fees { get; init; }

    public override string Method => StonFiV2PoolData.Method;

    public override Address BaseToken => Place.BaseWallet;

    public override Address? QuoteToken => Place.QuoteWallet;

    public override PoolCosts Costs => new() { LpFeeBps = Fees.LpBps, ProtocolFeeBps = Fees.ProtocolBps };

    public override PoolSight Read(IReadOnlyList<StackItem> answer) =>
        !StonFiV2PoolData.TryRead(answer, out var data, out var fault) ? PoolSight.None(fault)
        : data!.ToPool(Place, transferTaxBps: 0, out fault) is { } pool ? PoolSight.Of(pool)
        : PoolSight.None(fault);
}

/// <summary>A pool of DeDust.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Terms">All that it told when it was found; its reserves are of that time.</param>
/// <param name="BaseMinter">As in <see cref="FoundPool"/>.</param>
/// <param name="Base">As in <see cref="FoundPool"/>.</param>
public sealed record FoundDedustPool(DedustPlace Place, DedustPoolData Terms, Address BaseMinter, JettonContent Base)
    : FoundPool(Place.Pool, BaseMinter, Base)
{
    private const int BpsPerUnit = 10_000;

    public override string Method => DedustPoolData.ReservesMethod;

    public override Address BaseToken => Place.BaseMinter;

    public override Address? QuoteToken => null;

    /// <inheritdoc/>
    /// <remarks>Rounded up to whole bps. How much of its fee leaves the pool is not published; to a trader it is all the same.</remarks>
    public override PoolCosts Costs =>
        new() { LpFeeBps = (int)(((long)Terms.Fee.Part * BpsPerUnit + Terms.Fee.Whole - 1) / Terms.Fee.Whole), ProtocolFeeBps = 0 };

    public override PoolSight Read(IReadOnlyList<StackItem> answer) =>
        !Terms.TryUpdate(answer, out var data, out var fault) ? PoolSight.None(fault)
        : data!.ToPool(Place, transferTaxBps: 0, out fault) is { } pool ? PoolSight.Of(pool)
        : PoolSight.None(fault);
}
