using System.Numerics;
using System.Runtime.InteropServices;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// One side of a book: a flat array by tick around the touch, and the levels farther away in a sorted array. Inside, a level is named by its key, the
/// tick of a bid or minus the tick of an ask, so that on both sides the best level has the highest key. The flat array is a ring (slot = key modulo
/// its length) and follows the touch without being moved; a bitmap tells its occupied slots. While there is any level the best one lies in the ring,
/// hence every far key lies below it.
/// </summary>
internal sealed class BookSide
{
    /// <summary>The key of nothing: below every level.</summary>
    public const long NoKey = long.MinValue;

    // What a liquid book collects in its first minutes, so that it does not grow while it trades.
    private const int FarLevelsAtFirst = 4_096;

    private readonly int _sign;
    private readonly OrderBookLimits _limits;
    private long[] _near;
    private ulong[] _occupied;
    private long[] _farKeys = new long[FarLevelsAtFirst];
    private long[] _farLots = new long[FarLevelsAtFirst];
    private long _windowKey;
    private long _droppedKey = NoKey;
    private int _farCount;

    public BookSide(Side side, OrderBookLimits limits)
    {
        _sign = side.Sign();
        _limits = limits;
        _near = new long[limits.WindowTicksMin];
        _occupied = new ulong[limits.WindowTicksMin / 64];
    }

    /// <summary>Key of the best level, or <see cref="NoKey"/>.</summary>
    public long BestKey { get; private set; } = NoKey;

    public bool IsEmpty => BestKey == NoKey;

    /// <summary>The best level; all zero when there is none.</summary>
    public BookLevel Best => IsEmpty ? default : new(BestKey * _sign, _near[SlotOf(BestKey)]);

    /// <summary>The best level is worse than one that was dropped for want of room, so it may not be the best.</summary>
    public bool HasLostItsBest => BestKey < _droppedKey;

    public void Apply(ReadOnlySpan<BookLevel> levels)
    {
        foreach (ref readonly var level in levels) Set(level.PriceTicks * _sign, level.SizeLots);
    }

    /// <summary>Replaces all levels. They may come in any order, each price once; best first is fastest.</summary>
    public void Load(ReadOnlySpan<BookLevel> levels)
    {
        var bestKey = NoKey;
        foreach (ref readonly var level in levels)
        {
            if (level.SizeLots != 0) bestKey = Math.Max(bestKey, level.PriceTicks * _sign);
        }

        var windowTicks = bestKey == NoKey ? _near.Length : Math.Max(_near.Length, _limits.WindowTicksAt(bestKey * _sign));
        Reset(windowTicks, bestKey == NoKey ? 0 : bestKey - Behind(windowTicks));
        InsertFarthestFirst(levels);
    }

    /// <summary>Takes the place of a captured side.</summary>
    public void Restore(BookSideState state)
    {
        Reset(Math.Max(_near.Length, state.WindowTicks), state.WindowKey);
        InsertFarthestFirst(state.Levels.AsSpan());
        if (IsEmpty && _farCount > 0) FindBestBelow(_windowKey);
        _droppedKey = state.DroppedKey;
    }

    public BookSideState Capture()
    {
        var levels = new BookLevel[_farCount + _occupied.Sum(BitOperations.PopCount)];
        CopyLevels(levels);
        return new()
        {
            Levels = ImmutableCollectionsMarshal.AsImmutableArray(levels), WindowTicks = _near.Length, WindowKey = _windowKey,
            DroppedKey = _droppedKey,
        };
    }

    /// <summary>Copies the best levels; returns how many.</summary>
    public int CopyLevels(Span<BookLevel> levels)
    {
        var count = 0;
        for (var key = BestKey; count < levels.Length && key != NoKey; key = NextBelow(key)) levels[count++] = new(key * _sign, _near[SlotOf(key)]);
        for (var i = _farCount - 1; count < levels.Length && i >= 0; i--) levels[count++] = new(_farKeys[i] * _sign, _farLots[i]);
        return count;
    }

    /// <summary>Size of the level with that key; 0 when there is none.</summary>
    public long LotsAt(long key)
    {
        if ((ulong)(key - _windowKey) < (ulong)_near.Length) return _near[SlotOf(key)];
        var index = _farKeys.AsSpan(0, _farCount).BinarySearch(key);
        return index >= 0 ? _farLots[index] : 0;
    }

    /// <summary>Sum of sizes of the levels with at least that key.</summary>
    public long LotsFrom(long key)
    {
        if (IsEmpty || key > BestKey) return 0;
        var first = Math.Max(key, _windowKey);
        var count = (int)(BestKey - first) + 1;
        var slot = SlotOf(first);
        var untilWrap = Math.Min(count, _near.Length - slot);
        var sum = Sum(_near.AsSpan(slot, untilWrap)) + Sum(_near.AsSpan(0, count - untilWrap));
        for (var i = _farCount - 1; i >= 0 && _farKeys[i] >= key; i--) sum += _farLots[i];
        return sum;
    }

    private static long Sum(ReadOnlySpan<long> lots)
    {
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(lots);
        var sums = Vector<long>.Zero;
        foreach (ref readonly var vector in vectors) sums += vector;
        var sum = Vector.Sum(sums);
        foreach (var rest in lots[(vectors.Length * Vector<long>.Count)..]) sum += rest;
        return sum;
    }

    /// <summary>A quarter of the ring is room for a better touch, the rest for the levels behind it.</summary>
    private static long Behind(int windowTicks) => windowTicks / 4 * 3;

    private int SlotOf(long key) => (int)key & (_near.Length - 1);

    private void Reset(int windowTicks, long windowKey)
    {
        if (windowTicks == _near.Length)
        {
            Array.Clear(_near);
            Array.Clear(_occupied);
        }
        else
        {
            _near = new long[windowTicks];
            _occupied = new ulong[windowTicks / 64];
        }

        (_windowKey, _farCount, BestKey, _droppedKey) = (windowKey, 0, NoKey, NoKey);
    }

    /// <summary>Appends to the sorted array instead of shifting it, when levels come best first.</summary>
    private void InsertFarthestFirst(ReadOnlySpan<BookLevel> levels)
    {
        for (var i = levels.Length - 1; i >= 0; i--)
        {
            var key = levels[i].PriceTicks * _sign;
            if (key < _windowKey) SetFar(key, levels[i].SizeLots);
            else Set(key, levels[i].SizeLots);
        }
    }

    private void Set(long key, long lots)
    {
        if ((ulong)(key - _windowKey) >= (ulong)_near.Length)
        {
            SetOutside(key, lots);
            return;
        }

        // No branch on what was there before: on a real feed it would be mispredicted every other time.
        var slot = SlotOf(key);
        _near[slot] = lots;
        ref var word = ref _occupied[slot >> 6];
        var bit = 1UL << slot;
        word = lots != 0 ? word | bit : word & ~bit;
        if (key < BestKey) return;
        if (lots != 0) BestKey = key;
        else if (key == BestKey) FindBestBelow(key);
    }

    private void SetOutside(long key, long lots)
    {
        if (key < BestKey) SetFar(key, lots);
        else if (lots != 0)
        {
            MoveWindow(key - Behind(_near.Length));
            Set(key, lots);
        }
    }

    private void SetFar(long key, long lots)
    {
        var index = _farKeys.AsSpan(0, _farCount).BinarySearch(key);
        if (index < 0)
        {
            if (lots != 0) InsertFar(~index, key, lots);
        }
        else if (lots != 0) _farLots[index] = lots;
        else RemoveFar(index, 1);
    }

    private void InsertFar(int index, long key, long lots)
    {
        if (_farCount == _limits.FarLevelsMax)
        {
            var dropped = Math.Max(1, _farCount / 16);
            _droppedKey = Math.Max(_droppedKey, _farKeys[dropped - 1]);
            RemoveFar(0, dropped);
            index = Math.Max(0, index - dropped);
        }

        if (_farCount == _farKeys.Length)
        {
            Array.Resize(ref _farKeys, _farCount * 2);
            Array.Resize(ref _farLots, _farCount * 2);
        }

        _farKeys.AsSpan(index, _farCount - index).CopyTo(_farKeys.AsSpan(index + 1));
        _farLots.AsSpan(index, _farCount - index).CopyTo(_farLots.AsSpan(index + 1));
        (_farKeys[index], _farLots[index]) = (key, lots);
        _farCount++;
    }

    private void RemoveFar(int index, int count)
    {
        _farKeys.AsSpan(index + count, _farCount - index - count).CopyTo(_farKeys.AsSpan(index));
        _farLots.AsSpan(index + count, _farCount - index - count).CopyTo(_farLots.AsSpan(index));
        _farCount -= count;
    }

    private void FindBestBelow(long key)
    {
        BestKey = NextBelow(key);
        if (IsEmpty && _farCount > 0) BestKey = _farKeys[_farCount - 1];

        // The touch has sunk to the far end of the ring, and soon its neighbours would be far levels.
        if (!IsEmpty && BestKey - _windowKey < _near.Length / 8) MoveWindow(BestKey - Behind(_near.Length));
    }

    /// <summary>Levels that the ring leaves become far ones, and far ones that it reaches become near.</summary>
    private void MoveWindow(long windowKey)
    {
        var end = Math.Min(windowKey, _windowKey + _near.Length);
        for (var key = NextFrom(_windowKey, end); key < end; key = NextFrom(key + 1, end))
        {
            var slot = SlotOf(key);
            InsertFar(_farCount, key, _near[slot]);
            _near[slot] = 0;
            _occupied[slot >> 6] ^= 1UL << slot;
        }

        _windowKey = windowKey;
        while (_farCount > 0 && _farKeys[_farCount - 1] >= windowKey)
        {
            _farCount--;
            var slot = SlotOf(_farKeys[_farCount]);
            _near[slot] = _farLots[_farCount];
            _occupied[slot >> 6] |= 1UL << slot;
        }
    }

    /// <summary>The lowest occupied key from <paramref name="key"/> on, or <paramref name="end"/> or more when there is none before it.</summary>
    private long NextFrom(long key, long end)
    {
        while (key < end)
        {
            var slot = SlotOf(key);
            var bits = _occupied[slot >> 6] >> slot;
            if (bits != 0) return key + BitOperations.TrailingZeroCount(bits);
            key += 64 - (slot & 63);
        }

        return key;
    }

    /// <summary>The highest occupied key of the ring below <paramref name="key"/>, or <see cref="NoKey"/>.</summary>
    private long NextBelow(long key)
    {
        var slot = SlotOf(key);
        var word = slot >> 6;
        var bits = _occupied[word] & ((1UL << slot) - 1);
        if (bits == 0)
        {
            var lower = _occupied.AsSpan(0, word).LastIndexOfAnyExcept(0UL);
            word = lower >= 0 ? lower : word + _occupied.AsSpan(word).LastIndexOfAnyExcept(0UL);
            bits = _occupied[Math.Max(0, word)];
            if (bits == 0) return NoKey;
        }

        // Seen downwards the ring goes on from its lowest key to its highest, which are not below.
        var found = (word << 6) + 63 - BitOperations.LeadingZeroCount(bits);
        var below = key - ((slot - found) & (_near.Length - 1));
        return below >= _windowKey && below < key ? below : NoKey;
    }
}
