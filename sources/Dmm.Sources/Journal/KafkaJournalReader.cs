using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>
/// Reads one asset's journal from its Kafka topics, also while a writer appends to it. What a writer left that had lost the journal to a higher epoch,
/// and what was sent twice, is passed over. Records are sought by halving the offsets, which works on every broker; asking again from the record read
/// last seeks nothing. Where retention has cut into a run, the journal begins with the next. That the brokers do not answer is
/// <see cref="JournalFault.Unwritable"/>, after five seconds. Memory: what is fetched ahead, a few messages of the largest size.
/// </summary>
public sealed class KafkaJournalReader : IJournalReader, IDisposable
{
    private readonly KafkaJournalTopics _journal;
    private readonly KafkaJournalStream _inputs;
    private readonly KafkaJournalStream _decisions;
    // Looks runs up while the other one is in the middle of a reading.
    private readonly KafkaJournalStream _runs;
    private (long AtOffset, RunHeader Header)? _first;
    private RunHeader? _lastAsked;

    public KafkaJournalReader(KafkaJournalTopics journal)
        : this(journal, KafkaJournalStream.Window)
    {
    }

    internal KafkaJournalReader(KafkaJournalTopics journal, int window)
    {
        _journal = journal;
        _inputs = new(journal, JournalStream.Inputs, window);
        _decisions = new(journal, JournalStream.Decisions, window);
        _runs = new(journal, JournalStream.Inputs, window);
    }

    /// <summary>Records passed over so far because their writers had lost the journal.</summary>
    public long FencedRecords => _inputs.FencedRecords + _decisions.FencedRecords;

    /// <summary>Records passed over so far because they had come before.</summary>
    public long RepeatedRecords => _inputs.RepeatedRecords + _decisions.RepeatedRecords;

    public IEnumerable<RunHeader> Runs()
    {
        var bounds = _runs.Bounds();
        JournalLineHead? before = null;
        for (var header = First(bounds); header is not null; header = Next(bounds, header.Run))
        {
            var head = new JournalLineHead(JournalKind.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision, header.Run);
            // Between two headers lie inputs that are not read here: any number of them will do, but not fewer than none.
            if (before is { } last && JournalOrder.Fault(
                JournalOrder.After(default, last) with { Sequence = Math.Max(last.Sequence, head.Sequence) }, head) is { } fault)
                throw new JournalException(JournalFault.Disorder, fault, _journal.Journal);
            before = head;
            yield return header;
        }
    }

    public long? RunAt(Timestamp at)
    {
        var bounds = _runs.Bounds();
        return First(bounds) is { } first && first.StartedAt <= at ? _runs.LastBefore(bounds, line => line.Head.At > at)?.Run : null;
    }

    public IEnumerable<JournalRecord> Inputs(long run)
    {
        var bounds = _inputs.Bounds();
        RequireRun(bounds, run);
        return Records(_inputs.From(bounds, line => line.Run >= run), isFromHeader: true).TakeWhile(r => r.Header is not { } next || next.Run == run);
    }

    public IEnumerable<JournalRecord> InputsFrom(long sequence)
    {
        var bounds = _inputs.Bounds();
        if (First(bounds) is not { } first) return [];
        if (first.NextSequence - 1 > sequence)
            throw Absent($"input {sequence} is not in the journal, which begins with input {first.NextSequence}", _journal.Journal);
        return Records(Whole(_inputs.FromNumber(bounds, sequence), first), isFromHeader: false);
    }

    public IEnumerable<JournalRecord> InputsFrom(Timestamp at)
    {
        var bounds = _inputs.Bounds();
        return First(bounds) is { } first ? Records(Whole(_inputs.From(bounds, line => line.Head.At >= at), first), isFromHeader: false) : [];
    }

    public IEnumerable<Decision> Decisions(long run)
    {
        // Decisions first: what they follow from is in the log then.
        var bounds = _decisions.Bounds();
        RequireRun(_runs.Bounds(), run);
        return Decisions(_decisions.From(bounds, line => line.Run >= run).TakeWhile(line => line.Run == run), isFromHeader: true);
    }

    public IEnumerable<Decision> DecisionsFrom(long number)
    {
        var bounds = _decisions.Bounds();
        if (First(_runs.Bounds()) is not { } first) return [];
        if (_decisions.All(bounds).Cast<LogLine?>().FirstOrDefault(line => line!.Value.Run >= first.Run) is not { } earliest) return [];
        if (earliest.Head.Number > number)
            throw Absent($"decision {number} is not in the journal, which begins with decision {earliest.Head.Number}", _journal.Decisions);
        return Decisions(_decisions.FromNumber(bounds, number), isFromHeader: false);
    }

    public DecisionShortfall? Shortfall(long run)
    {
        var bounds = _runs.Bounds();
        RequireRun(bounds, run);
        if (Next(bounds, run) is not { } next) return null;
        var (recorded, place) = _decisions.LastBefore(_decisions.Bounds(), line => line.Run > run) is { } last && last.Run == run
            ? (last.Head.Number, _decisions.Place(last))
            : (Header(run).NextDecision - 1, $"run {run}");
        return next.NextDecision - 1 == recorded ? null : new(recorded + 1, next.NextDecision - 1,
            $"{place}: the record ends with decision {recorded}, but run {next.Run} begins with decision {next.NextDecision}");
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _decisions.Dispose();
        _runs.Dispose();
    }

    /// <summary>Without what retention has left of a run whose header it took.</summary>
    private static IEnumerable<LogLine> Whole(IEnumerable<LogLine> lines, RunHeader first) => lines.SkipWhile(line => line.Run < first.Run);

    private IEnumerable<JournalRecord> Records(IEnumerable<LogLine> lines, bool isFromHeader)
    {
        JournalDecoder? decoder = null;
        foreach (var line in lines)
        {
            if (decoder is null && isFromHeader && line.Head.Kind != JournalKind.Run) throw _inputs.Fail(line, WithoutHeader(line.Run));
            yield return Record(line, ref decoder);
        }
    }

    private JournalRecord Record(in LogLine line, ref JournalDecoder? decoder)
    {
        try
        {
            if (line.Head.Kind != JournalKind.Run)
                return (decoder ??= new(Header(line.Run).Instruments)).Record(line.Line, line.Head);
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
                var header = Header(line.Run);
                var decoder = run?.Decoder.ForNextRun(header.Instruments) ?? new(header.Instruments);
                run = new(header, Next(_runs.Bounds(), line.Run), run is not null || isFromHeader ? header.NextDecision : line.Head.Number, decoder);
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
            if (head.Sequence > _lastSequence && next is null) _lastSequence = reader.LastSequence();
            return head.Sequence <= _lastSequence ? null
                : $"decision {head.Number} names input {head.Sequence}, but run {Number} ends with input {_lastSequence}";
        }
    }

    private long LastSequence() => _runs.LastBefore(_runs.Bounds(), static _ => false)?.Head.Sequence ?? -1;

    private RunHeader Header(long run)
    {
        if (_lastAsked?.Run == run) return _lastAsked;
        var bounds = _runs.Bounds();
        RequireRun(bounds, run);
        return _lastAsked = AsHeader(_runs.From(bounds, line => line.Run >= run).First(), run);
    }

    private RunHeader? Next(LogBounds bounds, long run) =>
        _runs.From(bounds, line => line.Run > run).Cast<LogLine?>().FirstOrDefault() is { } line ? AsHeader(line, line.Run) : null;

    /// <summary>The first run that is whole; null where the journal is empty.</summary>
    private RunHeader? First(LogBounds bounds)
    {
        if (_first is { } known && known.AtOffset >= bounds.First) return known.Header;
        var lines = _runs.All(bounds).SkipWhile(line => bounds.First > 0 && line.Head.Kind != JournalKind.Run);
        if (lines.Cast<LogLine?>().FirstOrDefault() is not { } line) return null;
        _first = (line.Offset, AsHeader(line, line.Run));
        return _first.Value.Header;
    }

    private RunHeader AsHeader(in LogLine line, long run)
    {
        if (line.Head.Kind != JournalKind.Run || line.Head.Run != run) throw _runs.Fail(line, WithoutHeader(run));
        try
        {
            return JournalDecoder.Run(line.Line);
        }
        catch (JournalException e)
        {
            throw e.At(_runs.Place(line));
        }
    }

    private void RequireRun(LogBounds bounds, long run)
    {
        var first = First(bounds);
        var last = first is null ? null : _runs.LastBefore(bounds, line => line.Run > run);
        if (first is not null && run >= first.Run && last?.Run == run) return;
        var end = first is null ? null : _runs.LastBefore(bounds, static _ => false);
        throw Absent(first is null ? $"run {run} is not in the journal, which is empty"
            : $"run {run} is not in the journal, which holds runs {first.Run} to {end?.Run}", _journal.Journal);
    }

    private static string WithoutHeader(long run) => $"run {run} begins without its header";

    private static JournalException Absent(string reason, string place) => new(JournalFault.Disorder, reason, place);
}
