using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>Opens a new segment for writing; the file must not exist.</summary>
internal delegate Stream CreateSegment(string path);

/// <summary>
/// Writes the journal as segment files in one folder, which it owns alone while it is open. Records are collected in memory and go to the files with
/// <see cref="Flush"/>, or earlier when there are many. After <see cref="JournalFault.Unwritable"/> nothing that was taken is lost: a later call
/// tries again from the same byte; only a failed fsync is final, as what the disk then holds is unknown.
/// </summary>
public sealed class SegmentJournalWriter : IJournalWriter
{
    private const int PendingBytes = 256 * 1024;

    private readonly SegmentJournalOptions _options;
    private readonly FileStream _lock;
    private readonly SegmentTail _inputs;
    private readonly SegmentTail _decisions;
    private readonly JournalBuffer _header = new();
    private JournalEncoder? _encoder;
    private JournalPosition _position;
    private bool _disposed;

    private SegmentJournalWriter(SegmentJournalOptions options, FileStream directoryLock, SegmentRecovery recovery, CreateSegment create)
    {
        _options = options;
        _lock = directoryLock;
        _position = recovery.Position;
        TornTails = recovery.TornTails;
        _inputs = new(options.Directory, create);
        _decisions = new(options.Directory, create);
    }

    /// <summary>What was cut off on opening: records that a crash had left half written.</summary>
    public ImmutableArray<TornTail> TornTails { get; }

    public JournalPosition Position => _position;

    /// <summary>
    /// Takes the folder, cuts torn tails off, and checks the last segment of either stream record by record; older ones are checked as they are read.
    /// </summary>
    /// <exception cref="JournalException">Another writer has the folder, it cannot be written, or a record before the tail is damaged.</exception>
    public static SegmentJournalWriter Open(SegmentJournalOptions options) => Open(options, CreateFile);

    internal static SegmentJournalWriter Open(SegmentJournalOptions options, CreateSegment create)
    {
        var directoryLock = DirectoryLock.Take(options.Directory);
        try
        {
            return new(options, directoryLock, SegmentRecovery.Of(options.Directory), create);
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    public void BeginRun(RunHeader header)
    {
        var head = new JournalLineHead(JournalKind.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision, header.Run);
        RequireOrder(head);
        var encoder = new JournalEncoder(header.Instruments);
        _header.Clear();
        encoder.Run(_header, header);
        Flush();
        _inputs.Begin(new(JournalStream.Inputs, header.Run, header.NextSequence), _header.Written);
        _decisions.End();
        _encoder?.Dispose();
        _encoder = encoder;
        _position = JournalOrder.After(_position, head);
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        var head = new JournalLineHead(JournalKind.Book + (byte)input.Kind, stamp.Sequence, stamp.At);
        var encoder = RequireRun();
        RequireOrder(head);
        if (_inputs.Length >= _options.SegmentBytes && _inputs.Name.First < stamp.Sequence)
            Roll(_inputs, new(JournalStream.Inputs, _position.Run, stamp.Sequence));
        MakeRoom();
        encoder.Input(_inputs.Pending, stamp, input, origin);
        _position = JournalOrder.After(_position, head);
    }

    public void AppendClock(Timestamp reachedAt)
    {
        var head = new JournalLineHead(JournalKind.Clock, _position.Sequence, reachedAt);
        var encoder = RequireRun();
        RequireOrder(head);
        MakeRoom();
        encoder.Clock(_inputs.Pending, new(_position.Sequence, reachedAt));
        _position = JournalOrder.After(_position, head);
    }

    public void Append(in Decision decision)
    {
        var head = new JournalLineHead(DecisionKind, decision.Cause.Sequence, decision.Cause.At, decision.Number);
        var encoder = RequireRun();
        RequireOrder(head);
        if (decision.Cause.Sequence > _position.Sequence)
        {
            throw new InvalidOperationException(
                $"decision {decision.Number} names input {decision.Cause.Sequence}, but only {_position.Sequence} were taken");
        }

        if (!_decisions.IsOpen || _decisions.Length >= _options.SegmentBytes)
            Roll(_decisions, new(JournalStream.Decisions, _position.Run, decision.Number));
        MakeRoom();
        encoder.Decision(_decisions.Pending, decision);
        _position = JournalOrder.After(_position, head);
    }

    /// <summary>Hands all records over: inputs first, so that no decision is ever found without its cause.</summary>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var tail in (ReadOnlySpan<SegmentTail>)[_inputs, _decisions])
        {
            tail.Write();
            if (_options.Durability == JournalDurability.PowerLoss) tail.Sync();
        }
    }

    /// <summary>Flushes and lets the folder go.</summary>
    /// <exception cref="JournalException">The last records could not be written; the folder is let go all the same.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        try
        {
            Flush();
        }
        finally
        {
            _disposed = true;
            _inputs.End();
            _decisions.End();
            _encoder?.Dispose();
            _lock.Dispose();
        }
    }

    // Every kind of decision is ordered by its number alone.
    private const JournalKind DecisionKind = JournalKind.Quote;

    private static FileStream CreateFile(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private JournalEncoder RequireRun()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _encoder ?? throw new InvalidOperationException("no run was begun");
    }

    private void RequireOrder(in JournalLineHead next)
    {
        if (JournalOrder.Fault(_position, next) is { } fault) throw new InvalidOperationException(fault);
    }

    private void MakeRoom()
    {
        if (_inputs.Pending.Length + _decisions.Pending.Length >= PendingBytes) Flush();
    }

    private void Roll(SegmentTail tail, SegmentName next)
    {
        Flush();
        tail.Begin(next, []);
    }
}
