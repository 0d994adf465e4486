using Dmm.Core.Ports;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>A record that counts.</summary>
/// <param name="Offset">Where it is.</param>
/// <param name="Run">The run it belongs to.</param>
/// <param name="Head">Its first members, and the proof that it is intact.</param>
/// <param name="Line">The line, without its line break.</param>
internal readonly record struct LogLine(long Offset, long Run, JournalLineHead Head, byte[] Line);

/// <summary>
/// One stream of an asset's journal on Kafka: the records that count, in their order. What fenced writers left, and what was sent twice, is dropped
/// and counted; what is damaged, missing or out of order throws with its place.
/// </summary>
/// <param name="journal">Brokers and asset.</param>
/// <param name="stream">Which of its streams.</param>
/// <param name="window">
/// How many of the asset's messages are read before a place that was sought, to know what was claimed and taken there: more than a writer can have
/// under way at once, as what a fenced or repeating one leaves behind reaches no further.
/// </param>
internal sealed class KafkaJournalStream(KafkaJournalTopics journal, JournalStream stream, int window = KafkaJournalStream.Window) : IDisposable
{
    public const int Window = 256;

    private readonly KafkaPartitionLog _log = new(journal, stream == JournalStream.Inputs ? journal.Journal : journal.Decisions);
    private (long Number, long Offset, JournalFence Fence)? _mark;
    private long _countedTo;

    public long FencedRecords { get; private set; }

    public long RepeatedRecords { get; private set; }

    /// <summary>The first claim with the highest epoch, of those read last.</summary>
    public JournalClaim? Claim { get; private set; }

    /// <summary>The highest epoch of what was read last.</summary>
    public long Epoch { get; private set; }

    public KafkaPartitionLog Log => _log;

    public LogBounds Bounds() => _log.Bounds();

    /// <summary>All within bounds that are at the log's beginning.</summary>
    public IEnumerable<LogLine> All(LogBounds bounds) => Read(bounds, default);

    /// <summary>From the first record on that satisfies a condition which, once true, stays true.</summary>
    public IEnumerable<LogLine> From(LogBounds bounds, Func<LogLine, bool> isReached) =>
        Read(Around(bounds, isReached), default).SkipWhile(line => !isReached(line));

    /// <summary>
    /// The same for a condition on the record's own number (an input's sequence, a decision's number): what was read last is gone on with.
    /// </summary>
    public IEnumerable<LogLine> FromNumber(LogBounds bounds, long number)
    {
        if (_mark is { } mark && mark.Offset >= bounds.First && number >= mark.Number && number - mark.Number <= window)
            return Read(bounds with { First = mark.Offset }, mark.Fence).SkipWhile(line => NumberOf(line.Head) < number);
        return From(bounds, line => NumberOf(line.Head) >= number);
    }

    /// <summary>The last record before the first one that satisfies such a condition; null where there is none.</summary>
    public LogLine? LastBefore(LogBounds bounds, Func<LogLine, bool> isReached)
    {
        LogLine? last = null;
        foreach (var line in Read(Around(bounds, isReached), default).TakeWhile(line => !isReached(line))) last = line;
        return last;
    }

    public string Place(in LogLine line) => _log.Place(line.Offset);

    public JournalException Fail(in LogLine line, string fault) => new(JournalFault.Disorder, fault, _log.Place(line.Offset));

    public void Dispose() => _log.Dispose();

    private long NumberOf(in JournalLineHead head) => stream == JournalStream.Inputs ? head.Sequence : head.Number;

    private LogBounds Around(LogBounds bounds, Func<LogLine, bool> isReached)
    {
        var found = _log.SeekFirst(bounds, message => isReached(Line(message)));
        return bounds with { First = _log.StepBack(bounds, found, window) };
    }

    private IEnumerable<LogLine> Read(LogBounds bounds, JournalFence fence)
    {
        (Claim, Epoch) = (null, fence.Epoch);
        foreach (var message in _log.Read(bounds))
        {
            if (message.IsClaim)
            {
                Take(message);
                fence = fence.Claimed(message.Epoch);
                Epoch = fence.Epoch;
                continue;
            }

            var line = Line(message);
            if (fence.Judge(message.Epoch, line.Head) is var verdict && verdict != FenceVerdict.Taken)
            {
                Count(message.Offset, verdict);
                continue;
            }

            if (Fault(fence.Position, line) is { } fault) throw Fail(line, fault);
            if (_mark is not { } mark || mark.Number != NumberOf(line.Head)) _mark = (NumberOf(line.Head), line.Offset, fence);
            fence = fence.After(message.Epoch, line.Run, line.Head);
            Epoch = fence.Epoch;
            yield return line;
        }
    }

    private void Take(in LogMessage message)
    {
        try
        {
            var claim = JournalClaim.Parse(message.Value);
            if (Claim is null || claim.Epoch > Claim.Epoch) Claim = claim;
        }
        catch (JournalException e)
        {
            throw e.At(_log.Place(message.Offset));
        }
    }

    private void Count(long offset, FenceVerdict verdict)
    {
        // Each once, however often a place is read.
        if (offset < _countedTo) return;
        _countedTo = offset + 1;
        if (verdict == FenceVerdict.Fenced) FencedRecords++;
        else RepeatedRecords++;
    }

    private LogLine Line(in LogMessage message)
    {
        try
        {
            return new(message.Offset, message.Run, JournalLine.Head(message.Value), message.Value);
        }
        catch (JournalException e)
        {
            throw e.At(_log.Place(message.Offset));
        }
    }

    private string? Fault(in JournalPosition before, in LogLine line)
    {
        if (line.Head.IsDecision != (stream == JournalStream.Decisions)) return $"a record of kind '{line.Head.Kind}' does not belong there";
        if (before.Run == 0) return null;
        if (line.Head.IsDecision)
        {
            return line.Run < before.Run ? $"decision {line.Head.Number} of run {line.Run} follows run {before.Run}"
                : line.Run > before.Run ? null
                : JournalOrder.Fault(before, line.Head);
        }

        // A crash may have lost decisions, which only the run's header then counts.
        return JournalOrder.Fault(before, line.Head)
            ?? (line.Head.Kind != JournalKind.Run && line.Run != before.Run ? $"run {line.Run} begins without its header" : null);
    }
}
