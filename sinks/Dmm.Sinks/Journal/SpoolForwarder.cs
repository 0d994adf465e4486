using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>
/// Gives a spool's records to the journal, in their order, each input before the decisions it led to; what the journal has is passed over. In slices,
/// as it runs on the thread of the one who writes.
/// </summary>
internal sealed class SpoolForwarder : IDisposable
{
    public const int SliceRecords = 1_000;

    private static readonly TimeSpan SliceTime = TimeSpan.FromMilliseconds(20);

    private readonly string _directory;
    private readonly IJournalReader _spool;
    private readonly IResumableJournal _journal;
    private readonly TimeProvider _time;
    private readonly JournalPosition _from;
    private IEnumerator<JournalRecord>? _inputs;
    private IEnumerator<Decision>? _decisions;
    private Stamp? _passed;
    private bool _hasInput;
    private bool _hasDecision;
    private bool _isContinued;
    private bool _hasMetDecisions;

    /// <param name="directory">Of the spool; for messages.</param>
    /// <param name="spool">Reads it.</param>
    /// <param name="journal">Takes it.</param>
    /// <param name="time">Measures a slice.</param>
    public SpoolForwarder(string directory, IJournalReader spool, IResumableJournal journal, TimeProvider time)
    {
        (_directory, _spool, _journal, _time, _from) = (directory, spool, journal, time, journal.Position);
        if (spool.Runs().FirstOrDefault(run => run.Run == _from.Run) is { } run) journal.ResumeRun(run);
    }

    /// <summary>Gives the next records, at most a thousand and for at most 20 ms.</summary>
    /// <returns>Whether the journal has been given all that the spool holds now.</returns>
    /// <exception cref="JournalException">
    /// The journal cannot be written; or <see cref="JournalFault.Disorder"/>: it has gone on without the spool, whose records are another history.
    /// </exception>
    public bool Slice()
    {
        var started = _time.GetTimestamp();
        // What was at its end may have grown since.
        if (!_hasDecision) End(ref _decisions);
        if (!_hasInput) End(ref _inputs);
        if (_decisions is null) Read(_decisions = Decisions().GetEnumerator(), out _hasDecision);
        if (_inputs is null) Read(_inputs = Inputs().GetEnumerator(), out _hasInput);
        for (var count = 0; _hasInput || _hasDecision; count++)
        {
            if (count == SliceRecords || _time.GetElapsedTime(started) >= SliceTime) return false;
            if (_hasInput && (!_hasDecision || IsBefore(_inputs.Current, _decisions.Current))) GiveInput(_inputs);
            else GiveDecision(_decisions);
        }

        RequireContinued(_journal.Position.Sequence);
        return true;
    }

    public void Dispose()
    {
        End(ref _inputs);
        End(ref _decisions);
    }

    private static bool IsBefore(in JournalRecord record, in Decision decision) => record.Header is { } header
        ? header.NextDecision <= decision.Number
        : record.Stamp.Sequence <= decision.Cause.Sequence;

    private static JournalLineHead Head(in JournalRecord record) => record switch
    {
        { Header: { } header } => new(JournalKind.Run, record.Stamp.Sequence, record.Stamp.At, header.NextDecision, header.Run),
        { Kind: JournalRecordKind.Clock } => new(JournalKind.Clock, record.Stamp.Sequence, record.Stamp.At),
        _ => new(JournalKind.Book, record.Stamp.Sequence, record.Stamp.At),
    };

    private static void Read<T>(IEnumerator<T> records, out bool has) => has = records.MoveNext();

    private static void End<T>(ref T? records)
        where T : class, IDisposable
    {
        records?.Dispose();
        records = null;
    }

    private IEnumerable<JournalRecord> Inputs() =>
        _isContinued ? _spool.InputsFrom(_journal.Position.Sequence) : _spool.InputsFrom(Core.Timestamp.None);

    /// <summary>Before the first one met its number is not known: a crash may have lost some.</summary>
    private IEnumerable<Decision> Decisions() => _hasMetDecisions
        ? _spool.DecisionsFrom(_journal.Position.Decision + 1)
        : _spool.Runs().SelectMany(run => _spool.Decisions(run.Run));

    private void GiveInput(IEnumerator<JournalRecord> inputs)
    {
        var record = inputs.Current;
        if (JournalFence.IsWithin(_journal.Position, Head(record)))
        {
            if (!_isContinued) _passed = record.Stamp;
        }
        else
        {
            // A journal that holds nothing may begin with any run, but not in the middle of one.
            var isBeginning = record.Header is { } first && _from.Run == 0 && !JournalContinuation.Is(first);
            RequireContinued(isBeginning ? _from.Sequence : record.Stamp.Sequence - (record.Header is null ? 1 : 0));
            HeldRecords.Append(_journal, record);
        }

        _hasInput = inputs.MoveNext();
    }

    private void GiveDecision(IEnumerator<Decision> decisions)
    {
        var decision = decisions.Current;
        _hasMetDecisions = true;
        if (decision.Number > _journal.Position.Decision)
        {
            RequireContinued(_journal.Position.Sequence);
            _journal.Append(decision);
        }

        _hasDecision = decisions.MoveNext();
    }

    /// <summary>The spool must have the very record that the journal ends with, or begin right behind it.</summary>
    private void RequireContinued(long before)
    {
        if (_isContinued) return;
        var isContinued = _passed is { } passed ? passed == new Stamp(_from.Sequence, _from.ReachedAt) : before == _from.Sequence;
        if (!isContinued)
        {
            throw new JournalException(JournalFault.Disorder,
                $"the spool does not continue the journal, which ends with input {_from.Sequence} at {_from.ReachedAt}: another writer has gone on "
                + "without it, so that its records cannot be told any more; move the folder away", _directory);
        }

        _isContinued = true;
    }
}
