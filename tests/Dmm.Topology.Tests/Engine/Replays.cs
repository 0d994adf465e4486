using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

public static class Replays
{
    /// <summary>Derives what the records lead to, with the toy that wrote them.</summary>
    public static EngineRecording Derive(IEnumerable<JournalRecord> records)
    {
        var recording = new EngineRecording();
        using var replay = new ReplayDriver(header => new ToyQuoter(header.Parameters), recording);
        replay.Play(records);
        return recording;
    }
}
