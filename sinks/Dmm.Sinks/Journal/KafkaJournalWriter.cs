using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sources.Journal;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>
/// Writes one asset's journal to its Kafka topics. On opening it claims the journal with its epoch; readers then pass over what writers of lower
/// epochs still send, and such a writer refuses with <see cref="JournalFault.Locked"/> once it sees the claim, within a second while the brokers
/// answer. <see cref="Flush"/> returns when the brokers have acknowledged everything, inputs before decisions; when they have not within the limit,
/// it throws <see cref="JournalFault.Unwritable"/>, everything stays under way, and further calls fail at once until all is acknowledged. A clock
/// record that gets no further than the journal says nothing and is not written.
/// </summary>
public sealed class KafkaJournalWriter : IResumableJournal
{
    /// <summary>Bytes of lines that may be under way; above it each call flushes first.</summary>
    private const int PendingBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Records that may be under way; above it each call flushes first. What a fenced writer, or one that sends again, leaves behind then reaches no
    /// further than readers look back.
    /// </summary>
    private const int PendingRecords = KafkaJournalStream.Window / 2;

    /// <summary>Room in a message for key, headers and the batch around it.</summary>
    private const int MessageOverhead = 512;

    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AwayLimit = TimeSpan.FromMilliseconds(5);

    private readonly KafkaJournalOptions _options;
    private readonly KafkaOutbox _outbox;
    private readonly KafkaFenceWatch _watch;
    private readonly JournalBuffer _line = new();
    private JournalEncoder? _encoder;
    private JournalPosition _position;
    private JournalException? _fenced;
    private bool _isAway;
    private bool _disposed;

    private KafkaJournalWriter(KafkaJournalOptions options, KafkaOutbox outbox, KafkaFenceWatch watch, JournalPosition position) =>
        (_options, _outbox, _watch, _position) = (options, outbox, watch, position);

    public JournalPosition Position => _position;

    /// <summary>Bytes of lines taken and not acknowledged.</summary>
    public long PendingLength => _outbox.Bytes;

    /// <summary>
    /// Claims the journal, then reads how far it reaches up to the claim. Takes up to ten seconds where the brokers do not answer.
    /// </summary>
    /// <param name="options">Which journal, and who writes it.</param>
    /// <param name="time">The process's clock; dates the claim.</param>
    /// <exception cref="JournalException">
    /// The brokers are away, a writer of the same or a higher epoch has claimed the journal, or its end is damaged.
    /// </exception>
    public static KafkaJournalWriter Open(KafkaJournalOptions options, TimeProvider time) => Open(options, time, KafkaJournalStream.Window);

    internal static KafkaJournalWriter Open(KafkaJournalOptions options, TimeProvider time, int window)
    {
        options.Checked();
        using var inputs = new KafkaJournalStream(options.Topics, JournalStream.Inputs, window);
        using var decisions = new KafkaJournalStream(options.Topics, JournalStream.Decisions, window);
        var outbox = new KafkaOutbox(options, inputs.Log.Partition, decisions.Log.Partition, time);
        KafkaFenceWatch? watch = null;
        try
        {
            var claimed = outbox.Claim(new(options.Epoch, options.Writer), Timestamp.From(time.GetUtcNow()), OpenLimit);
            watch = new(options, decisions.Log.Partition, claimed.Decisions, time);
            return new(options, outbox, watch,
                TrimmedLog.Ask(() => KafkaRecovery.Of(options, inputs, claimed.Inputs, decisions, claimed.Decisions)));
        }
        catch
        {
            watch?.Dispose();
            outbox.Dispose();
            throw;
        }
    }

    public void ResumeRun(RunHeader header)
    {
        ThrowIfClosed();
        if (header.Run != _position.Run)
        {
            throw new InvalidOperationException(
                $"run {header.Run} cannot be gone on with: the journal ends with run {_position.Run}");
        }

        Encode(new(header.Instruments));
    }

    public void BeginRun(RunHeader header)
    {
        ThrowIfClosed();
        var head = new JournalLineHead(JournalKind.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision, header.Run);
        RequireOrder(head);
        var encoder = new JournalEncoder(header.Instruments);
        _line.Clear();
        encoder.Run(_line, header);
        Take(JournalStream.Inputs, head, header.Run);
        Encode(encoder);
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        var head = new JournalLineHead(JournalKind.Book + (byte)input.Kind, stamp.Sequence, stamp.At);
        var encoder = RequireRun();
        RequireOrder(head);
        _line.Clear();
        encoder.Input(_line, stamp, input, origin);
        Take(JournalStream.Inputs, head, _position.Run);
    }

    public void AppendClock(Timestamp reachedAt)
    {
        var head = new JournalLineHead(JournalKind.Clock, _position.Sequence, reachedAt);
        var encoder = RequireRun();
        RequireOrder(head);
        if (reachedAt == _position.ReachedAt) return;
        _line.Clear();
        encoder.Clock(_line, new(_position.Sequence, reachedAt));
        Take(JournalStream.Inputs, head, _position.Run);
    }

    public void Append(in Decision decision)
    {
        var head = new JournalLineHead(JournalKind.Quote, decision.Cause.Sequence, decision.Cause.At, decision.Number);
        var encoder = RequireRun();
        RequireOrder(head);
        if (decision.Cause.Sequence > _position.Sequence)
        {
            throw new InvalidOperationException(
                $"decision {decision.Number} names input {decision.Cause.Sequence}, but only {_position.Sequence} were taken");
        }

        _line.Clear();
        encoder.Decision(_line, decision);
        Take(JournalStream.Decisions, head, _position.Run);
    }

    public void Flush()
    {
        ThrowIfClosed();
        try
        {
            if (_watch.Lost(_isAway ? null : _options.FlushLimit) is { } epoch)
            {
                _fenced = Fenced(_options, epoch, null);
                throw Fenced();
            }

            _outbox.Deliver(_isAway ? AwayLimit : _options.FlushLimit);
            _isAway = false;
        }
        catch (JournalException away) when (away.Fault == JournalFault.Unwritable)
        {
            _isAway = true;
            throw;
        }
    }

    /// <summary>Flushes and lets go of the brokers.</summary>
    /// <exception cref="JournalException">The last records were not acknowledged in time; they may be in the journal or not.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        try
        {
            if (_fenced is null) Flush();
        }
        finally
        {
            _disposed = true;
            _encoder?.Dispose();
            _outbox.Dispose();
            _watch.Dispose();
        }
    }

    internal static JournalException Fenced(KafkaJournalOptions options, long epoch, string? writer) => new(JournalFault.Locked,
        $"another writer owns the journal of {options.Topics.Asset}: {writer ?? "it"} claimed it with epoch {epoch}, this one with {options.Epoch}",
        options.Topics.Journal);

    private JournalException Fenced() => new(JournalFault.Locked, _fenced!.Reason, _fenced.Place, _fenced);

    private void ThrowIfClosed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_fenced is not null) throw Fenced();
    }

    private JournalEncoder RequireRun()
    {
        ThrowIfClosed();
        return _encoder ?? throw new InvalidOperationException("no run was begun");
    }

    private void RequireOrder(in JournalLineHead next)
    {
        if (JournalOrder.Fault(_position, next) is { } fault) throw new InvalidOperationException(fault);
    }

    private void Encode(JournalEncoder encoder)
    {
        _encoder?.Dispose();
        _encoder = encoder;
    }

    private void Take(JournalStream stream, in JournalLineHead head, long run)
    {
        var line = _line.Written[..^1];
        if (line.Length > _options.Topics.Kafka.MessageBytesMax - MessageOverhead)
        {
            var what = head.Kind == JournalKind.Run ? $"the header of run {run}"
                : head.IsDecision ? $"decision {head.Number}"
                : $"input {head.Sequence}";
            throw new JournalException(JournalFault.Unwritable,
                $"{what} is a line of {line.Length} bytes: a message holds at most {_options.Topics.Kafka.MessageBytesMax - MessageOverhead}",
                stream == JournalStream.Inputs ? _options.Topics.Journal : _options.Topics.Decisions);
        }

        if (_outbox.Bytes >= PendingBytes || _outbox.Count >= PendingRecords) Flush();
        _outbox.Add(stream, run, head.At, line);
        _position = JournalOrder.After(_position, head);
    }
}
