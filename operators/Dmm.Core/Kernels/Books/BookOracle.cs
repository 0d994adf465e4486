using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Whose touch it is.</summary>
public enum TouchSource : byte
{
    /// <summary>Of the book we built.</summary>
    Built,

    /// <summary>Of the venue's own book ticker.</summary>
    Venue,
}

/// <summary>Best bid and ask as of an update id.</summary>
public readonly record struct TouchAtUpdate(long UpdateId, BookLevel Bid, BookLevel Ask);

/// <summary>One comparison of the built book with the venue's own top at the same update id, price and size.</summary>
public readonly record struct BookCheck
{
    public required InstrumentId Instrument { get; init; }

    public required TouchAtUpdate Built { get; init; }

    public required TouchAtUpdate Venue { get; init; }

    /// <summary>Comparisons so far, this one included.</summary>
    public required long Checked { get; init; }

    /// <summary>Those of them that were equal.</summary>
    public required long Matched { get; init; }

    public bool IsMatch => Built == Venue;

    /// <summary>Both touches in the instrument's units, as in <c>update 17: built 5@99.5 / 1@100, venue 5@99.5 / 2@100</c>.</summary>
    public string Describe(Instrument instrument) => $"update {Built.UpdateId}: built {Text(Built, instrument)}, venue {Text(Venue, instrument)}";

    private static string Text(in TouchAtUpdate touch, Instrument instrument) => $"{Text(touch.Bid, instrument)} / {Text(touch.Ask, instrument)}";

    private static string Text(BookLevel level, Instrument instrument) =>
        string.Create(CultureInfo.InvariantCulture, $"{instrument.Sizes.ToDecimal(level.SizeLots)}@{instrument.Prices.ToDecimal(level.PriceTicks)}");
}

/// <summary>What waits for its counterpart, and the counts so far.</summary>
public sealed record BookOracleState
{
    public static BookOracleState Empty { get; } = new();

    /// <summary>Oldest first.</summary>
    public ImmutableArray<TouchAtUpdate> WaitingBuilt { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public ImmutableArray<TouchAtUpdate> WaitingVenue { get; init; } = [];

    public long Checked { get; init; }

    public long Matched { get; init; }
}

/// <summary>
/// Compares a built book with the venue's own top wherever both name the same update id, whichever comes first. Most ids have no counterpart: a touch
/// waits until the other stream has passed its id. Ids that fall have started anew, and nothing that waits is compared with them.
/// </summary>
public sealed class BookOracle(InstrumentId instrument, BookOracleState state)
{
    /// <summary>Touches of one stream that wait; beyond it the oldest are not compared.</summary>
    public const int WaitingMax = 1_024;

    private readonly SlidingQueue<TouchAtUpdate> _built = QueueOf(state.WaitingBuilt);
    private readonly SlidingQueue<TouchAtUpdate> _venue = QueueOf(state.WaitingVenue);
    private long _checked = state.Checked;
    private long _matched = state.Matched;

    /// <summary>Takes a touch of a valid book, or of the venue; true when its counterpart was waiting, and they were compared.</summary>
    public bool TryCompare(in TouchAtUpdate touch, TouchSource source, out BookCheck check)
    {
        var (own, other) = source == TouchSource.Built ? (_built, _venue) : (_venue, _built);
        if (own.Count > 0 && touch.UpdateId < own.Last.UpdateId)
        {
            own.Clear();
            other.Clear();
        }

        while (other.Count > 0 && other.First.UpdateId < touch.UpdateId) other.DropFirst(1);
        if (other.Count > 0 && other.First.UpdateId == touch.UpdateId)
        {
            var counterpart = other.First;
            other.DropFirst(1);
            var (built, venue) = source == TouchSource.Built ? (touch, counterpart) : (counterpart, touch);
            _checked++;
            if (built == venue) _matched++;
            check = new() { Instrument = instrument, Built = built, Venue = venue, Checked = _checked, Matched = _matched };
            return true;
        }

        if (own.Count == WaitingMax) own.DropFirst(1);
        own.Append(touch);
        check = default;
        return false;
    }

    public BookOracleState Capture() => new()
    {
        WaitingBuilt = [.. _built.Items], WaitingVenue = [.. _venue.Items], Checked = _checked, Matched = _matched,
    };

    private static SlidingQueue<TouchAtUpdate> QueueOf(ImmutableArray<TouchAtUpdate> waiting)
    {
        var queue = new SlidingQueue<TouchAtUpdate>(16);
        queue.Append(waiting.AsSpan());
        return queue;
    }
}
