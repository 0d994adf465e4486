using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>One of our orders as the checker follows it, from the desk's decision to the venue's last word.</summary>
internal sealed class TrackedOrder(OrderIntent placement, bool isSent)
{
    public OrderIntent Placement { get; } = placement;

    public string Id => Placement.ClientOrderId;

    /// <summary>It waits in the process to be sent.</summary>
    public bool IsWaiting { get; set; } = isSent;

    /// <summary>The desk was told that it has ended.</summary>
    public bool IsToldEnded { get; set; }

    /// <summary>When the desk first asked for its cancel; none before.</summary>
    public Timestamp CancelAt { get; set; }

    /// <summary>The least that the desk was told, or has asked, to remain of it; what was refused is not asked any more.</summary>
    public long KnownLots { get; set; } = placement.SizeLots;

    /// <summary>The least that the desk was told to remain of it.</summary>
    public long ToldLots { get; set; } = placement.SizeLots;

    /// <summary>Price of the last amendment, which may or may not have come to be; 0 before one.</summary>
    public long AmendedTicks { get; set; }

    /// <summary>What has traded of it, base asset.</summary>
    public decimal Filled { get; set; }

    /// <summary>What of that the desk was told, each trade once, base asset.</summary>
    public decimal FilledTold { get; set; }

    /// <summary>What it may still add to the inventory that the desk knows of, base asset: what has traded untold, and what may yet trade.</summary>
    public decimal Expected(FaultyVenue venue) => Filled - FilledTold + venue.Instrument.Sizes.ToDecimal(AtMost(venue).Lots);

    /// <summary>What may still trade, and at which price it weighs most; zero lots once nothing can.</summary>
    public (long Lots, long PriceTicks) AtMost(FaultyVenue venue)
    {
        var record = venue.Record;
        // The exchange knows of a trade an event before it says so.
        if (record.Find(Id) is { } order)
            return venue.Exchange.Orders.Find(Id) is { } open ? (open.RemainingLots, Math.Max(order.PriceTicks, AmendedTicks)) : default;
        return record.UnderWay.ContainsKey(Id) || IsWaiting ? (Placement.SizeLots, Placement.PriceTicks) : default;
    }
}
