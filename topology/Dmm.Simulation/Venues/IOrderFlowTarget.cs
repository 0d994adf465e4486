using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>What traders other than us see and do at a simulated order book: without latency, at the queue's present time.</summary>
public interface IOrderFlowTarget
{
    Instrument Instrument { get; }

    /// <summary>Best bid and ask as they stand at the venue, our orders included; zero lots on a side that is empty.</summary>
    (BookLevel Bid, BookLevel Ask) Best { get; }

    /// <summary>Matches an order at once; what is left of it rests, if it may.</summary>
    /// <returns>Number by which the resting order can be cancelled; 0 when nothing rests.</returns>
    long Submit(Side side, long priceTicks, long lots, TimeInForce timeInForce);

    /// <summary>Takes a resting order out; nothing happens when it has ended.</summary>
    void Cancel(long number);
}
