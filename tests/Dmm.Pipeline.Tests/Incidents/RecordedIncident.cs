using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Simulation;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Tests.Incidents;

/// <summary>
/// Four minutes of a simulated desk, recorded once: killed at 12:01:00, re-enabled at 12:01:20, a hostile message at 12:01:40, other parameters
/// from 12:02:00.
/// Runs begin at 11:57:50, 12:00:00 and 12:02:00.
/// </summary>
public sealed class RecordedIncident : IDisposable
{
    public const string Hostile = "<script>alert('x')</script> & \"more\" \u0001";

    private readonly ScratchFolder _folder = new();
    private int _copies;

    public RecordedIncident()
    {
        var settings = new SimulatedDeskSettings { Seed = 3, Scenario = MarketScenarios.Calm };
        using var writer = SegmentJournalWriter.Open(new SegmentJournalOptions { Directory = Journal });
        using var desk = new SimulatedDesk(settings, Configurations.Identity(settings.Parameters, TradingMode.Live), writer, new Unwatched());
        desk.Driver.RunTo(At("12:01:00"));
        desk.Engine.Take(desk.Now, new Input(new OperatorCommand(OperatorAction.Kill, "ann", "drill")));
        desk.Driver.RunTo(At("12:01:20"));
        desk.Engine.Take(desk.Now, new Input(new OperatorCommand(OperatorAction.Reenable, "bob", "drill is over")));
        desk.Driver.RunTo(At("12:01:40"));
        desk.Engine.Take(desk.Now, new Input(new Rejected("sim", Hostile, "raw")));
        desk.Driver.RunTo(At("12:02:00"));
        var wider = settings.Parameters with { Quote = settings.Parameters.Quote with { FloorOverFeesBps = 20 } };
        desk.Engine.Take(desk.Now, new Input(new ParameterChange(wider, "cid", "wider")));
        desk.Driver.RunTo(At("12:04:00"));
        desk.Engine.Close();
    }

    public string Journal => _folder["journal"];

    internal IJournalReader Reader => new SegmentJournalReader(Journal);

    public string Folder(string name) => _folder[name];

    public static Timestamp At(string time) => Timestamp.Parse($"2026-01-05T{time}Z");

    /// <summary>The same journal with something else in it, all checksums right.</summary>
    internal string Rewritten(Func<JournalRecord, bool> keeps, Func<Decision, Decision?> decisions)
    {
        var copy = _folder[$"copy-{Interlocked.Increment(ref _copies)}"];
        using var writer = SegmentJournalWriter.Open(new SegmentJournalOptions { Directory = copy });
        var runs = Reader.Runs().ToArray();
        for (var i = 0; i < runs.Length; i++)
        {
            foreach (var record in Reader.Inputs(runs[i].Run).Where(keeps))
            {
                if (record.Kind == JournalRecordKind.Run) writer.BeginRun(record.Header!);
                else if (record.Kind == JournalRecordKind.Clock) writer.AppendClock(record.Stamp.At);
                else writer.Append(record.Stamp, record.Input, record.Origin);
            }

            foreach (var decision in Reader.Decisions(runs[i].Run))
                if (decisions(decision) is { } kept) writer.Append(kept);
        }

        return copy;
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Unwatched : IDecisionSink
    {
        public void OnDecision(in Decision decision)
        {
        }
    }
}
