using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One of our quotes at a pool; changed by its <see cref="StandingLadder"/> alone.</summary>
public sealed class StandingOrder
{
    internal StandingOrder(OrderIntent placement, Timestamp acceptedAt) =>
        (ClientOrderId, Side, IsPostOnly, TimeInForce, PriceTicks, RemainingLots, AcceptedAt) = (placement.ClientOrderId, placement.Side,
            placement.IsPostOnly, placement.TimeInForce, placement.PriceTicks, placement.SizeLots, acceptedAt);

    public string ClientOrderId { get; }

    public Side Side { get; }

    /// <summary>As it was asked for; at a pool nothing can keep a quote from taking.</summary>
    public bool IsPostOnly { get; }

    public TimeInForce TimeInForce { get; }

    public Timestamp AcceptedAt { get; }

    /// <summary>A net price: after pool fee, transfer tax and gas.</summary>
    public long PriceTicks { get; internal set; }

    public long RemainingLots { get; internal set; }
}
