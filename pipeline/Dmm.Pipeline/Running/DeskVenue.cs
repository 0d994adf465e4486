using Dmm.Core.Ports;
using Dmm.Sinks;

namespace Dmm.Pipeline.Running;

/// <summary>One venue of a desk while it trades.</summary>
/// <param name="rest">Answers requests.</param>
/// <param name="orders">The order path to it.</param>
/// <param name="account">Gives our orders and fills there, and tells that the venue is connected once those are known.</param>
internal sealed class DeskVenue(IOrderVenue rest, VenueOrders orders, DeskFeed account)
{
    private readonly TaskCompletionSource _isAccountKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => Rest.Venue;

    public IOrderVenue Rest => rest;

    public VenueOrders Orders => orders;

    public DeskFeed Account => account;

    /// <summary>Called once what was left behind there is known, and the engine has been told that orders may leave.</summary>
    public Action Opened { get; init; } = static () => { };

    /// <summary>How long it may take until the venue reports that none of ours is open.</summary>
    public TimeSpan CancelPatience { get; init; } = DeskRun.CancelPatience;

    /// <summary>Ends when our orders and fills there are known.</summary>
    public Task AccountKnown => _isAccountKnown.Task;

    public void TellAccountKnown() => _isAccountKnown.TrySetResult();
}
