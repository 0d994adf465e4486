using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Simulation.Scenarios;
using Dmm.Topology.Engine;
using PipelineEngine = Dmm.Topology.Engine.Engine;

namespace Dmm.Topology.Tests;

/// <summary>
/// The bare engine, in shadow mode unless told otherwise, input by input, for tests of the wiring: single messages, causes, snapshots. What a
/// trader would tell of the pipeline is a <see cref="Scenario"/>, whose markets this uses. The venue's clock equals the engine's.
/// </summary>
internal sealed class Desk : IEngineLog, IDisposable
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    private readonly TradingMode _mode;
    private readonly Dictionary<InstrumentId, long> _updateIds = [];
    private readonly HashSet<string> _ended = [];
    private PipelineEngine _engine;

    public Desk(InstrumentCatalog instruments, QuotingParameters parameters, TradingMode mode = TradingMode.Shadow)
    {
        Instruments = instruments;
        Parameters = parameters;
        _mode = mode;
        _engine = new PipelineEngine(Topology, EngineStart.Fresh(Start), this);
    }

    public InstrumentCatalog Instruments { get; }

    public QuotingParameters Parameters { get; private set; }

    public List<Decision> Decisions { get; } = [];

    public List<(Stamp Stamp, Input Input, InputOrigin Origin)> Inputs { get; } = [];

    public Timestamp Now => _engine.Time;

    private QuotingTopology Topology => new(Instruments, Parameters, OrderIdState.Fresh("t", 0), _mode);

    /// <summary>One order-book venue quoting DCT in USDT, with the baseline parameters of the specification.</summary>
    public static Desk OneVenue(Func<QuotingParameters, QuotingParameters>? change = null) => On(ScenarioMarket.OneVenue(), change);

    /// <summary>Two order-book venues and a pool against TON.</summary>
    public static Desk ThreeMarkets(Func<QuotingParameters, QuotingParameters>? change = null) => On(ScenarioMarket.TwoVenuesAndPool(), change);

    public Stamp Take(TimeSpan at, ControlMessage message) => Take(Start + at, new Input(message));

    public Stamp Take(Timestamp at, in Input input) => _engine.Take(at, input);

    public void AdvanceTo(TimeSpan at) => _engine.AdvanceTo(Start + at);

    /// <summary>The whole book of an instrument becomes these ten levels around the mid, in ticks.</summary>
    public void Snapshot(TimeSpan at, int instrument, long midTicks, long spreadTicks = 2, long sizeLots = 5_000) =>
        Book(at, instrument, isSnapshot: true, id => id, Levels(midTicks, spreadTicks, sizeLots), 10);

    /// <summary>One level changes.</summary>
    public void Delta(TimeSpan at, int instrument, Side side, long priceTicks, long sizeLots, long skippedIds = 0) =>
        Book(at, instrument, isSnapshot: false, id => id + skippedIds, [new(priceTicks, sizeLots)], side == Side.Buy ? 1 : 0);

    /// <summary>A fill of ours of that size, in the base asset, at that price.</summary>
    public void Fill(TimeSpan at, int instrument, Side side, decimal price, decimal quantity, string tradeId, TimeSpan? quotedAt = null) => Take(at, new Fill
    {
        Instrument = new(instrument), TradeId = tradeId, ClientOrderId = "", Side = side, Price = price, Quantity = quantity, Fee = 0, FeeAsset = "USDT",
        IsMaker = true, QuotedAt = Start + (quotedAt ?? at - TimeSpan.FromSeconds(1)), VenueTime = Start + at, QuotedHalfSpreadBps = 10,
    });

    /// <summary>A market that stands still: each venue repeats its book every half second, from one time to another.</summary>
    public void Quiet(TimeSpan from, TimeSpan to, long midTicks = 10_000)
    {
        for (var at = from; at < to; at += TimeSpan.FromSeconds(0.5))
        {
            foreach (var instrument in Instruments.All)
            {
                if (instrument.IsPool) Take(at, new ReferenceRate("TON", "USDT", 3m, Start + at));
                Snapshot(at, instrument.Id.Index, instrument.IsPool ? midTicks * 10 / 3 : midTicks);
            }
        }
    }

    /// <summary>The engine is torn down and goes on from its snapshot.</summary>
    public void Restart()
    {
        var snapshot = _engine.Capture();
        _engine.Dispose();
        _engine = new PipelineEngine(Topology, snapshot, this);
    }

    /// <summary>The same with other parameters.</summary>
    public void Restart(QuotingParameters parameters)
    {
        Parameters = parameters;
        Restart();
    }

    public IEnumerable<(Timestamp At, T Body)> Of<T>() =>
        Decisions.Where(d => d.Body is T).Select(d => (d.Cause.At, (T)d.Body));

    public IEnumerable<QuoteTarget> QuotesAt(TimeSpan at) => Of<QuoteTarget>().Where(q => q.At == Start + at).Select(q => q.Body);

    public QuoteTarget LastQuote(int instrument = 0) => Of<QuoteTarget>().Last(q => q.Body.Instrument.Index == instrument).Body;

    /// <summary>The order was filled whole: it rests no more.</summary>
    public void Ended(string clientOrderId) => _ended.Add(clientOrderId);

    /// <summary>Orders that rest when every intent so far is carried out.</summary>
    public ImmutableSortedDictionary<string, OrderIntent> Resting()
    {
        var resting = ImmutableSortedDictionary<string, OrderIntent>.Empty;
        foreach (var (_, intent) in Of<OrderIntent>())
            resting = intent.Kind == OrderIntentKind.Cancel ? resting.Remove(intent.ClientOrderId) : resting.SetItem(intent.ClientOrderId, intent);
        return resting.RemoveRange(_ended);
    }

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin) => Inputs.Add((stamp, input, origin));

    public void OnDecision(in Decision decision) => Decisions.Add(decision);

    public void Dispose() => _engine.Dispose();

    private static Desk On(ScenarioMarket market, Func<QuotingParameters, QuotingParameters>? change) =>
        new(market.Instruments, (change ?? (p => p))(market.Parameters));

    private static BookLevel[] Levels(long midTicks, long spreadTicks, long sizeLots) =>
    [
        .. Enumerable.Range(0, 10).Select(i => new BookLevel(midTicks - spreadTicks / 2 - i, sizeLots)),
        .. Enumerable.Range(0, 10).Select(i => new BookLevel(midTicks + spreadTicks / 2 + i, sizeLots)),
    ];

    private void Book(TimeSpan at, int instrument, bool isSnapshot, Func<long, long> next, BookLevel[] levels, int bids)
    {
        var id = new InstrumentId(instrument);
        var updateId = next(_updateIds.GetValueOrDefault(id) + 1);
        _updateIds[id] = updateId;
        Take(Start + at, new Input(new BookUpdate
        {
            Instrument = id, IsSnapshot = isSnapshot, VenueTime = Start + at, ReceiveTime = Start + at, FirstUpdateId = updateId, LastUpdateId = updateId,
            PreviousUpdateId = -1, BidCount = bids, Levels = levels,
        }));
    }
}
