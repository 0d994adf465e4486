using Dmm.Core;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Scenarios;

/// <summary>Plays a scenario on virtual time. The same scenario gives the same decisions.</summary>
public sealed class ScenarioRun
{
    // Simultaneous inputs are stamped 100 ns apart; so many of them are still one instant.
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(10);

    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    private readonly Scenario _scenario;
    private readonly Timestamp _zero;
    private readonly Timestamp _end;
    private readonly ScenarioLog _log;
    private readonly List<Watch> _watches = [];
    private ScenarioStage? _stage;

    private ScenarioRun(Scenario scenario)
    {
        _scenario = scenario;
        _zero = Start + scenario.WarmUp;
        _end = _zero + scenario.End;
        _log = new ScenarioLog(scenario.Market, _zero);
    }

    /// <summary>Plays it from beginning to end; what goes wrong on the way is in the outcome.</summary>
    /// <exception cref="ScenarioScriptException">It cannot be played as it is written: <see cref="ScenarioCheck"/>.</exception>
    /// <exception cref="ParameterException">A parameter of its market is out of range.</exception>
    public static ScenarioOutcome Of(Scenario scenario)
    {
        var faults = ScenarioCheck.Faults(scenario);
        return faults.IsEmpty ? new ScenarioRun(scenario).Play() : throw new ScenarioScriptException(scenario, faults);
    }

    private ScenarioOutcome Play()
    {
        using var stage = _stage = new ScenarioStage(_scenario, Start, _log);
        _log.Inventory(_zero, stage.Board.Inventory);
        try
        {
            PlaySteps(stage);
        }
        catch (EngineFaultException fault)
        {
            _log.Add(Timestamp.Max(stage.Queue.Now, _zero), TimelineKind.Failed, $"the pipeline ended: {fault.Message}");
        }

        return new()
        {
            Scenario = _scenario,
            Zero = _zero,
            Timeline = _log.Entries,
            Decisions = stage.Board.Decisions,
            Mids = _log.Mids,
            Inventories = _log.Inventories,
        };
    }

    private void PlaySteps(ScenarioStage stage)
    {
        foreach (var instant in _scenario.Steps.GroupBy(s => _zero + s.At))
        {
            PassTo(instant.Key, isIncluded: false);
            Begin(stage, instant.Key, [.. instant]);
            Settle(stage, instant.Key);
        }

        PassTo(_end, isIncluded: true);
        Close(stage);
    }

    /// <summary>Lets everything happen before an instant, one instant after the other.</summary>
    private void PassTo(Timestamp time, bool isIncluded)
    {
        var stage = _stage!;
        var limit = isIncluded ? time : time - Timestamp.Unit;
        while (stage.NextBy(limit) is { } at)
        {
            stage.RunTo(at + Instant < time || isIncluded ? at + Instant : limit);
            Judge(stage, at);
        }
    }

    /// <summary>What is due then comes first, then the script, in its own order.</summary>
    private void Begin(ScenarioStage stage, Timestamp at, ScenarioStep[] steps)
    {
        var before = stage.Board.Decisions.Count;
        stage.RunTo(at);
        _log.Take(at, stage.Board.Decisions, stage.Market.Feeds);
        var after = stage.Board.Decisions.Count;
        foreach (var step in steps)
        {
            if (step.Act is Happening happening)
            {
                _log.Add(at, TimelineKind.Happened, happening.Text, step.Line);
                happening.Take(stage);
                _log.Take(at, stage.Board.Decisions, stage.Market.Feeds);
            }
            else
            {
                var until = step.Until is { } end ? _zero + end : _end;
                var expectation = (Expectation)step.Act;
                // What fell due at this instant may be what is expected; what is forbidden begins with the script's own doing.
                var since = expectation.Kind is ExpectationKind.AtOnce or ExpectationKind.Within ? before : after;
                _watches.Add(new Watch(step, expectation, until, since));
                // A deadline is an instant of its own, even when nothing happens then.
                stage.Queue.Schedule(until, () => { });
            }
        }
    }

    private void Settle(ScenarioStage stage, Timestamp at)
    {
        stage.RunTo(at + Instant);
        Judge(stage, at);
    }

    private void Judge(ScenarioStage stage, Timestamp at, bool isLast = false)
    {
        _log.Take(at, stage.Board.Decisions, stage.Market.Feeds);
        _watches.RemoveAll(watch =>
        {
            if (watch.Look(stage.Board, at, isLast) is not { } answer) return false;
            _log.Add(at, answer.Holds ? TimelineKind.Met : TimelineKind.Failed, answer.Text, watch.Step.Line);
            return true;
        });
    }

    /// <summary>Whatever was expected, the pipeline must reckon with what the venues' fills make of its inventory.</summary>
    private void Close(ScenarioStage stage)
    {
        Judge(stage, _end, isLast: true);
        var (believed, real) = (stage.Board.BelievedInventory, stage.Board.Inventory);
        if (believed is { } inventory && !Bounds.Is((double)real).Hold((double)inventory))
            _log.Add(_end, TimelineKind.Failed,
                $"the pipeline reckons with an inventory of {Say.Number(inventory)} DCT; its fills make {Say.Number(real)}");
    }
}
