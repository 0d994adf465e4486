using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>
/// Reads one asset's journal from its Kafka topics, also while a writer appends to it. What a writer left that had lost the journal to a higher
/// epoch, and what was sent twice, is passed over. Records are sought by halving the offsets, which works on every broker; asking again from the
/// record read last seeks nothing. Where retention has cut into a run, the journal begins with the next. What retention removes while it is read makes
/// no difference where it was not asked for; where it was, <see cref="JournalFault.Disorder"/> says what is missing. That the brokers do not answer is
/// <see cref="JournalFault.Unwritable"/>, after five seconds. Memory: what is fetched ahead, a few messages of the largest size.
/// </summary>
public sealed class KafkaJournalReader : IJournalReader, IDisposable
{
    private readonly KafkaJournalTopics _journal;
    private readonly KafkaJournalStream _inputs;
    private readonly KafkaJournalStream _decisions;
    private readonly KafkaJournalRuns _runs;

    public KafkaJournalReader(KafkaJournalTopics journal)
        : this(journal, KafkaJournalStream.Window)
    {
    }

    internal KafkaJournalReader(KafkaJournalTopics journal, int window)
    {
        _journal = journal;
        _inputs = new(journal, JournalStream.Inputs, window);
        _decisions = new(journal, JournalStream.Decisions, window);
        _runs = new(journal, window);
    }

    /// <summary>Records passed over so far because their writers had lost the journal.</summary>
    public long FencedRecords => _inputs.FencedRecords + _decisions.FencedRecords;

    /// <summary>Records passed over so far because they had come before.</summary>
    public long RepeatedRecords => _inputs.RepeatedRecords + _decisions.RepeatedRecords;

    /// <summary>The asset has records, and of no run the first: retention took it, and nobody can tell where its desk stood.</summary>
    public bool HasLostItsRuns => TrimmedLog.Ask(() => _runs.First(_runs.Bounds()) is null && _inputs.All(_inputs.Bounds()).Any());

    public IEnumerable<RunHeader> Runs() => TrimmedLog.Read(_runs.All, NameOf);

    public long? RunAt(Timestamp at) => TrimmedLog.Ask(() => _runs.At(at));

    public IEnumerable<JournalRecord> Inputs(long run) => TrimmedLog.Read(() => InputsOf(run), NameOf);

    public IEnumerable<JournalRecord> InputsFrom(long sequence) => TrimmedLog.Read(() => InputsBehind(sequence), NameOf);

    public IEnumerable<JournalRecord> InputsFrom(Timestamp at) => TrimmedLog.Read(() => InputsSince(at), NameOf);

    public IEnumerable<Decision> Decisions(long run) => TrimmedLog.Read(() => DecisionsOf(run), NameOf);

    public IEnumerable<Decision> DecisionsFrom(long number) => TrimmedLog.Read(() => DecisionsBehind(number), NameOf);

    public DecisionShortfall? Shortfall(long run) => TrimmedLog.Ask(() => ShortfallOf(run));

    public void Dispose()
    {
        _inputs.Dispose();
        _decisions.Dispose();
        _runs.Dispose();
    }

    private static string NameOf(RunHeader run) => $"run {run.Run}";

    private static string NameOf(JournalRecord record) => record.Header is { } header ? NameOf(header) : $"input {record.Stamp.Sequence}";

    private static string NameOf(Decision decision) => $"decision {decision.Number}";

    private IEnumerable<JournalRecord> InputsOf(long run)
    {
        var bounds = _inputs.Bounds();
        _runs.Require(bounds, run);
        return Records(_inputs.From(bounds, line => line.Run >= run), isFromHeader: true).TakeWhile(r => r.Header is not { } next || next.Run == run);
    }

    private IEnumerable<JournalRecord> InputsBehind(long sequence)
    {
        var bounds = _inputs.Bounds();
        if (_runs.First(bounds) is not { } first) return [];
        if (first.NextSequence - 1 > sequence)
            throw KafkaJournalRuns.Absent($"input {sequence} is not in the journal, which begins with input {first.NextSequence}", _journal.Journal);
        return Records(Whole(_inputs.FromNumber(bounds, sequence), first), isFromHeader: false);
    }

    private IEnumerable<JournalRecord> InputsSince(Timestamp at)
    {
        var bounds = _inputs.Bounds();
        return _runs.First(bounds) is { } first ? Records(Whole(_inputs.From(bounds, line => line.Head.At >= at), first), isFromHeader: false) : [];
    }

    private IEnumerable<Decision> DecisionsOf(long run)
    {
        // Decisions first: what they follow from is in the log then.
        var bounds = _decisions.Bounds();
        _runs.Require(_runs.Bounds(), run);
        return Decisions(_decisions.From(bounds, line => line.Run >= run).TakeWhile(line => line.Run == run), isFromHeader: true);
    }

    private IEnumerable<Decision> DecisionsBehind(long number)
    {
        var bounds = _decisions.Bounds();
        if (_runs.First(_runs.Bounds()) is not { } first) return [];
        if (_decisions.All(bounds).Cast<LogLine?>().FirstOrDefault(line => line!.Value.Run >= first.Run) is not { } earliest) return [];
        if (earliest.Head.Number > number)
            throw KafkaJournalRuns.Absent(
                $"decision {number} is not in the journal, which begins with decision {earliest.Head.Number}", _journal.Decisions);
        return Decisions(_decisions.FromNumber(bounds, number), isFromHeader: false);
    }

    private DecisionShortfall? ShortfallOf(long run)
    {
        var bounds = _runs.Bounds();
        _runs.Require(bounds, run);
        if (_runs.Next(bounds, run) is not { } next) return null;
        var (recorded, place) = _decisions.LastBefore(_decisions.Bounds(), line => line.Run > run) is { } last && last.Run == run
            ? (last.Head.Number, _decisions.Place(last))
            : (_runs.Header(run).NextDecision - 1, $"run {run}");
        return next.NextDecision - 1 == recorded ? null : new(recorded + 1, next.NextDecision - 1,
            $"{place}: the record ends with decision {recorded}, but run {next.Run} begins with decision {next.NextDecision}");
    }

    /// <summary>Without what retention has left of a run whose header it took.</summary>
    private static IEnumerable<LogLine> Whole(IEnumerable<LogLine> lines, RunHeader first) => lines.SkipWhile(line => line.Run < first.Run);

    private IEnumerable<JournalRecord> Records(IEnumerable<LogLine> lines, bool isFromHeader)
    {
        JournalDecoder? decoder = null;
        foreach (var line in lines)
        {
            if (decoder is null && isFromHeader && line.Head.Kind != JournalKind.Run)
                throw _inputs.Fail(line, KafkaJournalRuns.WithoutHeader(line.Run));
            yield return Record(line, ref decoder);
        }
    }

    private JournalRecord Record(in LogLine line, ref JournalDecoder? decoder)
    {
        try
        {
            if (line.Head.Kind != JournalKind.Run)
                return (decoder ??= new(_runs.Header(line.Run).Instruments)).Record(line.Line, line.Head);
            var header = JournalDecoder.Run(line.Line);
            decoder = decoder?.ForNextRun(header.Instruments) ?? new(header.Instruments);
            return new(header);
        }
        catch (JournalException e) when (e.Place.Length == 0)
        {
            throw e.At(_inputs.Place(line));
        }
    }

    private IEnumerable<Decision> Decisions(IEnumerable<LogLine> lines, bool isFromHeader)
    {
        DecisionsOfRun? run = null;
        foreach (var line in lines)
        {
            if (run?.Number != line.Run)
            {
                var header = _runs.Header(line.Run);
                var decoder = run?.Decoder.ForNextRun(header.Instruments) ?? new(header.Instruments);
                var first = run is not null || isFromHeader ? header.NextDecision : line.Head.Number;
                run = new(header, _runs.Next(_runs.Bounds(), line.Run), first, decoder);
            }

            yield return run.Take(line, this);
        }
    }

    /// <summary>What the decisions of one run must agree with.</summary>
    private sealed class DecisionsOfRun(RunHeader header, RunHeader? next, long first, JournalDecoder decoder)
    {
        private long _last = first - 1;
        private long _lastSequence = next is null ? -1 : next.NextSequence - 1;

        public long Number => header.Run;

        public JournalDecoder Decoder => decoder;

        public Decision Take(in LogLine line, KafkaJournalReader reader)
        {
            if (Fault(line.Head, reader) is { } fault) throw reader._decisions.Fail(line, fault);
            _last = line.Head.Number;
            try
            {
                return decoder.Decision(line.Line, line.Head);
            }
            catch (JournalException e)
            {
                throw e.At(reader._decisions.Place(line));
            }
        }

        private string? Fault(in JournalLineHead head, KafkaJournalReader reader)
        {
            if (JournalOrder.Fault(new JournalPosition(Number, 0, default, _last), head) is { } fault) return fault;
            if (next is not null && head.Number >= next.NextDecision)
                return $"decision {head.Number} of run {Number}, but run {next.Run} begins with decision {next.NextDecision}";
            if (head.Sequence < header.NextSequence - 1)
                return $"decision {head.Number} names input {head.Sequence}, but run {Number} begins with input {header.NextSequence}";

            // Inputs are in the log before the decisions they lead to.
            if (head.Sequence > _lastSequence && next is null) _lastSequence = reader._runs.LastSequence();
            return head.Sequence <= _lastSequence ? null
                : $"decision {head.Number} names input {head.Sequence}, but run {Number} ends with input {_lastSequence}";
        }
    }
}
