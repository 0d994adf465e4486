using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>The queue of one price: its ends, as slots of the book, and its size.</summary>
internal struct LevelQueue
{
    public int First;
    public int Last;
    public long Lots;
}

/// <summary>
/// The price levels of one side, in an array sorted towards the touch: what changes most lies at its end, where little has to be moved. A level's key is
/// its tick times <paramref name="sign"/>, so that on both sides the best one has the highest key.
/// </summary>
internal sealed class PriceLevels(int sign)
{
    private const int LevelsAtFirst = 256;

    private long[] _keys = new long[LevelsAtFirst];
    private LevelQueue[] _queues = new LevelQueue[LevelsAtFirst];

    public int Count { get; private set; }

    public BookLevel Best => Count == 0 ? default : new(_keys[Count - 1] * sign, _queues[Count - 1].Lots);

    /// <summary>Of a side that is not empty.</summary>
    public ref LevelQueue BestQueue => ref _queues[Count - 1];

    public long LotsAt(long priceTicks) => Find(priceTicks) is >= 0 and var index ? _queues[index].Lots : 0;

    public int CopyLevels(Span<BookLevel> levels)
    {
        var count = Math.Min(Count, levels.Length);
        for (var i = 0; i < count; i++) levels[i] = new(_keys[Count - 1 - i] * sign, _queues[Count - 1 - i].Lots);
        return count;
    }

    /// <summary>The queue of a price, made when there is none; valid until the next call.</summary>
    public ref LevelQueue Open(long priceTicks)
    {
        var index = Find(priceTicks);
        if (index >= 0) return ref _queues[index];
        index = ~index;
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _queues, Count * 2);
        }

        Array.Copy(_keys, index, _keys, index + 1, Count - index);
        Array.Copy(_queues, index, _queues, index + 1, Count - index);
        Count++;
        _keys[index] = priceTicks * sign;
        _queues[index] = default;
        return ref _queues[index];
    }

    /// <summary>Takes out a price whose queue is empty.</summary>
    public void Close(long priceTicks)
    {
        var index = Find(priceTicks);
        Count--;
        Array.Copy(_keys, index + 1, _keys, index, Count - index);
        Array.Copy(_queues, index + 1, _queues, index, Count - index);
    }

    private int Find(long priceTicks)
    {
        var key = priceTicks * sign;
        if (Count > 0 && _keys[Count - 1] == key) return Count - 1;
        return _keys.AsSpan(0, Count).BinarySearch(key);
    }
}
