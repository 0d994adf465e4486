using Dmm.Sources.Kafka;
using Dmm.Testing.Servers;

namespace Dmm.Sources.Tests.Kafka;

/// <summary>Keeps what it observes, and does with each record what the test says.</summary>
internal sealed class RecordObserver(Action<KafkaRecord> onNext) : IObserver<KafkaRecord>
{
    public Told<KafkaRecord> Records { get; } = new();

    public Told<Exception> Errors { get; } = new();

    public IEnumerable<int> Numbers => Records.All.Select(Number);

    public static int Number(KafkaRecord record) => BitConverter.ToInt32(record.Value);

    public void OnNext(KafkaRecord value)
    {
        onNext(value);
        Records.Take(value);
    }

    public void OnError(Exception error) => Errors.Take(error);

    public void OnCompleted() => Errors.Take(new InvalidOperationException("it completed"));
}
