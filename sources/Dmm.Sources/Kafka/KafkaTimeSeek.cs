using Confluent.Kafka;
using Dmm.Wire.Bus;
using Timestamp = Dmm.Core.Timestamp;

namespace Dmm.Sources.Kafka;

/// <summary>
/// Finds where a time begins in a partition, by bisection over offsets: about twenty records are read of a million. It needs nothing but offsets, so
/// it
/// works on every broker, and with any time that a record tells. Calls block: they are for a thread that may wait.
/// </summary>
/// <param name="kafka">Where the brokers are.</param>
/// <param name="timeOf">The time of a record, which must not fall from one record to the next: where it does, one of the places is found.</param>
/// <param name="patience">How long each answer of the brokers may take.</param>
public sealed class KafkaTimeSeek(KafkaOptions kafka, Func<KafkaRecord, Timestamp> timeOf, TimeSpan patience)
{
    // One record at a time is looked at: more would be fetched in vain.
    private const int FetchBytes = 64 * 1024;

    /// <summary>The offset of the first record at or after a time; where there is none, the offset that the next record published will
    /// have.</summary>
    /// <param name="partition">Which one.</param>
    /// <param name="at">The time sought.</param>
    /// <param name="cancellation">Ends the search between two answers.</param>
    /// <exception cref="TimeoutException">The brokers do not answer.</exception>
    /// <exception cref="KafkaRecordsException">The partition cannot be read.</exception>
    public long Find(BusPartition partition, Timestamp at, CancellationToken cancellation = default)
    {
        var configuration = ConsumerSettings.Assigned(kafka, kafka.MessageBytesMax);
        configuration.EnablePartitionEof = true;
        configuration.MaxPartitionFetchBytes = FetchBytes;
        configuration.AutoOffsetReset = AutoOffsetReset.Earliest;
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(configuration).SetLogHandler(static (_, _) => { }).Build();
        try
        {
            return Search(consumer, new(partition.Topic, partition.Partition), at, cancellation);
        }
        catch (KafkaException fault)
        {
            throw fault.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown
                ? Late(partition)
                : new KafkaRecordsException($"{partition} cannot be searched by time: {fault.Error.Reason}", fault);
        }
        finally
        {
            consumer.Close();
        }
    }

    private long Search(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, Timestamp at, CancellationToken cancellation)
    {
        var ends = consumer.QueryWatermarkOffsets(partition, patience);
        return OffsetBisection.Find(ends.Low.Value, ends.High.Value, offset =>
        {
            cancellation.ThrowIfCancellationRequested();
            return ReadFrom(consumer, partition, offset) is { } record ? (record.Offset, timeOf(record)) : null;
        }, at);
    }

    /// <summary>The first record at or after an offset; null at the end of the partition.</summary>
    private KafkaRecord? ReadFrom(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, long offset)
    {
        consumer.Assign(new TopicPartitionOffset(partition, offset));
        var result = consumer.Consume(patience) ?? throw Late(new(partition.Topic, partition.Partition.Value));
        return result.IsPartitionEOF ? null : new(result, held: null);
    }

    private TimeoutException Late(BusPartition partition) =>
        new($"{partition} cannot be searched by time: {kafka.Bootstrap} did not answer within {patience}");
}
