using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Simulation;

namespace Dmm.Pipeline.Running;

/// <summary>What was asked of <c>dmm run</c>, found sound.</summary>
internal sealed record RunOptions
{
    /// <summary>As fast as it goes, on the command line.</summary>
    public const string MaximumSpeed = "max";

    private const double SpeedMax = 100_000;

    /// <summary>Of the simulated market.</summary>
    public required long Seed { get; init; }

    public required MarketScenario Scenario { get; init; }

    /// <summary>Simulated seconds a second; null for as fast as it goes.</summary>
    public required double? Speed { get; init; }

    /// <summary>From the opening, on the run's clock; null for until it is stopped.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    /// <summary>Log file; null for the data folder's own.</summary>
    public required string? Log { get; init; }

    /// <summary>Lines instead of a screen.</summary>
    public required bool IsPlain { get; init; }

    /// <summary>Nothing but one line of JSON at the end.</summary>
    public required bool IsJson { get; init; }

    /// <summary>Parameters set on the command line.</summary>
    public required ImmutableArray<ParameterSetting> Settings { get; init; }

    public string SpeedText => Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $"×{speed:0.##}") : MaximumSpeed;

    /// <exception cref="BadInputException">Names every fault.</exception>
    public static RunOptions Read(string seed, string scenario, string speed, string? duration, string data, string? log, bool isPlain, bool isJson,
        params IEnumerable<string> settings)
    {
        List<string> faults = [];
        var options = new RunOptions
        {
            Seed = SeedOf(seed, faults), Scenario = ScenarioOf(scenario, faults), Speed = SpeedOf(speed, faults),
            Duration = DurationOf(duration, faults), Data = data, Log = log, IsPlain = isPlain, IsJson = isJson,
            Settings = SettingsOf(settings, faults),
        };
        return faults.Count == 0 ? options : throw new BadInputException(faults);
    }

    private static long SeedOf(string text, List<string> faults)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
            faults.Add($"--seed '{text}' is not a whole number: expected one such as 1 or 20260105");
        return seed;
    }

    private static MarketScenario ScenarioOf(string name, List<string> faults)
    {
        if (MarketScenarios.All.FirstOrDefault(s => s.Name == name) is { } scenario) return scenario;
        faults.Add($"--scenario '{name}' is not known: expected {string.Join(", ", MarketScenarios.All.Select(s => s.Name))}");
        return MarketScenarios.Calm;
    }

    private static double? SpeedOf(string text, List<string> faults)
    {
        if (text == MaximumSpeed) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= SpeedMax)
            return speed;
        faults.Add($"--speed '{text}' is no speed: expected a number above 0, up to {SpeedMax}, or {MaximumSpeed}");
        return null;
    }

    private static ImmutableArray<ParameterSetting> SettingsOf(IEnumerable<string> texts, List<string> faults)
    {
        var settings = ImmutableArray.CreateBuilder<ParameterSetting>();
        foreach (var text in texts)
        {
            if (ParameterSetting.Read(text) is { } setting) settings.Add(setting);
            else faults.Add($"--set '{text}' sets nothing: expected PATH=VALUE, such as breakers.drawdownLimit=0.05");
        }

        return settings.ToImmutable();
    }

    private static TimeSpan? DurationOf(string? text, List<string> faults)
    {
        if (text is null) return null;
        if (DurationText.TryParse(text, out var duration)) return duration;
        faults.Add($"--duration '{text}' is no length of time: expected {DurationText.Expected}");
        return null;
    }
}
