using System.Globalization;
using System.Numerics;

namespace Dmm.Wire.Ton;

/// <summary>
/// Reads a get-method's answer from its first item to its last. Everything throws <see cref="CellException"/> with method, place, name, what was
/// found and what was expected; <see cref="TryRead{T}"/> keeps it in.
/// </summary>
public sealed class StackReader
{
    // Numbers of the virtual machine have 257 bits: 78 digits and a sign; anything longer is not worth reading.
    private const int NumberLengthMax = 80;
    private const int HashBits = 256;

    private readonly string _method;
    private readonly IReadOnlyList<StackItem> _items;
    private int _at;

    private StackReader(string method, IReadOnlyList<StackItem> items) => (_method, _items) = (method, items);

    /// <summary>
    /// Reads an answer of so many items or more: later versions of a contract add theirs at the end. <paramref name="fault"/> says what is
    /// wrong, and is empty when nothing is.
    /// </summary>
    public static bool TryRead<T>(
        string method, IReadOnlyList<StackItem> items, int count, Func<StackReader, T> read, out T? value, out string fault)
    {
        (value, fault) = (default, "");
        if (items.Count < count)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"{method}: {items.Count} items: expected {count}");
            return false;
        }

        try
        {
            value = read(new(method, items));
            return true;
        }
        catch (CellException malformed)
        {
            fault = malformed.Message;
            return false;
        }
    }

    public BigInteger Integer(string name)
    {
        var item = Next(name, StackKind.Number);
        var digits = item.AsSpan();
        var isNegative = digits is ['-', ..];
        if (isNegative) digits = digits[1..];
        var isHex = digits is ['0', 'x' or 'X', ..];
        if (isHex) digits = digits[2..];
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        // A leading zero keeps a hexadecimal number from being read as negative.
        if (digits.IsEmpty || digits.Length > NumberLengthMax
            || !BigInteger.TryParse($"0{digits}", style, CultureInfo.InvariantCulture, out var value))
            throw Fault(name, $"'{Shortened(item)}': expected a number, decimal or hexadecimal");
        return isNegative ? -value : value;
    }

    /// <summary>A jetton's or TON's amount: at most 120 bits.</summary>
    public UInt128 Amount(string name) => (UInt128)Within(name, Integer(name), Coins.NanoMax);

    public ulong UInt64(string name) => (ulong)Within(name, Integer(name), ulong.MaxValue);

    public int Int32(string name, int most) => (int)Within(name, Integer(name), most);

    /// <summary>0 is false; the virtual machine writes true as −1.</summary>
    public bool Flag(string name) => !Integer(name).IsZero;

    public Hash256 Hash(string name)
    {
        var value = Within(name, Integer(name), (BigInteger.One << HashBits) - 1);
        Span<byte> bytes = stackalloc byte[Hash256.Bytes];
        bytes.Clear();
        value.TryWriteBytes(bytes[(Hash256.Bytes - value.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
        return new(bytes);
    }

    /// <summary>The bits behind a cell or slice.</summary>
    public CellSlice Bits(string name)
    {
        if (_at < _items.Count && _items[_at].Kind is not (StackKind.Cell or StackKind.Slice)) throw Mismatch(name, "a cell or slice");
        var text = _items[_at++].Text;
        try
        {
            var bytes = IsHex(text) ? Convert.FromHexString(text) : BagOfCells.Bytes(text);
            return BagOfCells.DeserializeOne(bytes).Parse();
        }
        catch (CellException malformed)
        {
            throw Fault(name, malformed.Message);
        }
    }

    /// <returns>Null for <c>addr_none</c>.</returns>
    public Address? MaybeAddress(string name) => Load(name, slice => slice.LoadAddress());

    public Address Address(string name) => Load(name, slice => slice.LoadGivenAddress());

    /// <summary>What a cell or slice holds.</summary>
    public T Load<T>(string name, Func<CellSlice, T> load)
    {
        var slice = Bits(name);
        try
        {
            return load(slice);
        }
        catch (CellException malformed)
        {
            throw Fault(name, malformed.Message);
        }
    }

    public void Skip(int count = 1) => _at += count;

    private static bool IsHex(string text) => text.Length % 2 == 0 && text.StartsWith("b5ee9c72", StringComparison.OrdinalIgnoreCase)
        && text.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;

    private static string Shortened(string text) => text.Length <= NumberLengthMax ? text : $"{text.AsSpan(0, NumberLengthMax)}…";

    private string Next(string name, StackKind kind)
    {
        if (_items[_at].Kind != kind) throw Mismatch(name, kind == StackKind.Number ? "a number" : $"a {kind}");
        return _items[_at++].Text;
    }

    private BigInteger Within(string name, BigInteger value, BigInteger most) =>
        value.Sign >= 0 && value <= most ? value : throw Fault(name, $"{value}: expected 0 to {most}");

    private CellException Mismatch(string name, string expected)
    {
        _at++;
        return Fault(name, $"a {_items[_at - 1].Kind}: expected {expected}");
    }

    // The item was taken already.
    private CellException Fault(string name, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_method}, item {_at} ({name})"), what);
}
