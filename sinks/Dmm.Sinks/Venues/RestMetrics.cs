using System.Diagnostics.Metrics;

namespace Dmm.Sinks;

/// <summary>What monitoring is told of requests to venues.</summary>
internal static class RestMetrics
{
    public const string Meter = "Dmm.Sinks.Venues";

    private static readonly Meter Owner = new(Meter);

    /// <summary>Requests that were not sent because our count of the venue's limit was used up, and those that the venue refused as too
    /// many.</summary>
    private static readonly Counter<long> ThrottledRequests =
        Owner.CreateCounter<long>("dmm_requests_throttled", unit: "{request}", "Requests held back or refused for a venue's rate limit.");

    public static void Throttled(string venue, string bucket) => ThrottledRequests.Add(1, new("venue", venue), new("bucket", bucket));
}
