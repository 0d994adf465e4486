using System.CommandLine;
using System.Globalization;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm simulate</c>: studies on simulated markets.</summary>
internal static class SimulateCommand
{
    public static Command Create() => new("simulate", "studies on simulated markets and venues, reproducible by their seed")
    {
        AsTableCommand.Create(),
        CompareCommand.Create(),
        SimulateFaultsCommand.Create(),
    };

    /// <summary>An option that takes a whole number within a range, and says so in its own words otherwise.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it sets.</param>
    /// <param name="standard">Its value where it is not given.</param>
    /// <param name="min">The least permitted.</param>
    /// <param name="max">The most permitted.</param>
    public static Option<long> WholeNumber(string name, string description, long standard, long min, long max)
    {
        var range = (min, max) == (long.MinValue, long.MaxValue) ? "" : $" from {min} to {max}";
        return new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
                result.AddError($"{name} '{text}': expected a whole number{range}");
                return standard;
            },
        };
    }
}
