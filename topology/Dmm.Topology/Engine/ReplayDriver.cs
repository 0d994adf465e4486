using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>A replay did not do what the journal says was done, before it came to a decision: stamps, feedback or state differ.</summary>
public sealed class ReplayDivergedException(string message) : Exception(message);

/// <summary>
/// Derives the decisions of recorded inputs again. At each run's first record the engine is built from what that record holds, and what the replay
/// itself had arrived at there is compared with it.
/// </summary>
/// <param name="topology">Gives the topology for a run's catalogue and parameters.</param>
/// <param name="log">Hears of inputs and decisions as they are derived.</param>
public sealed class ReplayDriver(Func<RunHeader, ITopology> topology, IEngineLog log) : IDisposable
{
    private readonly FeedbackCheck _check = new(log);
    private Engine? _engine;
    private Stamp? _closed;

    /// <summary>Records taken so far.</summary>
    public long Records { get; private set; }

    /// <summary>Takes records, of which the very first must begin a run; may be called again with those that follow.</summary>
    /// <exception cref="ReplayDivergedException">Stamps, clock, feedback, state or the count of decisions came out otherwise.</exception>
    /// <exception cref="EngineFaultException">The engine threw, as it then must have done when this was recorded.</exception>
    public void Play(IEnumerable<JournalRecord> records)
    {
        foreach (var record in records)
        {
            Records++;
            switch (record.Kind)
            {
                case JournalRecordKind.Run:
                    Begin(record.Header!);
                    break;
                case JournalRecordKind.Clock:
                    Advance(record.Stamp);
                    break;
                case var _ when record.Origin == InputOrigin.Feedback:
                    _check.Expect(record.Stamp, record.Input);
                    break;
                default:
                    Take(record);
                    break;
            }

            _closed = record.Kind == JournalRecordKind.Clock ? record.Stamp : null;
        }
    }

    /// <summary>Where the replay has arrived, to go on from; see <see cref="Engine.Capture"/>.</summary>
    /// <exception cref="ReplayDivergedException">No run has begun.</exception>
    public EngineStart Capture() => Running.Capture();

    public void Dispose() => _engine?.Dispose();

    private Engine Running => _engine ?? throw new ReplayDivergedException("the records do not begin with a run's first one");

    /// <summary>
    /// A run that was closed ends with a clock record at the instant where the next begins. After a crash, or while the journal was down, there is a
    /// hole instead, and nothing to compare; nor is there where a process started afresh.
    /// </summary>
    private void Begin(RunHeader header)
    {
        var recorded = new EngineStart(header.StartedAt, header.NextSequence - 1, header.NextDecision - 1, header.State);
        if (_engine is { } engine)
        {
            if (_closed == new Stamp(recorded.LastSequence, recorded.At) && !recorded.States.IsEmpty) Compare(engine.Capture(), recorded, header.Run);
            engine.Dispose();
            _check.Clear();
        }

        _engine = new Engine(topology(header), recorded, _check);
    }

    private static void Compare(EngineStart derived, EngineStart recorded, long run)
    {
        if (derived.LastDecision != recorded.LastDecision)
            throw new ReplayDivergedException(
                $"run {run} counts on from decision {recorded.LastDecision}, the replay came to {derived.LastDecision}");
        if (!derived.States.Span.SequenceEqual(recorded.States.Span))
            throw new ReplayDivergedException(
                $"the state of '{StateSet.FirstDifference(derived.States, recorded.States)}' at the start of run {run}, {recorded.At}, "
                + "is not the one that was recorded");
    }

    private void Advance(Stamp recorded)
    {
        _check.RequireRecorded();
        Running.AdvanceTo(recorded.At);
        _check.RequireDerived();
        _check.RequireRecorded();
        var reached = new Stamp(Running.LastSequence, Running.Time);
        if (reached != recorded)
            throw new ReplayDivergedException(
                $"the clock record of input {recorded.Sequence}, {recorded.At}, was reached at input {reached.Sequence}, {reached.At} on replay");
    }

    private void Take(in JournalRecord record)
    {
        _check.RequireRecorded();
        var stamp = Running.Take(record.Stamp.At, record.Input);
        _check.RequireDerived();
        if (stamp != record.Stamp)
            throw new ReplayDivergedException(
                $"input {record.Stamp.Sequence} of {record.Stamp.At} was stamped {stamp.Sequence}, {stamp.At} on replay");
    }

    /// <summary>
    /// Feedback is derived before its record is read, or just after: a timer's feedback stands before the input whose coming fired the timer.
    /// </summary>
    private sealed class FeedbackCheck(IEngineLog log) : IEngineLog
    {
        private readonly Queue<(Stamp Stamp, ControlMessage Message)> _derived = new();
        private readonly Queue<(Stamp Stamp, ControlMessage Message)> _recorded = new();

        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
        {
            if (origin == InputOrigin.Feedback) Match(_derived, _recorded, stamp, input);
            log.OnInput(stamp, input, origin);
        }

        public void OnDecision(in Decision decision) => log.OnDecision(decision);

        public void Expect(in Stamp stamp, in Input input) => Match(_recorded, _derived, stamp, input);

        /// <summary>Before the next outside record all feedback that came out must have been read.</summary>
        public void RequireRecorded()
        {
            if (_derived.TryPeek(out var extra))
                throw new ReplayDivergedException($"feedback differs: {Text(extra)}, came out and is not in the record");
        }

        /// <summary>Once an outside record was taken, the feedback that stands before it must have come out.</summary>
        public void RequireDerived()
        {
            if (_recorded.TryPeek(out var missing))
                throw new ReplayDivergedException($"feedback differs: {Text(missing)}, is in the record and did not come out");
        }

        /// <summary>At a hole in the record what has no counterpart may have been lost with it.</summary>
        public void Clear()
        {
            _derived.Clear();
            _recorded.Clear();
        }

        private static void Match(
            Queue<(Stamp Stamp, ControlMessage Message)> own, Queue<(Stamp Stamp, ControlMessage Message)> other, in Stamp stamp, in Input input)
        {
            var item = (stamp, input.Control);
            if (!other.TryDequeue(out var counterpart)) own.Enqueue(item);
            else if (counterpart != item) throw new ReplayDivergedException($"feedback differs: {Text(item)}, against {Text(counterpart)}");
        }

        private static string Text((Stamp Stamp, ControlMessage Message) item) => $"{item.Stamp.Sequence} at {item.Stamp.At}, {item.Message}";
    }
}
