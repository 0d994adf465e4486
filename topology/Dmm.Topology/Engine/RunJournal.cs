using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>
/// The engine's log on its way into the journal. Keeps the decisions that may not leave yet, and turns a journal that cannot be written into a state
/// instead of an exception: what is wrong with the records themselves still throws.
/// </summary>
/// <param name="journal">Owned by the caller.</param>
/// <param name="watcher">Told of inputs, whether or not they can be written.</param>
internal sealed class RunJournal(IJournalWriter journal, IDecisionSink watcher) : IEngineLog
{
    /// <summary>Decisions made and not yet let out.</summary>
    public Queue<Decision> Pending { get; } = new();

    /// <summary>Why nothing can be written; null while it can.</summary>
    public string? Failure { get; private set; }

    public bool IsDown => Failure is not null;

    public JournalPosition Position => journal.Position;

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
    {
        watcher.OnInput(stamp, input);
        if (IsDown) return;
        try
        {
            journal.Append(stamp, input, origin);
        }
        catch (JournalException unwritable) when (unwritable.Fault == JournalFault.Unwritable)
        {
            Failure = unwritable.Message;
        }
    }

    public void OnDecision(in Decision decision)
    {
        Pending.Enqueue(decision);
        if (IsDown) return;
        try
        {
            journal.Append(decision);
        }
        catch (JournalException unwritable) when (unwritable.Fault == JournalFault.Unwritable)
        {
            Failure = unwritable.Message;
        }
    }

    /// <summary>Makes what was written outlive the process; records first how far the clock got where that is asked for.</summary>
    public void Commit(Timestamp? reachedAt)
    {
        if (IsDown) return;
        try
        {
            if (reachedAt is { } at) journal.AppendClock(at);
            journal.Flush();
        }
        catch (JournalException unwritable) when (unwritable.Fault == JournalFault.Unwritable)
        {
            Failure = unwritable.Message;
        }
    }

    /// <summary>Begins a run, also to come back from being down. When it cannot be written, <see cref="Failure"/> says why.</summary>
    public void TryBeginRun(RunHeader header)
    {
        try
        {
            BeginRun(header);
            Failure = null;
        }
        catch (JournalException unwritable) when (unwritable.Fault == JournalFault.Unwritable)
        {
            Failure = unwritable.Message;
        }
    }

    /// <summary>Begins a run, or throws.</summary>
    public void BeginRun(RunHeader header)
    {
        journal.BeginRun(header);
        journal.Flush();
    }
}
