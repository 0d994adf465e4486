using System.Runtime.CompilerServices;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Field by field, for a venue that does not keep one order of fields: what none of its frames holds is left to the general
/// parser.</summary>
internal ref partial struct FrameCursor
{
    private const int ObjectLevelLengthMin = 15; // {"p":"1","s":0}

    /// <summary>A field's name and the colon behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Name(out ReadOnlySpan<byte> name) => Quoted(out name) && Skip(":"u8);

    /// <summary>A string of printable ASCII without an escape, quotes skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Quoted(out ReadOnlySpan<byte> text)
    {
        text = default;
        return Skip("\""u8) && Until((byte)'"', out text) && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !text.Contains((byte)'\\');
    }

    /// <summary>A number, bare or quoted, whose characters are digits, a sign and a point; whether it is one is for <see cref="TrySteps"/> to
    /// say.</summary>
    public bool Number(out ReadOnlySpan<byte> text, out bool isQuoted)
    {
        isQuoted = _rest.Length > 0 && _rest[0] == '"';
        if (isQuoted) return Quoted(out text);
        var end = 0;
        while (end < _rest.Length && (char.IsAsciiDigit((char)_rest[end]) || _rest[end] is (byte)'.' or (byte)'-')) end++;
        text = _rest[..end];
        _rest = _rest[end..];
        return end > 0;
    }

    /// <summary>Steps of a grid from the whole of such a text; a bare number has no leading zero.</summary>
    public static bool TrySteps(in GridScale scale, ReadOnlySpan<byte> text, bool isQuoted, out long steps)
    {
        steps = 0;
        if (!isQuoted && HasLeadingZero(text, 0)) return false;
        return text.Length > 0 && scale.Read(text, 0, out steps) == text.Length;
    }

    /// <summary>Unix time in milliseconds with or without decimals, bare or quoted; what lies below 100 ns is cut off.</summary>
    public bool PreciseMilliseconds(out Timestamp at)
    {
        var isQuoted = Skip("\""u8);
        if (!Milliseconds(out at)) return false;
        if (Skip("."u8))
        {
            var digits = 0;
            for (var unit = TimeSpan.TicksPerMillisecond / 10; digits < _rest.Length && char.IsAsciiDigit((char)_rest[digits]); digits++, unit /= 10)
                at += TimeSpan.FromTicks((_rest[digits] - '0') * unit);
            if (digits == 0) return false;
            _rest = _rest[digits..];
        }

        return !isQuoted || Skip("\""u8);
    }

    /// <summary>A JSON array of levels <c>{"p":"price","s":size}</c>, the size bare or quoted, with both brackets, appended to the buffer.</summary>
    public bool ObjectLevels(WireSymbol symbol, LevelBuffer levels)
    {
        if (!Skip("["u8)) return false;
        if (Skip("]"u8)) return true;
        if (!levels.TryReserve(_rest.Length / ObjectLevelLengthMin + 1)) return false;

        var text = _rest;
        var free = levels.Free;
        var prices = symbol.Prices;
        var sizes = symbol.Sizes;
        var count = 0;
        var i = 0;
        while (true)
        {
            if (!text[i..].StartsWith("{\"p\":\""u8)) return false;
            i = prices.Read(text, i + 6, out var price);
            if (i < 0 || price == 0 || !text[i..].StartsWith("\",\"s\":"u8)) return false;
            i += 6;
            var isQuoted = (uint)i < (uint)text.Length && text[i] == '"';
            if (isQuoted) i++;
            else if (HasLeadingZero(text, i)) return false;
            i = sizes.Read(text, i, out var size);
            if (i < 0 || !text[i..].StartsWith(isQuoted ? "\"}"u8 : "}"u8)) return false;
            free[count++] = new BookLevel(price, size);
            i += isQuoted ? 2 : 1;
            if ((uint)i >= (uint)text.Length) return false;
            if (text[i++] == ',') continue;
            if (text[i - 1] != ']') return false;
            levels.Advance(count);
            _rest = text[i..];
            return true;
        }
    }

    private static bool HasLeadingZero(ReadOnlySpan<byte> text, int at) =>
        text.Length > at + 1 && text[at] == '0' && char.IsAsciiDigit((char)text[at + 1]);
}
