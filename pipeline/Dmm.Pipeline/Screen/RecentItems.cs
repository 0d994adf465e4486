using System.Collections.Immutable;

namespace Dmm.Pipeline.Screen;

/// <summary>The latest items, at most so many; an older one makes room for a newer.</summary>
internal sealed class RecentItems<T>(int capacity)
{
    private readonly T[] _items = new T[capacity];
    private long _count;

    public void Add(T item) => _items[_count++ % capacity] = item;

    /// <summary>Newest first.</summary>
    public ImmutableArray<T> NewestFirst()
    {
        var kept = (int)Math.Min(_count, capacity);
        var items = ImmutableArray.CreateBuilder<T>(kept);
        for (var i = 1; i <= kept; i++) items.Add(_items[(_count - i) % capacity]);
        return items.MoveToImmutable();
    }

    /// <summary>Changes the newest item that matches; nothing when none does.</summary>
    public void Change(Func<T, bool> matches, Func<T, T> change)
    {
        for (var i = 1; i <= Math.Min(_count, capacity); i++)
        {
            ref var item = ref _items[(_count - i) % capacity];
            if (!matches(item)) continue;
            item = change(item);
            return;
        }
    }
}
