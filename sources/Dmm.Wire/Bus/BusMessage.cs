using System.Collections.Immutable;
using System.Text;
using Dmm.Core;

namespace Dmm.Wire.Bus;

/// <summary>A header of a message: small, and readable without the value.</summary>
public readonly record struct BusHeader(string Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>A header whose value is text.</summary>
    public static BusHeader Of(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    /// <summary>The value as text.</summary>
    public string Text => Encoding.UTF8.GetString(Value.Span);
}

/// <summary>What is published. The arrays belong to the publisher until it told the outcome: they must not be changed.</summary>
public sealed record BusMessage
{
    // A batch of one record, as the protocol frames it; and what a header costs besides its bytes.
    private const int FramingBytes = 100;
    private const int HeaderFramingBytes = 8;

    public required string Topic { get; init; }

    /// <summary>What shares a key stays in order; null for any partition.</summary>
    public required byte[]? Key { get; init; }

    public required byte[] Value { get; init; }

    public ImmutableArray<BusHeader> Headers { get; init; } = [];

    /// <summary>To the millisecond; when it was published if not known.</summary>
    public Timestamp At { get; init; }

    /// <summary>How much room it takes in a request, bytes; a few more than it does.</summary>
    public int Size
    {
        get
        {
            var size = FramingBytes + (Key?.Length ?? 0) + Value.Length;
            foreach (var header in Headers) size += HeaderFramingBytes + Encoding.UTF8.GetMaxByteCount(header.Name.Length) + header.Value.Length;
            return size;
        }
    }
}
