using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dmm.Pipeline.Incidents;

/// <summary>An <see cref="IncidentReport"/> as one line of JSON: ranges, verification, figures of each column, paths.</summary>
internal static class IncidentJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(IncidentReport report, ImmutableArray<string> files) => JsonSerializer.Serialize(
        new
        {
            report.Asset,
            report.From,
            report.To,
            WarmUpSeconds = report.WarmUp.TotalSeconds,
            report.Verification,
            Moment = new { report.Moment.At, report.Moment.Why },
            Recorded = report.Recorded.Figures(),
            Unchanged = report.Unchanged?.Recorder.Figures(),
            WhatIf = report.WhatIf is { } tried
                ? new { Changes = tried.Changes.Text, Figures = tried.Recorder.Figures(), tried.Failure, OrderUpdatesIgnored = tried.UpdatesIgnored }
                : null,
            Files = files,
        },
        Format);
}
