using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>What a DeDust pool keeps of an input, as its <c>get_trade_fee</c> says it: a part of so many.</summary>
public readonly record struct DedustFee(int Part, int Whole)
{
    public void CollectFaults(ParameterFaults faults)
    {
        faults.Require("pool.feeWhole", Whole > 0, $"= {Whole}", "above zero");
        faults.Require("pool.feePart", Part >= 0 && Part < Whole, $"= {Part}", $"from 0 to below {Whole}, its whole");
    }
}

/// <summary>One swap of a DeDust pool, in the smallest units of each token.</summary>
/// <param name="Out">What is paid to the trader.</param>
/// <param name="Fee">What the pool keeps, in the token paid in.</param>
/// <param name="ReserveIn">Reserve of the token paid in, afterwards, if all of the fee stays in it.</param>
/// <param name="ReserveOut">Reserve of the token paid out, afterwards.</param>
public readonly record struct DedustSwapResult(BigInteger Out, BigInteger Fee, BigInteger ReserveIn, BigInteger ReserveOut);

/// <summary>
/// DeDust's volatile pool: fee = ⌈in·part/whole⌉ off the input, out = ⌊net·R_out / (R_in + net)⌋. Amounts are TON's coins, of at most 120 bits.
/// </summary>
/// <remarks>
/// That the fee is taken off the input is what the pool's get-methods say. Its rounding and how much of it stays in the reserve are not published
/// (the contracts' source is closed): here the fee is rounded up, so that an output is never above the pool's for that reason. It serves a simulated
/// pool and finds sizes; the least output of a real swap comes from the pool's own <c>estimate_swap_out</c>.
/// </remarks>
public static class DedustProduct
{
    /// <exception cref="ArgumentOutOfRangeException">A reserve or the input is not above zero, or the reserve would be more than coins can
    /// say.</exception>
    public static DedustSwapResult Swap(BigInteger reserveIn, BigInteger reserveOut, BigInteger amountIn, DedustFee fee)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reserveIn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reserveOut);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amountIn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reserveIn + amountIn, ConstantProduct.CoinsMax, nameof(amountIn));
        var kept = Up(amountIn * fee.Part, fee.Whole);
        var net = amountIn - kept;
        var paid = net * reserveOut / (reserveIn + net);
        return new(paid, kept, reserveIn + amountIn, reserveOut - paid);
    }

    /// <summary>The smallest input that gives at least so much; null when no input does.</summary>
    public static BigInteger? InputFor(BigInteger reserveIn, BigInteger reserveOut, BigInteger amountOut, DedustFee fee)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amountOut);
        if (amountOut >= reserveOut) return null;
        // net·R_out ≥ out·(R_in + net), and the fee leaves ⌊in·(whole − part)/whole⌋ of the input.
        var net = Up(amountOut * reserveIn, reserveOut - amountOut);
        var input = Up(net * fee.Whole, fee.Whole - fee.Part);
        return reserveIn + input <= ConstantProduct.CoinsMax ? input : null;
    }

    /// <summary>
    /// The largest input whose last unit still brings at least <paramref name="limitOut"/> per <paramref name="limitIn"/> after the fee (roundings
    /// aside); 0 when not even the first does. From d out / d net = R_in·R_out / (R_in + net)².
    /// </summary>
    public static BigInteger LargestInput(BigInteger reserveIn, BigInteger reserveOut, DedustFee fee, BigInteger limitIn, BigInteger limitOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitIn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitOut);
        var left = fee.Whole - fee.Part;
        var net = ConstantProduct.Root(reserveIn * reserveOut * left * limitIn / (limitOut * fee.Whole)) - reserveIn;
        return BigInteger.Clamp(net * fee.Whole / left, 0, BigInteger.Max(ConstantProduct.CoinsMax - reserveIn, 0));
    }

    private static BigInteger Up(BigInteger part, BigInteger whole) => (part + whole - 1) / whole;
}
