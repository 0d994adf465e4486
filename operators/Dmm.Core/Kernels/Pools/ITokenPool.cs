using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>What a swap comes to, in the smallest units of each token.</summary>
/// <param name="Base">What the trader got (a buy) or gave (a sell) of the base token, after transfer tax or with it.</param>
/// <param name="Quote">What the trader gave (a buy) or got (a sell) of the quote token.</param>
/// <param name="PaidOut">What the pool paid before any tax: what a minimum output is compared with.</param>
/// <param name="ReserveBase">Afterwards.</param>
/// <param name="ReserveQuote">Afterwards.</param>
public readonly record struct PoolMove(BigInteger Base, BigInteger Quote, BigInteger PaidOut, BigInteger ReserveBase, BigInteger ReserveQuote);

/// <summary>A pool of a base token, which may carry a transfer tax, against a quote token, by the rules of its exchange.</summary>
public interface ITokenPool
{
    /// <summary>Reserve of the base token.</summary>
    BigInteger Base { get; }

    /// <summary>Reserve of the quote token.</summary>
    BigInteger Quote { get; }

    /// <summary>Of the base token, off each transfer, bps.</summary>
    int TransferTaxBps { get; }

    /// <summary>The same pool of a token with another tax.</summary>
    ITokenPool Taxed(int bps);

    /// <summary>What pool and token keep of a swap, bps.</summary>
    double KeptBps { get; }

    /// <summary>A swap of so much of the token that the trader pays: quote for a buy, base for a sell.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not above zero, or the reserve would be more than coins can say.</exception>
    PoolMove Move(Side side, BigInteger amount);

    /// <summary>The smallest amount of the quote token for which at least so much base arrives; null when the pool cannot give it.</summary>
    BigInteger? QuoteToBuy(BigInteger amount);

    /// <summary>The largest buy whose last unit costs at most that price after pool fee and tax, in the quote token; 0 for none.</summary>
    /// <param name="price">Smallest units of quote per smallest unit of base.</param>
    BigInteger LargestBuy(decimal price);

    /// <summary>The largest sale whose last unit brings at least that price after pool fee and tax, in the base token; 0 for none.</summary>
    /// <param name="price">Smallest units of quote per smallest unit of base.</param>
    BigInteger LargestSale(decimal price);

    /// <summary>The pool after a swap.</summary>
    ITokenPool After(in PoolMove move);

    /// <summary>What is wrong with it as a pool.</summary>
    void CollectFaults(ParameterFaults faults);
}
