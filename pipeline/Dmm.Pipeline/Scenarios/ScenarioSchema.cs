using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dmm.Pipeline.Scenarios;

/// <summary>The file format as a JSON schema, from the same tables that the parser reads by.</summary>
internal static class ScenarioSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text() => Whole().ToJsonString(Indented);

    private static JsonObject Whole()
    {
        var root = Members(ScenarioFile.Header);
        var properties = root["properties"]!.AsObject();
        properties["market"] = Either(Value(ScenarioFile.Market[0]), Members(ScenarioFile.Market));
        properties[ScenarioGrammar.Parameters] = Parameters();
        properties["steps"] = new JsonObject { ["type"] = "array", ["items"] = Step() };
        root["required"]!.AsArray().Add("steps");
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A scenario of Dmm.Reactive, in YAML or JSON",
            ["$defs"] = new JsonObject { ["conditions"] = Mapping(ScenarioGrammar.Conditions.Select(w => (w.Name, OfWord(w)))) },
        }.Plus(root);
    }

    private static JsonObject Step()
    {
        var step = Members(ScenarioFile.Timing);
        var properties = step["properties"]!.AsObject();
        foreach (var word in ScenarioGrammar.Happenings) properties[word.Name] = OfWord(word);
        properties[ScenarioGrammar.Parameters] = Parameters();
        foreach (var name in (string[])["expect", "never"])
            properties[name] = Either(Reference(), new JsonObject { ["type"] = "array", ["items"] = Reference() });
        step["minProperties"] = 2;
        return step;
    }

    private static JsonObject Reference() => new() { ["$ref"] = "#/$defs/conditions" };

    private static JsonObject OfWord<T>(Word<T> word)
    {
        var members = Members(word.Fields);
        var schema = word.Shorthand is { } shorthand ? Either(Value(word.Fields.First(f => f.Name == shorthand)), members) : members;
        return new JsonObject { ["description"] = $"{word.About} For example: {word.Example}" }.Plus(schema);
    }

    private static JsonObject Members(ImmutableArray<Field> fields)
    {
        var schema = Mapping(fields.Select(f => (f.Name, new JsonObject { ["description"] = f.About }.Plus(Value(f)))));
        schema["required"] = new JsonArray([.. fields.Where(f => f.IsRequired).Select(f => (JsonNode)f.Name)]);
        return schema;
    }

    private static JsonObject Mapping(IEnumerable<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in members) properties[name] = schema;
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    private static JsonObject Parameters() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["propertyNames"] = new JsonObject { ["pattern"] = $"^({string.Join("|", ParameterPaths.All.Select(NamePattern))})$" },
        ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("number", "string", "boolean", "array") },
    };

    private static string NamePattern(string name) =>
        name.Replace(".", "\\.", StringComparison.Ordinal).Replace(ParameterPaths.AnyVenue, "[^.]+", StringComparison.Ordinal);

    private static JsonObject Value(Field field) => field.Kind switch
    {
        FieldKind.Number => new() { ["type"] = "number" },
        FieldKind.Whole => new() { ["type"] = "integer" },
        FieldKind.Flag => new() { ["type"] = "boolean" },
        FieldKind.Count => Either(new() { ["type"] = "integer" }, new() { ["enum"] = new JsonArray("none", "some") }),
        FieldKind.Duration => Either(new() { ["type"] = "number" }, new() { ["type"] = "string", ["pattern"] = ScalarText.DurationPattern }),
        FieldKind.OneVenue => new() { ["type"] = "string", ["pattern"] = $"^(?!{ScalarText.EveryVenue}$)" },
        FieldKind.Word => new() { ["enum"] = new JsonArray([.. field.Words.Select(w => (JsonNode)w)]) },
        _ => new() { ["type"] = new JsonArray("string", "number") },
    };

    private static JsonObject Either(JsonObject one, JsonObject other) => new() { ["anyOf"] = new JsonArray(one, other) };

    private static JsonObject Plus(this JsonObject schema, JsonObject more)
    {
        foreach (var (name, value) in more.ToArray())
        {
            more.Remove(name);
            schema[name] = value;
        }

        return schema;
    }
}
