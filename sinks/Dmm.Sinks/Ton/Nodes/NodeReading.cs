using Dmm.Core.Ports;

namespace Dmm.Sinks.Ton;

/// <summary>Reads a body; the fault says what is wrong with it.</summary>
internal delegate bool NodeReader<T>(ReadOnlyMemory<byte> body, out T value, out string fault);

/// <summary>Bodies of providers' answers.</summary>
internal static class NodeReading
{
    /// <summary>What the reader makes of a body; what it cannot read is unknown.</summary>
    public static Func<ReadOnlyMemory<byte>, VenueReply<T>> With<T>(string provider, NodeReader<T> reader) =>
        body => reader(body, out var value, out var fault)
            ? new VenueReply<T>.Accepted(value)
            : new VenueReply<T>.Unknown($"{provider}'s reply cannot be read: {fault}");

    /// <summary>The same reply with another value.</summary>
    public static VenueReply<TOut> Select<T, TOut>(this VenueReply<T> reply, Func<T, TOut> of) => reply switch
    {
        VenueReply<T>.Accepted { Value: var value } => new VenueReply<TOut>.Accepted(of(value)),
        VenueReply<T>.Refused refused => new VenueReply<TOut>.Refused(refused.Refusal),
        _ => new VenueReply<TOut>.Unknown(reply.Fault),
    };
}
