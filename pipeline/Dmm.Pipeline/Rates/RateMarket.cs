using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Rates;

/// <summary>A market outside the desk's catalogue, whose middle is what its base asset is worth.</summary>
/// <param name="Text">As it was asked for.</param>
/// <param name="Venue">Its market data.</param>
/// <param name="Instrument">As listed, under our name of its base asset.</param>
internal sealed record RateMarket(string Text, IMarketConnection Venue, Instrument Instrument)
{
    /// <summary>What it tells the worth of.</summary>
    public string Asset => Instrument.BaseAsset;

    /// <summary>
    /// Holds what is given against what a desk needs: each quote asset that is no numeraire has one rate, in a numeraire, and each rate is of such an
    /// asset.
    /// </summary>
    /// <exception cref="BadInputException">Names every asset that lacks a rate, and every rate that is of no use.</exception>
    public static void Require(ImmutableArray<RateMarket> rates, InstrumentCatalog instruments, ImmutableArray<string> numeraireAssets)
    {
        List<string> faults = [];
        var needed = BreakerSubjects.ReferenceAssets(instruments, numeraireAssets);
        foreach (var asset in needed.Where(asset => rates.All(rate => rate.Asset != asset)))
        {
            var markets = string.Join(", ", instruments.All.Where(i => i.QuoteAsset == asset).Select(i => i.Name));
            faults.Add($"nothing tells what {asset} is worth, which {markets} is quoted in: expected {RateChoice.Option} with a market of it, "
                + RateChoice.Expected);
        }

        foreach (var rate in rates)
        {
            var (asset, money) = (rate.Asset, rate.Instrument.QuoteAsset);
            if (!needed.Contains(asset))
                faults.Add($"{RateChoice.Option} {rate.Text} tells what {asset} is worth, which no market is quoted in: expected {Named(needed)}");
            if (!numeraireAssets.Contains(money))
                faults.Add($"{RateChoice.Option} {rate.Text} is quoted in {money}: expected a market quoted in {Named(numeraireAssets)}");
        }

        foreach (var twice in rates.GroupBy(rate => rate.Asset).Where(same => same.Count() > 1))
        {
            var both = string.Join(" and ", twice.Select(rate => rate.Text));
            faults.Add($"{RateChoice.Option} {both} tell both what {twice.Key} is worth: expected one");
        }

        if (faults.Count > 0) throw new BadInputException(faults);
    }

    /// <summary>Its rates, and how its feed fares.</summary>
    public DeskFeed Feed(HttpClient client) => async (write, cancellation) =>
    {
        using var book = new RateBook(Instrument, write);
        await Venue.Feed(client, [Instrument])(book.TakeAsync, cancellation);
    };

    private static string Named(ImmutableArray<string> assets) => assets is [] ? "none" : string.Join(" or ", assets);
}
