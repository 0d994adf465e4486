namespace Dmm.Core;

public static class CanonicalDecimal
{
    /// <summary>The same value without trailing zeros, so that equal amounts are written with equal bytes (1.500 → 1.5).</summary>
    public static decimal Canonical(this decimal value) => value / 1.0000000000000000000000000000m;
}
