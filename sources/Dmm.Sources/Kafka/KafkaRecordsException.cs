namespace Dmm.Sources.Kafka;

/// <summary>Records cannot be read any more; the message names the topic or the group, and why.</summary>
public sealed class KafkaRecordsException(string message, Exception? inner = null) : Exception(message, inner);
