using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>
/// A pool as <c>--pool</c> names it: <c>stonfi:ADDRESS</c>, with <c>=DCT</c> behind it where the chain does not tell the token's name.
/// </summary>
/// <param name="Exchange">Whose rules it follows.</param>
/// <param name="Pool">Its address, in any form.</param>
/// <param name="Asset">What we call its token; null for what the chain calls it.</param>
internal sealed record PoolChoice(PoolExchange Exchange, Address Pool, string? Asset)
{
    public const string Expected = "KIND:ADDRESS, KIND one of stonfi, dedust, with =NAME behind it where the chain does not tell the token's name";

    /// <summary>Null, with what is wrong added to the faults, where the text is not of that form.</summary>
    public static PoolChoice? Read(string text, List<string> faults)
    {
        var (place, asset) = text.Split('=', 2) is [var before, var after] ? (before, after) : (text, null);
        if (place.Split(':', 2) is not [var kind, { Length: > 0 } written] || ExchangeOf(kind) is not { } exchange)
        {
            faults.Add($"--pool '{text}' names no pool: expected {Expected}");
            return null;
        }

        if (asset is not null && !PoolInstruments.IsSymbol(asset))
            faults.Add($"--pool '{text}': '{asset}' is no name: expected letters and digits, such as DCT");
        var isAddress = Address.TryParse(written, out var address, out var form, out var fault);
        if (!isAddress) faults.Add($"--pool '{text}': {fault}");
        else if (form is { IsTestOnly: true }) faults.Add($"--pool '{text}' is of the test network: expected a pool of the main one");
        return isAddress ? new(exchange, address!, asset) : null;
    }

    /// <summary>The exchange of a venue's name; null for any other.</summary>
    public static PoolExchange? ExchangeOf(string kind)
    {
        foreach (var exchange in Enum.GetValues<PoolExchange>())
            if (PoolInstruments.VenueOf(exchange) == kind) return exchange;
        return null;
    }
}
