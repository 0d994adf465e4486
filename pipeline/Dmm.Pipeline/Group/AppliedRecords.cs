using Dmm.Sources.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>
/// Tells the brokers how far records are applied: not as they are handed to the engine's queue, but once the engine has taken and journaled what they
/// gave.
/// </summary>
/// <param name="time">The host's clock.</param>
internal sealed class AppliedRecords(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.2);

    private readonly Lock _lock = new();
    private readonly Dictionary<BusPartition, KafkaRecord> _written = [];

    /// <summary>All that the record gave is written to the engine's queue.</summary>
    public void Written(KafkaRecord record)
    {
        lock (_lock) _written[record.Partition] = record;
    }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="after">Calls back once all that was written before is taken.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Func<Action, CancellationToken, ValueTask> after, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            KafkaRecord[] written;
            lock (_lock)
            {
                written = [.. _written.Values];
                _written.Clear();
            }

            if (written.Length > 0) await after(() => Array.ForEach(written, record => record.Applied()), cancellation);
        }
    }
}
