using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>What a fault simulation runs: the parts that may be exchanged, and the market of two venues that all runs share.</summary>
public sealed record FaultSettings
{
    /// <summary>How orders leave; a model of the live path unless another is given.</summary>
    public FaultOrderPathFactory OrderPath { get; init; } = (venue, queue, random, write) => new ModelOrderPath(venue, queue, random, write);

    /// <summary>The pipeline of a process, for its parameters and the ids of its orders.</summary>
    public Func<QuotingParameters, OrderIdState, ITopology> Topology { get; init; } =
        (parameters, ids) => new QuotingTopology(Instruments, parameters, ids, TradingMode.Live);

    /// <summary>One asset at two venues.</summary>
    public static InstrumentCatalog Instruments { get; } = new([Market(0, "east"), Market(1, "west")]);

    /// <summary>Names of the venues.</summary>
    public static System.Collections.Immutable.ImmutableArray<string> Venues { get; } = [.. Instruments.All.Select(i => i.Venue)];

    /// <summary>Limits so small that quotes meet them all the time.</summary>
    public static QuotingParameters Parameters { get; } = Variant(0);

    internal static RunIdentity Identity { get; } = new("faults", "simulation", "none", TradingMode.Live);

    /// <summary>Parameter sets that an operator changes to; limits are the same in all.</summary>
    public static QuotingParameters Variant(int number) => new()
    {
        Quote = new() { MaximumQuoteSize = 80 + 40 * (number % 3), SkewBps = 3 - number % 2 },
        Volatility = new() { HalfLife = TimeSpan.FromSeconds(60) },
        Inventory = new() { CirculatingFloat = 3_000m, Target = 0m, Starting = 0m },
        Breakers = new() { RecoverAfter = TimeSpan.FromSeconds(5), DrawdownLimit = 100_000m },
        Venues = [.. Instruments.All.Select(i => new VenueParameters { Instrument = i.Name, OutstandingNotionalPerSide = 70m })],
    };

    private static Instrument Market(int index, string venue) => new()
    {
        Id = new(index), Venue = venue, Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };
}
