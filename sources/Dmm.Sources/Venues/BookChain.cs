using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Sources;

/// <summary>
/// Follows the update ids of one instrument's book, to know when a snapshot must be asked for and whether the one that came is late enough. The book
/// kernel makes the same judgement for itself, by the same rule: this decides requests only. Thread-safe: deltas and snapshots come from different
/// tasks.
/// </summary>
internal sealed class BookChain(BookSequenceRule rule)
{
    private readonly Lock _lock = new();
    private SequencePoint _last;
    private bool _isInSync;

    // The unbroken end of the deltas that came without a snapshot: the ids of its first, and where it ends. The levels are not kept.
    private BookUpdate? _keptFirst;
    private SequencePoint _keptLast;

    /// <summary>There is a snapshot, and every delta since.</summary>
    public bool IsInSync
    {
        get
        {
            lock (_lock) return _isInSync;
        }
    }

    /// <summary>Takes an update of the stream; true when it breaks the chain, so that a snapshot is needed that was not before.</summary>
    public bool Take(in BookUpdate update)
    {
        lock (_lock)
        {
            if (update.IsSnapshot)
            {
                Start(Point(update));
                return false;
            }

            if (!_isInSync)
            {
                Keep(update);
                return false;
            }

            switch (BookSequence.Judge(rule, _last, update))
            {
                case SequenceVerdict.Follows:
                    _last = Point(update);
                    return false;
                case SequenceVerdict.Duplicate:
                    return false;
            }

            _isInSync = false;
            Keep(update);
            return true;
        }
    }

    /// <summary>
    /// A snapshot that was asked for has been handed on; false when the deltas since are not contiguous with it: another is needed.
    /// </summary>
    public bool TryJoin(long snapshotId)
    {
        lock (_lock)
        {
            if (_isInSync) return true;
            var snapshot = new SequencePoint(snapshotId, Timestamp.None, IsSnapshot: true);
            if (_keptFirst is { } first && _keptLast.LastUpdateId > snapshotId)
            {
                if (BookSequence.Judge(rule, snapshot, first) == SequenceVerdict.Gap) return false;
                Start(_keptLast);
                return true;
            }

            Start(snapshot);
            return true;
        }
    }

    private void Start(SequencePoint at) => (_last, _isInSync, _keptFirst) = (at, true, null);

    private void Keep(in BookUpdate update)
    {
        if (_keptFirst is not null)
        {
            var verdict = BookSequence.Judge(rule, _keptLast, update);
            if (verdict == SequenceVerdict.Duplicate) return;
            if (verdict == SequenceVerdict.Gap) _keptFirst = null;
        }

        _keptFirst ??= update with { Levels = default, BidCount = 0 };
        _keptLast = Point(update);
    }

    private static SequencePoint Point(in BookUpdate update) => new(update.LastUpdateId, update.VenueTime, update.IsSnapshot);
}
