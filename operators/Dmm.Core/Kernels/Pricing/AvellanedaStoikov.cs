namespace Dmm.Core.Kernels;

/// <summary>
/// r − S = −q̂·γ·σ_T²/2 and δ = γ·σ_T²/2 + (1/γ)·ln(1 + γ/κ), in bps (Avellaneda and Stoikov 2008). The shift uses T/2, half of theirs at t = 0: its
/// average over a rolling horizon.
/// </summary>
public sealed class AvellanedaStoikov : IQuoteModel
{
    /// <inheritdoc/>
    public QuoteModelTerms Terms(double inventoryRatio, double riskAversion, double horizonVolatilityBps, QuotingParameters parameters)
    {
        var risk = riskAversion * horizonVolatilityBps * horizonVolatilityBps / 2;
        return new(-inventoryRatio * risk, risk, ArrivalTermBps(parameters.Quote.RiskAversion, parameters.Quote.ArrivalSensitivity));
    }

    /// <summary>(1/γ)·ln(1 + γ/κ); 1/κ where γ vanishes.</summary>
    public static double ArrivalTermBps(double riskAversion, double arrivalSensitivity) =>
        riskAversion == 0 ? 1 / arrivalSensitivity : Logarithm.OnePlus(riskAversion / arrivalSensitivity) / riskAversion;
}
