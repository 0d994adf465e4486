using Dmm.Core.Messages;

namespace Dmm.Sources;

/// <summary>
/// Follows the update ids of one instrument's book, to know when a snapshot must be asked for and whether the one that came is late enough. The book
/// kernel makes the same judgement for itself: this decides requests only. Thread-safe: deltas and snapshots come from different tasks.
/// </summary>
internal sealed class BookChain
{
    private readonly Lock _lock = new();
    private long _last;
    private bool _isAtSnapshot;
    private bool _isInSync;
    private long _keptFirst;
    private long _keptLast;

    /// <summary>Takes an update of the stream; true when it breaks the chain, so that a snapshot is needed that was not before.</summary>
    public bool Take(in BookUpdate update)
    {
        lock (_lock)
        {
            if (update.IsSnapshot)
            {
                Start(update.LastUpdateId);
                return false;
            }

            if (!_isInSync)
            {
                Keep(update);
                return false;
            }

            if (update.LastUpdateId <= _last) return false;
            if (update.FirstUpdateId == _last + 1 || (_isAtSnapshot && update.FirstUpdateId <= _last))
            {
                (_last, _isAtSnapshot) = (update.LastUpdateId, false);
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
            if (_keptFirst > 0 && snapshotId < _keptFirst - 1) return false;
            var hasLater = _keptLast > snapshotId;
            Start(hasLater ? _keptLast : snapshotId);
            _isAtSnapshot = !hasLater;
            return true;
        }
    }

    private void Start(long id) => (_last, _isAtSnapshot, _isInSync, _keptFirst, _keptLast) = (id, true, true, 0, 0);

    private void Keep(in BookUpdate update)
    {
        if (_keptFirst > 0 && update.LastUpdateId <= _keptLast) return;
        if (_keptFirst == 0 || update.FirstUpdateId != _keptLast + 1) _keptFirst = update.FirstUpdateId;
        _keptLast = update.LastUpdateId;
    }
}
