using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>An order that rests in a <see cref="LimitOrderBook"/>, as it is now.</summary>
/// <param name="Number">Above zero; never given twice.</param>
/// <param name="Side">Of the order.</param>
/// <param name="PriceTicks">Of the order.</param>
/// <param name="Lots">What is left of it.</param>
/// <param name="Owner">Our order, or null when it is another trader's.</param>
internal readonly record struct RestingOrder(long Number, Side Side, long PriceTicks, long Lots, OwnOrder? Owner);

/// <summary>
/// Orders by price, then by time: each price level is a queue, in which an order keeps its place until it leaves. Nothing is allocated once the book has
/// reached its size. It does not match by itself: who adds an order has seen to it that the order does not cross.
/// </summary>
internal sealed class LimitOrderBook
{
    private const int OrdersAtFirst = 1_024;
    private const int SlotBits = 32;

    private readonly PriceLevels _bids = new(sign: 1);
    private readonly PriceLevels _asks = new(sign: -1);

    // Linked by slot; slot 0 stands for none, free slots are chained by Next.
    private Node[] _nodes = new Node[OrdersAtFirst];
    private int _slotsUsed = 1;
    private int _free;

    /// <summary>The best level; all zero when the side is empty.</summary>
    public BookLevel Best(Side side) => Of(side).Best;

    /// <summary>What rests at a price, in lots.</summary>
    public long LotsAt(Side side, long priceTicks) => Of(side).LotsAt(priceTicks);

    public int LevelCount(Side side) => Of(side).Count;

    /// <summary>Copies the best levels, best first; returns how many.</summary>
    public int CopyLevels(Side side, Span<BookLevel> levels) => Of(side).CopyLevels(levels);

    /// <summary>The order that trades next on that side; false when the side is empty.</summary>
    public bool TryFirst(Side side, out RestingOrder order)
    {
        var levels = Of(side);
        order = levels.Count == 0 ? default : Show(levels.BestQueue.First);
        return levels.Count > 0;
    }

    /// <summary>False when the order has left the book.</summary>
    public bool TryFind(long number, out RestingOrder order)
    {
        var slot = SlotOf(number);
        order = slot == 0 ? default : Show(slot);
        return slot != 0;
    }

    /// <summary>Puts an order at the end of its level's queue; returns its number.</summary>
    public long Add(Side side, long priceTicks, long lots, OwnOrder? owner)
    {
        var slot = TakeSlot();
        ref var node = ref _nodes[slot];
        ref var queue = ref Of(side).Open(priceTicks);
        (node.Side, node.PriceTicks, node.Lots, node.Owner, node.Previous, node.Next) = (side, priceTicks, lots, owner, queue.Last, 0);
        if (queue.Last == 0) queue.First = slot;
        else _nodes[queue.Last].Next = slot;
        queue.Last = slot;
        queue.Lots += lots;
        return NumberOf(slot);
    }

    /// <summary>Takes lots off an order, which keeps its place; with none left it leaves the book.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 1 and what is left of it, or no such order.</exception>
    public void Reduce(long number, long lots)
    {
        var slot = SlotOf(number);
        ref var node = ref _nodes[slot];
        if (slot == 0 || lots <= 0 || lots > node.Lots)
            throw new ArgumentOutOfRangeException(nameof(lots), lots, $"expected 1 to {node.Lots} lots, the rest of order {number}");
        var levels = Of(node.Side);
        ref var queue = ref levels.Open(node.PriceTicks);
        node.Lots -= lots;
        queue.Lots -= lots;
        if (node.Lots > 0) return;
        if (node.Previous == 0) queue.First = node.Next;
        else _nodes[node.Previous].Next = node.Next;
        if (node.Next == 0) queue.Last = node.Previous;
        else _nodes[node.Next].Previous = node.Previous;
        if (queue.First == 0) levels.Close(node.PriceTicks);
        GiveBack(slot);
    }

    /// <summary>What trades at its level before that order does, in lots.</summary>
    public long LotsAhead(long number)
    {
        var ahead = 0L;
        for (var slot = _nodes[SlotOf(number)].Previous; slot != 0; slot = _nodes[slot].Previous) ahead += _nodes[slot].Lots;
        return ahead;
    }

    private RestingOrder Show(int slot)
    {
        ref readonly var node = ref _nodes[slot];
        return new(NumberOf(slot), node.Side, node.PriceTicks, node.Lots, node.Owner);
    }

    // A slot is used again, a number is not: it holds the slot and how often that was used before.
    private long NumberOf(int slot) => ((long)_nodes[slot].Generation << SlotBits) | (uint)slot;

    private int SlotOf(long number)
    {
        var slot = (int)number;
        return slot > 0 && slot < _slotsUsed && _nodes[slot].Lots > 0 && NumberOf(slot) == number ? slot : 0;
    }

    private int TakeSlot()
    {
        if (_free != 0)
        {
            var slot = _free;
            _free = _nodes[slot].Next;
            return slot;
        }

        if (_slotsUsed == _nodes.Length) Array.Resize(ref _nodes, _nodes.Length * 2);
        return _slotsUsed++;
    }

    private void GiveBack(int slot)
    {
        _nodes[slot] = new() { Generation = _nodes[slot].Generation + 1, Next = _free };
        _free = slot;
    }

    private PriceLevels Of(Side side) => side == Side.Buy ? _bids : _asks;

    private struct Node
    {
        public int Generation;
        public int Previous;
        public int Next;
        public Side Side;
        public long PriceTicks;
        public long Lots;
        public OwnOrder? Owner;
    }
}
