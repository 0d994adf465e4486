using System.Globalization;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Tests.Driving;

/// <summary>
/// The whole pipeline trading DCT on one simulated exchange, with the baseline parameters. Times are seconds from the start. The market's own book
/// has ten levels of 500 DCT around 1.0000, two ticks apart at the touch.
/// </summary>
internal sealed class ClosedLoop : IDecisionSink, IJournalWriter
{
    /// <summary>A journal's run ends with the full hour, 150 s later: amid the trading of these tests.</summary>
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:57:30Z");

    /// <summary>Orders take 15 ms, answers 5 ms, market data 10 ms, without jitter.</summary>
    public static readonly VenueRules Exact = new() { ResponseLatency = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.Zero };

    public static readonly Instrument Market = new()
    {
        Id = new(0), Venue = "sim", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    private readonly JournaledEngine _engine;

    public ClosedLoop(VenueRules? rules = null, long seed = 1)
    {
        Queue = new(Start);
        Driver = new(Queue, this);
        Exchange = new(Market, rules ?? Exact, Queue, SeededRandom.For(seed, "exchange"), Driver.Deliver);
        Driver.Connect(Exchange);
        var catalogue = new InstrumentCatalog([Market]);
        var parameters = QuotingParameters.Dct(new VenueParameters { Instrument = Market.Name });
        _engine = new(p => new QuotingTopology(catalogue, p, OrderIdState.Fresh("t", 0), TradingMode.Live), catalogue, parameters,
            EngineStart.Fresh(Start), new RunIdentity("1", "test", "none", TradingMode.Live), this, Driver);
        Driver.Drive(_engine);
        for (var i = 0; i < 10; i++)
        {
            Exchange.Submit(Side.Buy, 9_999 - i, 5_000, TimeInForce.GoodTillCancelled);
            Exchange.Submit(Side.Sell, 10_001 + i, 5_000, TimeInForce.GoodTillCancelled);
        }

        Exchange.Connect();
    }

    public SimulationQueue Queue { get; }

    public SimulationDriver Driver { get; }

    public SimulatedExchange Exchange { get; }

    public List<Decision> Decisions { get; } = [];

    public List<(Stamp Stamp, InputKind Kind, ControlMessage? Control)> Inputs { get; } = [];

    /// <summary>Every stamp and decision as text, one a line.</summary>
    public List<string> Record { get; } = [];

    public JournalPosition Position { get; private set; }

    public static Timestamp At(double seconds) => Start + TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public ClosedLoop RunTo(double seconds)
    {
        Driver.RunTo(At(seconds));
        return this;
    }

    public ClosedLoop Submit(double seconds, Side side, long price, long lots, TimeInForce force = TimeInForce.ImmediateOrCancel)
    {
        Queue.Schedule(At(seconds), () => Exchange.Submit(side, price, lots, force));
        return this;
    }

    public IEnumerable<(Timestamp At, T Body)> Decided<T>() => Decisions.Where(d => d.Body is T).Select(d => (d.Cause.At, (T)d.Body));

    public IEnumerable<(Timestamp At, T Message)> Heard<T>()
        where T : ControlMessage => Inputs.Where(i => i.Control is T).Select(i => (i.Stamp.At, (T)i.Control!));

    public void OnDecision(in Decision decision) => Decisions.Add(decision);

    public void BeginRun(RunHeader header)
    {
        Record.Add($"run at {header.StartedAt}");
        Position = new(header.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision - 1);
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        var control = input.Kind == InputKind.Control ? input.Control : null;
        Inputs.Add((stamp, input.Kind, control));
        var text = input.Kind switch
        {
            InputKind.Book => string.Create(CultureInfo.InvariantCulture, $"{input.Book.VenueTime} {input.Book.LastUpdateId}"),
            InputKind.Trade => input.Trade.ToString(),
            _ => control!.ToString(),
        };
        Record.Add($"{stamp} {origin} {text}");
        Position = Position with { Sequence = stamp.Sequence, ReachedAt = stamp.At };
    }

    public void AppendClock(Timestamp reachedAt) => Position = Position with { ReachedAt = reachedAt };

    public void Append(in Decision decision)
    {
        var body = decision.Body is QuoteTarget target
            ? $"{target.Terms} [{string.Join(' ', target.Bids)}] [{string.Join(' ', target.Asks)}]"
            : decision.Body.ToString();
        Record.Add($"{decision.Number} {decision.Cause} {body}");
        Position = Position with { Decision = decision.Number };
    }

    public void Flush()
    {
    }

    public void Dispose() => _engine.Dispose();
}
