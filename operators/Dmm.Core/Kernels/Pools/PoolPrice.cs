using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>A price as a ratio of whole numbers.</summary>
internal static class PoolPrice
{
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public static (BigInteger Quote, BigInteger Base) Ratio(decimal price)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(price);
        var power = BigInteger.Pow(10, price.Scale);
        return (new BigInteger(price * (decimal)power), power);
    }
}
