namespace Dmm.Core.Kernels;

/// <summary>
/// The closed-form approximation of Guéant, Lehalle and Fernandez-Tapia in the form of Guéant 2016, equations 4.6 and 4.7, with ξ = γ:
/// c1 = ln(1+ξΔ/κ)/(ξΔ), c2 = √(γ/(2AΔκ)·(1+ξΔ/κ)^(κ/(ξΔ)+1)); half-spread = c1 + Δ/2·σ·c2, shift per unit of q̂ = σ·c2. Linear in volatility; its σ is
/// per √s, so σ_T/√T here, and thus under the same clamp as the other model's.
/// Δ is the maximum quote size in units of q_soft, of the smaller one where long and short differ, so that nothing jumps as inventory changes sign.
/// </summary>
public sealed class Glft : IQuoteModel
{
    /// <inheritdoc/>
    public QuoteModelTerms Terms(double inventoryRatio, double riskAversion, double horizonVolatilityBps, QuotingParameters parameters)
    {
        var quote = parameters.Quote;
        var orderSize = (double)(quote.MaximumQuoteSize / Math.Min(parameters.Inventory.SoftLong, parameters.Inventory.SoftShort));
        var ratio = quote.RiskAversion * orderSize / quote.ArrivalSensitivity;
        var logarithm = Logarithm.OnePlus(ratio);
        var c1 = logarithm / (quote.RiskAversion * orderSize);
        var c2 = Math.Sqrt(riskAversion / (2 * quote.ArrivalRate * orderSize * quote.ArrivalSensitivity) * Math.Exp((1 / ratio + 1) * logarithm));
        var risk = horizonVolatilityBps / Math.Sqrt(quote.Horizon.TotalSeconds) * c2;
        return new(-inventoryRatio * risk, orderSize / 2 * risk, c1);
    }
}
