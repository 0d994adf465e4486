using Dmm.Simulation;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>What makes one served venue.</summary>
internal sealed record VenueSettings
{
    public required long Seed { get; init; }

    public required MarketScenario Scenario { get; init; }

    public VenueListing Listing { get; init; } = new(VenueListing.StandardAsset);

    /// <summary>Of the one account.</summary>
    public required HmacCredentials Credentials { get; init; }

    /// <summary>On loopback; 0 for any free one.</summary>
    public required int Port { get; init; }

    /// <summary>Where the account's fills are posted beside the stream, with a slash at its end; null where they are not.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Signed requests taken per second on average. A client that keeps to the protocol's own limit never meets this one.</summary>
    public double RequestsPerSecond { get; init; } = 100;

    /// <summary>How many may come at once after a quiet time.</summary>
    public int RequestBurst { get; init; } = 200;
}
