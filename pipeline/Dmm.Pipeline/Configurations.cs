using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology;
using Dmm.Topology.Engine;
using Dmm.Wire;

namespace Dmm.Pipeline;

/// <summary>Parameter sets, topologies and identity of runs over recorded data.</summary>
internal static class Configurations
{
    // Orders of a replay never leave; the session keeps their ids apart from those of a live run.
    private static readonly OrderIdState ReplayOrderIds = OrderIdState.Fresh("rep", epoch: 0);

    /// <summary>Architecture, operating system and runtime, as recorded with each run.</summary>
    public static string Platform { get; } =
        $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()} "
        + $"{RuntimeInformation.OSDescription} {RuntimeInformation.FrameworkDescription}";

    /// <summary>What a run in this process says of itself.</summary>
    public static RunIdentity Identity(QuotingParameters parameters, TradingMode mode) => new(
        typeof(Configurations).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        Platform,
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parameters))),
        mode);

    /// <summary>The set for an asset: the specification's for DCT, that of the recorded captures for any other.</summary>
    public static QuotingParameters Parameters(InstrumentCatalog instruments)
    {
        // The recorded venues' own fees for BTC; the simulated venue's for DCT.
        return instruments.All[0].BaseAsset == "DCT"
            ? QuotingParameters.Dct(instruments.All.Select(i => new VenueParameters { Instrument = i.Name }))
            : QuotingParameters.Btc(instruments.All.Select(i => new VenueParameters
            {
                Instrument = i.Name, MakerFeeBps = 0, TakerFeeBps = 4, OutstandingNotionalPerSide = 100_000m,
            }));
    }

    /// <summary>The whole topology.</summary>
    /// <param name="instruments">All markets of the asset.</param>
    /// <param name="parameters">In force.</param>
    /// <param name="mode">Where orders go.</param>
    public static QuotingTopology Topology(InstrumentCatalog instruments, QuotingParameters parameters, TradingMode mode) =>
        new(instruments, parameters, ReplayOrderIds, mode);

    /// <summary>BTC on the three markets of Binance.</summary>
    public static QuotingTopology Demonstration()
    {
        ImmutableArray<(BinanceMarket Market, string Symbol)> markets =
            [(BinanceMarket.Spot, "BTCUSDT"), (BinanceMarket.UsdMargined, "BTCUSDT"), (BinanceMarket.CoinMargined, "BTCUSD_PERP")];
        var instruments = new InstrumentCatalog(markets.Select((m, i) => BinanceInstruments.BuiltIn(m.Market, m.Symbol, new InstrumentId(i))));
        return Topology(instruments, Parameters(instruments), TradingMode.Live);
    }
}
