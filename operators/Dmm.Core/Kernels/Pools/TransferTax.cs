using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>A tax that a token takes off each transfer: ⌊amount·bps/10⁴⌋.</summary>
internal static class TransferTax
{
    private const int Whole = 10_000;

    /// <summary>What arrives of an amount that is sent.</summary>
    public static BigInteger After(BigInteger amount, int bps) => amount - amount * bps / Whole;

    /// <summary>The smallest amount of which at least so much arrives.</summary>
    public static BigInteger Before(BigInteger arriving, int bps)
    {
        var sent = arriving * Whole / (Whole - bps);
        while (After(sent, bps) < arriving) sent++;
        while (sent > 0 && After(sent - 1, bps) >= arriving) sent--;
        return sent;
    }
}
