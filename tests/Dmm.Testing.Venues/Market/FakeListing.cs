using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation;

namespace Dmm.Testing.Venues;

/// <summary>One instrument of a <see cref="FakeMarket"/>: the simulated exchange behind it, and how its book looked lately.</summary>
internal sealed class FakeListing
{
    /// <summary>Former states of the book that are remembered, for replies that come too late.</summary>
    public const int BooksKept = 64;

    private static readonly VenueRules Rules = new()
    {
        OrderLatency = TimeSpan.Zero, ResponseLatency = TimeSpan.Zero, FeedLatency = TimeSpan.Zero, Jitter = TimeSpan.Zero, RequestsPerSecond = 0,
        OpenOrdersMax = 100_000, MakerFeeBps = FakeMarket.MakerFeeBps, TakerFeeBps = FakeMarket.TakerFeeBps,
    };

    private readonly List<BookUpdate> _books = [];

    public FakeListing(Instrument instrument, SimulationQueue queue, Action<FakeListing, Input> hear)
    {
        Instrument = instrument;
        // The exchange numbers its updates without gaps, whatever the venue makes of the numbers.
        Exchange = new(
            instrument with { SequenceRule = BookSequenceRule.ContiguousRange }, Rules, queue, new SeededRandom(1),
            (in Input input) => hear(this, input));
        Exchange.Connect();
    }

    public Instrument Instrument { get; }

    public SimulatedExchange Exchange { get; }

    /// <summary>The book as it stood so many updates ago, or at the earliest that is remembered.</summary>
    public BookUpdate Book(int updatesAgo) => _books[Math.Max(0, _books.Count - 1 - updatesAgo)];

    /// <summary>Takes up how the book looks after an update; returns the update with levels of its own.</summary>
    public BookUpdate Take(in BookUpdate update)
    {
        var levels = update.Levels.ToArray();
        var (bids, asks) = (Levels(Side.Buy), Levels(Side.Sell));
        if (_books.Count == BooksKept) _books.RemoveAt(0);
        _books.Add(update with
        {
            IsSnapshot = true, FirstUpdateId = update.LastUpdateId, PreviousUpdateId = -1, BidCount = bids.Length,
            Levels = (BookLevel[])[.. bids, .. asks],
        });
        return update with { Levels = levels, PreviousUpdateId = update.FirstUpdateId - 1 };
    }

    /// <summary>Lots that trade before an order of the account at its own price: on better levels, and ahead of it on its own.</summary>
    public long LotsBefore(string key, Side side, long priceTicks) =>
        Levels(side).Where(l => side.Sign() * (l.PriceTicks - priceTicks) > 0).Sum(l => l.SizeLots) + (Exchange.LotsAhead(key) ?? 0);

    private BookLevel[] Levels(Side side)
    {
        for (var levels = new BookLevel[64]; ; levels = new BookLevel[2 * levels.Length])
        {
            var count = Exchange.CopyLevels(side, levels);
            if (count < levels.Length) return levels[..count];
        }
    }
}
