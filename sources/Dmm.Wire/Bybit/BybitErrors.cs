using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>The codes by which Bybit says why it did not do what was asked, and what each means to us.</summary>
/// <remarks>Source: Bybit v5 documentation, error codes of unified accounts, contracts and spot.</remarks>
public static partial class BybitErrors
{
    private const int WordsMax = 500;

    /// <summary>The code of success.</summary>
    public const int None = 0;

    /// <summary>
    /// The refusal that a code tells of; null for success, and where nobody knows what became of the request: timeouts and faults inside the venue,
    /// orders
    /// in process, and codes that are not known here.
    /// </summary>
    public static VenueRefusal? Refusal(long code, string words) => Kind(code, words) is { } kind
        ? new(kind, Masked(string.Create(CultureInfo.InvariantCulture, $"{code}: {words}")))
        : null;

    /// <summary>
    /// What an HTTP status alone says; null where it says nothing of the request. A 403 is the venue's answer to an address that asks too often,
    /// before
    /// anything is read.
    /// </summary>
    public static VenueRefusal? OfHttp(int status) => status switch
    {
        401 => new(RefusalKind.Credentials, "HTTP 401"),
        403 or 429 => new(RefusalKind.RateLimited, string.Create(CultureInfo.InvariantCulture, $"rate limit: HTTP {status}")),
        _ => null,
    };

    /// <summary>A refused signature comes back with the text that was signed, key and all: it is left out.</summary>
    public static string Masked(string words) => Origin().Replace(words, "origin_string[…]");

    private static RefusalKind? Kind(long code, string words) => code switch
    {
        None => null,
        // The general code for parameters covers a client order id that is taken.
        10001 or 170130 when words.Contains("duplicate", StringComparison.OrdinalIgnoreCase) => RefusalKind.DuplicateOrder,
        10006 or 10018 or 10429 or 170005 or 170222 => RefusalKind.RateLimited,
        10002 or 10003 or 10004 or 10005 or 10007 or 10008 or 10009 or 10010 or 10027 or 33004 => RefusalKind.Credentials,
        110001 or 110008 or 110010 or 170139 or 170142 or 170143 or 170190 or 170213 => RefusalKind.UnknownOrder,
        10014 or 110030 or 110072 or 170141 => RefusalKind.DuplicateOrder,
        // Timeouts and faults inside the venue, and orders that it is still working on: it may have been done, or may be yet.
        110079 or 170007 or 170032 or 170035 or 170144 or 170146 or 170147 or 170149 => null,
        170150 or 170191 or 170212 or 170234 or 170310 or 170311 => null,
        10001 or 10024 or 10028 or 10029 or 30133 or 30134 or 100028 => RefusalKind.Order,
        >= 110003 and < 111000 or >= 170010 and < 171000 => RefusalKind.Order,
        _ => null,
    };

    /// <summary>What the venue says in a field for people, however long; empty where there is nothing.</summary>
    internal static string Words(in JsonFields fields, int field)
    {
        var raw = fields.Raw(field).Trim((byte)'"');
        return Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, WordsMax)]);
    }

    [GeneratedRegex("origin_string.*", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Origin();
}
