using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>A place in a compose file; one that is not there has no text, items or entries.</summary>
internal readonly record struct ComposeNode(object? Value)
{
    public bool Exists => Value is not null;

    public string Text => Value as string ?? "";

    public ComposeNode this[string key] => new(Value is Dictionary<object, object> map ? map.GetValueOrDefault(key) : null);

    public IEnumerable<ComposeNode> Items => Value is List<object> list ? list.Select(item => new ComposeNode(item)) : Value is string ? [this] : [];

    public IEnumerable<string> Texts => Items.Select(item => item.Text);

    public IEnumerable<(string Key, ComposeNode Value)> Entries =>
        Value is Dictionary<object, object> map ? map.Select(entry => ((string)entry.Key, new ComposeNode(entry.Value))) : [];
}

/// <summary>One service, aliases and merges resolved.</summary>
internal sealed record ComposeService(string Name, ComposeNode Body)
{
    /// <summary>Built from this repository.</summary>
    public bool IsOurs => Body["build"].Exists;

    public ComposeNode this[string key] => Body[key];

    public IEnumerable<string> Networks => Body["networks"].Texts;

    public IEnumerable<(string Name, string Condition)> DependsOn => Body["depends_on"].Entries.Select(e => (e.Key, e.Value["condition"].Text));

    /// <summary>What is run inside, values filled in.</summary>
    public string[] Command => [.. Body["command"].Texts.Select(ComposeFile.Filled)];

    public string[] HealthCommand => [.. Body["healthcheck"]["test"].Texts.Select(ComposeFile.Filled)];

    public string Variable(string name) => ComposeFile.Filled(Body["environment"][name].Text);
}

/// <summary>docker-compose.kafka.yml as Compose understands it.</summary>
internal sealed partial record ComposeFile(string Source, ComposeNode Root)
{
    public IReadOnlyList<ComposeService> Services { get; } = [.. Root["services"].Entries.Select(e => new ComposeService(e.Key, e.Value))];

    public IEnumerable<ComposeService> Ours => Services.Where(s => s.IsOurs);

    /// <summary>Every <c>${NAME…}</c>, with what follows the name.</summary>
    public IEnumerable<(string Name, string Form)> Variables =>
        Interpolation().Matches(Source).Where(m => m.Groups["name"].Success).Select(m => (m.Groups["name"].Value, m.Groups["form"].Value));

    public static ComposeFile Parse(string text) =>
        new(text, new(new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(new StringReader(text))))));

    public ComposeService this[string name] => Services.Single(s => s.Name == name);

    /// <summary>A service ends by itself, because somebody waits for that.</summary>
    public bool IsOneShot(ComposeService service) =>
        Services.Any(s => s.DependsOn.Contains((service.Name, "service_completed_successfully")));

    /// <summary>A text as the container gets it, its own name in capitals standing for each variable that has no default.</summary>
    public static string Filled(string text) => Interpolation().Replace(text, match => match switch
    {
        { Value: "$$" } => "$",
        _ when match.Groups["form"].Value.StartsWith(":-", StringComparison.Ordinal) => match.Groups["form"].Value[2..],
        _ => match.Groups["name"].Value,
    });

    [GeneratedRegex(@"\$\$|\$\{(?<name>\w+)(?<form>[^}]*)\}")]
    private static partial Regex Interpolation();
}
