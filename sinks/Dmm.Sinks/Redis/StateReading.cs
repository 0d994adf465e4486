using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;

namespace Dmm.Sinks.Redis;

/// <summary>An asset's hash as others see it: as one JSON object, and as the message that tells of a change.</summary>
internal static class StateReading
{
    /// <summary>Where the state stands, as the scripts compare it; empty for none.</summary>
    public static string Place(IReadOnlyDictionary<string, string> fields) => fields.TryGetValue(StateFields.Journal, out var journal)
        ? $"{journal} {fields[StateFields.Run]} {fields[StateFields.Sequence]} {fields[StateFields.Decision]}"
        : "";

    public static StateSnapshot Snapshot(string asset, IReadOnlyDictionary<string, string> fields) => new(
        asset, fields[StateFields.Journal],
        new(Number(fields[StateFields.Run]), Number(fields[StateFields.Sequence]), Number(fields[StateFields.Decision])),
        fields.TryGetValue(StateFields.AsOf, out var asOf) && asOf.Length > 0 ? ArchiveText.Instant(asOf) : Timestamp.None,
        StateText.Object(json =>
        {
            foreach (var (field, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(field);
                if (StateFields.Json.Contains(field)) json.WriteRawValue(value);
                else json.WriteStringValue(value);
            }
        }));

    /// <summary>Members of a message's <c>state</c>; empty when nothing that a dashboard is told has changed.</summary>
    public static string Message(IReadOnlyDictionary<string, string> changed) => StateText.Object(json =>
    {
        foreach (var field in StateFields.Told)
        {
            if (changed.TryGetValue(field, out var value)) json.WriteString(field, value);
        }
    })[1..^1];

    /// <summary>A message up to the members of its <c>state</c>.</summary>
    public static string MessageStart(string asset, string journal, FollowCursor reached, string asOf) => StateText.Object(json =>
    {
        json.WriteString("asset", asset);
        json.WriteString("journal", journal);
        json.WriteNumber("sequence", reached.Sequence);
        json.WriteNumber("decision", reached.Decision);
        json.WriteString("asOf", asOf);
    })[..^1] + ",\"state\":{";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
