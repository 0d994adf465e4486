using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Pipeline.Replay;

/// <summary>A venue's wire that counts the frames it is given.</summary>
internal sealed class CountedWire(IVenueWire wire) : IVenueWire
{
    public long Frames { get; private set; }

    public string Venue => wire.Venue;

    public IReadOnlyList<Instrument> Instruments => wire.Instruments;

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        Frames++;
        return wire.Parse(frame, receiveTime, batch);
    }

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch) =>
        wire.ParseSnapshot(instrument, body, receiveTime, batch);
}
