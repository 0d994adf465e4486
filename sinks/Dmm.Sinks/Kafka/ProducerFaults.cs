using Confluent.Kafka;

namespace Dmm.Sinks.Kafka;

/// <summary>Which errors end a producer, so that its messages go through a new one.</summary>
internal static class ProducerFaults
{
    public static bool EndsTheProducer(Error error) => error.IsFatal || error.Code is
        ErrorCode.Local_Fatal or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Destroy
        // The broker and the producer no longer agree on what was sent.
        or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.InvalidProducerEpoch or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerIdMapping
        or ErrorCode.ProducerFenced;
}
