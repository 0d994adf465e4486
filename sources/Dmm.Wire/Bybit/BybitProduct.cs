namespace Dmm.Wire;

/// <summary>What is traded; each is a venue of its own here, because symbols are the same and instruments are not.</summary>
public enum BybitProduct : byte
{
    Spot,

    /// <summary>Perpetual contracts that settle in USDT or USDC.</summary>
    Linear,

    /// <summary>Perpetual contracts that settle in their base asset, whose size is in the quote asset.</summary>
    Inverse,
}

internal static class BybitProducts
{
    /// <summary>The product as requests and messages name it.</summary>
    public static string Category(this BybitProduct product) => product switch
    {
        BybitProduct.Spot => "spot",
        BybitProduct.Linear => "linear",
        _ => "inverse",
    };
}
