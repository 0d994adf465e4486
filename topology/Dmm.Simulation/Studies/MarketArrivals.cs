using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>
/// A and κ of a generated market, from what it is made of: an order of its uninformed takers reaches d bps from the quoted price with probability
/// e^(−κ·d). Not fitted to its trades, because a taker stops at the first quote that fills it, so that trades do not show how far it would have gone.
/// <para>A counts fills of our whole quote size, as the model has it: A = arrivals per second and side × their mean size / our size, so that the
/// volume which a quote at distance d can expect is the market's. Informed takers are left out: they pay no spread.</para>
/// </summary>
public static class MarketArrivals
{
    /// <param name="scenario">The market.</param>
    /// <param name="quoteSize">Maximum quote size per side, base asset.</param>
    public static ArrivalEstimate Of(MarketScenario scenario, decimal quoteSize)
    {
        var takers = scenario.Flow.Takers;
        return new(takers.MeanRate * (1 - takers.InformedShare) * takers.Size / (double)quoteSize, takers.ArrivalSensitivity);
    }
}
