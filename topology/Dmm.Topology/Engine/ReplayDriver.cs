using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>A replay did not do what the journal says was done, before it came to a decision: stamps, feedback or state differ.</summary>
public sealed class ReplayDivergedException(string message) : Exception(message);

/// <summary>
/// Derives the decisions of recorded inputs again. At each run's first record the engine is built from what that record holds, and what the replay itself
/// had arrived at there is compared with it.
/// </summary>
/// <param name="topology">Gives the topology for a run's catalogue and parameters.</param>
/// <param name="log">Hears of inputs and decisions as they are derived.</param>
public sealed class ReplayDriver(Func<RunHeader, ITopology> topology, IEngineLog log) : IDisposable
{
    private readonly FeedbackCheck _check = new(log);
    private Engine? _engine;

    /// <summary>Records taken so far.</summary>
    public long Records { get; private set; }

    /// <summary>Takes all records, which must begin with a run's first one.</summary>
    /// <exception cref="ReplayDivergedException">Stamps, feedback or state came out otherwise.</exception>
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
                    Running.AdvanceTo(record.Stamp.At);
                    break;
                case var _ when record.Origin == InputOrigin.Feedback:
                    _check.Expect(record.Stamp, record.Input);
                    break;
                default:
                    Take(record);
                    break;
            }
        }
    }

    public void Dispose() => _engine?.Dispose();

    private Engine Running => _engine ?? throw new ReplayDivergedException("the records do not begin with a run's first one");

    private void Begin(RunHeader header)
    {
        var recorded = new EngineStart(header.StartedAt, header.NextSequence - 1, header.NextDecision - 1, header.State);
        if (_engine is { } engine)
        {
            Compare(engine.Capture(), recorded, header.Run);
            engine.Dispose();
        }

        _engine = new Engine(topology(header), recorded, _check);
    }

    /// <summary>
    /// A run that was closed ends with a clock record at the instant where the next begins. After a crash, or while the journal was down, there is a hole
    /// instead, and nothing to compare.
    /// </summary>
    private static void Compare(EngineStart derived, EngineStart recorded, long run)
    {
        var isContinuous = derived.At == recorded.At && derived.LastSequence == recorded.LastSequence && derived.LastDecision == recorded.LastDecision;
        if (isContinuous && !derived.States.Span.SequenceEqual(recorded.States.Span))
            throw new ReplayDivergedException($"the state at the start of run {run}, {recorded.At}, is not the one that was recorded");
    }

    private void Take(in JournalRecord record)
    {
        var stamp = Running.Take(record.Stamp.At, record.Input);
        if (stamp != record.Stamp)
            throw new ReplayDivergedException($"input {record.Stamp.Sequence} of {record.Stamp.At} was stamped {stamp.Sequence}, {stamp.At} on replay");
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

        private static void Match(
            Queue<(Stamp Stamp, ControlMessage Message)> own, Queue<(Stamp Stamp, ControlMessage Message)> other, in Stamp stamp, in Input input)
        {
            if (!other.TryDequeue(out var counterpart))
            {
                own.Enqueue((stamp, input.Control));
                return;
            }

            if (counterpart.Stamp != stamp || !counterpart.Message.Equals(input.Control))
                throw new ReplayDivergedException(
                    $"feedback differs: {stamp.Sequence} at {stamp.At}, {input.Control}, against {counterpart.Stamp.Sequence} at {counterpart.Stamp.At}, {counterpart.Message}");
        }
    }
}
