using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Core;

namespace Dmm.Pipeline.Incidents;

/// <summary>What differs between two parameter sets, in words.</summary>
internal static class ParameterDifference
{
    private const int NamedMax = 8;

    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Each parameter with its former and its new value; a few of them, and how many more.</summary>
    public static string Of(QuotingParameters before, QuotingParameters after)
    {
        List<string> differences = [];
        Compare("", JsonSerializer.SerializeToNode(before, Names), JsonSerializer.SerializeToNode(after, Names), differences);
        var more = differences.Count > NamedMax ? $" and {differences.Count - NamedMax} more" : "";
        return differences.Count == 0 ? "nothing changed" : string.Join(", ", differences.Take(NamedMax)) + more;
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> differences)
    {
        if (before is JsonObject one && after is JsonObject other)
        {
            foreach (var (name, value) in one) Compare(path.Length == 0 ? name : $"{path}.{name}", value, other[name], differences);
        }
        else if (before is JsonArray list && after is JsonArray others && list.Count == others.Count && list.All(item => item is JsonObject))
        {
            for (var i = 0; i < list.Count; i++) Compare($"{path}.{i}", list[i], others[i], differences);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            differences.Add($"{path} {Text(before)} → {Text(after)}");
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "none";
}
