using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>What a pool keeps of a swap, bps; read from the pool's state, where each has a field of its own.</summary>
/// <param name="LpBps">Stays in the pool: taken off the input before the price is reckoned.</param>
/// <param name="ProtocolBps">Leaves the pool, off the output.</param>
/// <param name="ReferralBps">Leaves the pool likewise, for whom the swap names.</param>
public readonly record struct PoolFees(int LpBps, int ProtocolBps, int ReferralBps = 0)
{
    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("pool.lpFeeBps", LpBps, 0, 1_000);
        faults.Within("pool.protocolFeeBps", ProtocolBps, 0, 1_000);
        faults.Within("pool.referralFeeBps", ReferralBps, 0, 100);
    }
}

/// <summary>One swap, in the smallest units of each token.</summary>
/// <param name="Out">What is paid to the trader.</param>
/// <param name="Protocol">What the protocol takes, in the token paid out.</param>
/// <param name="Referral">What the referrer takes, in the token paid out.</param>
/// <param name="ReserveIn">Reserve of the token paid in, afterwards.</param>
/// <param name="ReserveOut">Reserve of the token paid out, afterwards.</param>
public readonly record struct PoolSwap(BigInteger Out, BigInteger Protocol, BigInteger Referral, BigInteger ReserveIn, BigInteger ReserveOut);

/// <summary>
/// STON.fi's constant-product pool, versions 1 and 2, to the last unit: base = ⌊f·R_out / (R_in·10⁴ + f)⌋ with f = in·(10⁴ − lp), protocol and
/// referral part ⌈base·bps/10⁴⌉ each, out = the rest. Amounts are TON's coins, of at most 120 bits; products need twice that.
/// </summary>
/// <remarks>Source: ston-fi/dex-core, contracts/pool/amm.func; ston-fi/dex-core-v2, contracts/pools/constant_product/pool.fc.</remarks>
public static class ConstantProduct
{
    /// <summary>The largest amount that a message can carry.</summary>
    public static readonly BigInteger CoinsMax = (BigInteger.One << 120) - 1;

    private static readonly BigInteger Whole = 10_000;

    /// <exception cref="ArgumentOutOfRangeException">A reserve or the input is not above zero, or the reserve would be more than coins can
    /// say.</exception>
    public static PoolSwap Swap(BigInteger reserveIn, BigInteger reserveOut, BigInteger amountIn, PoolFees fees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reserveIn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reserveOut);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amountIn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reserveIn + amountIn, CoinsMax, nameof(amountIn));
        var priced = amountIn * (Whole - fees.LpBps);
        var gross = priced * reserveOut / (reserveIn * Whole + priced);
        var (protocol, referral) = (Share(gross, fees.ProtocolBps), Share(gross, fees.ReferralBps));
        var paid = BigInteger.Max(gross - protocol - referral, 0);
        return new(paid, protocol, referral, reserveIn + amountIn, reserveOut - paid - protocol - referral);
    }

    /// <summary>The smallest input that gives at least so much; null when no input does.</summary>
    public static BigInteger? InputFor(BigInteger reserveIn, BigInteger reserveOut, BigInteger amountOut, PoolFees fees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amountOut);
        var most = CoinsMax - reserveIn;
        if (most <= 0 || Swap(reserveIn, reserveOut, most, fees).Out < amountOut) return null;

        // The roundings make a closed form inexact, and the output only rises with the input: halve the range. The first guess is the formula without
        // roundings, which is off by a few units, so that the range is small from the start.
        var (tooLittle, enough) = Bracket(reserveIn, reserveOut, amountOut, fees, most);
        while (enough - tooLittle > 1)
        {
            var middle = (tooLittle + enough) / 2;
            if (Swap(reserveIn, reserveOut, middle, fees).Out >= amountOut) enough = middle;
            else tooLittle = middle;
        }

        return enough;
    }

    /// <summary>
    /// The largest input whose last unit still brings at least <paramref name="limitOut"/> per <paramref name="limitIn"/> after fees (roundings
    /// aside); 0 when not even the first does. From d out / d in = f·R_out·R_in·(10⁴ − protocol − referral) / (R_in·10⁴ + f·in)².
    /// </summary>
    public static BigInteger LargestInput(BigInteger reserveIn, BigInteger reserveOut, PoolFees fees, BigInteger limitIn, BigInteger limitOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitIn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitOut);
        var kept = Whole - fees.LpBps;
        var square = kept * reserveOut * reserveIn * (Whole - fees.ProtocolBps - fees.ReferralBps) * limitIn / limitOut;
        var input = (Root(square) - reserveIn * Whole) / kept;
        return BigInteger.Clamp(input, 0, BigInteger.Max(CoinsMax - reserveIn, 0));
    }

    private static (BigInteger TooLittle, BigInteger Enough) Bracket(
        BigInteger reserveIn, BigInteger reserveOut, BigInteger amountOut, PoolFees fees, BigInteger most)
    {
        var gross = amountOut * Whole / (Whole - fees.ProtocolBps - fees.ReferralBps);
        if (gross >= reserveOut) return (0, most);
        var guess = BigInteger.Min(gross * reserveIn * Whole / ((reserveOut - gross) * (Whole - fees.LpBps)), most);
        for (var width = BigInteger.One; ; width <<= 1)
        {
            var (low, high) = (BigInteger.Max(guess - width, 0), BigInteger.Min(guess + width, most));
            var isLow = low == 0 || Swap(reserveIn, reserveOut, low, fees).Out < amountOut;
            if (isLow && Swap(reserveIn, reserveOut, high, fees).Out >= amountOut) return (low, high);
        }
    }

    private static BigInteger Share(BigInteger amount, int bps) => (amount * bps + Whole - 1) / Whole;

    /// <summary>⌊√n⌋ by Newton's method from above.</summary>
    internal static BigInteger Root(BigInteger n)
    {
        if (n < 2) return BigInteger.Max(n, 0);
        var root = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + n / root) / 2;
            if (next >= root) return root;
            root = next;
        }
    }
}
