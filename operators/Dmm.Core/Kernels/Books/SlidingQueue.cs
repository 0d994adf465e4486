namespace Dmm.Core.Kernels;

/// <summary>A queue over one array, whose live part is always contiguous; it grows by doubling and moves its content at most once per item.</summary>
internal sealed class SlidingQueue<T>(int capacity)
    where T : struct
{
    private T[] _items = new T[capacity];
    private int _head;

    public int Count { get; private set; }

    public ReadOnlyMemory<T> Memory => _items.AsMemory(_head, Count);

    public ReadOnlySpan<T> Items => _items.AsSpan(_head, Count);

    public ref readonly T First => ref _items[_head];

    public ref readonly T Last => ref _items[_head + Count - 1];

    public void Append(in T item)
    {
        MakeRoom(1);
        _items[_head + Count++] = item;
    }

    public void Append(ReadOnlySpan<T> items)
    {
        MakeRoom(items.Length);
        items.CopyTo(_items.AsSpan(_head + Count));
        Count += items.Length;
    }

    public void DropFirst(int count)
    {
        _head += count;
        Count -= count;
        if (Count == 0) _head = 0;
    }

    public void Clear() => (_head, Count) = (0, 0);

    private void MakeRoom(int count)
    {
        if (_head + Count + count <= _items.Length) return;
        var target = (Count + count) * 2 <= _items.Length ? _items : new T[Math.Max(_items.Length * 2, (Count + count) * 2)];
        Items.CopyTo(target);
        (_items, _head) = (target, 0);
    }
}
