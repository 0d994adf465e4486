using System.Globalization;
using System.Text;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>Plain decimal text (<c>61800.20</c>) to whole steps of a grid, exactly; what is not on the grid is refused with the reason.</summary>
internal static class DecimalText
{
    private const int WholeDigitsMax = 20;
    private const int QuotedMax = 64;

    /// <summary>Parses and explains. Any number of leading zeros, and of zeros behind the grid's last decimal, is permitted.</summary>
    /// <param name="text">UTF-8 text.</param>
    /// <param name="grid">The grid of prices or sizes.</param>
    /// <param name="steps">Whole steps.</param>
    /// <returns>Null, or why not, reading "is …: expected …".</returns>
    public static string? Parse(ReadOnlySpan<byte> text, DecimalGrid grid, out long steps)
    {
        steps = 0;
        var isNegative = text.StartsWith("-"u8);
        var unsigned = isNegative ? text[1..] : text;
        var point = unsigned.IndexOf((byte)'.');
        var whole = point < 0 ? unsigned : unsigned[..point];
        var fraction = point < 0 ? [] : unsigned[(point + 1)..];
        if (!AreDigits(whole) || (point >= 0 && !AreDigits(fraction))) return $"is not a plain decimal: expected {Expected(grid)}";
        if (isNegative) return $"is negative: expected {Expected(grid)}";

        whole = whole.TrimStart((byte)'0');
        if (whole.Length > WholeDigitsMax) return $"does not fit 64 bits: expected {Expected(grid)}";
        var kept = fraction[..Math.Min(fraction.Length, grid.Decimals)];
        UInt128 units = 0;
        foreach (var digit in whole) units = units * 10 + (uint)(digit - '0');
        foreach (var digit in kept) units = units * 10 + (uint)(digit - '0');
        for (var i = kept.Length; i < grid.Decimals; i++) units *= 10;
        var (quotient, remainder) = UInt128.DivRem(units, (UInt128)grid.Units);
        if (remainder != 0 || fraction[kept.Length..].ContainsAnyExcept((byte)'0')) return $"lies between two steps: expected {Expected(grid)}";
        if (quotient > long.MaxValue) return $"does not fit 64 bits: expected {Expected(grid)}";
        steps = (long)quotient;
        return null;
    }

    public static string Expected(DecimalGrid grid) => string.Create(CultureInfo.InvariantCulture, $"a multiple of {grid.Step}");

    public static string Quote(ReadOnlySpan<byte> text) =>
        text.Length <= QuotedMax ? $"'{Encoding.UTF8.GetString(text)}'" : $"'{Encoding.UTF8.GetString(text[..QuotedMax])}…'";

    private static bool AreDigits(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
