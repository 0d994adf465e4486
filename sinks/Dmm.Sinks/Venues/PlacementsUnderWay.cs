namespace Dmm.Sinks;

/// <summary>
/// Placements of which it is not certain that the venue has taken or refused them: while there is one, that the venue reports nothing open proves
/// nothing.
/// Thread-safe.
/// </summary>
internal sealed class PlacementsUnderWay
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _certainFrom = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Changes whenever a placement begins or is settled.</summary>
    public long Version
    {
        get
        {
            lock (_lock) return _version;
        }
    }

    /// <summary>It is being sent, and cannot arrive any more after <paramref name="certainFrom"/>, a time stamp of the clock.</summary>
    public void Begin(string clientOrderId, long certainFrom)
    {
        lock (_lock)
        {
            _certainFrom[clientOrderId] = certainFrom;
            _version++;
        }
    }

    /// <summary>The venue has it, or certainly never will.</summary>
    public void Settle(string clientOrderId)
    {
        lock (_lock)
            if (_certainFrom.Remove(clientOrderId))
                _version++;
    }

    /// <summary>Nothing has begun or arrived since that version, and nothing can arrive any more.</summary>
    public bool IsQuietSince(long version, long now)
    {
        lock (_lock)
        {
            foreach (var (id, certainFrom) in _certainFrom)
                if (certainFrom <= now)
                    _certainFrom.Remove(id);
            return version == _version && _certainFrom.Count == 0;
        }
    }
}
