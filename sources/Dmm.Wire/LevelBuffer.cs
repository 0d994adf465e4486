using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>The levels of one frame, bids before asks for each book in it. Grows to the largest frame seen and is then reused.</summary>
internal sealed class LevelBuffer
{
    /// <summary>Three times the deepest snapshot that a venue sends (5,000 a side); a frame with more is refused.</summary>
    public const int CountMax = 30_000;

    private BookLevel[] _levels = new BookLevel[512];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Makes room, so that the next <paramref name="more"/> levels may be written to <see cref="Free"/>; false above the limit.</summary>
    public bool TryReserve(int more)
    {
        var needed = Count + more;
        if (needed <= _levels.Length) return true;
        if (needed > CountMax) return false;
        // Messages already made keep the array they point into: a new one takes over, the old one is not touched again.
        Array.Resize(ref _levels, Math.Min(CountMax, Math.Max(needed, 2 * _levels.Length)));
        return true;
    }

    /// <summary>Room behind the levels written so far; <see cref="Advance"/> keeps what was put there.</summary>
    public Span<BookLevel> Free => _levels.AsSpan(Count);

    public void Advance(int written) => Count += written;

    public bool TryAdd(BookLevel level)
    {
        if (!TryReserve(1)) return false;
        _levels[Count++] = level;
        return true;
    }

    /// <summary>Drops what was written at or behind that place.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Puts the levels from <paramref name="middle"/> on before those from <paramref name="start"/> on, each in its own order.</summary>
    public void Swap(int start, int middle)
    {
        var both = _levels.AsSpan(start, Count - start);
        both[..(middle - start)].Reverse();
        both[(middle - start)..].Reverse();
        both.Reverse();
    }

    public ReadOnlyMemory<BookLevel> From(int start) => _levels.AsMemory(start, Count - start);
}
