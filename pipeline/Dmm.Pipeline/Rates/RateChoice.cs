using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Venues;

namespace Dmm.Pipeline.Rates;

/// <summary>
/// A market that tells what an asset is worth, as <c>--rate</c> names it: <c>okx:TON-USDT</c>, with <c>=TON</c> behind it where the exchange calls
/// the asset otherwise.
/// </summary>
/// <param name="Text">As given.</param>
/// <param name="Venue">Its market data, of that one symbol.</param>
/// <param name="Asset">What we call its base asset; null for what the exchange calls it.</param>
internal sealed record RateChoice(string Text, IMarketConnection Venue, string? Asset)
{
    public const string Option = "--rate";

    public const string Expected = "KIND:SYMBOL such as okx:TON-USDT, with another address behind @, and =ASSET at the end where the exchange calls "
        + "the asset otherwise, as in okx:GRAM-USDT=TON";

    /// <summary>Reads them, and adds what is wrong with them to the faults.</summary>
    public static ImmutableArray<RateChoice> Read(IReadOnlyList<string> texts, List<string> faults, TimeProvider time)
    {
        foreach (var twice in texts.GroupBy(text => text).Where(same => same.Count() > 1)) faults.Add($"{Option} {twice.Key} is given twice");
        return [.. texts.Distinct().Select(text => Read(text, faults, time)).OfType<RateChoice>()];
    }

    /// <summary>The market as its venue lists it.</summary>
    /// <exception cref="BadInputException">The venue does not list it, or does not answer.</exception>
    public async Task<RateMarket> FindAsync(HttpClient client, CancellationToken cancellation)
    {
        var listed = (await Venue.ListAsync(client, cancellation))[0].Instrument;
        return new(Text, Venue, Asset is null ? listed : listed with { BaseAsset = Asset });
    }

    private static RateChoice? Read(string text, List<string> faults, TimeProvider time)
    {
        var at = text.LastIndexOf('=');
        var (place, asset) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        var before = faults.Count;
        if (asset is not null && (asset.Length == 0 || !asset.All(char.IsAsciiLetterOrDigit)))
            faults.Add($"{Option} '{text}': '{asset}' is no name of an asset: expected letters and digits, such as TON");
        if (!ExchangeChoice.IsMeant(place) || !ExchangeChoice.TryRead(place, out var choice) || choice.Symbols is not [_])
        {
            faults.Add($"{Option} '{text}' names no market: expected {Expected}");
            return null;
        }

        choice = choice with { Option = Option };
        var venue = MarketConnections.Collected.Contains(choice.Kind) ? MarketConnections.OfExchange(choice, place, faults, time) : null;
        if (venue is null && faults.Count == before)
            faults.Add($"{Option}: '{choice.Kind}' is not known: expected one of {string.Join(", ", MarketConnections.Collected)}");
        return venue is not null && faults.Count == before ? new(text, venue, asset) : null;
    }
}
