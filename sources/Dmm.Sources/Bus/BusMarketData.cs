using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Bus;

/// <summary>
/// Messages of the bus, one by one, as inputs of an engine: several collectors may publish the same feed, and each item is handed on once. Pure:
/// time enters with each call. Single-threaded; memory is bounded whatever comes.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | delta, snapshot, top, trade, rate that is new | an input; before it a <see cref="ClockOffset"/> when the estimate is new or moved by 50 ms |
/// | the same from another collector | dropped |
/// | delta ahead of a hole | waits until another collector fills it, at most <c>0.25 s</c>; what cannot be filled is handed on, and the book breaks |
/// | a collector's link changes | <see cref="FeedStatus"/> when that changes the venue's state: connected while one collector is |
/// | no collector of a venue heard for 5 s | <see cref="FeedStatus"/> disconnected |
/// | market data before its collector has listed its instruments | dropped and counted |
/// | market data of an instrument defined differently, or not listed | refused: the first with its reason, the others counted |
/// | market data of venues and instruments that are not the reader's | dropped and counted |
/// </remarks>
public sealed class BusMarketData
{
    private const int PairsMax = 256;

    private readonly InstrumentCatalog _instruments;
    private readonly string[] _names;
    private readonly BookMerge[] _books;
    private readonly TradeWindow[] _trades;
    private readonly VenueTop[] _tops;
    private readonly VenueLinks[] _venues;
    private readonly ClockOffsetState[] _clocks;
    private readonly int[] _venueOf;
    private readonly Dictionary<(string Base, string Quote), Timestamp> _rates = [];
    private readonly List<Input> _inputs = [];
    private readonly List<BookUpdate> _updates = [];
    private BusCounters _counters;

    /// <param name="instruments">The reader's own.</param>
    /// <param name="now">The reader's clock, from which silence is counted.</param>
    public BusMarketData(InstrumentCatalog instruments, Timestamp now)
    {
        _instruments = instruments;
        _names = [.. instruments.All.Select(i => i.Name)];
        _books = [.. instruments.All.Select(i => new BookMerge(i.SequenceRule))];
        _trades = [.. instruments.All.Select(_ => new TradeWindow())];
        _tops = new VenueTop[instruments.Count];
        _venues = [.. instruments.All.Select(i => i.Venue).Distinct().Select(venue => new VenueLinks(venue, instruments, now))];
        _clocks = new ClockOffsetState[_venues.Length];
        _venueOf = [.. instruments.All.Select(i => Array.FindIndex(_venues, v => v.Venue == i.Venue))];
    }

    /// <summary>What the last call gave, in order; valid until the next one.</summary>
    public IReadOnlyList<Input> Inputs => _inputs;

    public BusCounters Counters => _counters with { Gaps = _books.Sum(b => b.Gaps) };

    /// <summary>Takes one message; what it gives is in <see cref="Inputs"/>.</summary>
    /// <param name="source">Id of the collector.</param>
    /// <param name="message">What it published.</param>
    /// <param name="now">The reader's clock.</param>
    /// <returns>Null, or why it cannot be used.</returns>
    public string? Take(string source, in MarketMessage message, Timestamp now)
    {
        _inputs.Clear();
        var reason = message.Kind switch
        {
            BusKind.Rate => TakeRate((ReferenceRate)message.Input.Control),
            BusKind.Feed => TakeFeed(source, (FeedStatus)message.Input.Control, now),
            BusKind.Instruments => TakeListing(source, message.Listing!, now),
            BusKind.Heartbeat => TakeHeartbeat(source, message.Heartbeat!, now),
            _ => message.Foreign is { } name ? TakeForeign(source, name, now) : TakeMarketData(source, message.Input, now),
        };
        if (reason is not null) _counters = _counters with { Refused = _counters.Refused + 1 };
        return reason is { Length: > 0 } ? reason : null;
    }

    /// <summary>Lets time pass: silence shows, and what waited for too long is handed on. To be called a few times a second.</summary>
    public void Watch(Timestamp now)
    {
        _inputs.Clear();
        foreach (var venue in _venues) Add(venue.Watch(now));
        for (var i = 0; i < _books.Length; i++)
        {
            _books[i].Release(_venues[_venueOf[i]].Living, now, _updates);
            HandUpdatesOn(i);
        }
    }

    private string? TakeMarketData(string source, in Input input, Timestamp now)
    {
        var index = input.Instrument.Index;
        if (Hear(_venueOf[index], source, now) is not { } link) return TooMany(_venueOf[index]);
        var admission = link.Admits(input.Instrument);
        if (admission.Kind == AdmissionKind.Unlisted)
        {
            _counters = _counters with { Unlisted = _counters.Unlisted + 1 };
            return null;
        }

        if (admission.Kind == AdmissionKind.Refused) return link.IsFirstRefusal(_names[index]) ? admission.Reason : "";
        var venue = _venues[_venueOf[index]];
        if (link.Told is null) Add(venue.Tell(link, FeedState.Connected, $"market data from {source}"));
        switch (input.Kind)
        {
            case InputKind.Book:
                var outcome = _books[index].Take(input.Book, link.Place, venue.Living, now, _updates);
                HandUpdatesOn(index);
                if (outcome == MergeOutcome.Held) _counters = _counters with { Held = _counters.Held + 1 };
                else if (outcome == MergeOutcome.Duplicate) Repeat();
                break;
            case InputKind.Top:
                if (IsNewer(input.Top, ref _tops[index])) HandOn(input, input.Top.ReceiveTime);
                else Repeat();
                break;
            default:
                if (_trades[index].TryAdd(input.Trade)) HandOn(input, input.Trade.ReceiveTime);
                else Repeat();
                break;
        }

        return null;
    }

    private string? TakeForeign(string source, string name, Timestamp now)
    {
        var venue = Array.FindIndex(_venues, v => name.StartsWith(v.Venue, StringComparison.Ordinal) && name.AsSpan(v.Venue.Length) is [':', ..]);
        if (venue >= 0) Hear(venue, source, now);
        _counters = _counters with { Foreign = _counters.Foreign + 1 };
        return null;
    }

    private string? TakeRate(ReferenceRate rate)
    {
        var pair = (rate.BaseAsset, rate.QuoteAsset);
        if (!_rates.TryGetValue(pair, out var last) && _rates.Count == PairsMax)
            return $"more than {PairsMax} pairs of reference rates: {rate.BaseAsset}/{rate.QuoteAsset} has no room";
        if (rate.VenueTime <= last)
        {
            Repeat();
            return null;
        }

        _rates[pair] = rate.VenueTime;
        Add(rate);
        return null;
    }

    private string? TakeFeed(string source, FeedStatus status, Timestamp now)
    {
        if (VenueNamed(status.Venue) is not { } venue) return null;
        if (Hear(venue, source, now) is not { } link) return TooMany(venue);
        Add(_venues[venue].Tell(link, status.State, status.Detail));
        return null;
    }

    private string? TakeListing(string source, BusListing listing, Timestamp now)
    {
        if (VenueNamed(listing.Venue) is not { } venue) return null;
        if (Hear(venue, source, now) is not { } link) return TooMany(venue);
        link.List(listing);
        return null;
    }

    private string? TakeHeartbeat(string source, BusHeartbeat heartbeat, Timestamp now)
    {
        if (VenueNamed(heartbeat.Venue) is not { } venue) return null;
        if (Hear(venue, source, now) is not { } link) return TooMany(venue);
        foreach (var (name, last) in heartbeat.Books)
        {
            var index = Array.IndexOf(_names, name);
            if (index >= 0) _books[index].Heard(link.Place, last);
        }

        Add(_venues[venue].Tell(link, heartbeat.State, $"heartbeat of {source}"));
        return null;
    }

    private CollectorLink? Hear(int venue, string source, Timestamp now)
    {
        var link = _venues[venue].Hear(source, now, out var replaced);
        if (replaced < 0) return link;
        for (var i = 0; i < _books.Length; i++)
            if (_venueOf[i] == venue) _books[i].Forget(replaced);
        return link;
    }

    private string TooMany(int venue) => $"{_venues[venue].Venue} has more than {VenueLinks.CollectorsMax} collectors at once";

    private int? VenueNamed(string name)
    {
        var venue = Array.FindIndex(_venues, v => v.Venue == name);
        if (venue >= 0) return venue;
        _counters = _counters with { Foreign = _counters.Foreign + 1 };
        return null;
    }

    /// <summary>By update id; a venue whose ids start anew shows by a later time. Without ids the time alone tells.</summary>
    private static bool IsNewer(in VenueTop top, ref VenueTop last)
    {
        var isLater = top.VenueTime > last.VenueTime;
        var isNewer = top.UpdateId > last.UpdateId || (isLater && (top.UpdateId < last.UpdateId || top.UpdateId == 0));
        if (isNewer) last = top;
        return isNewer;
    }

    private void HandUpdatesOn(int index)
    {
        foreach (var update in _updates) HandOn(new Input(update), update.ReceiveTime);
        _updates.Clear();
    }

    private void HandOn(in Input input, Timestamp receiveTime)
    {
        var venue = _venueOf[input.Instrument.Index];
        _clocks[venue] = ClockOffsetEstimator.Step(_clocks[venue], input.VenueTime, receiveTime, out var isReported);
        if (isReported) Add(new ClockOffset(_venues[venue].Venue, _clocks[venue].Offset));
        Add(input);
    }

    private void Add(ControlMessage? message)
    {
        if (message is not null) Add(new Input(message));
    }

    private void Add(in Input input)
    {
        _inputs.Add(input);
        _counters = _counters with { Passed = _counters.Passed + 1 };
    }

    private void Repeat() => _counters = _counters with { Duplicates = _counters.Duplicates + 1 };
}
