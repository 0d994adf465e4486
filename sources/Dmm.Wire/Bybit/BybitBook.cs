using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>How an update of Bybit's book becomes a message, whichever parser read it.</summary>
internal static class BybitBook
{
    // After a restart of its service the venue starts anew at this id with the whole book, whatever the message calls itself.
    private const long RestartId = 1;

    public static BookUpdate Update(
        InstrumentId instrument, bool isSnapshot, long updateId, Timestamp venueTime, Timestamp receiveTime, int bidCount,
        ReadOnlyMemory<BookLevel> levels) => new()
    {
        Instrument = instrument, IsSnapshot = isSnapshot || updateId == RestartId, VenueTime = venueTime, ReceiveTime = receiveTime,
        FirstUpdateId = updateId, LastUpdateId = updateId, PreviousUpdateId = -1, BidCount = bidCount, Levels = levels,
    };
}
