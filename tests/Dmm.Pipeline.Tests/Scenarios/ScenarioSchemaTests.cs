using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Scenarios;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dmm.Pipeline.Tests.Scenarios;

/// <summary>The schema takes what the parser takes, and refuses what it refuses for its form.</summary>
public sealed class ScenarioSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(ScenarioSchema.Text())!;

    public static TheoryData<string> Names => [.. ScenarioLibrary.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void LibraryScenario_FitsTheSchema(string name) => Fits(ScenarioLibrary.Text(name)!).ShouldBeTrue();

    [Fact]
    public void EveryWordAndMember_IsTakenByBoth()
    {
        foreach (var word in ScenarioGrammar.Happenings) AssertBoth($"  - {{ at: 0, {word.Name}: {word.Example} }}");
        foreach (var word in ScenarioGrammar.Conditions)
        {
            AssertBoth($"  - {{ at: 0, expect: {{ {word.Name}: {word.Example} }} }}");
            AssertBoth($"  - {{ at: 0, never: [{{ {word.Name}: {word.Example} }}] }}");
        }

        // What is wrong with those is at most the course of things, never the form.
        static void AssertBoth(string step) => (Fits(File(step)), HasForm(File(step))).ShouldBe((true, true), step);
    }

    [Fact]
    public void EveryWordWithAMemberItHasNot_IsRefusedByBoth()
    {
        foreach (var word in ScenarioGrammar.Happenings) AssertNeither($"  - {{ at: 0, {word.Name}: {{ colour: red }} }}");
        foreach (var word in ScenarioGrammar.Conditions) AssertNeither($"  - {{ at: 0, expect: {{ {word.Name}: {{ colour: red }} }} }}");
    }

    [Theory]
    [InlineData("  - { at: 0, slient: alpha }")]
    [InlineData("  - { at: soon, silent: alpha }")]
    [InlineData("  - { silent: alpha }")]
    [InlineData("  - { at: 0 }")]
    [InlineData("  - { at: 0, expect: { state: Dead } }")]
    [InlineData("  - { at: 0, expect: { resting: many } }")]
    [InlineData("  - { at: 0, mid: 5 }")]
    [InlineData("  - { at: 0, fill: { venue: alpha } }")]
    [InlineData("  - { at: 0, gas: dear }")]
    [InlineData("  - { at: 0, disconnect: all }")]
    [InlineData("  - { at: 0, parameters: { quote.riskAverson: 1 } }")]
    [InlineData("  - { at: 0, silent: { venue: alpha, frozen: perhaps } }")]
    public void MalformedStep_IsRefusedByBoth(string step) => AssertNeither(step);

    [Fact]
    public void Documentation_HasEveryWordItsExampleAndItsMembers()
    {
        var lines = System.IO.File.ReadAllLines(Path.Combine(Folder(), "../../../topology/Dmm.Simulation/Scenarios/README.md"));
        foreach (var (name, about, example, fields) in ScenarioGrammar.Happenings.Select(w => (w.Name, w.About, w.Example, w.Fields))
            .Concat(ScenarioGrammar.Conditions.Select(w => (w.Name, w.About, w.Example, w.Fields))))
            lines.ShouldContain($"| `{name}` | {about} | {string.Join(", ", fields.Select(f => $"`{f.Name}`"))} | `{name}: {example}` |");

        static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
    }

    private static void AssertNeither(string step) => (Fits(File(step)), HasForm(File(step))).ShouldBe((false, false), step);

    private static string File(string step) => $"scenario: trial\nmarket: two-venues-and-pool\nsteps:\n{step}\n";

    private static bool HasForm(string text)
    {
        try
        {
            ScenarioFile.Read("f", text);
            return true;
        }
        catch (BadInputException refused)
        {
            // Of these the schema knows nothing: what came before, and that something must be expected.
            return refused.Faults.All(f => Regex.IsMatch(f, "expect nothing|without having|no step above keeps|before its cause|is empty"));
        }
    }

    private static bool Fits(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Fits(Json(stream.Documents[0].RootNode), Schema);
    }

    private static JsonNode Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping =>
            new JsonObject(mapping.Children.Select(m => KeyValuePair.Create(((YamlScalarNode)m.Key).Value!, (JsonNode?)Json(m.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when decimal.TryParse(plain.Value, NumberStyles.Float, CultureInfo.InvariantCulture,
            out var number) =>
            JsonValue.Create(number),
        YamlScalarNode text => JsonValue.Create(text.Value)!,
        _ => throw new NotSupportedException(node.ToString()),
    };

    /// <summary>As much of JSON schema as ours uses.</summary>
    private static bool Fits(JsonNode value, JsonNode schema)
    {
        if (schema["$ref"] is { } reference) return Fits(value, Schema["$defs"]![reference.ToString().Split('/')[^1]]!);
        if (schema["anyOf"] is JsonArray options && !options.Any(o => Fits(value, o!))) return false;
        if (schema["enum"] is JsonArray words && !words.Any(w => JsonNode.DeepEquals(w, value))) return false;
        if (schema["type"] is { } type && !(type as JsonArray ?? [type.DeepClone()]).Any(t => IsOf(value, t!.ToString()))) return false;
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(value.ToString(), pattern.ToString())) return false;
        if (value is JsonArray list) return list.All(item => schema["items"] is not { } items || Fits(item!, items));
        return value is not JsonObject mapping || FitsMembers(mapping, schema);
    }

    private static bool FitsMembers(JsonObject mapping, JsonNode schema)
    {
        if (schema["required"] is JsonArray required && required.Any(r => !mapping.ContainsKey(r!.ToString()))) return false;
        if (schema["minProperties"] is { } least && mapping.Count < (int)least) return false;
        if (schema["propertyNames"]?["pattern"] is { } names && mapping.Any(m => !Regex.IsMatch(m.Key, names.ToString()))) return false;
        return mapping.All(m => schema["properties"]?[m.Key] is { } member ? Fits(m.Value!, member)
            : schema["additionalProperties"] is not { } others || (others is JsonObject shape && Fits(m.Value!, shape)));
    }

    private static bool IsOf(JsonNode value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number && value.GetValue<decimal>() % 1 == 0,
        _ => value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
    };
}
