using Dmm.Core;

namespace Dmm.Sources.Ton;

/// <summary>How pools are watched.</summary>
public sealed record TonPoolFeedOptions
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    public required string Venue { get; init; }

    // A block every few seconds at most, and what an index needs to have read it: the age that a look's newest block has anyway.
    private static readonly TimeSpan IndexLag = TimeSpan.FromSeconds(5);

    private const int LooksToWiden = 3;
    private const int LooksToCancel = 6;

    /// <summary>From the beginning of a look to the beginning of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How old a pool's book may be where nothing else is set: looks that bring no new block age it, beyond the lag that it has when it comes. Up to two
    /// such looks happen whenever blocks or replies are slow, so the third widens; at the sixth the node stands still. One that does not answer is told
    /// as disconnected at once, whatever these are.
    /// </summary>
    public AgeLimits Ages => new(IndexLag + LooksToWiden * Interval, IndexLag + LooksToCancel * Interval);

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
