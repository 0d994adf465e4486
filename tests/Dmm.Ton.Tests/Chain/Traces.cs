using System.IO.Compression;
using System.Text.Json;
using Dmm.Testing;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Chain;

/// <summary>A message of a recorded trace.</summary>
/// <param name="Hash">Of the message.</param>
/// <param name="Source">Null from outside.</param>
/// <param name="Destination">Null to the outside.</param>
/// <param name="BodyHash">Of the body, as the indexer states it.</param>
/// <param name="BodyBoc">The body.</param>
/// <param name="IsBounced">It came back.</param>
internal sealed record TracedMessage(string Hash, Address? Source, Address? Destination, string BodyHash, byte[] BodyBoc, bool IsBounced)
{
    public Cell Body { get; } = BagOfCells.DeserializeOne(BodyBoc);
}

/// <summary>A transaction: what it answers and what it sends.</summary>
internal sealed record TracedTransaction(Address Account, TracedMessage? Came, IReadOnlyList<TracedMessage> Sent);

/// <summary>Recorded traces of the main network.</summary>
internal static class Traces
{
    public static IEnumerable<string> Files() =>
        Directory.GetFiles(SharedData.SkipUnlessPresent("data", "ton", "traces"), "*.json.gz").Order(StringComparer.Ordinal);

    /// <summary>The file of a trace, by its id.</summary>
    public static string Named(string trace) => SharedData.SkipUnlessPresent("data", "ton", "traces", $"{trace}.json.gz");

    public static List<TracedTransaction> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(stream);
        List<TracedTransaction> transactions = [];
        foreach (var transaction in json.RootElement.GetProperty("transactions").EnumerateArray())
        {
            var messages = transaction.GetProperty("messages").EnumerateArray().ToLookup(m => m.GetProperty("direction").GetString(), ReadMessage);
            var account = Address.Parse(transaction.GetProperty("account").GetString()!);
            transactions.Add(new(account, messages["in"].SingleOrDefault(), [.. messages["out"]]));
        }

        return transactions;
    }

    public static IEnumerable<TracedMessage> Messages(string file) =>
        Read(file).SelectMany(t => t.Came is null ? t.Sent : t.Sent.Append(t.Came)).DistinctBy(m => m.Hash);

    private static TracedMessage ReadMessage(JsonElement message)
    {
        var content = message.GetProperty("message_content");
        return new(
            message.GetProperty("msg_hash").GetString()!, ReadAddress(message, "source"), ReadAddress(message, "destination"),
            content.GetProperty("hash").GetString()!, Convert.FromBase64String(content.GetProperty("body").GetString()!),
            message.GetProperty("bounced").ValueKind == JsonValueKind.True);
    }

    private static Address? ReadAddress(JsonElement message, string name) =>
        message.GetProperty(name).GetString() is { } text ? Address.Parse(text) : null;
}
