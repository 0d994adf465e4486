using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Dmm.Wire.Ton;

/// <summary>How an address was written, or is to be.</summary>
/// <param name="IsBounceable">Money that cannot be used there comes back; a wallet that is not deployed yet is written without.</param>
/// <param name="IsTestOnly">Software of the main network must refuse it.</param>
/// <param name="IsUrlSafe">With <c>-</c> and <c>_</c> in place of <c>+</c> and <c>/</c>.</param>
public readonly record struct AddressForm(bool IsBounceable, bool IsTestOnly = false, bool IsUrlSafe = true);

/// <summary>A smart contract's address: workchain and account. A class, so that what is left out is nothing and never the zero address.</summary>
public sealed partial record Address(sbyte Workchain, Hash256 Account)
{
    /// <summary>Bits in a cell: two of the kind, no anycast, workchain, account.</summary>
    public const int Bits = 2 + 1 + 8 + 256;

    private const int FriendlyLength = 48;
    private const byte Bounceable = 0x11;
    private const byte NotBounceable = 0x51;
    private const byte TestOnly = 0x80;

    /// <summary>Reads any form: <c>0:…</c> with 64 hexadecimal digits, or 48 characters of either base64 alphabet.</summary>
    /// <exception cref="FormatException">The text is none of them, or its checksum is wrong.</exception>
    public static Address Parse(string text) => TryParse(text, out var address, out _, out var fault) ? address! : throw new FormatException(fault);

    /// <summary>
    /// As <see cref="Parse"/>. <paramref name="form"/> is null when the address was written raw, which says nothing of bouncing and networks;
    /// <paramref name="fault"/> says why it is none, with the text and what was expected, and is empty when it is one.
    /// </summary>
    public static bool TryParse(string? text, out Address? address, out AddressForm? form, out string fault)
    {
        (address, form) = (null, null);
        fault = text is null ? "no address: expected one"
            : text.Contains(':') ? ReadRaw(text, out address)
            : ReadFriendly(text, out address, out form);
        return fault.Length == 0;
    }

    /// <summary>48 characters with flags and checksum.</summary>
    public string ToString(AddressForm form)
    {
        Span<byte> bytes = stackalloc byte[36];
        bytes[0] = (byte)((form.IsBounceable ? Bounceable : NotBounceable) | (form.IsTestOnly ? TestOnly : 0));
        bytes[1] = (byte)Workchain;
        Account.CopyTo(bytes[2..]);
        var crc = Crc16.Of(bytes[..34]);
        (bytes[34], bytes[35]) = ((byte)(crc >> 8), (byte)crc);
        return form.IsUrlSafe ? Base64Url.EncodeToString(bytes) : Convert.ToBase64String(bytes);
    }

    /// <summary>Raw: <c>0:…</c> with lower-case digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Workchain}:{Account}");

    private static string ReadRaw(string text, out Address? address)
    {
        address = null;
        if (!RawForm().IsMatch(text) || !sbyte.TryParse(text.AsSpan(0, text.IndexOf(':')), CultureInfo.InvariantCulture, out var workchain))
            return $"'{text}' is no raw address: expected a workchain from -128 to 127, a colon and 64 hexadecimal digits";
        address = new(workchain, Hash256.FromHex(text[(text.IndexOf(':') + 1)..]));
        return "";
    }

    private static string ReadFriendly(string text, out Address? address, out AddressForm? form)
    {
        (address, form) = (null, null);
        if (text.Length != FriendlyLength)
            return $"'{text}' is no address: expected {FriendlyLength} characters of base64, or a raw one with its colon";
        var isUrlSafe = text.AsSpan().IndexOfAny('+', '/') < 0;
        Span<byte> bytes = stackalloc byte[36];
        // The method whose name begins with Try throws.
        var isRead = isUrlSafe
            ? Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
            : Convert.TryFromBase64String(text, bytes, out written);
        if (!isRead || written != bytes.Length) return $"'{text}' is no address: expected {FriendlyLength} characters of one base64 alphabet";
        if (Crc16.Of(bytes[..34]) != ((bytes[34] << 8) | bytes[35])) return $"'{text}' has the wrong checksum: a character was mistaken";
        if ((bytes[0] & ~TestOnly) is not (Bounceable or NotBounceable)) return $"'{text}' has the tag 0x{bytes[0]:x2}: expected 11, 51, 91 or d1";
        address = new((sbyte)bytes[1], new Hash256(bytes[2..34]));
        form = new((bytes[0] & ~TestOnly) == Bounceable, (bytes[0] & TestOnly) != 0, isUrlSafe);
        return "";
    }

    [GeneratedRegex("^(0|-?[1-9][0-9]{0,2}):[0-9a-fA-F]{64}\\z")]
    private static partial Regex RawForm();
}
