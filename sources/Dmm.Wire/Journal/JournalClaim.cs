using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>A writer's claim to an asset's journal: from here on nothing of a lower epoch counts.</summary>
/// <param name="Epoch">From 1; each owner's is higher than those of all before it.</param>
/// <param name="Writer">Tells one process from another, so that two with one epoch cannot both own the journal.</param>
public sealed record JournalClaim(
    [property: JsonPropertyName("epoch")] long Epoch, [property: JsonPropertyName("writer")] string Writer)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <exception cref="JournalException">The bytes are not a claim.</exception>
    public static JournalClaim Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalClaim>(bytes) is { Epoch: > 0, Writer: not null } claim ? claim
                : throw new FormatException("expected an epoch above 0 and a writer");
        }
        catch (Exception e) when (JournalLine.IsGrammar(e))
        {
            throw new JournalException(JournalFault.Corrupt, $"a claim that cannot be read: {e.Message}", inner: e);
        }
    }
}

/// <summary>Headers of the journal's messages on Kafka: numbers are decimal digits, so that any tool shows them.</summary>
public static class JournalHeaders
{
    /// <summary>The epoch of the writer, on every message.</summary>
    public const string Epoch = "epoch";

    /// <summary>The run that the record belongs to, on every record.</summary>
    public const string Run = "run";

    /// <summary>Present on a <see cref="JournalClaim"/>, which is no record.</summary>
    public const string Claim = "claim";

    public static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <exception cref="JournalException">There is no such header, or not a number in it.</exception>
    public static long Number(string name, ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long number, out var length) && length == value.Length ? number
            : throw new JournalException(JournalFault.Corrupt, $"no number in the header '{name}'");
}
