using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dmm.Pipeline.Scenarios;

/// <summary>Takes YAML apart by fields and words, and collects every fault with its line.</summary>
/// <param name="place">The file, named in each fault.</param>
internal sealed class YamlReading(string place)
{
    private readonly List<(long Line, string Text)> _faults = [];

    /// <summary>In the order of their lines.</summary>
    public IReadOnlyList<string> Faults =>
        [.. _faults.OrderBy(f => f.Line).Select(f => string.Create(CultureInfo.InvariantCulture, $"{place}:{f.Line}: {f.Text}"))];

    public void Fault(long line, string text) => _faults.Add((line, text));

    /// <summary>The document's mapping; null when there is none.</summary>
    public YamlMappingNode? Root(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
            Fault(1, stream.Documents.Count > 1 ? "holds several documents: expected one" : "is not a mapping: expected scenario, market and steps");
        }
        catch (YamlException malformed)
        {
            Fault(malformed.Start.Line, $"is not YAML: {malformed.Message}");
        }

        return null;
    }

    public static YamlNode? Member(YamlMappingNode node, string name) =>
        node.Children.FirstOrDefault(m => m.Key is YamlScalarNode key && key.Value == name).Value;

    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Members(YamlMappingNode node)
    {
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode name) yield return (name, value);
            else Fault(key.Start.Line, "a name is expected here, not a list or mapping");
        }
    }

    /// <summary>Reads the members of a mapping; unknown, missing and malformed ones become faults.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="fields">What it may hold.</param>
    /// <param name="others">What it may hold besides, read elsewhere.</param>
    /// <param name="owner">Named in faults before the member, as in <c>mid.bps</c>.</param>
    public FieldValues Values(YamlMappingNode node, ImmutableArray<Field> fields, ImmutableArray<string> others, string owner = "")
    {
        var values = new FieldValues();
        foreach (var (key, value) in Members(node))
        {
            if (key.Value is { } name && others.Contains(name)) continue;
            if (fields.FirstOrDefault(f => f.Name == key.Value) is { } field) Take(values, field, value, owner);
            else Fault(key.Start.Line,
                $"unknown key '{key.Value}': {ScalarText.Nearest(key.Value ?? "", fields.Select(f => f.Name).Concat(others))}");
        }

        foreach (var field in fields)
            if (field.IsRequired && Member(node, field.Name) is null) Fault(node.Start.Line,
                $"{owner}{field.Name} is missing: expected {field.About}");
        return values;
    }

    /// <summary>Reads one value, or says what was expected in its stead.</summary>
    public void Take(FieldValues values, Field field, YamlNode node, string owner = "")
    {
        if (node is not YamlScalarNode { Value: { } text })
            Fault(node.Start.Line, $"{owner}{field.Name}: expected a single value, {field.About}");
        else if (ScalarText.Fault(field, text) is { } expected)
            Fault(node.Start.Line, $"{owner}{field.Name} = '{text}': expected {expected}");
        else
            values.Add(field.Name, text);
    }

    /// <summary>Reads the value of a word; null when it is faulty.</summary>
    public T? Make<T>(Word<T> word, YamlNode node)
        where T : class
    {
        var before = _faults.Count;
        var values = new FieldValues();
        if (node is YamlMappingNode members) values = Values(members, word.Fields, [], word.Name + ".");
        else if (node is YamlScalarNode && word.Shorthand is { } shorthand) Take(values, word.Fields.First(f => f.Name == shorthand), node,
            word.Name + ".");
        else Fault(node.Start.Line, $"{word.Name}: expected a mapping, as in {word.Example}");
        if (_faults.Count > before) return null;
        try
        {
            return word.Make(values);
        }
        catch (FormatException wrong)
        {
            Fault(node.Start.Line, $"{word.Name}: {wrong.Message}");
            return null;
        }
    }
}
