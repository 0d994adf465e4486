using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Simulation;

/// <summary>
/// A journal in memory, of which a crash leaves what was flushed. Keeps the run in progress alone: nothing before it is ever read.
/// </summary>
internal sealed class FaultJournal : IJournalWriter, IJournalReader
{
    private readonly List<JournalRecord> _records = [];
    private int _flushed;
    private JournalPosition _flushedPosition;

    public JournalPosition Position { get; private set; }

    /// <summary>The process is gone, and with it what it had not flushed.</summary>
    public void Crash()
    {
        _records.RemoveRange(_flushed, _records.Count - _flushed);
        Position = _flushedPosition;
    }

    public void BeginRun(RunHeader header)
    {
        _records.Clear();
        _flushed = 0;
        _records.Add(new(header));
        Position = new(header.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision - 1);
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        // The levels of a book are its sender's again once this returns.
        var kept = input.Kind == InputKind.Book ? new Input(input.Book with { Levels = input.Book.Levels.ToArray() }) : input;
        _records.Add(new(stamp, kept, origin));
        Position = Position with { Sequence = stamp.Sequence, ReachedAt = stamp.At };
    }

    public void AppendClock(Timestamp reachedAt)
    {
        _records.Add(new(new Stamp(Position.Sequence, reachedAt)));
        Position = Position with { ReachedAt = reachedAt };
    }

    public void Append(in Decision decision) => Position = Position with { Decision = decision.Number };

    public void Flush() => (_flushed, _flushedPosition) = (_records.Count, Position);

    public IEnumerable<RunHeader> Runs() => [_records[0].Header!];

    public IEnumerable<JournalRecord> Inputs(long run) => _records;

    public IEnumerable<JournalRecord> InputsFrom(long sequence) => _records.Where(r => r.Stamp.Sequence >= sequence);

    public IEnumerable<JournalRecord> InputsFrom(Timestamp at) => _records.Where(r => r.Stamp.At >= at);

    public IEnumerable<Decision> Decisions(long run) => [];

    public IEnumerable<Decision> DecisionsFrom(long number) => [];

    public DecisionShortfall? Shortfall(long run) => null;

    public long? RunAt(Timestamp at) => _records.Count > 0 ? Position.Run : null;

    public void Dispose()
    {
    }
}
