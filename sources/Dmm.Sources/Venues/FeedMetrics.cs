using System.Diagnostics.Metrics;

namespace Dmm.Sources;

/// <summary>What monitoring is told of venues' feeds.</summary>
internal static class FeedMetrics
{
    private static readonly Meter Owner = new("Dmm.Sources.Venues");

    private static readonly Counter<long> MissedFills =
        Owner.CreateCounter<long>("dmm_fills_missed", unit: "{fill}", "Fills that a sweep found and the stream had not brought.");

    public static void Missed(string venue) => MissedFills.Add(1, new KeyValuePair<string, object?>("venue", venue));
}
