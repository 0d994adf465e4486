using System.Globalization;

namespace Dmm.Wire.Ton;

/// <summary>Amounts of a token as people write them, to its smallest units and back, exactly.</summary>
public static class TokenAmount
{
    /// <summary>More would not fit into an amount.</summary>
    public const int DecimalsMax = 36;

    private const int WholeDigitsMax = 37;

    /// <summary>Reads digits with a point and at most as many decimals as the token has.</summary>
    /// <param name="text">Such as <c>1000.5</c>; no sign, no blanks, no exponent.</param>
    /// <param name="decimals">Of the token.</param>
    /// <param name="units">Smallest units.</param>
    /// <returns>False where it is no such amount, or more than a message can carry.</returns>
    public static bool TryParse(string text, int decimals, out UInt128 units)
    {
        units = 0;
        var point = text.IndexOf('.');
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        if (whole.Length == 0 || fraction.Length > decimals || (point >= 0 && fraction.Length == 0)) return false;
        if (!whole.All(char.IsAsciiDigit) || !fraction.All(char.IsAsciiDigit)) return false;
        var digits = (whole + fraction.PadRight(decimals, '0')).TrimStart('0');
        // 37 digits stay below 2^128.
        if (digits.Length > WholeDigitsMax) return false;
        units = digits.Length == 0 ? 0 : UInt128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return units <= Coins.NanoMax;
    }

    /// <summary>With the decimals it needs, as <see cref="TryParse"/> reads it.</summary>
    public static string Text(UInt128 units, int decimals)
    {
        var digits = units.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^decimals] : $"{digits[..^decimals]}.{fraction}";
    }
}
