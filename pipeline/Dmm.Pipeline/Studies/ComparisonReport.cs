using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Simulation;

namespace Dmm.Pipeline.Studies;

/// <summary>A comparison, and what it was made on.</summary>
/// <param name="Heading">What was run, in a sentence.</param>
/// <param name="Settings">Of generated markets; null for a recording.</param>
/// <param name="Markets">In the order asked for.</param>
internal sealed record ComparisonReport(string Heading, SkewComparisonSettings? Settings, ImmutableArray<ComparedMarket> Markets)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ComparisonReport OfMarkets(SkewComparisonSettings settings, ImmutableArray<ComparedMarket> markets)
    {
        var opening = settings.OpeningRatio == 0 ? "at the target" : string.Create(
            CultureInfo.InvariantCulture, $"{settings.OpeningRatio:0.##} soft limits off the target, long with odd seeds, short with even ones");
        return new(string.Create(CultureInfo.InvariantCulture,
            $"Generated markets: {settings.Seeds} seeds from {settings.FirstSeed} on, "
            + $"{settings.Duration.TotalMinutes:0.##} minutes each, opened {opening}."),
            settings, markets);
    }

    public static ComparisonReport OfCapture(ComparedMarket market) => new(
        "A recording, traded once by each variant, from the end of the warm-up on. Only the profit has an error: "
        + "that of its minutes, taken as independent.",
        null, [market]);

    /// <summary>One line.</summary>
    public string ToJson()
    {
        var root = new JsonObject { ["source"] = Settings is null ? "recording" : "generated" };
        if (Settings is { } settings)
        {
            root["firstSeed"] = settings.FirstSeed;
            root["seeds"] = settings.Seeds;
            root["durationSeconds"] = settings.Duration.TotalSeconds;
            root["openingInventoryRatio"] = settings.OpeningRatio;
        }

        root["baseline"] = Markets[0].Variants[0].Variant.Name;
        root["markets"] = new JsonArray([.. Markets.Select(Of)]);
        return root.ToJsonString(Json);
    }

    private static JsonObject Of(ComparedMarket market) => new()
    {
        ["market"] = market.Market,
        ["arrivalRate"] = market.Arrivals?.Intensity,
        ["arrivalSensitivity"] = market.Arrivals?.Sensitivity,
        ["variants"] = new JsonArray([.. market.Variants.Select(Of)]),
    };

    private static JsonObject Of(ComparedVariant variant)
    {
        var json = new JsonObject { ["variant"] = variant.Variant.Name, ["model"] = variant.Variant.ModelName, ["skew"] = variant.Variant.SkewName };
        foreach (var figure in variant.Figures)
        {
            var value = Of(figure.Value);
            var difference = figure.Difference is { } known ? Of(known) : null;
            if (difference is not null) difference["isCalled"] = figure.Difference!.Value.IsCalled;
            json[figure.Figure.Name] = new JsonObject { ["value"] = value, ["difference"] = difference };
        }

        return json;
    }

    private static JsonObject? Of(Estimate? estimate) => estimate is { } known
        ? new() { ["mean"] = known.Mean, ["standardError"] = known.StandardError, ["count"] = known.Count }
        : null;
}
