namespace Dmm.Wire.Ton;

/// <summary>An entry of a dictionary.</summary>
/// <param name="Key">The key's bits in their bytes, the first bit first.</param>
/// <param name="Value">What the leaf holds behind its label.</param>
public readonly record struct HashmapEntry(byte[] Key, CellSlice Value);

/// <summary>
/// Dictionaries (Hashmap n X): binary tries over keys of one length, whose shape, and so whose hash, follows from their entries alone.
/// </summary>
public static class Hashmap
{
    public const int KeyBitsMax = 1023;

    /// <summary>The entries in the order of their keys.</summary>
    /// <param name="root">The cell with the first label.</param>
    /// <param name="keyBits">Bits of every key.</param>
    /// <param name="entriesMax">A few cells that share subtrees can stand for more entries than memory holds.</param>
    /// <exception cref="CellException">It is no such dictionary, or a larger one.</exception>
    public static List<HashmapEntry> Read(Cell root, int keyBits, int entriesMax)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyBits, KeyBitsMax);
        var entries = new List<HashmapEntry>();
        var open = new Stack<(Cell Edge, byte[] Key, int At)>();
        open.Push((root, new byte[(keyBits + 7) >> 3], 0));
        while (open.TryPop(out var step))
        {
            var slice = step.Edge.Parse();
            var at = step.At + HashmapLabel.Read(slice, step.Key, step.At, keyBits - step.At);
            if (at == keyBits)
            {
                if (entries.Count == entriesMax) throw slice.Fault($"a dictionary of more than {entriesMax} entries");
                entries.Add(new(step.Key, slice));
                continue;
            }

            var (left, right) = (slice.LoadRef(), slice.LoadRef());
            slice.DemandEnd();
            var key = (byte[])step.Key.Clone();
            BitSpan.Write(key, at, 1, 1);
            open.Push((right, key, at + 1));
            open.Push((left, step.Key, at + 1));
        }

        return entries;
    }

    /// <summary>The dictionary of these entries.</summary>
    /// <param name="keyBits">Bits of every key.</param>
    /// <param name="entries">Keys as in <see cref="HashmapEntry"/>, each once, in any order.</param>
    /// <returns>Null when there are none: an empty dictionary is no cell, but a bit in the one that would refer to it.</returns>
    /// <exception cref="ArgumentException">A key has another length, or comes twice.</exception>
    /// <exception cref="CellException">A value does not go in behind its label.</exception>
    public static Cell? Build(int keyBits, IEnumerable<KeyValuePair<byte[], CellBuilder>> entries)
    {
        var sorted = entries.ToArray();
        foreach (var (key, _) in sorted)
        {
            var spare = 8 * key.Length - keyBits;
            if (spare is < 0 or > 7 || (spare > 0 && (key[^1] & ((1 << spare) - 1)) != 0))
            {
                throw new ArgumentException(
                    $"the key {Convert.ToHexStringLower(key)} is not of {keyBits} bits with zeros behind them", nameof(entries));
            }
        }

        Array.Sort(sorted, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Key.AsSpan().SequenceEqual(sorted[i - 1].Key))
                throw new ArgumentException($"the key {Convert.ToHexStringLower(sorted[i].Key)} comes twice", nameof(entries));
        }

        return sorted.Length == 0 ? null : Edge(sorted, 0, keyBits);
    }

    /// <summary>A key that is a number.</summary>
    public static byte[] Key(ulong number, int bits)
    {
        var key = new byte[(bits + 7) >> 3];
        BitSpan.Write(key, 0, number, bits);
        return key;
    }

    // Recurses once a fork: no deeper than keys have bits.
    private static Cell Edge(ReadOnlySpan<KeyValuePair<byte[], CellBuilder>> entries, int at, int keyBits)
    {
        var builder = new CellBuilder();
        var (first, last) = (entries[0].Key, entries[^1].Key);
        var fork = at;
        while (fork < keyBits && BitSpan.Bit(first, fork) == BitSpan.Bit(last, fork)) fork++;
        HashmapLabel.Write(builder, first, at, fork - at, keyBits - at);
        if (fork == keyBits) return builder.StoreBuilder(entries[0].Value).Build();
        var left = 0;
        while (!BitSpan.Bit(entries[left].Key, fork)) left++;
        return builder.StoreRef(Edge(entries[..left], fork + 1, keyBits)).StoreRef(Edge(entries[left..], fork + 1, keyBits)).Build();
    }
}
