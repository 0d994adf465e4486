using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources.Bus;

/// <summary>
/// The collectors of one venue, and its state as they tell it together: connected while one of them is. A collector that was not heard for
/// <see cref="SilenceMax"/> counts as disconnected.
/// </summary>
internal sealed class VenueLinks(string venue, InstrumentCatalog instruments, Timestamp start)
{
    /// <summary>Collectors heard at once; the one that is silent for longest makes room.</summary>
    public const int CollectorsMax = 64;

    /// <summary>Heartbeats come every second.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    private readonly List<CollectorLink> _links = [];
    private CollectorLink? _latest;
    private FeedState? _told;

    public string Venue => venue;

    /// <summary>The places of the collectors that may still send something, a bit each.</summary>
    public ulong Living { get; private set; }

    /// <summary>The collector, which is heard now; null when there are too many.</summary>
    /// <param name="source">Its id.</param>
    /// <param name="now">The reader's clock.</param>
    /// <param name="replaced">Place of a collector that had to make room for it; −1 otherwise.</param>
    public CollectorLink? Hear(string source, Timestamp now, out int replaced)
    {
        replaced = -1;
        if (_latest is null || _latest.Source != source) _latest = Known(source) ?? Join(source, out replaced);
        if (_latest is not { } link) return null;
        link.HeardAt = now;
        if (link.IsSilent)
        {
            link.IsSilent = false;
            Count();
        }

        return link;
    }

    /// <summary>Takes what a collector knows of its link; the venue's new state when that changes it.</summary>
    public FeedStatus? Tell(CollectorLink link, FeedState state, string detail)
    {
        if (link.Told == state && _told == link.State) return null;
        link.Told = state;
        Count();
        return Changed(detail);
    }

    /// <summary>Looks for silence; the venue's new state when that changes it.</summary>
    public FeedStatus? Watch(Timestamp now)
    {
        var isChanged = false;
        foreach (var link in _links)
        {
            if (link.IsSilent || now - link.HeardAt < SilenceMax) continue;
            link.IsSilent = isChanged = true;
        }

        if (isChanged) Count();
        if (_told is null && Together() is null && now - start >= SilenceMax)
        {
            _told = FeedState.Disconnected;
            return new(venue, FeedState.Disconnected, Silence("no collector was heard yet, for"));
        }

        return isChanged ? Changed(Silence("no collector was heard for")) : null;
    }

    private FeedStatus? Changed(string detail)
    {
        if (Together() is not { } state || state == _told) return null;
        _told = state;
        return new(venue, state, detail);
    }

    private CollectorLink? Known(string source)
    {
        foreach (var link in _links)
            if (link.Source == source)
                return link;

        return null;
    }

    private CollectorLink? Join(string source, out int replaced)
    {
        replaced = -1;
        var place = _links.Count;
        if (place == CollectorsMax)
        {
            if (_links.Where(link => link.IsSilent).MinBy(link => link.HeardAt) is not { } gone) return null;
            _links.Remove(gone);
            replaced = place = gone.Place;
        }

        var joined = new CollectorLink(source, place, instruments);
        _links.Add(joined);
        Count();
        return joined;
    }

    /// <summary>The best that any collector says.</summary>
    private FeedState? Together() =>
        _links.Any(l => l.State == FeedState.Connected) ? FeedState.Connected
        : _links.Any(l => l.State == FeedState.Resyncing) ? FeedState.Resyncing
        : _links.Any(l => l.State == FeedState.Disconnected) ? FeedState.Disconnected
        : _links.Any(l => l.State == FeedState.Ended) ? FeedState.Ended
        : null;

    private void Count()
    {
        Living = 0;
        foreach (var link in _links)
            if (!link.IsSilent && link.Told is not (FeedState.Disconnected or FeedState.Ended)) Living |= 1UL << link.Place;
    }

    private static string Silence(string what) => string.Create(CultureInfo.InvariantCulture, $"{what} {SilenceMax.TotalSeconds:0.###} s");
}
