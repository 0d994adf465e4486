using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Simulation;

namespace Dmm.Pipeline.Studies;

/// <summary>The paper's table beside ours, and what it was simulated with.</summary>
internal sealed record AsTableReport(long Seed, int Paths, ImmutableArray<AcademicRow> Rows)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Every figure lies within its tolerance.</summary>
    public bool IsWithin => Rows.All(row => row.IsWithin);

    public static AsTableReport Of(int paths, long seed) => new(seed, paths, AvellanedaStoikovTable.Simulate(paths, seed));

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
