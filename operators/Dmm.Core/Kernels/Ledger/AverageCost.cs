namespace Dmm.Core.Kernels;

/// <summary>What a trade did to a position, in the settlement asset.</summary>
/// <param name="Opened">Value added to the basis.</param>
/// <param name="Released">Value taken off the basis.</param>
/// <param name="Gain">Profit on what was closed, before fees.</param>
internal readonly record struct TradeEffect(decimal Opened, decimal Released, decimal Gain);

/// <summary>
/// Average cost with fees outside the average. The value of a quantity is signed like the quantity for spot and linear contracts (what it costs), and
/// against it for inverse ones (a long position owes coins): with that sign profit is the same sum for all three, and an average over values is the
/// harmonic one that size·(1/entry − 1/exit) needs.
/// </summary>
internal static class AverageCost
{
    /// <summary>Values that come from a division are rounded here, so that sums and differences of them are exact (below 10¹² of an asset).</summary>
    private const int Decimals = 16;

    public static string SettlementAsset(Instrument instrument) =>
        instrument.Kind == ContractKind.Inverse ? instrument.BaseAsset : instrument.QuoteAsset;

    public static decimal Value(Instrument instrument, decimal quantity, decimal price) => Rounded(instrument.Kind == ContractKind.Inverse
        ? -quantity * instrument.ContractSize / price
        : quantity * instrument.ContractSize * price);

    /// <summary>The price at which the quantity is worth that value; 0 for no quantity.</summary>
    public static decimal Price(Instrument instrument, decimal quantity, decimal value) => quantity == 0 || value == 0
        ? 0
        : instrument.Kind == ContractKind.Inverse ? -quantity * instrument.ContractSize / value : value / (quantity * instrument.ContractSize);

    /// <summary>
    /// The position after a trade. A trade through zero closes the position and opens another: its fee is shared by quantity, and
    /// <see cref="PositionState.RealisedOpen"/> begins anew.
    /// </summary>
    /// <param name="position">The position before.</param>
    /// <param name="instrument">Its contract.</param>
    /// <param name="change">Signed quantity, not zero.</param>
    /// <param name="price">Quote asset per base asset.</param>
    /// <param name="fee">In the settlement asset.</param>
    public static (PositionState Position, TradeEffect Effect) Trade(
        PositionState position, Instrument instrument, decimal change, decimal price, decimal fee)
    {
        var held = position.Quantity;
        var closing = held > 0 ? Math.Clamp(change, -held, 0) : held < 0 ? Math.Clamp(change, 0, -held) : 0;
        var share = closing == 0 ? 0 : -closing;
        var released = Part(position.Basis, share, held);
        var releasedFees = Part(position.OpenFees, share, held);
        var closingFee = Part(fee, closing, change);
        var opening = change - closing;
        var opened = opening == 0 ? 0 : Value(instrument, opening, price);
        var gain = closing == 0 ? 0 : -Value(instrument, closing, price) - released;

        var realised = position.RealisedOpen + gain - closingFee;
        var isClosed = held != 0 && closing == -held;
        return (position with
        {
            Quantity = held + change,
            Basis = position.Basis - released + opened,
            OpenFees = position.OpenFees - releasedFees + (fee - closingFee),
            RealisedOpen = (isClosed ? 0 : realised) - (fee - closingFee),
            RealisedClosed = position.RealisedClosed + (isClosed ? realised : 0),
            Fees = position.Fees + fee,
        }, new(opened, released, gain));
    }

    /// <summary>The position after a cost that belongs to no trade, such as the gas of a swap that failed; in the settlement asset.</summary>
    public static PositionState Charge(PositionState position, decimal cost) => position with
    {
        RealisedOpen = position.RealisedOpen - (position.Quantity == 0 ? 0 : cost),
        RealisedClosed = position.RealisedClosed - (position.Quantity == 0 ? cost : 0),
        Fees = position.Fees + cost,
    };

    public static decimal Rounded(decimal amount) => Math.Round(amount, Decimals, MidpointRounding.ToEven);

    private static decimal Part(decimal amount, decimal part, decimal whole) =>
        part == 0 ? 0 : part == whole ? amount : Rounded(amount * part / whole);
}
