using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Sources.Bus;

/// <summary>What became of an update that a collector published.</summary>
internal enum MergeOutcome : byte
{
    Passed,

    /// <summary>It said nothing new.</summary>
    Duplicate,

    /// <summary>It runs ahead of a hole, and waits for another collector to fill it.</summary>
    Held,
}

/// <summary>
/// The book updates of one instrument from several collectors as one chain: each passes once, in the order of the venue's ids. A hole is passed on
/// only when every collector that lives is past it (the order within one is kept, so none of them can fill it), or after
/// <see cref="Patience"/>; of it the book sees the first delta behind, and then the snapshot that repairs it. Deltas wait while there is no snapshot
/// they could be applied to. Collectors are known by their place, 0 to 63.
/// </summary>
internal sealed class BookMerge(BookSequenceRule rule)
{
    /// <summary>Longest wait for a collector that lives and says nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.25);

    private const int HeldMax = 256;
    private const int HeldLevelsMax = 65_536;

    private readonly List<Held> _held = [];
    private SequencePoint _last;
    private bool _hasLast;

    // A snapshot lies under the chain, and nothing is missing since. Otherwise the last that passed is the delta behind a hole, or nothing yet.
    private bool _isWhole;
    private BookUpdate _behindHole;

    // Places of collectors whose book is past the end of the chain, by their heartbeats.
    private ulong _beyond;
    private int _heldLevels;
    private Timestamp _waitsSince;
    private int _leader = -1;

    /// <summary>Holes that were passed on.</summary>
    public long Gaps { get; private set; }

    private bool IsFull => _held.Count >= HeldMax || _heldLevels >= HeldLevelsMax;

    /// <param name="update">From the collector at that place.</param>
    /// <param name="place">The collector's.</param>
    /// <param name="living">The places of those that were heard lately, a bit each.</param>
    /// <param name="now">The reader's clock.</param>
    /// <param name="pass">Is given what passes, in order; the levels are valid until the next call.</param>
    public MergeOutcome Take(in BookUpdate update, int place, ulong living, Timestamp now, List<BookUpdate> pass)
    {
        if (BookSequence.CanHideLoss(rule)) return Follow(update, place, living, pass);
        var outcome = update.IsSnapshot ? TakeSnapshot(update, now, pass) : TakeDelta(update, place, now, pass);
        if (_held.Count > 0) Release(living, now, pass);
        return outcome;
    }

    /// <summary>A collector said that its book is at that update: it will send nothing that comes before.</summary>
    public void Heard(int place, long lastUpdateId)
    {
        if (_hasLast && lastUpdateId > _last.LastUpdateId) _beyond |= 1UL << place;
    }

    /// <summary>Passes holes on that nobody will fill any more.</summary>
    public void Release(ulong living, Timestamp now, List<BookUpdate> pass)
    {
        while (_isWhole && _held.Count > 0)
        {
            var ahead = _held.Aggregate(_beyond, (places, held) => places | held.Places);
            if ((living & ~ahead) != 0 && now - _waitsSince < Patience && !IsFull) return;
            Gaps++;
            var next = RemoveHeld(0);
            (_isWhole, _behindHole) = (false, next with { Levels = default, BidCount = 0 });
            Pass(next, pass);
        }
    }

    /// <summary>The place goes to another collector.</summary>
    public void Forget(int place)
    {
        _beyond &= ~(1UL << place);
        for (var i = 0; i < _held.Count; i++) _held[i] = _held[i] with { Places = _held[i].Places & ~(1UL << place) };
        if (_leader == place) _leader = -1;
    }

    /// <summary>Without ids two feeds cannot be told apart, so one is followed, and left for another only at a snapshot.</summary>
    private MergeOutcome Follow(in BookUpdate update, int place, ulong living, List<BookUpdate> pass)
    {
        var isLed = _leader >= 0 && (_leader == place || (living & (1UL << _leader)) != 0);
        if (isLed ? _leader != place : _hasLast && !update.IsSnapshot) return MergeOutcome.Duplicate;
        var isTheSame = _isWhole && _leader == place && update.IsSnapshot && _last.VenueTime.IsKnown && update.VenueTime <= _last.VenueTime;
        _leader = place;
        if (isTheSame) return MergeOutcome.Duplicate;
        _isWhole |= update.IsSnapshot;
        Pass(update, pass);
        return MergeOutcome.Passed;
    }

    private MergeOutcome TakeSnapshot(in BookUpdate snapshot, Timestamp now, List<BookUpdate> pass)
    {
        var id = snapshot.LastUpdateId;
        var isRestart = _hasLast && id < _last.LastUpdateId && _last.VenueTime.IsKnown && snapshot.VenueTime > _last.VenueTime;
        if (_isWhole && id <= _last.LastUpdateId && !isRestart) return MergeOutcome.Duplicate;
        var contains = _isWhole || isRestart || !_hasLast || id >= _last.LastUpdateId;
        if (!contains && BookSequence.Judge(rule, PointOf(snapshot), _behindHole) == SequenceVerdict.Gap) return MergeOutcome.Duplicate;
        pass.Add(snapshot);
        // One that joins before the delta behind the hole: the book replays that delta, which so remains the end of the chain.
        if (contains) (_last, _hasLast) = (PointOf(snapshot), true);
        (_isWhole, _beyond) = (true, 0);
        Drain(now, pass);
        return MergeOutcome.Passed;
    }

    private MergeOutcome TakeDelta(in BookUpdate delta, int place, Timestamp now, List<BookUpdate> pass)
    {
        var verdict = !_hasLast ? SequenceVerdict.Gap : BookSequence.Judge(rule, _last, delta);
        if (verdict == SequenceVerdict.Follows && _isWhole)
        {
            Pass(delta, pass);
            if (_held.Count > 0) Drain(now, pass);
            return MergeOutcome.Passed;
        }

        // Behind the chain by time, and not by id: a late copy from before the ids started anew.
        var isLate = _last.VenueTime.IsKnown && delta.VenueTime.IsKnown && delta.VenueTime < _last.VenueTime;
        return verdict == SequenceVerdict.Duplicate || isLate || !TryHold(delta, place, now) ? MergeOutcome.Duplicate : MergeOutcome.Held;
    }

    private bool TryHold(in BookUpdate delta, int place, Timestamp now)
    {
        var at = 0;
        for (; at < _held.Count && _held[at].Delta.LastUpdateId <= delta.LastUpdateId; at++)
        {
            var held = _held[at];
            if (!HasSameIds(held.Delta, delta)) continue;
            _held[at] = held with { Places = held.Places | (1UL << place) };
            return false;
        }

        if (_held.Count == 0) _waitsSince = now;
        _held.Insert(at, new(delta with { Levels = delta.Levels.ToArray() }, 1UL << place));
        _heldLevels += delta.Levels.Length;
        // Without a snapshot to come between, the oldest can wait no longer.
        while (!_isWhole && IsFull && _held.Count > 1) RemoveHeld(0);
        return true;
    }

    /// <summary>Passes what was held and follows now; drops what the chain has.</summary>
    private void Drain(Timestamp now, List<BookUpdate> pass)
    {
        for (var i = 0; i < _held.Count;)
        {
            var verdict = BookSequence.Judge(rule, _last, _held[i].Delta);
            if (verdict == SequenceVerdict.Gap)
            {
                i++;
                continue;
            }

            var next = RemoveHeld(i);
            if (verdict != SequenceVerdict.Follows) continue;
            Pass(next, pass);
            i = 0;
        }

        _waitsSince = now;
    }

    private static bool HasSameIds(in BookUpdate one, in BookUpdate other) =>
        (one.FirstUpdateId, one.LastUpdateId, one.PreviousUpdateId) == (other.FirstUpdateId, other.LastUpdateId, other.PreviousUpdateId);

    private BookUpdate RemoveHeld(int index)
    {
        var delta = _held[index].Delta;
        _held.RemoveAt(index);
        _heldLevels -= delta.Levels.Length;
        return delta;
    }

    private void Pass(in BookUpdate update, List<BookUpdate> pass)
    {
        pass.Add(update);
        (_last, _hasLast, _beyond) = (PointOf(update), true, 0);
    }

    private static SequencePoint PointOf(in BookUpdate update) => new(update.LastUpdateId, update.VenueTime, update.IsSnapshot);

    /// <param name="Delta">With levels of its own.</param>
    /// <param name="Places">Of the collectors that sent it.</param>
    private readonly record struct Held(BookUpdate Delta, ulong Places);
}
