using System.Collections.Immutable;
using System.Globalization;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Simulation;

namespace Dmm.Pipeline.Studies;

/// <summary>What was typed after <c>dmm simulate compare</c>; null where nothing was.</summary>
internal sealed record ComparisonWords
{
    public required string Skews { get; init; }

    public required string Models { get; init; }

    public string? Scenarios { get; init; }

    public string? Seeds { get; init; }

    public string? FirstSeed { get; init; }

    public string? Duration { get; init; }

    public string? OpeningInventory { get; init; }

    public IReadOnlyList<string> Captures { get; init; } = [];

    public IReadOnlyList<string> Venues { get; init; } = [];

    public IReadOnlyList<string> Symbols { get; init; } = [];

    public string? Threads { get; init; }

    public bool IsJson { get; init; }

    public bool IsMarkdown { get; init; }
}

/// <summary>What was asked of <c>dmm simulate compare</c>, found sound.</summary>
/// <param name="Settings">On generated markets; of a recording only variants and threads count.</param>
/// <param name="Capture">The recording to trade on in their place; null for generated markets.</param>
internal sealed record ComparisonOptions(SkewComparisonSettings Settings, CaptureSelection? Capture)
{
    public const string StandardScenarios = "calm,trending,toxic,volatile";
    public const string StandardSeeds = "20";
    public const string StandardDuration = "1h";

    // One seed has no standard error.
    private const int SeedsMin = 2;
    private const int SeedsMax = 10_000;
    private const int ThreadsMax = 1_024;

    /// <exception cref="BadInputException">Names every fault.</exception>
    public static ComparisonOptions Read(ComparisonWords words)
    {
        List<string> faults = [];
        var skews = Chosen("--skew", words.Skews, QuoteVariant.Skews, faults);
        var models = Chosen("--model", words.Models, QuoteVariant.Models, faults);
        var scenarios = Chosen(
            "--scenario", words.Scenarios ?? StandardScenarios, [.. MarketScenarios.All.Select(s => (s.Name, s))], faults);
        var settings = new SkewComparisonSettings
        {
            Scenarios = scenarios, Variants = [.. models.SelectMany(model => skews.Select(skew => new QuoteVariant(model, skew)))],
            Seeds = (int)Number("--seeds", words.Seeds ?? StandardSeeds, SeedsMin, SeedsMax, faults),
            FirstSeed = Number("--first-seed", words.FirstSeed ?? "1", -1_000_000_000_000, 1_000_000_000_000, faults),
            Duration = DurationOf(words.Duration ?? StandardDuration, faults), OpeningRatio = Ratio(words.OpeningInventory ?? "0", faults),
            Threads = (int)Number(
                "--threads", words.Threads ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), 1, ThreadsMax, faults),
        };
        if (words is { IsJson: true, IsMarkdown: true }) faults.Add("--json and --markdown are two forms of one result: expected one of them");
        var capture = CaptureOf(words, faults);
        return faults.Count == 0 ? new(settings, capture) : throw new BadInputException(faults);
    }

    private static CaptureSelection? CaptureOf(ComparisonWords words, List<string> faults)
    {
        if (words.Captures.Count + words.Venues.Count + words.Symbols.Count == 0) return null;
        foreach (var (name, given) in new[]
        {
            ("--scenario", words.Scenarios), ("--seeds", words.Seeds), ("--first-seed", words.FirstSeed), ("--duration", words.Duration),
            ("--opening-inventory", words.OpeningInventory),
        })
        {
            if (given is not null) faults.Add($"{name} is of generated markets: expected no --capture beside it");
        }

        try
        {
            return CaptureSelection.Read(words.Captures, words.Venues, words.Symbols);
        }
        catch (BadInputException bad)
        {
            faults.AddRange(bad.Faults);
            return null;
        }
    }

    private static ImmutableArray<T> Chosen<T>(string option, string list, ImmutableArray<(string Name, T Value)> known, List<string> faults)
    {
        var names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var all = string.Join(", ", known.Select(k => k.Name));
        if (names.Length == 0) faults.Add($"{option} names nothing: expected some of {all}");
        foreach (var unknown in names.Where(name => known.All(k => k.Name != name)).Distinct())
            faults.Add($"{option} '{unknown}' is not known: expected some of {all}");
        foreach (var twice in names.GroupBy(name => name).Where(same => same.Count() > 1))
            faults.Add($"{option} names '{twice.Key}' {twice.Count()} times: expected each once");
        return [.. names.SelectMany(name => known.Where(k => k.Name == name)).Select(k => k.Value)];
    }

    private static long Number(string option, string text, long min, long max, List<string> faults)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        faults.Add($"{option} '{text}': expected a whole number from {min} to {max}");
        return min;
    }

    private static TimeSpan DurationOf(string text, List<string> faults)
    {
        if (DurationText.TryParse(text, out var duration)) return duration;
        faults.Add($"--duration '{text}' is no length of time: expected {DurationText.Expected}");
        return default;
    }

    private static double Ratio(string text, List<string> faults)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
            return ratio;
        faults.Add($"--opening-inventory '{text}': expected a number from 0 to 1, in units of the soft limit");
        return 0;
    }
}
