using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Scenarios;

/// <summary>A journal that keeps nothing but its position, and cannot be written while the script says so.</summary>
internal sealed class ScriptedJournal : IJournalWriter
{
    private readonly UnrecordedJournal _kept = new();

    /// <summary>Why it cannot be written; null while it can.</summary>
    public string? Failure { get; set; }

    public JournalPosition Position => _kept.Position;

    public void BeginRun(RunHeader header)
    {
        ThrowIfFailing();
        _kept.BeginRun(header);
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        ThrowIfFailing();
        _kept.Append(stamp, input, origin);
    }

    public void AppendClock(Timestamp reachedAt)
    {
        ThrowIfFailing();
        _kept.AppendClock(reachedAt);
    }

    public void Append(in Decision decision)
    {
        ThrowIfFailing();
        _kept.Append(decision);
    }

    public void Flush() => ThrowIfFailing();

    public void Dispose() => _kept.Dispose();

    private void ThrowIfFailing()
    {
        if (Failure is { } failure) throw new JournalException(JournalFault.Unwritable, failure);
    }
}
