using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>
/// The runs of an asset's journal on Kafka, by their headers. It has a stream of its own, as runs are looked up in the middle of other readings.
/// </summary>
/// <param name="journal">Brokers and asset.</param>
/// <param name="window">See <see cref="KafkaJournalStream"/>.</param>
internal sealed class KafkaJournalRuns(KafkaJournalTopics journal, int window) : IDisposable
{
    private readonly KafkaJournalStream _inputs = new(journal, JournalStream.Inputs, window);
    private (long AtOffset, RunHeader Header)? _first;
    private RunHeader? _lastAsked;

    public LogBounds Bounds() => _inputs.Bounds();

    /// <summary>All of them, in their order.</summary>
    public IEnumerable<RunHeader> All()
    {
        var bounds = Bounds();
        JournalLineHead? before = null;
        for (var header = First(bounds); header is not null; header = Next(bounds, header.Run))
        {
            var head = new JournalLineHead(JournalKind.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision, header.Run);
            // Between two headers lie inputs that are not read here: any number of them will do, but not fewer than none.
            if (before is { } last && JournalOrder.Fault(
                JournalOrder.After(default, last) with { Sequence = Math.Max(last.Sequence, head.Sequence) }, head) is { } fault)
                throw new JournalException(JournalFault.Disorder, fault, journal.Journal);
            before = head;
            yield return header;
        }
    }

    /// <summary>The run that a time lies in; null before the first.</summary>
    public long? At(Timestamp at)
    {
        var bounds = Bounds();
        return First(bounds) is { } first && first.StartedAt <= at ? _inputs.LastBefore(bounds, line => line.Head.At > at)?.Run : null;
    }

    /// <summary>The last input there is, by its sequence; -1 where there is none.</summary>
    public long LastSequence() => _inputs.LastBefore(Bounds(), static _ => false)?.Head.Sequence ?? -1;

    /// <exception cref="JournalException">The journal does not hold the run, or not its header.</exception>
    public RunHeader Header(long run)
    {
        if (_lastAsked?.Run == run) return _lastAsked;
        var bounds = Bounds();
        Require(bounds, run);
        return _lastAsked = AsHeader(_inputs.From(bounds, line => line.Run >= run).First(), run);
    }

    /// <summary>The run after one; null after the last.</summary>
    public RunHeader? Next(LogBounds bounds, long run) =>
        _inputs.From(bounds, line => line.Run > run).Cast<LogLine?>().FirstOrDefault() is { } line ? AsHeader(line, line.Run) : null;

    /// <summary>The first run that is whole; null where the journal is empty.</summary>
    public RunHeader? First(LogBounds bounds)
    {
        if (_first is { } known && known.AtOffset >= bounds.First) return known.Header;
        var lines = _inputs.All(bounds).SkipWhile(line => bounds.First > 0 && line.Head.Kind != JournalKind.Run);
        if (lines.Cast<LogLine?>().FirstOrDefault() is not { } line) return null;
        _first = (line.Offset, AsHeader(line, line.Run));
        return _first.Value.Header;
    }

    /// <exception cref="JournalException">The journal does not hold the run.</exception>
    public void Require(LogBounds bounds, long run)
    {
        var first = First(bounds);
        var last = first is null ? null : _inputs.LastBefore(bounds, line => line.Run > run);
        if (first is not null && run >= first.Run && last?.Run == run) return;
        var end = first is null ? null : _inputs.LastBefore(bounds, static _ => false);
        throw Absent(first is null ? $"run {run} is not in the journal, which is empty"
            : $"run {run} is not in the journal, which holds runs {first.Run} to {end?.Run}", journal.Journal);
    }

    public static string WithoutHeader(long run) => $"run {run} begins without its header";

    public static JournalException Absent(string reason, string place) => new(JournalFault.Disorder, reason, place);

    public void Dispose() => _inputs.Dispose();

    private RunHeader AsHeader(in LogLine line, long run)
    {
        if (line.Head.Kind != JournalKind.Run || line.Head.Run != run) throw _inputs.Fail(line, WithoutHeader(run));
        try
        {
            return JournalDecoder.Run(line.Line);
        }
        catch (JournalException e)
        {
            throw e.At(_inputs.Place(line));
        }
    }
}
