using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>Sees what happens at a venue as it happens there, whatever we are told of it.</summary>
internal interface IVenueWatch
{
    /// <summary>A placement leaves us, or is refused before it does; from now on the venue's record knows whether it may still arrive.</summary>
    void OnSubmitted(OrderIntent placement);

    /// <summary>An order has come, changed or ended.</summary>
    void OnOrder(OrderUpdate order, bool hasRisen);

    void OnFill(Fill fill);

    /// <summary>Something that only a reader of the timeline wants to know.</summary>
    void OnNote(string venue, string clientOrderId, string text);
}
