using System.Collections.Immutable;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Following;

/// <summary>
/// Takes a journal into a sink, from where the sink has got to, in bounded batches. Inputs and decisions are merged into the order in
/// which they
/// came to be, however the journal is cut into batches, so that a sink made again is equal to the one lost (an archive's audit log hash by hash). Not
/// thread-safe.
/// </summary>
/// <param name="reader">The journal, which may still be written.</param>
/// <param name="sink">Owned by the caller.</param>
/// <param name="journal">Which one that is.</param>
public sealed class JournalFollower(IJournalReader reader, IJournalSink sink, FollowedJournal journal)
{
    internal const int RecordsMax = 2_000;
    internal const int ScannedMax = 100_000;

    private readonly ImmutableArray<FollowedRecord>.Builder _records = ImmutableArray.CreateBuilder<FollowedRecord>();
    private RunHeader? _run;
    private FollowCursor _from;
    private FollowCursor _to;
    private int _scanned;

    public FollowedJournal Journal => journal;

    /// <summary>How far the sink has got.</summary>
    public FollowCursor Position => sink.Position(journal);

    /// <summary>
    /// Takes what is in the journal. While it is being written, inputs after the last decision wait for the next call: what they led to may not
    /// be in the
    /// files yet. Batches taken before a failure stay taken.
    /// </summary>
    /// <param name="isClosed">Nothing more will be written, so that nothing has to wait.</param>
    /// <returns>Records taken, market data included.</returns>
    /// <exception cref="SinkException">The sink cannot be written.</exception>
    /// <exception cref="JournalException">The journal is damaged, or begins after what the sink has.</exception>
    public long CatchUp(bool isClosed)
    {
        Begin(sink.Position(journal));
        var taken = 0L;
        // Decisions first: what they follow from is in the files then, whatever is written meanwhile.
        using var decisions = Decisions().GetEnumerator();
        var hasDecision = decisions.MoveNext();
        if (!hasDecision && !isClosed) return 0;
        using var inputs = Inputs().GetEnumerator();
        var hasInput = inputs.MoveNext();
        while (hasDecision)
        {
            var decision = decisions.Current;
            for (; hasInput && IsBefore(inputs.Current, decision); hasInput = inputs.MoveNext()) taken += Take(inputs.Current);
            // Its input came after this pass began to read inputs.
            if (_to.Sequence < decision.Cause.Sequence || _run is null) break;
            taken += Take(decision);
            hasDecision = decisions.MoveNext();
        }

        for (; isClosed && !hasDecision && hasInput; hasInput = inputs.MoveNext()) taken += Take(inputs.Current);
        Apply();
        return taken;
    }

    private static bool IsBefore(in JournalRecord record, in Decision decision) => record.Header is { } header
        ? header.NextDecision <= decision.Number
        : record.Stamp.Sequence <= decision.Cause.Sequence;

    private IEnumerable<JournalRecord> Inputs() => _from.Run == 0 ? reader.InputsFrom(Core.Timestamp.None) : reader.InputsFrom(_from.Sequence);

    /// <summary>
    /// Before the first decision taken its number is not known: old runs may have been removed, and a crash may have lost the first ones.
    /// </summary>
    private IEnumerable<Decision> Decisions() => _from.Decision == 0
        ? reader.Runs().SelectMany(run => reader.Decisions(run.Run))
        : reader.DecisionsFrom(_from.Decision + 1);

    private void Begin(FollowCursor cursor)
    {
        if (cursor.Run > 0 && _run?.Run != cursor.Run) _run = reader.Inputs(cursor.Run).First().Header;
        else if (cursor.Run == 0) _run = null;
        (_from, _to, _scanned) = (cursor, cursor, 0);
        _records.Clear();
    }

    private int Take(in JournalRecord record)
    {
        switch (record.Kind)
        {
            case JournalRecordKind.Run when record.Header!.Run > _to.Run:
                MakeRoom();
                _to = _to with { Run = record.Header.Run, Sequence = Math.Max(_to.Sequence, record.Stamp.Sequence) };
                _records.Add(new(record));
                // A batch that a run begins names that run; within a batch the record itself does.
                if (_records.Count == 1) _run = record.Header;
                break;
            case JournalRecordKind.Input when record.Stamp.Sequence > _to.Sequence:
                MakeRoom();
                _to = _to with { Sequence = record.Stamp.Sequence };
                if (record.Input.Kind == InputKind.Control) _records.Add(new(record));
                break;
            default:
                return 0;
        }

        _scanned++;
        return 1;
    }

    private int Take(in Decision decision)
    {
        MakeRoom();
        _to = _to with { Decision = decision.Number };
        _records.Add(new(decision));
        _scanned++;
        return 1;
    }

    private void MakeRoom()
    {
        if (_records.Count >= RecordsMax || _scanned >= ScannedMax) Apply();
    }

    private void Apply()
    {
        if (_to == _from) return;
        sink.Apply(new() { Journal = journal, Run = _run!, From = _from, To = _to, Records = _records.ToImmutable() });
        foreach (var record in _records)
        {
            if (!record.IsDecision && record.Journal.Header is { } header) _run = header;
        }

        _records.Clear();
        (_from, _scanned) = (_to, 0);
    }
}
