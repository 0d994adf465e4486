using System.Text.Json;

namespace Dmm.Wire;

/// <summary>Reads one element into the batch; null, or why it is refused.</summary>
internal delegate string? BybitElement(ReadOnlySpan<byte> json, MessageBatch batch);

/// <summary>The elements of an array, one by one: a refused one does not cost its neighbours.</summary>
internal static class BybitArray
{
    /// <param name="venue">For what is refused.</param>
    /// <param name="array">A sound JSON array.</param>
    /// <param name="what">What an element is called in a refusal.</param>
    /// <param name="batch">Takes the messages.</param>
    /// <param name="add">Reads one element.</param>
    public static ParseStatus Each(string venue, ReadOnlySpan<byte> array, string what, MessageBatch batch, BybitElement add)
    {
        var status = ParseStatus.Parsed;
        var reader = new Utf8JsonReader(array);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = (int)reader.TokenStartIndex;
            reader.Skip();
            var element = array[at..(int)reader.BytesConsumed];
            if (batch.Count == MessageBatch.CountMax)
                return batch.Reject(venue, $"{what}: the frame has more than {MessageBatch.CountMax} messages; the rest is dropped", array);
            if (add(element, batch) is { } fault) status = batch.Reject(venue, $"{what}: {fault}", element);
        }

        return status;
    }
    /// <summary>How many elements a sound array has.</summary>
    public static int Count(ReadOnlySpan<byte> array)
    {
        var reader = new Utf8JsonReader(array);
        reader.Read();
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++) reader.Skip();
        return count;
    }
}
