using System.Runtime.CompilerServices;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>A grid as the span parsers use it: reads decimal text that is well formed, on the grid and of at most 18 digits, and leaves the rest to others.</summary>
internal readonly struct GridScale(DecimalGrid grid)
{
    private const int DigitsMax = 18;

    private static readonly long[] PowersOfTen = [.. Enumerable.Range(0, DigitsMax + 1).Select(n => (long)Math.Pow(10, n))];

    private readonly int _decimals = grid.Decimals;
    private readonly long _units = grid.Units;

    /// <summary>Reads a decimal that starts at <paramref name="at"/>.</summary>
    /// <returns>The place behind its last digit; −1 when the text there is anything this does not settle.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ReadOnlySpan<byte> text, int at, out long steps)
    {
        steps = 0;
        long value = 0;
        uint digit;
        var i = at;
        while ((uint)i < (uint)text.Length && (digit = (uint)text[i] - '0') <= 9)
        {
            value = value * 10 + digit;
            i++;
        }

        var whole = i - at;
        if (whole == 0 || whole + _decimals > DigitsMax) return -1;
        var missing = _decimals;
        if ((uint)i < (uint)text.Length && text[i] == '.')
        {
            var first = ++i;
            while ((uint)i < (uint)text.Length && (digit = (uint)text[i] - '0') <= 9)
            {
                if (missing > 0)
                {
                    value = value * 10 + digit;
                    missing--;
                }
                else if (digit != 0)
                {
                    return -1;
                }

                i++;
            }

            if (i == first) return -1;
        }

        if (missing > 0) value *= PowersOfTen[missing];
        if (_units != 1)
        {
            (value, var remainder) = Math.DivRem(value, _units);
            if (remainder != 0) return -1;
        }

        steps = value;
        return i;
    }
}
