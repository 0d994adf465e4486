using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dmm.Wire;

/// <summary>
/// Finds an instrument by the bytes of its symbol, without making a string of them; the cost does not grow with the number of instruments.
/// </summary>
internal sealed class SymbolTable
{
    private readonly (byte[] Key, WireSymbol Symbol)[] _slots;
    private readonly (byte[] Key, WireSymbol Symbol)? _only;
    private readonly string _known;

    public SymbolTable(IReadOnlyList<(string Key, WireSymbol Symbol)> entries)
    {
        _known = string.Join(", ", entries.Select(e => e.Key));
        if (entries.Count == 1) _only = (Encoding.UTF8.GetBytes(entries[0].Key), entries[0].Symbol);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * entries.Count + 1));
        _slots = new (byte[], WireSymbol)[size];
        foreach (var (text, symbol) in entries)
        {
            var key = Encoding.UTF8.GetBytes(text);
            var slot = (int)(Hash(key) & (uint)(size - 1));
            while (_slots[slot].Key is not null) slot = (slot + 1) & (size - 1);
            _slots[slot] = (key, symbol);
        }
    }

    /// <summary>All symbols, for error texts.</summary>
    public override string ToString() => _known;

    public WireSymbol? Find(ReadOnlySpan<byte> key)
    {
        if (_only is { } only) return key.SequenceEqual(only.Key) ? only.Symbol : null;
        var mask = _slots.Length - 1;
        for (var slot = (int)(Hash(key) & (uint)mask); _slots[slot].Key is { } candidate; slot = (slot + 1) & mask)
            if (key.SequenceEqual(candidate))
                return _slots[slot].Symbol;
        return null;
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        ulong mixed = (uint)key.Length;
        if (key.Length >= sizeof(ulong))
            mixed ^= BinaryPrimitives.ReadUInt64LittleEndian(key) * 31 + BinaryPrimitives.ReadUInt64LittleEndian(key[^sizeof(ulong)..]);
        else
            foreach (var b in key)
                mixed = mixed << 8 | b;
        return (uint)(mixed * 0x9E3779B97F4A7C15 >> 32);
    }
}
