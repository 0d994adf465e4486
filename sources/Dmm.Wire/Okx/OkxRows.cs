using System.Text.Json;

namespace Dmm.Wire;

/// <summary>The rows of a frame's or a reply's <c>data</c>.</summary>
internal static class OkxRows
{
    /// <summary>Null, or why the row is refused.</summary>
    public delegate string? Add(ReadOnlySpan<byte> row, MessageBatch batch);

    /// <summary>Takes the rows one by one: a refused one does not cost its neighbours.</summary>
    /// <param name="venue">Names the venue in a refusal.</param>
    /// <param name="data">A JSON array.</param>
    /// <param name="what">Names a row in a refusal, as in <c>TON-USDT trade</c>.</param>
    /// <param name="batch">Takes the messages.</param>
    /// <param name="add">Parses a row.</param>
    public static ParseStatus Each(string venue, ReadOnlySpan<byte> data, string what, MessageBatch batch, Add add)
    {
        var status = ParseStatus.Parsed;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (Next(ref reader, data, out var row))
        {
            if (batch.Count >= MessageBatch.CountMax)
                return batch.Reject(venue, $"{what}: the frame has more than {MessageBatch.CountMax} messages; the rest is dropped", data);
            if (add(row, batch) is { } fault) status = batch.Reject(venue, $"{what}: {fault}", row);
        }

        return status;
    }

    /// <summary>Moves a reader that stands in an array to the array's next element; false at its end.</summary>
    public static bool Next(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, out ReadOnlySpan<byte> row)
    {
        row = default;
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray) return false;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        row = data[start..(int)reader.BytesConsumed];
        return true;
    }
}
