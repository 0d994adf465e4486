using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>Stands in for the brokers: keeps what was delivered as segment files, and is away when a test says so.</summary>
internal sealed class FaultyBroker : IDisposable
{
    private readonly JournalFolder _folder = new();
    private bool _isOwned;

    public FaultyBroker() => Log = SegmentJournalWriter.Open(new() { Directory = _folder.Path });

    public SegmentJournalWriter Log { get; }

    public bool IsAway { get; set; }

    /// <summary>How many records each failing flush delivers nevertheless.</summary>
    public int Slips { get; set; }

    public IJournalReader OpenReader() => new SegmentJournalReader(_folder.Path);

    public Task<IResumableJournal> Open()
    {
        if (IsAway) return Task.FromException<IResumableJournal>(Away());
        if (_isOwned) return Task.FromException<IResumableJournal>(new JournalException(JournalFault.Locked, "owned"));
        _isOwned = true;
        return Task.FromResult<IResumableJournal>(new Writer(this));
    }

    /// <summary>The writer's process is gone, with what it had not delivered.</summary>
    public void Abandon() => _isOwned = false;

    public void Dispose()
    {
        Log.Dispose();
        _folder.Dispose();
    }

    private static JournalException Away() => new(JournalFault.Unwritable, "away", "broker");

    private sealed class Writer(FaultyBroker broker) : IResumableJournal
    {
        private readonly HeldRecords _pending = new();

        public JournalPosition Position { get; private set; } = broker.Log.Position;

        public void ResumeRun(RunHeader header)
        {
            header.Run.ShouldBe(Position.Run);
            _pending.Add(header);
        }

        public void BeginRun(RunHeader header)
        {
            var head = new JournalLineHead(JournalKind.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision, header.Run);
            Take(head, () => _pending.Add(header));
        }

        public void Append(in Stamp stamp, in Input input, InputOrigin origin)
        {
            var (at, taken) = (stamp, input);
            Take(new(JournalKind.Book, stamp.Sequence, stamp.At), () => _pending.Add(at, taken, origin));
        }

        public void AppendClock(Timestamp reachedAt)
        {
            var stamp = new Stamp(Position.Sequence, reachedAt);
            Take(new(JournalKind.Clock, stamp.Sequence, reachedAt), () => _pending.Add(stamp));
        }

        public void Append(in Decision decision)
        {
            if (decision.Cause.Sequence > Position.Sequence)
            {
                throw new InvalidOperationException(
                    $"decision {decision.Number} names input {decision.Cause.Sequence}, but only {Position.Sequence} were taken");
            }

            var taken = decision;
            Take(new(JournalKind.Quote, decision.Cause.Sequence, decision.Cause.At, decision.Number), () => _pending.Add(taken));
        }

        public void Flush()
        {
            _pending.Write(new Gate(broker.Log, broker.IsAway ? broker.Slips : int.MaxValue));
            if (broker.IsAway) throw Away();
            broker.Log.Flush();
            _pending.Settle(Position);
        }

        public void Dispose()
        {
            try
            {
                Flush();
            }
            finally
            {
                broker.Abandon();
            }
        }

        private void Take(in JournalLineHead head, Action add)
        {
            if (head.Kind != JournalKind.Run && _pending.Run is null) throw new InvalidOperationException("no run was begun");
            if (JournalOrder.Fault(Position, head) is { } fault) throw new InvalidOperationException(fault);
            add();
            Position = JournalOrder.After(Position, head);
        }
    }

    /// <summary>Lets so many records through.</summary>
    private sealed class Gate(IJournalWriter log, int left) : IJournalWriter
    {
        public JournalPosition Position => log.Position;

        public void BeginRun(RunHeader header)
        {
            Pass();
            log.BeginRun(header);
        }

        public void Append(in Stamp stamp, in Input input, InputOrigin origin)
        {
            Pass();
            log.Append(stamp, input, origin);
        }

        public void AppendClock(Timestamp reachedAt)
        {
            Pass();
            log.AppendClock(reachedAt);
        }

        public void Append(in Decision decision)
        {
            Pass();
            log.Append(decision);
        }

        public void Flush() => log.Flush();

        public void Dispose()
        {
        }

        private void Pass()
        {
            if (left-- > 0) return;
            log.Flush();
            throw Away();
        }
    }
}
