using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Dmm.Pipeline.Venues;

/// <summary>An exchange as <c>--venue</c> names it: <c>okx:DCT-USDT</c>, several symbols with commas, and another address behind an @.</summary>
/// <param name="Kind">What it speaks, and which of its markets.</param>
/// <param name="Symbols">Its own symbols of the markets to be quoted; one at least.</param>
/// <param name="Address">Scheme, host and port in place of the exchange's own, for REST and sockets alike; null for those.</param>
internal sealed record ExchangeChoice(string Kind, ImmutableArray<string> Symbols, Uri? Address)
{
    /// <summary>What it stands behind on the command line.</summary>
    public string Option { get; init; } = "--venue";

    public const string Expected = "KIND:SYMBOL such as okx:DCT-USDT, with further symbols behind commas and another address behind @";

    /// <summary>Whether the text names an exchange and no address of a generic venue.</summary>
    public static bool IsMeant(string text) => !text.Split('=')[^1].StartsWith("http", StringComparison.Ordinal);

    /// <summary>Null, with what is wrong added to the faults, where the text is not of that form.</summary>
    public static ExchangeChoice? Read(string text, List<string> faults)
    {
        if (!TryRead(text, out var choice))
        {
            faults.Add($"--venue '{text}' names no venue: expected {Expected}; or an address such as http://127.0.0.1:8090 of a generic venue");
            return null;
        }

        if (choice.Symbols.Distinct(StringComparer.Ordinal).Count() != choice.Symbols.Length) faults.Add($"--venue '{text}' names a symbol twice");
        return choice;
    }

    /// <summary>False where the text is not of that form.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out ExchangeChoice? choice)
    {
        choice = null;
        var (markets, address) = text.Split('@', 2) is [var before, var after] ? (before, after) : (text, null);
        Uri? uri = null;
        if (markets.Split(':', 2) is not [{ Length: > 0 } kind, { Length: > 0 } list] || list.Split(',') is not { } symbols || symbols.Contains("")
            || (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out uri) && uri.Scheme is "http" or "https")))
            return false;
        choice = new(kind, [.. symbols], uri);
        return true;
    }

    /// <summary>The address of a socket: at <see cref="Address"/> where there is one, else the exchange's own.</summary>
    public Uri Socket(Uri own) => Address is null ? own : new UriBuilder(Address)
    {
        Scheme = Address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs, Path = own.AbsolutePath,
    }.Uri;
}
