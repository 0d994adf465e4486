using System.Runtime.CompilerServices;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// A grid as the span parsers use it: reads decimal text that is well formed, on the grid and of at most 18 digits, and leaves the rest to others.
/// </summary>
/// <remarks>
/// Digit by digit on purpose: prices and sizes are short and of much the same length, so that the branches are foreseen and the next number starts
/// before
/// this one is done. Eight digits in one word (<see cref="DigitWord"/>) measured slower here, because the place of the next number then waits for it.
/// </remarks>
internal readonly struct GridScale(DecimalGrid grid)
{
    private const int DigitsMax = 18;

    private readonly int _decimals = grid.Decimals;
    private readonly int _wholeDigitsMax = DigitsMax - grid.Decimals;
    private readonly long _units = grid.Units;

    /// <summary>Reads a decimal that starts at <paramref name="at"/>.</summary>
    /// <returns>The place behind its last digit; −1 when the text there is anything this does not settle.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ReadOnlySpan<byte> text, int at, out long steps)
    {
        steps = 0;
        long value = 0;
        uint digit;
        var next = at;
        for (; (uint)next < (uint)text.Length && (digit = (uint)text[next] - '0') <= 9; next++)
            value = value * 10 + digit;
        var whole = next - at;
        if (whole == 0 || whole > _wholeDigitsMax) return -1;
        var missing = _decimals;
        if ((uint)next < (uint)text.Length && text[next] == '.')
        {
            var first = ++next;
            for (; missing > 0 && (uint)next < (uint)text.Length && (digit = (uint)text[next] - '0') <= 9; next++, missing--)
                value = value * 10 + digit;
            while ((uint)next < (uint)text.Length && text[next] == '0' && missing == 0) next++;
            if (next == first) return -1;
        }

        for (; missing > 0; missing--) value *= 10;
        if (_units != 1)
        {
            (value, var rest) = Math.DivRem(value, _units);
            if (rest != 0) return -1;
        }

        steps = value;
        return next;
    }
}
