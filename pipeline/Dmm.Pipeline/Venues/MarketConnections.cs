using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Collecting;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>Venues that market data is had from without a key, as <c>--venue</c> gives them: to be priced from, or collected.</summary>
internal static class MarketConnections
{
    private static readonly BinanceMarket[] Markets = [BinanceMarket.Spot, BinanceMarket.UsdMargined];

    /// <summary>The exchanges on which no desk can quote.</summary>
    public static ImmutableArray<string> Kinds { get; } = [.. Markets.Select(BinanceInstruments.Venue)];

    /// <summary>All exchanges that can be collected.</summary>
    public static ImmutableArray<string> Collected { get; } = [.. Exchanges.Kinds, .. Kinds];

    /// <summary>A venue of one of those kinds on which no desk can quote.</summary>
    /// <exception cref="ParameterException">The address is none of a venue's.</exception>
    public static BinanceConnection Connect(ExchangeChoice choice, TimeProvider time)
    {
        var own = new BinanceOptions { Market = Markets.Single(market => BinanceInstruments.Venue(market) == choice.Kind) };
        var options = choice.Address is null ? own : own with { BaseUrl = choice.Address, SocketUrl = choice.Socket(own.Socket) };
        return new(options.Checked(), choice.Symbols, time);
    }

    /// <summary>The markets of an exchange; null, with what is wrong added to the faults, where they cannot be had.</summary>
    /// <param name="choice">One of <see cref="Collected"/>.</param>
    /// <param name="text">As given.</param>
    /// <param name="faults">Grows.</param>
    /// <param name="time">The host's clock.</param>
    public static IMarketConnection? OfExchange(ExchangeChoice choice, string text, List<string> faults, TimeProvider time)
    {
        try
        {
            return Kinds.Contains(choice.Kind) ? Connect(choice, time) : Exchanges.ConnectToMarkets(choice, faults, time);
        }
        catch (ParameterException faulty)
        {
            faults.AddRange(faulty.Faults.Select(fault => $"{choice.Option} '{text}': {fault}"));
            return null;
        }
    }

    /// <summary>Reads what is to be collected, and adds what is wrong with it to the faults.</summary>
    /// <param name="venues">As given: addresses of generic venues, and exchanges with their symbols.</param>
    /// <param name="faults">Grows.</param>
    /// <param name="time">The host's clock.</param>
    public static ImmutableArray<IMarketConnection> Read(IReadOnlyList<string> venues, List<string> faults, TimeProvider time)
    {
        var generic = VenueAccess.Addresses([.. venues.Where(text => !ExchangeChoice.IsMeant(text))], credentials: null, faults);
        List<IMarketConnection> all = [.. generic.Select(options => new HmacMarketConnection(options, time))];
        foreach (var text in venues.Where(ExchangeChoice.IsMeant))
        {
            if (ExchangeChoice.Read(text, faults) is not { } choice) continue;
            if (!Collected.Contains(choice.Kind))
            {
                faults.Add($"--venue: '{choice.Kind}' cannot be collected: expected one of {string.Join(", ", Collected)}, or a generic venue's address");
                continue;
            }

            if (OfExchange(choice, text, faults, time) is { } markets) all.Add(markets);
        }

        foreach (var name in all.Where(c => c is not HmacMarketConnection).GroupBy(c => c.Name).Where(same => same.Count() > 1).Select(same => same.Key))
            faults.Add($"--venue {name} is given twice: expected all its symbols behind one, with commas");
        return [.. all];
    }
}
