using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>
/// Reads a folder of segment files, also while a writer appends to it. Records are sought by halving: by the names and first records of segments,
/// then by the lines of one. Memory: one buffer, as long as the longest line.
/// </summary>
public sealed class SegmentJournalReader(string directory) : IJournalReader
{
    public IEnumerable<RunHeader> Runs()
    {
        var segments = Segments(JournalStream.Inputs);
        JournalPosition? before = null;
        foreach (var name in segments.DistinctBy(s => s.Run))
        {
            if (ReadHeader(segments, name.Run, ref before) is { } header) yield return header;
        }
    }

    public long? RunAt(Timestamp at)
    {
        var segments = Segments(JournalStream.Inputs);
        var last = LastWhere(segments.Length, i => FirstHead(segments, i) is { } head && head.At <= at);
        return last < 0 ? null : segments[last].Run;
    }

    public IEnumerable<JournalRecord> Inputs(long run)
    {
        var segments = Segments(JournalStream.Inputs);
        var first = IndexOfRun(segments, run);
        foreach (var record in ReadInputs(segments, first, static _ => true))
        {
            if (record.Header is { } header && header.Run != run) yield break;
            yield return record;
        }
    }

    public IEnumerable<JournalRecord> InputsFrom(long sequence)
    {
        var segments = Segments(JournalStream.Inputs);
        if (segments.IsEmpty) return [];
        if (segments[0].First - 1 > sequence)
            throw Absent($"input {sequence} is not in the journal, which begins with input {segments[0].First}", segments[0]);
        var from = LastWhere(segments.Length, i => segments[i].First <= sequence);
        return ReadInputs(segments, Math.Max(0, from), head => head.Sequence >= sequence);
    }

    public IEnumerable<JournalRecord> InputsFrom(Timestamp at)
    {
        var segments = Segments(JournalStream.Inputs);
        var from = LastWhere(segments.Length, i => FirstHead(segments, i) is { } head && head.At < at);
        return ReadInputs(segments, Math.Max(0, from), head => head.At >= at);
    }

    public IEnumerable<Decision> Decisions(long run)
    {
        IndexOfRun(Segments(JournalStream.Inputs), run);
        var segments = Segments(JournalStream.Decisions);
        var first = LastWhere(segments.Length, i => segments[i].Run < run) + 1;
        return ReadDecisions(segments, first, LastWhere(segments.Length, i => segments[i].Run <= run), midway: null);
    }

    public IEnumerable<Decision> DecisionsFrom(long number)
    {
        var segments = Segments(JournalStream.Decisions);
        if (segments.IsEmpty) return [];
        if (segments[0].First > number)
            throw Absent($"decision {number} is not in the journal, which begins with decision {segments[0].First}", segments[0]);
        var from = LastWhere(segments.Length, i => segments[i].First <= number);
        return ReadDecisions(segments, from, segments.Length - 1, head => head.Number >= number);
    }

    public DecisionShortfall? Shortfall(long run)
    {
        var inputs = Segments(JournalStream.Inputs);
        IndexOfRun(inputs, run);
        if (RunHead(inputs, run + 1) is not { } next) return null;
        var decisions = Segments(JournalStream.Decisions);
        var last = LastWhere(decisions.Length, i => decisions[i].Run <= run);
        if (last >= 0 && decisions[last].Run == run)
        {
            using var segment = Open(decisions, last);
            if (segment.SeekFirst(static _ => false) is { } end)
                return ShortfallAfter(end.Number, next, segment.PlaceBefore());
        }

        return ShortfallAfter(RunHead(inputs, run)!.Value.Number - 1, next, $"run {run}");
    }

    private static DecisionShortfall? ShortfallAfter(long recorded, in JournalLineHead next, string place) =>
        next.Number - 1 == recorded
            ? null
            : new(recorded + 1, next.Number - 1,
                $"{place}: the record ends with decision {recorded}, but run {next.Run} begins with decision {next.Number}");

    private IEnumerable<JournalRecord> ReadInputs(ImmutableArray<SegmentName> segments, int from, Func<JournalLineHead, bool> isReached)
    {
        JournalPosition? before = null;
        JournalDecoder? decoder = null;
        for (var i = from; i < segments.Length; i++)
        {
            using var segment = Open(segments, i);
            if (i == from) segment.SeekFirst(isReached);
            while (TryReadInput(segments, segment, ref before, ref decoder, out var record)) yield return record;
        }
    }

    private bool TryReadInput(
        ImmutableArray<SegmentName> segments, SegmentReader segment, ref JournalPosition? before, ref JournalDecoder? decoder,
        out JournalRecord record)
    {
        record = default;
        if (!segment.TryRead(out var line, out var head)) return false;
        var fault = before is { } last ? JournalOrder.Fault(last, head) ?? RunFault(last, segment.Name, head) : null;
        if (fault is not null) throw segment.Fail(JournalFault.Disorder, fault);
        before = before is null && head.Kind != JournalKind.Run
            ? new(segment.Name.Run, head.Sequence, head.At, 0)
            : JournalOrder.After(before ?? default, head);
        try
        {
            if (head.Kind == JournalKind.Run)
            {
                var header = JournalDecoder.Run(line);
                decoder = decoder?.ForNextRun(header.Instruments) ?? new(header.Instruments);
                record = new(header);
            }
            else
            {
                decoder ??= new(HeaderOf(segments, segment.Name.Run).Instruments);
                record = decoder.Record(line, head);
            }

            return true;
        }
        catch (JournalException e) when (e.Place.Length == 0)
        {
            throw segment.At(e);
        }
    }

    private static string? RunFault(in JournalPosition before, in SegmentName segment, in JournalLineHead next) =>
        next.Kind == JournalKind.Run || segment.Run == before.Run ? null : WithoutHeader(segment.Run);

    private static string WithoutHeader(long run) => $"run {run} begins without its header: its first segment is missing";

    /// <param name="segments">All of the stream.</param>
    /// <param name="from">Index of the first one to read.</param>
    /// <param name="to">Index of the last one to read.</param>
    /// <param name="midway">Where to begin in the first one; null begins with the run, which then must be there from its first decision on.</param>
    private IEnumerable<Decision> ReadDecisions(ImmutableArray<SegmentName> segments, int from, int to, Func<JournalLineHead, bool>? midway)
    {
        RunOfDecisions? run = null;
        for (var i = from; i <= to; i++)
        {
            using var segment = Open(segments, i);
            if (i == from && midway is not null) run = new(this, segment.Name.Run, segment.SeekFirst(midway)?.Number ?? segment.Name.First - 1, null);
            else if (run?.Number != segment.Name.Run) run = new(this, segment.Name.Run, null, run?.Decoder);
            while (run.TryRead(segment, out var decision)) yield return decision;
        }
    }

    /// <summary>What the decisions of one run must agree with.</summary>
    private sealed class RunOfDecisions
    {
        private readonly SegmentJournalReader _reader;
        private readonly long _firstSequence;
        private readonly JournalLineHead? _nextRun;
        private long _lastSequence;
        private long _last;

        /// <param name="reader">Knows the inputs.</param>
        /// <param name="run">Which run.</param>
        /// <param name="before">The decision that comes before those to be read; null where that is for the run's header to say.</param>
        /// <param name="decoder">Of the run before, if that was read.</param>
        public RunOfDecisions(SegmentJournalReader reader, long run, long? before, JournalDecoder? decoder)
        {
            _reader = reader;
            Number = run;
            var inputs = reader.Segments(JournalStream.Inputs);
            var header = reader.HeaderOf(inputs, Number);
            Decoder = decoder?.ForNextRun(header.Instruments) ?? new(header.Instruments);
            _firstSequence = header.NextSequence;
            _nextRun = reader.RunHead(inputs, Number + 1);
            _lastSequence = reader.LastSequence(inputs, Number);
            _last = before ?? header.NextDecision - 1;
        }

        public long Number { get; }

        public JournalDecoder Decoder { get; }

        public bool TryRead(SegmentReader segment, out Decision decision)
        {
            decision = default;
            if (!segment.TryRead(out var line, out var head)) return false;
            if (Fault(head) is { } fault) throw segment.Fail(JournalFault.Disorder, fault);
            _last = head.Number;
            try
            {
                decision = Decoder.Decision(line, head);
                return true;
            }
            catch (JournalException e)
            {
                throw segment.At(e);
            }
        }

        private string? Fault(in JournalLineHead head)
        {
            if (JournalOrder.Fault(new JournalPosition(Number, 0, default, _last), head) is { } fault) return fault;
            if (_nextRun is { } next && head.Number >= next.Number)
                return $"decision {head.Number} of run {Number}, but run {next.Run} begins with decision {next.Number}";
            if (head.Sequence < _firstSequence - 1)
                return $"decision {head.Number} names input {head.Sequence}, but run {Number} begins with input {_firstSequence}";

            // A writer may have gone on since: inputs reach the files before the decisions they lead to, so they must be there by now.
            if (head.Sequence > _lastSequence) _lastSequence = _reader.LastSequence(_reader.Segments(JournalStream.Inputs), Number);
            return head.Sequence <= _lastSequence ? null
                : $"decision {head.Number} names input {head.Sequence}, but run {Number} ends with input {_lastSequence}";
        }
    }

    private long LastSequence(ImmutableArray<SegmentName> inputs, long run)
    {
        if (RunHead(inputs, run + 1) is { } next) return next.Sequence;
        var last = LastWhere(inputs.Length, i => inputs[i].Run <= run);
        using var segment = Open(inputs, last);
        return segment.SeekFirst(static _ => false)?.Sequence ?? inputs[last].First - 1;
    }

    private RunHeader HeaderOf(ImmutableArray<SegmentName> inputs, long run)
    {
        JournalPosition? before = null;
        IndexOfRun(inputs, run);
        return ReadHeader(inputs, run, ref before) ?? throw Absent($"run {run} has no header yet", inputs[IndexOfRun(inputs, run)]);
    }

    /// <summary>The header of a run; null when its only segment is still empty.</summary>
    private RunHeader? ReadHeader(ImmutableArray<SegmentName> inputs, long run, ref JournalPosition? before)
    {
        using var segment = Open(inputs, IndexOfRun(inputs, run));
        if (!segment.TryRead(out var line, out var head)) return null;
        if (head.Kind != JournalKind.Run) throw segment.Fail(JournalFault.Disorder, WithoutHeader(run));
        if (before is { } last)
        {
            // Between two headers lie inputs that are not read here: any number of them will do, but not fewer than none.
            var reached = last with { Sequence = Math.Max(last.Sequence, head.Sequence) };
            if (JournalOrder.Fault(reached, head) is { } fault) throw segment.Fail(JournalFault.Disorder, fault);
        }

        before = JournalOrder.After(default, head);
        try
        {
            return JournalDecoder.Run(line);
        }
        catch (JournalException e)
        {
            throw segment.At(e);
        }
    }

    private JournalLineHead? RunHead(ImmutableArray<SegmentName> inputs, long run)
    {
        var index = LastWhere(inputs.Length, i => inputs[i].Run < run) + 1;
        return index < inputs.Length && inputs[index].Run == run ? FirstHead(inputs, index) : null;
    }

    private JournalLineHead? FirstHead(ImmutableArray<SegmentName> segments, int index)
    {
        using var segment = Open(segments, index);
        return segment.TryRead(out _, out var head) ? head : null;
    }

    private int IndexOfRun(ImmutableArray<SegmentName> inputs, long run)
    {
        var index = LastWhere(inputs.Length, i => inputs[i].Run < run) + 1;
        if (index < inputs.Length && inputs[index].Run == run) return index;
        throw new JournalException(JournalFault.Disorder,
            inputs.IsEmpty ? $"run {run} is not in the journal, which is empty"
                : $"run {run} is not in the journal, which holds runs {inputs[0].Run} to {inputs[^1].Run}",
            directory);
    }

    /// <summary>The last index for which a condition holds that, once false, stays false; −1 when it never does.</summary>
    private static int LastWhere(int count, Func<int, bool> condition)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (condition(middle)) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private JournalException Absent(string reason, SegmentName segment) =>
        new(JournalFault.Disorder, reason, Path.Combine(directory, segment.ToString()));

    private SegmentReader Open(ImmutableArray<SegmentName> segments, int index) =>
        new(Path.Combine(directory, segments[index].ToString()), segments[index], isLast: index == segments.Length - 1);

    private ImmutableArray<SegmentName> Segments(JournalStream stream) =>
        SegmentName.Sorted(stream, Directory.EnumerateFiles(directory).Select(file => Path.GetFileName(file)));
}
