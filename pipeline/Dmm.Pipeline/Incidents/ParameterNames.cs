using System.Collections.Immutable;
using Dmm.Pipeline.Scenarios;

namespace Dmm.Pipeline.Incidents;

/// <summary>Short names of parameters on a command line: the model's symbols, and last members that only one parameter has.</summary>
internal static class ParameterNames
{
    private static readonly ImmutableArray<(string Short, string Path)> Symbols =
    [
        ("gamma", "quote.riskAversion"), ("kappa", "quote.arrivalSensitivity"), ("beta", "quote.skewBps"),
    ];

    private static readonly ImmutableArray<(string Short, string Path)> Known =
    [
        .. Symbols,
        .. ParameterPaths.All.Where(path => !path.Contains(ParameterPaths.AnyVenue, StringComparison.Ordinal))
            .GroupBy(path => path[(path.LastIndexOf('.') + 1)..]).Where(group => group.Count() == 1).Select(group => (group.Key, group.Single())),
    ];

    /// <summary>The whole path of a short name; a path as it is.</summary>
    /// <exception cref="FormatException">Neither is known; those that may have been meant are listed.</exception>
    public static string Resolve(string name)
    {
        if (Known.FirstOrDefault(known => known.Short == name).Path is { } path) return path;
        if (name.Contains('.', StringComparison.Ordinal) || ParameterPaths.All.Contains(name)) return name;
        throw new FormatException(
            $"unknown parameter '{name}': {ScalarText.Nearest(name, [.. Known.Select(known => known.Short), .. ParameterPaths.All])}");
    }
}
