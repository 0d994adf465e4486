using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>A record that a crash had left half written, and that was cut off.</summary>
/// <param name="File">The segment; it was removed when nothing else was in it.</param>
/// <param name="Line">The line the record would have been.</param>
/// <param name="Bytes">How many bytes there were of it; 0 for a segment that a crash had left empty.</param>
public sealed record TornTail(string File, long Line, long Bytes);

/// <summary>
/// Finds out how far a journal reaches, and cuts off what a crash left at its very end. Damage anywhere before that stops with file and line.
/// </summary>
internal sealed class SegmentRecovery
{
    private readonly string _directory;
    private readonly List<TornTail> _torn = [];

    private SegmentRecovery(string directory) => _directory = directory;

    public JournalPosition Position { get; private set; }

    public ImmutableArray<TornTail> TornTails => [.. _torn];

    public static SegmentRecovery Of(string directory)
    {
        var recovery = new SegmentRecovery(directory);
        try
        {
            recovery.Recover();
        }
        catch (Exception e) when (SegmentTail.IsStorage(e))
        {
            throw SegmentTail.Unwritable(directory, e);
        }

        return recovery;
    }

    private void Recover()
    {
        var inputs = Last(JournalStream.Inputs);
        var decisions = Last(JournalStream.Decisions);
        if (inputs is { } input)
        {
            // The header stands in the run's first segment, which is not the last one where the run has rolled on.
            var header = FirstHead(Segments(JournalStream.Inputs).First(s => s.Run == input.Name.Run));
            Position = input.End with { Decision = header.Number - 1 };
        }

        if (decisions is not { } decision) return;
        if (decision.Name.Run > Position.Run || (decision.Name.Run == Position.Run && decision.End.Sequence > Position.Sequence))
        {
            throw new JournalException(JournalFault.Disorder,
                $"decision {decision.End.Decision} of run {decision.Name.Run} names input {decision.End.Sequence}, but the inputs end with run "
                + $"{Position.Run}, input {Position.Sequence}: the disk lost inputs that were flushed", PathOf(decision.Name));
        }

        if (decision.Name.Run == Position.Run) Position = Position with { Decision = decision.End.Decision };
    }

    /// <summary>The last segment that holds a whole record, and how far it reaches; torn records and empty segments behind it are cut off.</summary>
    private (SegmentName Name, JournalPosition End)? Last(JournalStream stream)
    {
        for (var segments = Segments(stream); !segments.IsEmpty; segments = segments.RemoveAt(segments.Length - 1))
        {
            if (Scan(segments[^1]) is { } end) return (segments[^1], end);
        }

        return null;
    }

    private JournalPosition? Scan(SegmentName name)
    {
        var path = PathOf(name);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var lines = new JournalLineReader(file);
        JournalPosition? position = null;
        var number = 0L;
        while (lines.TryRead(out var line))
        {
            number++;
            var isTorn = lines.NextOffset == file.Length && !JournalLine.IsIntact(line);
            if (isTorn) return Cut(file, name, number, lines.Offset, position);
            try
            {
                var head = JournalLine.Head(line);
                var fault = position is { } before ? JournalOrder.Fault(before, head) : JournalOrder.Fault(name, head);
                if (fault is not null) throw new JournalException(JournalFault.Disorder, fault);
                position = head.Kind == JournalKind.Run ? JournalOrder.After(default, head)
                    : head.IsDecision ? new(name.Run, head.Sequence, head.At, head.Number)
                    : new(name.Run, head.Sequence, head.At, 0);
            }
            catch (JournalException e)
            {
                throw e.At($"{path}:{number}");
            }
        }

        return lines.Remainder > 0 || number == 0 ? Cut(file, name, number + 1, lines.Offset, position) : position;
    }

    private JournalPosition? Cut(FileStream file, SegmentName name, long line, long end, JournalPosition? position)
    {
        _torn.Add(new(file.Name, line, file.Length - end));
        file.SetLength(end);
        file.Flush(flushToDisk: true);
        if (end == 0) File.Delete(PathOf(name));
        return position;
    }

    private JournalLineHead FirstHead(SegmentName name)
    {
        using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            new JournalLineReader(file).TryRead(out var line);
            var head = JournalLine.Head(line);
            return JournalOrder.Fault(name, head) is { } fault ? throw new JournalException(JournalFault.Disorder, fault)
                : head.Kind == JournalKind.Run ? head
                : throw new JournalException(JournalFault.Disorder, $"run {name.Run} begins without its header: its first segment is missing");
        }
        catch (JournalException e)
        {
            throw e.At($"{PathOf(name)}:1");
        }
    }

    private ImmutableArray<SegmentName> Segments(JournalStream stream) =>
        SegmentName.Sorted(stream, Directory.EnumerateFiles(_directory).Select(file => Path.GetFileName(file)));

    private string PathOf(SegmentName name) => Path.Combine(_directory, name.ToString());
}
