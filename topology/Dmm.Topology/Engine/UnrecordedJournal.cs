using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology.Engine;

/// <summary>Takes every record and keeps none but the position: a run that nobody wants to replay.</summary>
public sealed class UnrecordedJournal : IJournalWriter
{
    public JournalPosition Position { get; private set; }

    public void BeginRun(RunHeader header) => Position = new(header.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision - 1);

    public void Append(in Stamp stamp, in Input input, InputOrigin origin) => Position =
        Position with { Sequence = stamp.Sequence, ReachedAt = stamp.At };

    public void AppendClock(Timestamp reachedAt) => Position = Position with { ReachedAt = reachedAt };

    public void Append(in Decision decision) => Position = Position with { Decision = decision.Number };

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
