using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>
/// The records taken since the last flush that succeeded, as lines: what goes to the other path when the one they were given to fails. Holding market
/// data allocates nothing once the buffer has its size.
/// </summary>
internal sealed class HeldRecords : IDisposable
{
    private readonly JournalBuffer _lines = new(64 * 1024);
    private JournalEncoder? _encoder;
    private RunHeader? _begun;

    public int Length => _lines.Length;

    /// <summary>How far the path reached that had all of it, at the last flush that succeeded.</summary>
    public JournalPosition Flushed { get; private set; }

    /// <summary>The run in progress; null before the first.</summary>
    public RunHeader? Run { get; private set; }

    public void Add(RunHeader header)
    {
        _encoder?.Dispose();
        _encoder = new(header.Instruments);
        _encoder.Run(_lines, header);
        Run = header;
    }

    public void Add(in Stamp stamp, in Input input, InputOrigin origin) => _encoder!.Input(_lines, stamp, input, origin);

    public void Add(in Stamp reached) => _encoder!.Clock(_lines, reached);

    public void Add(in Decision decision) => _encoder!.Decision(_lines, decision);

    /// <summary>All is written elsewhere.</summary>
    /// <param name="position">How far that reaches.</param>
    public void Settle(in JournalPosition position)
    {
        (Flushed, _begun) = (position, Run);
        _lines.Clear();
    }

    /// <summary>Begins a journal that continues where the last flush got to, with all that is held.</summary>
    public void Begin(IJournalWriter journal)
    {
        if (_begun is { } begun) journal.BeginRun(JournalContinuation.Of(begun, Flushed));
        Write(journal);
    }

    /// <summary>Appends what is held and the journal does not have yet.</summary>
    public void Write(IJournalWriter journal)
    {
        var decoder = _begun is { } begun ? new JournalDecoder(begun.Instruments) : null;
        for (var rest = _lines.Written; !rest.IsEmpty;)
        {
            var length = rest.IndexOf((byte)'\n');
            var line = rest[..length];
            rest = rest[(length + 1)..];
            var head = JournalLine.Head(line);
            if (head.Kind == JournalKind.Run)
            {
                var header = JournalDecoder.Run(line);
                decoder = decoder?.ForNextRun(header.Instruments) ?? new(header.Instruments);
                if (!JournalFence.IsWithin(journal.Position, head)) journal.BeginRun(header);
            }
            else if (!JournalFence.IsWithin(journal.Position, head))
            {
                if (head.IsDecision) journal.Append(decoder!.Decision(line, head));
                else Append(journal, decoder!.Record(line, head));
            }
        }
    }

    public static void Append(IJournalWriter journal, in JournalRecord record)
    {
        switch (record.Kind)
        {
            case JournalRecordKind.Run:
                journal.BeginRun(record.Header!);
                break;
            case JournalRecordKind.Clock:
                journal.AppendClock(record.Stamp.At);
                break;
            default:
                journal.Append(record.Stamp, record.Input, record.Origin);
                break;
        }
    }

    public void Dispose() => _encoder?.Dispose();
}
