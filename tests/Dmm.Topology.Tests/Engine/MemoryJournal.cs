using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Tests.Engine;

/// <summary>
/// A journal in memory that keeps the ports' contract: every record must follow the one before, a call takes its record whole or changes nothing, and only
/// what was flushed counts as kept. Writes its calls to a list that others may write to as well, and fails where it is told to.
/// </summary>
public sealed class MemoryJournal : IJournalWriter, IJournalReader
{
    private readonly List<JournalRecord> _records = [];
    private readonly List<(long Run, Decision Decision)> _decisions = [];
    private Timestamp _lastInputAt;
    private int _flushed;

    /// <summary>The calls that succeeded, each as a word and what it was about.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Called with the number of each call to the writer, from 1; what it returns is thrown.</summary>
    public Func<int, Exception?> Fault { get; set; } = _ => null;

    /// <summary>Calls to the writer so far, failed ones too.</summary>
    public int CallCount { get; private set; }

    public JournalPosition Position { get; private set; }

    public IReadOnlyList<JournalRecord> Records => _records;

    public IEnumerable<Decision> AllDecisions => _decisions.Select(d => d.Decision);

    /// <summary>Whether that very decision would survive the end of the process.</summary>
    public bool IsFlushed(Decision decision) => _decisions.Take(_flushed).Any(d => d.Decision == decision);

    /// <summary>Replaces one record, as a tamperer would.</summary>
    public MemoryJournal With(int index, JournalRecord record)
    {
        var copy = new MemoryJournal { Position = Position };
        copy._records.AddRange(_records);
        copy._decisions.AddRange(_decisions);
        copy._records[index] = record;
        return copy;
    }

    public void BeginRun(RunHeader header)
    {
        Enter();
        Require(header.Run == Position.Run + 1, $"run {header.Run} after {Position.Run}");
        Require(header.NextSequence == Position.Sequence + 1, $"run {header.Run} goes on at input {header.NextSequence} after {Position.Sequence}");
        Require(header.NextDecision == Position.Decision + 1, $"run {header.Run} goes on at decision {header.NextDecision} after {Position.Decision}");
        Require(header.StartedAt >= Position.ReachedAt, $"run {header.Run} starts at {header.StartedAt}, before {Position.ReachedAt}");
        _records.Add(new JournalRecord(header));
        Position = Position with { Run = header.Run, ReachedAt = header.StartedAt };
        Calls.Add($"run {header.Run}");
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        Enter();
        Require(Position.Run > 0, "an input before the first run");
        Require(stamp.Sequence == Position.Sequence + 1, $"input {stamp.Sequence} after {Position.Sequence}");
        Require(stamp.At > _lastInputAt && stamp.At >= Position.ReachedAt, $"input {stamp.Sequence} at {stamp.At} after {Position.ReachedAt}");
        _records.Add(new JournalRecord(stamp, Kept(input), origin));
        _lastInputAt = stamp.At;
        Position = Position with { Sequence = stamp.Sequence, ReachedAt = stamp.At };
        Calls.Add($"input {stamp.Sequence}");
    }

    public void AppendClock(Timestamp reachedAt)
    {
        Enter();
        Require(reachedAt >= Position.ReachedAt, $"the clock at {reachedAt} after {Position.ReachedAt}");
        _records.Add(new JournalRecord(new Stamp(Position.Sequence, reachedAt)));
        Position = Position with { ReachedAt = reachedAt };
        Calls.Add($"clock {reachedAt.ToDateTimeOffset():HH:mm:ss.fffffff}");
    }

    public void Append(in Decision decision)
    {
        Enter();
        Require(decision.Number == Position.Decision + 1, $"decision {decision.Number} after {Position.Decision}");
        _decisions.Add((Position.Run, decision));
        Position = Position with { Decision = decision.Number };
        Calls.Add($"decision {decision.Number}");
    }

    public void Flush()
    {
        Enter();
        _flushed = _decisions.Count;
        Calls.Add("flush");
    }

    public void Dispose()
    {
    }

    public IEnumerable<RunHeader> Runs() => _records.Where(r => r.Kind == JournalRecordKind.Run).Select(r => r.Header!);

    public long? RunAt(Timestamp at) => Runs().LastOrDefault(r => r.StartedAt <= at)?.Run;

    public IEnumerable<JournalRecord> Inputs(long run) =>
        FromRun(run).TakeWhile((r, i) => i == 0 || r.Kind != JournalRecordKind.Run);

    /// <summary>From a run's header to the end of the journal.</summary>
    public IEnumerable<JournalRecord> FromRun(long run) => _records.SkipWhile(r => r.Header?.Run != run);

    public IEnumerable<JournalRecord> InputsFrom(long sequence) => _records.SkipWhile(r => r.Kind != JournalRecordKind.Input || r.Stamp.Sequence < sequence);

    public IEnumerable<JournalRecord> InputsFrom(Timestamp at) => _records.SkipWhile(r => r.Stamp.At < at);

    public IEnumerable<Decision> Decisions(long run) => _decisions.Where(d => d.Run == run).Select(d => d.Decision);

    public IEnumerable<Decision> DecisionsFrom(long number) => AllDecisions.SkipWhile(d => d.Number < number);

    public DecisionShortfall? Shortfall(long run) => null;

    private void Enter()
    {
        CallCount++;
        if (Fault(CallCount) is { } fault) throw fault;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"{what} does not follow");
    }

    private static Input Kept(in Input input) => input.Kind == InputKind.Book ? new Input(input.Book with { Levels = input.Book.Levels.ToArray() }) : input;
}
