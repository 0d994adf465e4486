using Dmm.Core;
using Dmm.Pipeline.Replay;
using Dmm.Sources.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>
/// Reference rates, which every node reads whole, whichever assets it has: all partitions of <see cref="BusTopics.References"/>, from what is
/// published once it runs (collectors say the rates again each second). Market data and trading do not wait for it.
/// <list type="table">
/// <item><term>brokers away, topic not there</term><description>told, and tried again</description></item>
/// <item><term>reading fails</term><description>told, and begun again behind what was missed: rates are of now</description></item>
/// </list>
/// </summary>
/// <param name="kafka">The brokers.</param>
/// <param name="log">Told of changes.</param>
/// <param name="time">The host's clock.</param>
internal sealed class ReferenceReading(KafkaOptions kafka, RunLog log, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Backoff Again = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));

    /// <summary>Runs until cancelled.</summary>
    /// <param name="push">Takes each record, on the reading thread, which may wait.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Action<KafkaRecord> push, CancellationToken cancellation)
    {
        var told = "";
        for (var failures = 0; !cancellation.IsCancellationRequested; failures++)
        {
            try
            {
                var partitions = await Task.Run(() => KafkaTopicSize.PartitionsOf(kafka, BusTopics.References, Patience), cancellation);
                (failures, told) = (0, "");
                var ended = new Observer(push);
                var all = Enumerable.Range(0, partitions).Select(i => new BusPosition(new(BusTopics.References, i), BusPosition.End));
                using var subscription = KafkaRecords.Assigned(new() { Kafka = kafka }, [.. all], time, Changed).Subscribe(ended);
                await ended.Fault.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaRecordsException fault)
            {
                if (fault.Message != told) Changed(new(false, told = fault.Message));
            }

            var pause = Task.Delay(Again.Delay(failures, Random.Shared.NextDouble()), time, cancellation);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Changed(BusStatus status) => log.BusChanged("reading reference rates", status);

    private sealed class Observer(Action<KafkaRecord> push) : IObserver<KafkaRecord>
    {
        /// <summary>Never completes but by a fault.</summary>
        public TaskCompletionSource Fault { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnNext(KafkaRecord record) => push(record);

        public void OnError(Exception error) => Fault.TrySetException(error);

        public void OnCompleted() => Fault.TrySetException(new InvalidOperationException("the reference rates ended by themselves"));
    }
}
