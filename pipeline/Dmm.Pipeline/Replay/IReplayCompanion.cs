using Dmm.Core.Kernels;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Replay;

/// <summary>Goes along with the replay of a journal: hears of every input and decision as it is derived, and of the records they come from.</summary>
internal interface IReplayCompanion : IEngineLog
{
    /// <summary>A run begins; nothing of it has been derived yet.</summary>
    /// <param name="header">Its first record.</param>
    /// <param name="orders">Gives, from the run's first input on, the orders that the replayed desk has at that moment.</param>
    void OnRun(RunHeader header, Func<LiveOrdersState> orders);

    /// <summary>The replay has taken a record, and all that followed from it was told; levels of a book are valid during the call.</summary>
    void OnTaken(in JournalRecord record);
}
