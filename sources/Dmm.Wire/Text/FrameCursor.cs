using System.Runtime.CompilerServices;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Walks a frame that follows the venue's grammar to the letter. Every step says whether the text was as expected; where it was not, the frame is
/// left to
/// the general parser, which settles what it is. Never reads outside the frame.
/// </summary>
internal ref partial struct FrameCursor(ReadOnlySpan<byte> frame)
{
    private const int LevelLengthMin = 9; // ["1","0"]
    private const int IntegerDigitsMax = 18;

    private static readonly long[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    private ReadOnlySpan<byte> _rest = frame;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Skip(ReadOnlySpan<byte> literal)
    {
        if (!_rest.StartsWith(literal)) return false;
        _rest = _rest[literal.Length..];
        return true;
    }

    /// <summary>What stands before the next such byte, which is skipped too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Until(byte end, out ReadOnlySpan<byte> text)
    {
        var at = _rest.IndexOf(end);
        if (at < 0)
        {
            text = default;
            return false;
        }

        text = _rest[..at];
        _rest = _rest[(at + 1)..];
        return true;
    }

    /// <summary>A JSON integer, not negative, of at most 18 digits and without a leading zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Integer(out long value)
    {
        if (_rest.Length < 2 * DigitWord.Length) return IntegerByDigits(out value);
        var word = DigitWord.Load(_rest, 0);
        var digits = DigitWord.CountDigits(word);
        if (digits == DigitWord.Length)
        {
            value = DigitWord.Value(word);
            word = DigitWord.Load(_rest, DigitWord.Length);
            var more = DigitWord.CountDigits(word);
            if (more == DigitWord.Length) return IntegerByDigits(out value);
            if (more > 0) value = value * PowersOfTen[more] + DigitWord.Value(word, more);
            digits += more;
        }
        else
        {
            value = 0;
            if (digits == 0) return false;
            value = DigitWord.Value(word, digits);
        }

        if (_rest[0] == '0' && digits > 1) return false;
        _rest = _rest[digits..];
        return true;
    }

    /// <summary>As <see cref="Integer"/>, with a minus sign permitted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool SignedInteger(out long value)
    {
        var isNegative = Skip("-"u8);
        if (!Integer(out value) || (isNegative && value == 0)) return false;
        if (isNegative) value = -value;
        return true;
    }

    /// <summary>Unix time in milliseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Milliseconds(out Timestamp at)
    {
        at = Timestamp.None;
        if (!Integer(out var milliseconds) || !VenueClock.IsInstant(milliseconds)) return false;
        at = Timestamp.FromUnixMilliseconds(milliseconds);
        return true;
    }

    /// <summary>A decimal on the grid, up to the closing quote, which is skipped too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Steps(in GridScale scale, out long steps)
    {
        var next = scale.Read(_rest, 0, out steps);
        if ((uint)next >= (uint)_rest.Length || _rest[next] != '"') return false;
        _rest = _rest[(next + 1)..];
        return true;
    }

    /// <summary>A price above zero and a size, as two quoted decimals with the given text between them; the closing quote is skipped too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Level(WireSymbol symbol, ReadOnlySpan<byte> between, out BookLevel level)
    {
        level = default;
        if (!Steps(symbol.Prices, out var price) || price == 0 || !Skip(between) || !Steps(symbol.Sizes, out var size)) return false;
        level = new(price, size);
        return true;
    }

    /// <summary>A JSON array of levels <c>["price","size"]</c>, with both brackets, appended to the buffer.</summary>
    /// <param name="symbol">Gives the grids.</param>
    /// <param name="hasDetails">Whether each level ends with two more numbers, both quoted, which are skipped (OKX).</param>
    /// <param name="levels">Where they go.</param>
    public bool Levels(WireSymbol symbol, bool hasDetails, LevelBuffer levels)
    {
        if (!Skip("["u8)) return false;
        if (Skip("]"u8)) return true;
        var end = hasDetails ? _rest.IndexOf("]]"u8) : _rest.Length;
        if (end < 0 || !levels.TryReserve(end / LevelLengthMin + 1)) return false;

        var text = _rest;
        var free = levels.Free;
        var prices = symbol.Prices;
        var sizes = symbol.Sizes;
        var count = 0;
        var i = 0;
        while (true)
        {
            if (!text[i..].StartsWith("[\""u8)) return false;
            i = prices.Read(text, i + 2, out var price);
            if (i < 0 || price == 0 || !text[i..].StartsWith("\",\""u8)) return false;
            i = sizes.Read(text, i + 3, out var size);
            if (i < 0) return false;
            if (hasDetails)
            {
                i = SkipNumber(text, SkipNumber(text, i));
                if (i < 0) return false;
            }

            if (!text[i..].StartsWith("\"]"u8)) return false;
            free[count++] = new(price, size);
            i += 2;
            if ((uint)i >= (uint)text.Length) return false;
            if (text[i++] == ',') continue;
            if (text[i - 1] != ']') return false;
            levels.Advance(count);
            _rest = text[i..];
            return true;
        }
    }

    /// <summary>The same digit by digit: at the end of a frame, and for long numbers.</summary>
    private bool IntegerByDigits(out long value)
    {
        value = 0;
        var i = 0;
        for (; i < _rest.Length && char.IsAsciiDigit((char)_rest[i]); i++)
        {
            if (i == IntegerDigitsMax) return false;
            value = value * 10 + (_rest[i] - '0');
        }

        if (i == 0 || (i > 1 && _rest[0] == '0')) return false;
        _rest = _rest[i..];
        return true;
    }

    /// <summary>The place behind <c>","</c> and the digits after it; −1 when something else stands there, or at −1.</summary>
    private static int SkipNumber(ReadOnlySpan<byte> text, int at)
    {
        if (at < 0 || !text[at..].StartsWith("\",\""u8)) return -1;
        at += 3;
        while ((uint)at < (uint)text.Length && char.IsAsciiDigit((char)text[at])) at++;
        return at;
    }
}
