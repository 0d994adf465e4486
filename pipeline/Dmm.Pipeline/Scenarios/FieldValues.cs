using System.Globalization;
using Dmm.Simulation.Scenarios;

namespace Dmm.Pipeline.Scenarios;

/// <summary>The members of one word as they were read: each kind is checked before, so that taking it cannot fail.</summary>
internal sealed class FieldValues
{
    private readonly Dictionary<string, string> _texts = [];

    public void Add(string name, string text) => _texts[name] = text;

    public string? Text(string name) =>
        _texts.GetValueOrDefault(name) is { } text && !(name == "venue" && text == ScalarText.EveryVenue) ? text : null;

    public double? Number(string name) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public decimal? Exact(string name) => Text(name) is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    public int? Whole(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public bool Flag(string name) => Text(name) is { } text && bool.Parse(text);

    public TimeSpan? Duration(string name) => Text(name) is { } text ? ScalarText.TryDuration(text, out var span) ? span : null : null;

    public T? Word<T>(string name)
        where T : struct, Enum => Text(name) is { } text ? Enum.Parse<T>(text, ignoreCase: true) : null;

    /// <summary>What <c>is</c>, <c>min</c> and <c>max</c> make together.</summary>
    /// <exception cref="FormatException">They do not go together.</exception>
    public Bounds Bounds()
    {
        var (min, max) = (Number("min"), Number("max"));
        if (Text("is") is not { } exact) return new(min, max);
        if (min is not null || max is not null) throw new FormatException("give either is, or min and max");
        return exact switch
        {
            "none" => Simulation.Scenarios.Bounds.None,
            "some" => Simulation.Scenarios.Bounds.Some,
            _ => Simulation.Scenarios.Bounds.Is(double.Parse(exact, CultureInfo.InvariantCulture)),
        };
    }
}
