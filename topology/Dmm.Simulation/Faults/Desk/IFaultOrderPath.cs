using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>How orders get from a desk to a faulty venue, and what became of them back to the desk; one for each venue and process.</summary>
public interface IFaultOrderPath
{
    /// <summary>Takes an intent as it leaves the engine. Nothing is told from within this call.</summary>
    void Send(OrderIntent intent);

    /// <summary>
    /// An order of an earlier process whose fate is not known: it is asked for until the venue says what it is, and cancelled where it is open.
    /// </summary>
    void Adopt(OrderIntent order);

    /// <summary>Takes what the engine has heard of an order, from the private stream or from here.</summary>
    void Heard(OrderUpdate update);

    /// <summary>Begins to carry what is sent.</summary>
    /// <param name="prefix">Of our client order ids.</param>
    void Run(string prefix);

    /// <summary>Cancels every order of that prefix until the venue reports none open, then calls back.</summary>
    void CancelAllOurs(string prefix, Action done);

    /// <summary>The process is gone: no answer has an effect any more, and nothing that waits is sent.</summary>
    void End();
}

/// <summary>Gives the order path of a new process.</summary>
/// <param name="venue">Answers requests.</param>
/// <param name="queue">The simulation's clock and agenda.</param>
/// <param name="random">For the jitter of waits.</param>
/// <param name="write">Takes what the engine is to know; called as an event of the agenda.</param>
public delegate IFaultOrderPath FaultOrderPathFactory(FaultyVenue venue, SimulationQueue queue, SeededRandom random, InputReceiver write);
