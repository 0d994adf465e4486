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

    /// <summary>What the venue lists.</summary>
    /// <exception cref="BadInputException">What it answers is no list of instruments.</exception>
    public static InstrumentListing Read(string address, Func<InstrumentListing> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException unreadable)
        {
            throw new BadInputException($"{address} does not speak this protocol: {unreadable.Message}");
        }
    }

    /// <summary>The markets that are to be quoted, in the order of the symbols: spot, and contracts whose profit is in the quote asset.</summary>
    /// <exception cref="BadInputException">Names each symbol that is not listed, not traded, or an inverse contract.</exception>
    public static ImmutableArray<ListedMarket> Of(IEnumerable<string> symbols, Func<string, InstrumentListing> listing)
    {
        var markets = Listed(symbols, listing);
        string[] inverse = [.. markets.Where(m => m.Instrument.Kind == ContractKind.Inverse).Select(m => m.Instrument.Name)];
        return inverse is [] ? markets : throw new BadInputException([.. inverse.Select(name =>
            $"{name} is an inverse contract, sized in its quote asset and settled in its base asset: expected a spot market or a linear contract")]);
    }

    /// <summary>The instruments in the order of the symbols, whatever they are.</summary>
    /// <exception cref="BadInputException">Names each symbol that is not listed or not traded.</exception>
    public static ImmutableArray<ListedMarket> Listed(IEnumerable<string> symbols, Func<string, InstrumentListing> listing)
    {
        List<string> faults = [];
        var markets = ImmutableArray.CreateBuilder<ListedMarket>();
        foreach (var symbol in symbols)
        {
            try
            {
                markets.Add(new(listing(symbol).Require(symbol, new InstrumentId(markets.Count)), Fees.MakerFeeBps, Fees.TakerFeeBps));
            }
            catch (Exception unlisted) when (unlisted is KeyNotFoundException or FormatException)
            {
                faults.Add(unlisted.Message);
            }
        }

        return faults.Count == 0 ? markets.ToImmutable() : throw new BadInputException(faults);
    }
}
