using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>Reads one segment, line by line, from any line on.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly FileStream _file;
    private readonly JournalLineReader _lines;
    private readonly bool _isLast;

    /// <param name="path">Full name of the file.</param>
    /// <param name="name">The same, taken apart.</param>
    /// <param name="isLast">The stream ends with it, so that its last record may be torn; anywhere else that is damage.</param>
    public SegmentReader(string path, SegmentName name, bool isLast)
    {
        Name = name;
        _isLast = isLast;
        _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _lines = new(_file);
    }

    public SegmentName Name { get; }

    /// <summary>The next record, valid until the next call; false where the written part ends.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line, out JournalLineHead head)
    {
        head = default;
        try
        {
            if (!_lines.TryRead(out line))
            {
                return _lines.Remainder == 0 || _isLast
                    ? false
                    : throw new JournalException(JournalFault.Corrupt, $"the segment ends with {_lines.Remainder} bytes of an unfinished line");
            }

            if (_isLast && _lines.NextOffset == _file.Length && !JournalLine.IsIntact(line)) return false;
            head = JournalLine.Head(line);
            return _lines.Offset > 0 || JournalOrder.Fault(Name, head) is not { } fault ? true
                : throw new JournalException(JournalFault.Disorder, fault);
        }
        catch (JournalException e)
        {
            throw At(e);
        }
    }

    /// <summary>
    /// Continues with the first record that satisfies a condition which, once true, stays true for all records after it; at the end if there is none.
    /// </summary>
    /// <returns>Head of the last record before it, or null.</returns>
    public JournalLineHead? SeekFirst(Func<JournalLineHead, bool> isReached)
    {
        JournalLineHead? before = null;
        var low = 0L;
        for (var high = _file.Length; low < high;)
        {
            var middle = low + (high - low) / 2;
            _lines.SeekLineAtOrAfter(middle);
            if (!TryRead(out _, out var head) || isReached(head))
            {
                high = middle;
            }
            else
            {
                before = head;
                low = _lines.NextOffset;
            }
        }

        _lines.Seek(low);
        return before;
    }

    /// <summary>A failure at the record read last.</summary>
    public JournalException Fail(JournalFault fault, string reason) => At(new JournalException(fault, reason));

    public JournalException At(JournalException e) => e.At($"{_file.Name}:{_lines.LineNumber(_lines.Offset)}");

    /// <summary>The record before the one to be read next, as file and line; ends the reading.</summary>
    public string PlaceBefore() => $"{_file.Name}:{_lines.LineNumber(_lines.NextOffset) - 1}";

    public void Dispose() => _file.Dispose();
}
