using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>An order as it is sent to a simulated venue.</summary>
public sealed record OrderRequest(string ClientOrderId, Side Side, long PriceTicks, long SizeLots, bool IsPostOnly, TimeInForce TimeInForce);

/// <summary>One of our orders as a simulated venue keeps it; changed by the venue alone.</summary>
public sealed class OwnOrder
{
    internal OwnOrder(OrderRequest request, Timestamp acceptedAt)
    {
        (ClientOrderId, Side, PriceTicks, RemainingLots) = (request.ClientOrderId, request.Side, request.PriceTicks, request.SizeLots);
        (IsPostOnly, TimeInForce, AcceptedAt) = (request.IsPostOnly, request.TimeInForce, acceptedAt);
    }

    /// <summary>As it stands at a pool now.</summary>
    internal OwnOrder(StandingOrder order)
    {
        (ClientOrderId, Side, PriceTicks, RemainingLots) = (order.ClientOrderId, order.Side, order.PriceTicks, order.RemainingLots);
        (IsPostOnly, TimeInForce, AcceptedAt) = (order.IsPostOnly, order.TimeInForce, order.AcceptedAt);
    }

    public string ClientOrderId { get; }

    public Side Side { get; }

    public bool IsPostOnly { get; }

    public TimeInForce TimeInForce { get; }

    /// <summary>When it reached the venue.</summary>
    public Timestamp AcceptedAt { get; }

    public long PriceTicks { get; internal set; }

    public long RemainingLots { get; internal set; }

    /// <summary>By which the exchange's book knows it; 0 before it rests.</summary>
    internal long BookNumber { get; set; }

    /// <summary>What has traded of it.</summary>
    public long FilledLots { get; internal set; }
}
