using System.Globalization;
using System.Text;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// The messages of one frame, owned by the caller and reused from frame to frame, so that market data allocates nothing. Order books point into the
/// batch: what must outlive the next parse is copied.
/// </summary>
public sealed class MessageBatch
{
    /// <summary>A frame with more messages is refused from there on.</summary>
    public const int CountMax = 1_024;

    private const int RawLengthMax = 2_048;

    private Input[] _inputs = new Input[4];

    public int Count { get; private set; }

    /// <summary>The message at that place, in the frame's order.</summary>
    public ref readonly Input this[int index] => ref _inputs.AsSpan(0, Count)[index];

    /// <summary>The symbol of a frame that was refused because the wire does not have it; null otherwise.</summary>
    public string? UnknownSymbol { get; internal set; }

    internal LevelBuffer Levels { get; } = new();

    internal void Clear()
    {
        Count = 0;
        UnknownSymbol = null;
        Levels.Clear();
    }

    internal void Add(in BookUpdate book) => Next() = new Input(in book);

    internal void Add(in VenueTop top) => Next() = new Input(in top);

    internal void Add(in Trade trade) => Next() = new Input(in trade);

    internal void Add(ControlMessage message) => Next() = new Input(message);

    /// <summary>Drops messages of a frame that turned out not to be what it seemed.</summary>
    internal void Truncate(int count) => Count = count;

    /// <summary>Keeps why a frame, or a part of it, is refused, with its beginning; credentials in either are masked.</summary>
    internal ParseStatus Reject(string venue, string reason, ReadOnlySpan<byte> raw)
    {
        Next() = new Input(new Rejected(venue, SecretText.Masked(reason), SecretText.Masked(Excerpt(raw))));
        return ParseStatus.Rejected;
    }

    private static string Excerpt(ReadOnlySpan<byte> raw) => raw.Length <= RawLengthMax
        ? Encoding.UTF8.GetString(raw)
        : string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(raw[..RawLengthMax])}… ({raw.Length} bytes)");

    private ref Input Next()
    {
        if (Count == _inputs.Length) Array.Resize(ref _inputs, 2 * _inputs.Length);
        return ref _inputs[Count++];
    }
}
