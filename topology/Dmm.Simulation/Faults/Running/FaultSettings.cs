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

    /// <summary>
    /// With legs a little below the caps, so that quotes have to make way for most of them, and a patience so short that it ends all the time.
    /// </summary>
    public static RouterParameters Router { get; } = new()
    {
        ThresholdBps = 1, SlippageBps = 1, TradeNotionalMax = 40m, UnhedgedNotionalMax = 60m, UnhedgedMax = TimeSpan.FromSeconds(2),
        LegPatience = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromSeconds(0.2), CoolDown = TimeSpan.FromSeconds(1),
    };

    /// <summary>Every fourth seed has the router switched on, and venues whose makers part.</summary>
    public static bool IsRouted(long seed) => seed % 4 == 0;

    /// <summary>
    /// As <see cref="Variant"/>, with the router where the seed has it: quotes leave its legs room in half of the sets, and have to make way in the
    /// others. One in five switches it off, whatever it is at. What parting books do to our quotes halts nothing.
    /// </summary>
    public static QuotingParameters VariantOf(long seed, int number)
    {
        var variant = Variant(number);
        return !IsRouted(seed) ? variant : variant with
        {
            Router = number % 5 == 4 ? null : Router,
            // Near enough that who takes our last rung does not empty the book before it.
            Quote = variant.Quote with { MaximumQuoteSize = number % 2 == 0 ? 25 : 80, HalfSpreadCapBps = 10, LevelMultiples = [1, 1.1, 1.2] },
            Volatility = variant.Volatility with { MaxBps = 5_000 },
            Breakers = variant.Breakers with { SlippageBps = 200, DiscrepancyBps = 300 },
        };
    }

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
