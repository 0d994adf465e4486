using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Journal;

/// <summary>
/// The members of market data from <c>ins</c> on, written and read in the same order: the journal and the bus have them alike. Reading begins behind
/// <c>ins</c>, so that each reader can say what becomes of an instrument it does not know.
/// </summary>
internal static class MarketDataBodies
{
    private static readonly Func<long, long, BookLevel> MakeLevel = static (price, size) => new(price, size);

    /// <param name="line">Takes the members.</param>
    /// <param name="name">The instrument's, quoted.</param>
    /// <param name="book">The update.</param>
    public static void Write(JournalBuffer line, byte[] name, in BookUpdate book)
    {
        Begin(line, name, book.VenueTime, book.ReceiveTime);
        line.Member("snap"u8, book.IsSnapshot);
        line.Member("first"u8, book.FirstUpdateId);
        line.Member("last"u8, book.LastUpdateId);
        line.Member("prev"u8, book.PreviousUpdateId);
        line.Member("sum"u8, book.Checksum);
        line.Member("bids"u8);
        Levels(line, book.Bids);
        line.Member("asks"u8);
        Levels(line, book.Asks);
    }

    public static void Write(JournalBuffer line, byte[] name, in VenueTop top)
    {
        Begin(line, name, top.VenueTime, top.ReceiveTime);
        line.Member("id"u8, top.UpdateId);
        line.Member("bid"u8);
        line.Pair(top.Bid.PriceTicks, top.Bid.SizeLots);
        line.Member("ask"u8);
        line.Pair(top.Ask.PriceTicks, top.Ask.SizeLots);
    }

    public static void Write(JournalBuffer line, byte[] name, in Trade trade)
    {
        Begin(line, name, trade.VenueTime, trade.ReceiveTime);
        line.Member("id"u8, trade.TradeId);
        line.Member("px"u8, trade.PriceTicks);
        line.Member("sz"u8, trade.SizeLots);
        line.Member("side"u8, trade.Aggressor);
    }

    /// <param name="line">Stands behind <c>ins</c>.</param>
    /// <param name="instrument">What <c>ins</c> named.</param>
    /// <param name="levels">Holds the levels until the next call; grows as needed.</param>
    public static BookUpdate ReadBook(ref JournalLineParser line, InstrumentId instrument, ref BookLevel[] levels)
    {
        var book = new BookUpdate
        {
            Instrument = instrument,
            VenueTime = line.Time("vt"u8),
            ReceiveTime = line.Time("rt"u8),
            IsSnapshot = line.Bool("snap"u8),
            FirstUpdateId = line.Long("first"u8),
            LastUpdateId = line.Long("last"u8),
            PreviousUpdateId = line.Long("prev"u8),
            Checksum = line.Int("sum"u8),
            BidCount = 0,
            Levels = default,
        };
        var bids = line.Pairs("bids"u8, ref levels, 0, MakeLevel);
        var count = line.Pairs("asks"u8, ref levels, bids, MakeLevel);
        return book with { BidCount = bids, Levels = levels.AsMemory(0, count) };
    }

    public static VenueTop ReadTop(ref JournalLineParser line, InstrumentId instrument) => new()
    {
        Instrument = instrument,
        VenueTime = line.Time("vt"u8),
        ReceiveTime = line.Time("rt"u8),
        UpdateId = line.Long("id"u8),
        Bid = line.Pair("bid"u8, MakeLevel),
        Ask = line.Pair("ask"u8, MakeLevel),
    };

    public static Trade ReadTrade(ref JournalLineParser line, InstrumentId instrument) => new()
    {
        Instrument = instrument,
        VenueTime = line.Time("vt"u8),
        ReceiveTime = line.Time("rt"u8),
        TradeId = line.Long("id"u8),
        PriceTicks = line.Long("px"u8),
        SizeLots = line.Long("sz"u8),
        Aggressor = line.Enum<Side>("side"u8),
    };

    private static void Begin(JournalBuffer line, byte[] name, Timestamp venueTime, Timestamp receiveTime)
    {
        line.Member("ins"u8);
        line.Put(name);
        line.Member("vt"u8, venueTime);
        line.Member("rt"u8, receiveTime);
    }

    private static void Levels(JournalBuffer line, ReadOnlySpan<BookLevel> levels)
    {
        line.Put((byte)'[');
        for (var i = 0; i < levels.Length; i++)
        {
            if (i > 0) line.Put((byte)',');
            line.Pair(levels[i].PriceTicks, levels[i].SizeLots);
        }

        line.Put((byte)']');
    }
}
