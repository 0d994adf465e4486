using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Either what a built top says of its feed, or a control message.</summary>
public readonly record struct FeedInput
{
    public FeedInput(in BookTop top) => (Instrument, Status, VenueTime) = (top.Instrument, top.Status, top.VenueTime);

    public FeedInput(ControlMessage message) => Message = message;

    public InstrumentId Instrument { get; }

    public BookStatus Status { get; }

    public Timestamp VenueTime { get; }

    /// <summary>Null when this is a top.</summary>
    public ControlMessage? Message { get; }
}

/// <summary>One feed as the watchdog knows it.</summary>
public readonly record struct FeedWatch
{
    /// <summary>The instrument's name, or <see cref="BreakerSubjects.Reference"/>.</summary>
    public required string Subject { get; init; }

    /// <summary>The latest data is valid: an unbroken book, or a rate above zero.</summary>
    public bool IsValid { get; init; }

    /// <summary>The source said that its link is down, and has not said that it is up again.</summary>
    public bool IsLinkDown { get; init; }

    /// <summary>Exchange time of the latest valid data; none when the venue gives no time.</summary>
    public Timestamp VenueTime { get; init; }

    /// <summary>Engine time of the latest valid data.</summary>
    public Timestamp ArrivedAt { get; init; }

    /// <summary>How far the venue's clock runs ahead of the engine's.</summary>
    public TimeSpan Offset { get; init; }

    public TradingState Demand { get; init; }

    /// <summary>When the demand last fell; none before that.</summary>
    public Timestamp RecoveredAt { get; init; }

    /// <summary>The engine time as of which the data stands: never later than its arrival, whatever the venue's clock says.</summary>
    internal Timestamp AsOf()
    {
        if (!VenueTime.IsKnown) return ArrivedAt;
        var corrected = VenueTime - Offset;
        return corrected < ArrivedAt ? corrected : ArrivedAt;
    }
}

/// <param name="Feeds">In the catalogue's order, then the reference rates.</param>
public sealed record StalenessBreakerState(ImmutableArray<FeedWatch> Feeds)
{
    /// <summary>No feed known: each is halted until its first valid data.</summary>
    public static readonly StalenessBreakerState Starting = new([]);
}

/// <summary>
/// Data staleness, feed by feed: each instrument's book, and each reference rate that an instrument's quote asset needs. Age is judged by exchange
/// time on the corrected clock, so that a connected but silent feed ages too: engine time + clock offset − exchange time, at least 0, and never
/// younger than the time since the data arrived. Widens at one <see cref="AgeLimits">age</see>, halts at another, each at that very instant: a book's
/// are its venue's where it has its own, those of all otherwise; a reference rate's are always those of all. Halts at once on a book that is not
/// valid and on a link that is down or
/// resyncing; a link that was down must be said to be up, and then send valid data, before it counts again.
/// <para>The way back is one step: the first fresh update lowers the demand, unless this feed recovered less than
/// the age ago at which it halts; then the first fresh update after that time does. So one incident costs nothing beyond
/// itself, and a feed that flaps comes back at most once in that time.</para>
/// <para>At start a feed is halted without being announced (<see cref="AwaitingData"/>), and so is one that the restored state does not know.</para>
/// </summary>
public sealed class StalenessBreaker : IBreaker<FeedInput, StalenessBreakerState>
{
    private readonly InstrumentCatalog _instruments;
    private readonly ImmutableArray<string> _references;
    private readonly ImmutableArray<string> _numeraireAssets;
    private readonly double _widening;
    private readonly ImmutableArray<AgeLimits> _limits;
    private readonly FeedWatch[] _feeds;

    public StalenessBreaker(StalenessBreakerState initial, InstrumentCatalog instruments, QuotingParameters parameters)
    {
        _instruments = instruments;
        _numeraireAssets = parameters.NumeraireAssets;
        _references = BreakerSubjects.ReferenceAssets(instruments, _numeraireAssets);
        _widening = parameters.Breakers.StaleWiden;
        var ofAll = new AgeLimits(parameters.Breakers.StaleWidenAfter, parameters.Breakers.StaleCancelAfter);
        _limits = [.. parameters.Venues.Select(venue => venue.AgeLimits(parameters.Breakers)), .. _references.Select(_ => ofAll)];
        var subjects = instruments.All.Select(i => i.Name).Concat(_references.Select(BreakerSubjects.Reference));
        _feeds = [.. subjects.Select(subject => Known(initial, subject))];
    }

    /// <summary>How a feed stands before its first valid data.</summary>
    public static BreakerState AwaitingData(string subject) => new()
    {
        Kind = BreakerKind.Staleness, Subject = subject, Demand = TradingState.Halted, Multiplier = 1, Value = 0, Threshold = 0,
        Reason = $"{subject} has sent nothing valid yet",
    };

    public StalenessBreakerState Capture() => new([.. _feeds]);

    public Timestamp NextDue
    {
        get
        {
            var next = Timestamp.None;
            for (var i = 0; i < _feeds.Length; i++)
            {
                ref readonly var feed = ref _feeds[i];
                if (!feed.IsValid || feed.Demand >= TradingState.Halted) continue;
                var due = feed.AsOf() + (feed.Demand == TradingState.Active ? _limits[i].WidenAfter : _limits[i].CancelAfter);
                if (!next.IsKnown || due < next) next = due;
            }

            return next;
        }
    }

    public ImmutableArray<BreakerState> Take(in FeedInput input, Timestamp now) =>
        input.Message is { } message ? Take(message, now) : TakeBook(input, now);

    public ImmutableArray<BreakerState> Elapse(Timestamp now)
    {
        ImmutableArray<BreakerState> changes = [];
        for (var i = 0; i < _feeds.Length; i++) changes = changes.AddRange(Aged(i, now));
        return changes;
    }

    private static FeedWatch Known(StalenessBreakerState initial, string subject)
    {
        foreach (var feed in initial.Feeds)
            if (feed.Subject == subject) return feed;
        return new() { Subject = subject, Demand = TradingState.Halted };
    }

    private ImmutableArray<BreakerState> Take(ControlMessage message, Timestamp now) => message switch
    {
        FeedStatus status => OfVenue(status.Venue, i => Take(i, status)),
        ClockOffset offset => OfVenue(offset.Venue, i => Take(i, offset, now)),
        ReferenceRate rate => Take(rate, now),
        _ => [],
    };

    private ImmutableArray<BreakerState> TakeBook(in FeedInput book, Timestamp now)
    {
        var i = book.Instrument.Index;
        if (book.Status == BookStatus.Valid) return Fresh(i, book.VenueTime, now);
        return HaltsInvalid(i) ? [Invalid(i, $"{_feeds[i].Subject} book {Fault(book.Status)}: quotes are cancelled")] : [];
    }

    private ImmutableArray<BreakerState> Take(ReferenceRate rate, Timestamp now)
    {
        var reference = _references.IndexOf(rate.BaseAsset);
        if (reference < 0 || !_numeraireAssets.Contains(rate.QuoteAsset)) return [];
        var i = _instruments.Count + reference;
        if (rate.Rate > 0) return Fresh(i, rate.VenueTime, now);
        return HaltsInvalid(i) ? [Invalid(i, Text($"{_feeds[i].Subject} is {rate.Rate}, not above zero: quotes are cancelled"))] : [];
    }

    private ImmutableArray<BreakerState> Take(int i, FeedStatus status)
    {
        var feed = _feeds[i];
        if (status.State != FeedState.Resyncing) _feeds[i] = feed with { IsLinkDown = status.State != FeedState.Connected };
        var verb = status.State switch { FeedState.Disconnected => "is disconnected", FeedState.Resyncing => "resyncs", _ => "has ended" };
        return status.State != FeedState.Connected && HaltsInvalid(i) ? [Invalid(i, $"{feed.Subject} feed {verb}: {status.Detail}")] : [];
    }

    private ImmutableArray<BreakerState> Take(int i, ClockOffset offset, Timestamp now)
    {
        _feeds[i] = _feeds[i] with { Offset = offset.Offset };
        return Aged(i, now);
    }

    private ImmutableArray<BreakerState> OfVenue(string venue, Func<int, ImmutableArray<BreakerState>> take)
    {
        ImmutableArray<BreakerState> changes = [];
        foreach (var instrument in _instruments.All)
            if (instrument.Venue == venue) changes = changes.AddRange(take(instrument.Id.Index));
        return changes;
    }

    private ImmutableArray<BreakerState> Fresh(int i, Timestamp venueTime, Timestamp now)
    {
        ref var feed = ref _feeds[i];
        if (feed.IsLinkDown) return [];
        feed = feed with { IsValid = true, VenueTime = venueTime, ArrivedAt = now };
        var demand = DemandAt(i, now);
        if (demand >= feed.Demand) return Aged(i, now);
        if (feed.RecoveredAt.IsKnown && now - feed.RecoveredAt < _limits[i].CancelAfter) return [];
        feed = feed with { Demand = demand, RecoveredAt = now };
        return [Describe(i, now)];
    }

    private ImmutableArray<BreakerState> Aged(int i, Timestamp now)
    {
        ref var feed = ref _feeds[i];
        if (!feed.IsValid) return [];
        var demand = DemandAt(i, now);
        if (demand <= feed.Demand) return [];
        feed = feed with { Demand = demand };
        return [Describe(i, now)];
    }

    /// <summary>Takes the feed's data for invalid; true when it was not halted already.</summary>
    private bool HaltsInvalid(int i)
    {
        ref var feed = ref _feeds[i];
        var wasHalted = feed.Demand == TradingState.Halted;
        feed = feed with { IsValid = false, Demand = TradingState.Halted };
        return !wasHalted;
    }

    private BreakerState Invalid(int i, string reason) => State(_feeds[i], 0, _limits[i].CancelAfter, reason);

    private TradingState DemandAt(int i, Timestamp now)
    {
        var age = now - _feeds[i].AsOf();
        return age >= _limits[i].CancelAfter ? TradingState.Halted : age >= _limits[i].WidenAfter ? TradingState.Widened : TradingState.Active;
    }

    private BreakerState Describe(int i, Timestamp now)
    {
        ref readonly var feed = ref _feeds[i];
        var limit = feed.Demand == TradingState.Halted ? _limits[i].CancelAfter : _limits[i].WidenAfter;
        var age = (now - feed.AsOf()).TotalSeconds;
        return State(feed, age, limit, feed.Demand switch
        {
            TradingState.Halted => Text($"{feed.Subject} is {age:F2} s old, limit {limit.TotalSeconds:F2} s: quotes are cancelled"),
            TradingState.Widened =>
                Text($"{feed.Subject} is {age:F2} s old, limit {limit.TotalSeconds:F2} s: half-spread × {_widening:0.##}"),
            _ => Text($"{feed.Subject} is fresh again, {age:F2} s old"),
        });
    }

    private BreakerState State(in FeedWatch feed, double ageSeconds, TimeSpan limit, string reason) => new()
    {
        Kind = BreakerKind.Staleness, Subject = feed.Subject, Demand = feed.Demand,
        Multiplier = feed.Demand == TradingState.Widened ? _widening : 1,
        Value = ageSeconds, Threshold = limit.TotalSeconds, Reason = reason,
    };

    private static string Fault(BookStatus status) => status switch
    {
        BookStatus.AwaitingSnapshot => "awaits its snapshot",
        BookStatus.Gap => "has a gap",
        BookStatus.Crossed => "is crossed",
        BookStatus.ChecksumMismatch => "does not match its checksum",
        _ => "has an empty side",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
