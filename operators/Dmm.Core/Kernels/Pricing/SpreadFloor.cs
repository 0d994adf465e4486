namespace Dmm.Core.Kernels;

/// <summary>
/// The floor of the full spread, bps. Costs are a maker's fees both ways, or the gas cushion on a pool (fee and gas of a swap are charged by its adapter);
/// the margin over them is <see cref="QuoteParameters.FloorOverFeesBps"/>. In calm it is lower by <see cref="QuoteParameters.CalmFloorReductionBps"/>, but
/// stays 1 bps over costs, unless it was nearer already. A maker's rebate can bring it down to 0 and no lower.
/// </summary>
/// <param name="OrdinaryBps">The floor.</param>
/// <param name="CalmBps">The floor in calm volatility.</param>
public readonly record struct SpreadFloor(double OrdinaryBps, double CalmBps)
{
    private const double LeastMarginBps = 1;

    public static SpreadFloor Of(QuoteParameters parameters, VenueParameters venue, Instrument instrument)
    {
        var costsBps = instrument.IsPool ? parameters.GasCushionBps : 2 * venue.MakerFeeBps;
        var ordinaryBps = costsBps + parameters.FloorOverFeesBps;
        var calmBps = Math.Min(ordinaryBps, Math.Max(ordinaryBps - parameters.CalmFloorReductionBps, costsBps + LeastMarginBps));
        return new(Quantised.Bps(Math.Max(ordinaryBps, 0)), Quantised.Bps(Math.Max(calmBps, 0)));
    }
}
