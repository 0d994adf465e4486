using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Scenarios;

/// <summary>The desk that a scenario plays on: the journaled pipeline, its scripted market, and the board where all that is seen is kept.</summary>
internal sealed class ScenarioStage : IDecisionSink, IDisposable
{
    private const string Operator = "ann";

    private readonly InstrumentCatalog _instruments;
    private readonly ScenarioLog _log;
    private readonly SimulationDriver _driver;
    private readonly JournaledEngine _engine;

    public ScenarioStage(Scenario scenario, Timestamp start, ScenarioLog log)
    {
        (_instruments, _log) = (scenario.Market.Instruments, log);
        Queue = new SimulationQueue(start);
        _driver = new SimulationDriver(Queue, this);
        Market = new ScriptedMarket(scenario.Market, Queue, Deliver, scenario.Seed);
        Board = new ScenarioBoard(scenario.Market, Market);
        foreach (var venue in Market.Venues) _driver.Connect(venue);
        _engine = new JournaledEngine(
            parameters => new QuotingTopology(scenario.Market.Instruments, parameters, OrderIdState.Fresh("s", 0), TradingMode.Paper),
            scenario.Market.Instruments, scenario.Market.Parameters, EngineStart.Fresh(start),
            new RunIdentity("scenario", "scenario", "none", TradingMode.Paper), Journal, _driver);
        _driver.Drive(_engine);
    }

    public SimulationQueue Queue { get; }

    public ScriptedMarket Market { get; }

    public ScriptedJournal Journal { get; } = new();

    public ScenarioBoard Board { get; }

    /// <summary>When the next thing happens, inside the pipeline or outside; null when nothing is due by that time.</summary>
    public Timestamp? NextBy(Timestamp limit)
    {
        var next = Queue.NextAt is { } at && at <= limit ? at : (Timestamp?)null;
        return _engine.NextTimerAt is { } due && due <= limit && !(next <= due) ? Timestamp.Max(due, Queue.Now) : next;
    }

    public void RunTo(Timestamp time) => _driver.RunTo(time);

    public void Deliver(in Input input)
    {
        if (input is { Kind: InputKind.Control, Control: Fill fill })
        {
            Board.OnFill(fill);
            _log.Inventory(Queue.Now, Board.Inventory);
        }

        _driver.Deliver(input);
    }

    public void Change(Func<QuotingParameters, QuotingParameters> change, string what)
    {
        var changed = change(Board.Parameters);
        Deliver(new Input(new ParameterChange(changed, Operator, what)));
        try
        {
            Board.Parameters = changed.Validated(_instruments);
        }
        catch (ParameterException)
        {
            // The pipeline refuses the set and says so; the old one stays in force.
        }
    }

    /// <summary>The script cannot go on as it was written.</summary>
    public void Fail(string text) => _log.Add(Queue.Now, TimelineKind.Failed, text);

    public void OnDecision(in Decision decision) => Board.OnDecision(decision);

    public void Dispose()
    {
        _engine.Dispose();
        Journal.Dispose();
    }
}
