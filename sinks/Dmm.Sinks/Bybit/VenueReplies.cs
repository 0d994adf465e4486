using Dmm.Core.Ports;

namespace Dmm.Sinks;

/// <summary>Replies without a value pass from one call to another.</summary>
internal static class VenueReplies
{
    /// <summary>The same refusal, or the same words of what is unknown.</summary>
    /// <exception cref="ArgumentException">The reply has a value.</exception>
    public static VenueReply<TOther> As<T, TOther>(this VenueReply<T> reply) => reply switch
    {
        VenueReply<T>.Refused refused => new VenueReply<TOther>.Refused(refused.Refusal),
        VenueReply<T>.Unknown unknown => new VenueReply<TOther>.Unknown(unknown.Reason),
        _ => throw new ArgumentException("the reply has a value", nameof(reply)),
    };
}
