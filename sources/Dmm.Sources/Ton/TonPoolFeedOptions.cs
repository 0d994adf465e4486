using Dmm.Core;

namespace Dmm.Sources.Ton;

/// <summary>How pools are watched.</summary>
public sealed record TonPoolFeedOptions
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    public required string Venue { get; init; }

    /// <summary>From the beginning of a look to the beginning of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Waits after a look that failed.</summary>
    public Backoff Reconnect { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <exception cref="ParameterException">Names every fault.</exception>
    public TonPoolFeedOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Within("pools.interval", Interval, TimeSpan.FromSeconds(0.2), TimeSpan.FromMinutes(1));
        faults.ThrowIfAny($"pools of {Venue}");
        return this;
    }

    /// <summary>Requests a second that looks at so many pools take: one for the chain's head, and one for each.</summary>
    public double RequestsPerSecond(int pools) => (1 + pools) / Interval.TotalSeconds;
}
