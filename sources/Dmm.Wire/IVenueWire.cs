using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What became of one frame.</summary>
public enum ParseStatus : byte
{
    /// <summary>Every message of the frame is in the batch.</summary>
    Parsed,

    /// <summary>A known frame that carries nothing for the engine: an acknowledgement, a pong, a channel that is not used.</summary>
    Ignored,

    /// <summary>The batch holds a <see cref="Core.Messages.Rejected"/> for each part that was refused, and the messages of the sound parts.</summary>
    Rejected,
}

/// <summary>
/// The wire format of one venue: bytes to messages, without IO or clock. Every price and size becomes a whole number of ticks or lots, or is refused;
/// nothing is rounded. No frame makes it throw.
/// </summary>
public interface IVenueWire
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    string Venue { get; }

    /// <summary>The instruments whose frames are expected; a frame of another is refused.</summary>
    IReadOnlyList<Instrument> Instruments { get; }

    /// <summary>Parses one frame of the venue's stream into the batch, whose former content is dropped.</summary>
    /// <param name="frame">The frame's payload, UTF-8.</param>
    /// <param name="receiveTime">When the frame reached us, on the receiving machine's clock.</param>
    /// <param name="batch">Reused from frame to frame; its messages are valid until the next call.</param>
    ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch);

    /// <summary>Parses the body of the venue's REST order-book reply, which does not name its symbol, into a snapshot.</summary>
    /// <param name="instrument">The instrument that was asked for; one of this wire.</param>
    /// <param name="body">The reply's body, UTF-8.</param>
    /// <param name="receiveTime">When the reply reached us.</param>
    /// <param name="batch">As for <see cref="Parse"/>.</param>
    /// <exception cref="ArgumentException">The wire does not have the instrument.</exception>
    ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch);
}
