using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>Where the pipeline's orders go in a simulation: one instrument at one venue.</summary>
public interface ISimulatedVenue
{
    Instrument Instrument { get; }

    /// <summary>
    /// Takes an order intent as it leaves us; it reaches the venue after the order latency. Acknowledgements and fills come as inputs.
    /// </summary>
    /// <param name="intent">For <see cref="Instrument"/>.</param>
    /// <param name="at">When it leaves; not before the queue's present time.</param>
    void Send(OrderIntent intent, Timestamp at);

    /// <summary>Our orders that rest there now, by client order id.</summary>
    IReadOnlyCollection<OwnOrder> OpenOrders { get; }
}
