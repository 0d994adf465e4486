using System.Globalization;
using System.Numerics;

namespace Dmm.Wire.Ton;

/// <summary>
/// An amount of TON in nanotons: a whole number, of at most 120 bits, as messages carry it. Jettons have units of their own and are plain
/// <see cref="UInt128"/>.
/// </summary>
public readonly record struct Coins : IComparable<Coins>, IAdditionOperators<Coins, Coins, Coins>, ISubtractionOperators<Coins, Coins, Coins>
{
    /// <summary>Nanotons in a TON.</summary>
    public const ulong NanoPerTon = 1_000_000_000;

    public static readonly UInt128 NanoMax = (UInt128.One << 120) - 1;

    public static readonly Coins Zero;

    private Coins(UInt128 nano) => Nano = nano;

    public UInt128 Nano { get; }

    /// <exception cref="OverflowException">More than 120 bits.</exception>
    public static Coins FromNano(UInt128 nano) =>
        nano <= NanoMax ? new(nano) : throw new OverflowException($"{nano} nanotons: expected at most {NanoMax}");

    /// <summary>Reads TON with up to nine decimals, exactly: <c>1.5</c> is 1,500,000,000 nanotons.</summary>
    /// <exception cref="FormatException">The text is no such number, or more than 120 bits.</exception>
    public static Coins Parse(string ton) =>
        TryParse(ton, out var coins) ? coins : throw new FormatException($"'{ton}' is no amount of TON: expected digits, and up to nine decimals");

    public static bool TryParse(string? ton, out Coins coins)
    {
        coins = Zero;
        if (string.IsNullOrEmpty(ton)) return false;
        var point = ton.IndexOf('.');
        var (whole, fraction) = point < 0 ? (ton, "") : (ton[..point], ton[(point + 1)..]);
        if (whole.Length is 0 or > 28 || fraction.Length > 9 || (point >= 0 && fraction.Length == 0)) return false;
        if (!(whole + fraction).All(char.IsAsciiDigit)) return false;
        // 28 digits and nine more stay below 2^128.
        var nano = UInt128.Parse(whole + fraction.PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        if (nano > NanoMax) return false;
        coins = new(nano);
        return true;
    }

    public static implicit operator Coins(ulong nano) => new(nano);

    /// <exception cref="OverflowException">More than 120 bits.</exception>
    public static Coins operator +(Coins left, Coins right) => FromNano(left.Nano + right.Nano);

    /// <exception cref="OverflowException">Less than nothing.</exception>
    public static Coins operator -(Coins left, Coins right) => left.Nano >= right.Nano
        ? new(left.Nano - right.Nano)
        : throw new OverflowException($"{left.Nano} less {right.Nano} nanotons is below nothing");

    public static bool operator <(Coins left, Coins right) => left.Nano < right.Nano;

    public static bool operator >(Coins left, Coins right) => left.Nano > right.Nano;

    public static bool operator <=(Coins left, Coins right) => left.Nano <= right.Nano;

    public static bool operator >=(Coins left, Coins right) => left.Nano >= right.Nano;

    public int CompareTo(Coins other) => Nano.CompareTo(other.Nano);

    /// <summary>TON with the decimals it needs, as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var (whole, rest) = UInt128.DivRem(Nano, NanoPerTon);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        return rest == 0 ? text : $"{text}.{((ulong)rest).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }
}
