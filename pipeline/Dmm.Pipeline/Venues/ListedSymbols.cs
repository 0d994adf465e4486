using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>Configured symbols against what an exchange lists.</summary>
internal static class ListedSymbols
{
    // No exchange tells its fees without a key of the right kind: these are --set where they differ.
    private static readonly VenueParameters Fees = new() { Instrument = "" };

    /// <summary>The markets in the order of the symbols.</summary>
    /// <exception cref="BadInputException">Names each symbol that is not listed, not traded, or no spot market.</exception>
    public static ImmutableArray<ListedMarket> Of(IEnumerable<string> symbols, Func<string, InstrumentListing> listing)
    {
        List<string> faults = [];
        var markets = ImmutableArray.CreateBuilder<ListedMarket>();
        foreach (var symbol in symbols)
        {
            try
            {
                var instrument = listing(symbol).Require(symbol, new InstrumentId(markets.Count));
                if (instrument.Kind != ContractKind.Spot)
                    faults.Add($"{instrument.Name} is a contract: a desk quotes spot markets, because what it holds of contracts is not read at its start");
                markets.Add(new(instrument, Fees.MakerFeeBps, Fees.TakerFeeBps));
            }
            catch (Exception unlisted) when (unlisted is KeyNotFoundException or FormatException)
            {
                faults.Add(unlisted.Message);
            }
        }

        return faults.Count == 0 ? markets.ToImmutable() : throw new BadInputException(faults);
    }
}
