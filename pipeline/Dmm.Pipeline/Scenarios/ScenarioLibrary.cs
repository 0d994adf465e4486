using System.Collections.Immutable;
using System.Reflection;
using Dmm.Pipeline.Commands;
using Dmm.Simulation.Scenarios;

namespace Dmm.Pipeline.Scenarios;

/// <summary>The scenarios that the executable brings along.</summary>
internal static class ScenarioLibrary
{
    private const string Extension = ".yaml";

    private static readonly Assembly Home = typeof(Scenario).Assembly;

    /// <summary>Their names, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. Home.GetManifestResourceNames().Where(n => n.EndsWith(Extension, StringComparison.Ordinal)).Select(n => n[..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The file's text; null when there is none of that name.</summary>
    public static string? Text(string name)
    {
        using var stream = Home.GetManifestResourceStream(name + Extension);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads one by its name, or a file by its path.</summary>
    /// <exception cref="BadInputException">All faults of it.</exception>
    public static Scenario Read(string nameOrPath)
    {
        if (!File.Exists(nameOrPath) && Text(nameOrPath) is { } text) return ScenarioFile.Read(nameOrPath + Extension, text);
        if (!File.Exists(nameOrPath))
            throw new BadInputException($"{nameOrPath}: no such file, and no scenario of the library: {ScalarText.Nearest(nameOrPath, Names)}");
        if (new FileInfo(nameOrPath).Length > ScenarioFile.BytesMax)
            throw new BadInputException($"{nameOrPath}: larger than {ScenarioFile.BytesMax / 1024} KiB: that is no scenario");
        return ScenarioFile.Read(nameOrPath, File.ReadAllText(nameOrPath));
    }
}
