using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>How reading from the group stands: a part of the report on the node's health, and a line of the log while it is behind.</summary>
/// <param name="log">Told of changes, and once a minute of records that are not taken yet.</param>
/// <param name="time">The host's clock.</param>
internal sealed class BusReading(RunLog log, TimeProvider time)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private volatile BusStatus _status = new(true, "");
    private long? _loggedAt;

    /// <summary>The brokers were reached or lost.</summary>
    public void Changed(BusStatus status)
    {
        _status = status;
        log.BusChanged("reading", status);
    }

    /// <summary>For the report, which asks once a second, by one thread at a time.</summary>
    /// <param name="behind">Records published and not taken by the node's desks.</param>
    /// <param name="pauses">How often fetching was paused because the desks took too long.</param>
    public RunHealthPart Report(long behind, long pauses)
    {
        if (behind > 0 && (_loggedAt is not { } last || time.GetElapsedTime(last) >= LogInterval))
        {
            _loggedAt = time.GetTimestamp();
            log.BusBehind(behind, pauses);
        }

        var standing = $"behind {behind} records, fetching was paused {pauses} times";
        return new("the bus", _status is { IsUp: false, Detail: var away } ? new(false, $"{away}; {standing}") : new(true, standing));
    }
}
