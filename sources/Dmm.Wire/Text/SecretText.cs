using System.Text.RegularExpressions;

namespace Dmm.Wire;

/// <summary>
/// Takes credentials out of a text that is to be kept. Venues repeat a refused login in their error's words, with the key, passphrase and signature
/// in it, escaped once more.
/// </summary>
internal static partial class SecretText
{
    private const string Hidden = "***";

    /// <summary>The text with each value of a field that is named like a credential replaced by three asterisks.</summary>
    public static string Masked(string text) => Named().Replace(text, match => $"{match.Groups[1].Value}{Hidden}");

    // The quotes around name and value may be escaped; a value ends where its quote, a backslash or the text does.
    [GeneratedRegex(
        """("(?:api[-_]?key|passphrase|secret|secret[-_]?key|sign|signature|ok-access-(?:key|sign|passphrase)|x-bapi-(?:api-key|sign))"""
        + """\\*"\s*:\s*\\*")[^"\\]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
