namespace Dmm.Core.Ports;

/// <summary>
/// A venue's own switch that cancels when it has not heard of us for a while. It reaches every order of the account, whoever placed it, and is therefore
/// used on accounts declared dedicated alone.
/// </summary>
public interface IDeadManSwitch
{
    /// <summary>Shortest window that the venue takes.</summary>
    TimeSpan WindowMin { get; }

    /// <summary>Longest window that the venue takes.</summary>
    TimeSpan WindowMax { get; }

    /// <summary>Arms it anew: unless it is armed again within the window, the venue cancels. The answer is the window in force.</summary>
    Task<VenueReply<TimeSpan>> ArmAsync(TimeSpan window, CancellationToken cancellation);

    /// <summary>Nothing is cancelled any more by the passing of time. The answer is zero.</summary>
    Task<VenueReply<TimeSpan>> DisarmAsync(CancellationToken cancellation);
}
