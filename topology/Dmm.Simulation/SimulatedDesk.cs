using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>What a simulated desk is made of. Equal settings give equal decisions, byte for byte.</summary>
public sealed record SimulatedDeskSettings
{
    public required long Seed { get; init; }

    public required MarketScenario Scenario { get; init; }

    /// <summary>When trading opens; the market has been running for <see cref="WarmUp"/> by then, so that the volatility is known.</summary>
    public Timestamp Opening { get; init; } = Timestamp.Parse("2026-01-05T12:00:00Z");

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(130);

    public VenueRules ExchangeRules { get; init; } = new();

    public PoolRules PoolRules { get; init; } = new();

    /// <summary>For the markets of <see cref="SimulatedDesk.InstrumentsOf"/>; the scenario's own unless others are given.</summary>
    public QuotingParameters Parameters { get => field ?? SimulatedDesk.ParametersOf(Scenario); init; }

    public Timestamp Start => Opening - WarmUp;
}

/// <summary>
/// The whole pipeline quoting DCT on a simulated order book and a simulated pool: the closed loop of the demo, of its scenarios, and of comparisons.
/// </summary>
public sealed class SimulatedDesk : IDisposable
{
    // A pool of 200,000 DCT against as much in TON; where there is a second it has two parts of five of what is in both.
    private const long PoolBaseTokens = 200_000;
    private const long SecondPoolBaseTokens = PoolBaseTokens * 2 / 3;

    private static readonly PoolFees PoolFees = new(LpBps: 20, ProtocolBps: 10);
    private static readonly DedustFee SecondPoolFee = new(Part: 25, Whole: 10_000);

    private readonly SimulationQueue _queue;

    /// <param name="settings">Everything that decides what happens.</param>
    /// <param name="identity">What runs of the journal say of this process.</param>
    /// <param name="journal">Takes inputs and decisions; owned by the caller.</param>
    /// <param name="observer">Told of inputs and decisions.</param>
    /// <exception cref="ParameterException">Names every fault of the settings.</exception>
    /// <exception cref="JournalException">The journal cannot be begun.</exception>
    public SimulatedDesk(SimulatedDeskSettings settings, RunIdentity identity, IJournalWriter journal, IDecisionSink observer)
    {
        _queue = new SimulationQueue(settings.Start);
        Driver = new SimulationDriver(_queue, observer);
        var instruments = InstrumentsOf(settings.Scenario);
        Exchange = new SimulatedExchange(
            instruments.All[0], settings.ExchangeRules, _queue, SeededRandom.For(settings.Seed, "exchange"), Driver.Deliver);
        Pool = new SimulatedPool(
            instruments.All[1], settings.PoolRules, OpeningPool(settings.Scenario), _queue, SeededRandom.For(settings.Seed, "pool"), Driver.Deliver);
        if (settings.Scenario.HasSecondPool)
        {
            SecondPool = new SimulatedPool(
                instruments.All[2], settings.PoolRules, SecondOpeningPool(settings.Scenario), _queue,
                SeededRandom.For(settings.Seed, "second-pool"), Driver.Deliver);
        }

        if (settings.Scenario.Parting is not null)
        {
            Second = new SimulatedExchange(
                instruments.All[2], settings.ExchangeRules, _queue, SeededRandom.For(settings.Seed, "second"), Driver.Deliver);
        }

        Market = new GeneratedMarket(settings.Seed, settings.Scenario, _queue, Exchange, Hear, Second);
        Driver.Connect(Exchange);
        Driver.Connect(Pool);
        if (SecondPool is not null) Driver.Connect(SecondPool);
        if (Second is not null) Driver.Connect(Second);
        Engine = new JournaledEngine(
            Topology, instruments, settings.Parameters, EngineStart.Fresh(settings.Start, Topology(settings.Parameters)), identity, journal, Driver);
        Driver.Drive(Engine);
        Open(settings);
    }

    /// <summary>An order book quoting DCT in USDT, and a pool against TON.</summary>
    public static InstrumentCatalog Instruments { get; } = new(
    [
        new Instrument
        {
            Id = new(0), Venue = "sim", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
        },
        new Instrument
        {
            Id = new(1), Venue = "pool", Symbol = "DCT/TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.00001m), Sizes = new(0.1m), MinimumSize = 1m, IsPool = true,
        },
    ]);

    /// <summary>The specification's baseline, at the cadence of each venue.</summary>
    public static QuotingParameters DefaultParameters { get; } = QuotingParameters.Dct(
        new VenueParameters { Instrument = Instruments.All[0].Name },
        new VenueParameters { Instrument = Instruments.All[1].Name, RefreshInterval = TimeSpan.FromSeconds(2), MakerFeeBps = 0, TakerFeeBps = 0 });

    /// <summary>The markets of a scenario: those two, and a second order book where books part, or a second pool where there are two.</summary>
    public static InstrumentCatalog InstrumentsOf(MarketScenario scenario) =>
        scenario.Parting is not null ? PartingInstruments : scenario.HasSecondPool ? TwoPoolInstruments : Instruments;

    /// <summary>
    /// The parameters that a scenario is played with unless others are given: the baseline, and where books part the router, with guards that let
    /// quotes be filled away from the other book.
    /// </summary>
    public static QuotingParameters ParametersOf(MarketScenario scenario)
    {
        if (scenario.HasSecondPool) return DefaultParameters with { Venues = [.. DefaultParameters.Venues, SecondPoolParameters] };
        if (scenario.Parting is null) return DefaultParameters;
        return DefaultParameters with
        {
            Router = new(),
            Breakers = DefaultParameters.Breakers with { SlippageBps = 100 },
            Venues =
            [
                DefaultParameters.Venues[0], DefaultParameters.Venues[1] with { Pool = new() },
                new() { Instrument = PartingInstruments.All[2].Name },
            ],
        };
    }

    private static InstrumentCatalog PartingInstruments { get; } =
        new([.. Instruments.All, Instruments.All[0] with { Id = new(2), Venue = "sim2" }]);

    private static InstrumentCatalog TwoPoolInstruments { get; } =
        new([.. Instruments.All, Instruments.All[1] with { Id = new(2), Venue = "pool2" }]);

    private static VenueParameters SecondPoolParameters { get; } = DefaultParameters.Venues[1] with { Instrument = TwoPoolInstruments.All[2].Name };

    public SimulationDriver Driver { get; }

    public JournaledEngine Engine { get; }

    public SimulatedExchange Exchange { get; }

    public SimulatedPool Pool { get; }

    /// <summary>A pool by DeDust's rules beside that one, which has STON.fi's; null where there is one alone.</summary>
    public SimulatedPool? SecondPool { get; }

    /// <summary>The other order book, where books part; null where there is one alone.</summary>
    public SimulatedExchange? Second { get; }

    public GeneratedMarket Market { get; }

    /// <summary>The simulation's present time.</summary>
    public Timestamp Now => _queue.Now;

    /// <summary>Our orders and standing intentions at every venue.</summary>
    public int OpenOrders =>
        Exchange.OpenOrders.Count + Pool.OpenOrders.Count + (SecondPool?.OpenOrders.Count ?? 0) + (Second?.OpenOrders.Count ?? 0);

    /// <summary>The pipeline, as this desk and every replay of its journal build it.</summary>
    public static QuotingTopology Topology(QuotingParameters parameters) =>
        new(Catalog(parameters), parameters, OrderIdState.Fresh("sim", epoch: 0), TradingMode.Live);

    /// <summary>
    /// Stops quoting and lets the venues answer, until none of them holds an order of ours or the time is over.
    /// </summary>
    /// <param name="reason">For the record.</param>
    /// <param name="patience">Longest time that this takes, on the simulation's clock.</param>
    /// <returns>Orders that still stand.</returns>
    public int StopQuoting(string reason, TimeSpan patience)
    {
        Engine.Take(_queue.Now, new Input(new OperatorCommand(OperatorAction.Pause, "host", reason)));
        for (var end = _queue.Now + patience; OpenOrders > 0 && _queue.Now < end;) Driver.RunTo(_queue.Now + TimeSpan.FromMilliseconds(50));
        return OpenOrders;
    }

    public void Dispose() => Engine.Dispose();

    private static InstrumentCatalog Catalog(QuotingParameters parameters) => parameters.Venues.Length == Instruments.Count ? Instruments
        : parameters.Venues[^1].Instrument == PartingInstruments.All[2].Name ? PartingInstruments
        : TwoPoolInstruments;

    private void Open(SimulatedDeskSettings settings)
    {
        var scenario = settings.Scenario;
        double PoolPrice() => Market.EfficientPrice / Market.TonPrice;
        Market.Start();
        Exchange.Connect();
        Second?.Connect();
        Pool.Start();
        new PoolArbitrageur(Pool, PoolPrice, scenario.Arbitrage, _queue, SeededRandom.For(settings.Seed, "arbitrage")).Start();
        new PoolNoiseTraders(Pool, scenario.PoolNoise, _queue, SeededRandom.For(settings.Seed, "pool-noise")).Start();
        if (SecondPool is not { } second) return;
        second.Start();
        new PoolArbitrageur(second, PoolPrice, scenario.Arbitrage, _queue, SeededRandom.For(settings.Seed, "second-arbitrage")).Start();
        new PoolNoiseTraders(second, scenario.PoolNoise, _queue, SeededRandom.For(settings.Seed, "second-pool-noise")).Start();
    }

    /// <summary>The price of gas is both what the pipeline hears and what the pool's swaps cost.</summary>
    private void Hear(in Input input)
    {
        if (input.Control is GasPrice gas)
        {
            Pool.GasPerSwapTon = gas.TonPerSwap;
            if (SecondPool is not null) SecondPool.GasPerSwapTon = gas.TonPerSwap;
        }

        Driver.Deliver(input);
    }

    private static TokenPool OpeningPool(MarketScenario scenario)
    {
        var (held, money) = Reserves(scenario, PoolBaseTokens);
        return new TokenPool(held, money, PoolFees);
    }

    private static DedustTokenPool SecondOpeningPool(MarketScenario scenario)
    {
        var (held, money) = Reserves(scenario, SecondPoolBaseTokens);
        return new DedustTokenPool(held, money, SecondPoolFee);
    }

    private static (BigInteger Base, BigInteger Quote) Reserves(MarketScenario scenario, long tokens)
    {
        var nano = new BigInteger(1_000_000_000);
        var tonPerToken = scenario.Flow.Price.InitialPrice / scenario.Reference.InitialPrice;
        return (tokens * nano, new BigInteger(tokens * tonPerToken * 1e9));
    }
}
