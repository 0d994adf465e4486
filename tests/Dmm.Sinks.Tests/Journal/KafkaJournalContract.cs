using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>The journal on Kafka: each one is an asset of its own, and several of them share a partition.</summary>
public sealed class KafkaJournalContract(KafkaCluster kafka) : JournalContract, IClassFixture<KafkaCluster>
{
    private readonly Lazy<KafkaJournals> _journals = new(() => new(kafka));

    protected override int Scripts => 4;

    protected override IJournalUnderTest NewJournal() => new Journal(_journals.Value);

    private sealed class Journal(KafkaJournals journals) : IJournalUnderTest
    {
        private readonly KafkaJournalTopics _topics = journals.Next();
        private readonly List<IDisposable> _readers = [];
        private int _epoch = 1;

        /// <summary>An epoch lasts as long as its writer: two at once have the same one.</summary>
        public IJournalWriter OpenWriter() => new Owner(KafkaJournals.Open(_topics, _epoch), () => _epoch++);

        public IJournalReader OpenReader()
        {
            var reader = new KafkaJournalReader(_topics);
            _readers.Add(reader);
            return reader;
        }

        public void Dispose() => _readers.ForEach(reader => reader.Dispose());
    }

    private sealed class Owner(IJournalWriter writer, Action onEnd) : IJournalWriter
    {
        public JournalPosition Position => writer.Position;

        public void BeginRun(RunHeader header) => writer.BeginRun(header);

        public void Append(in Stamp stamp, in Input input, InputOrigin origin) => writer.Append(stamp, input, origin);

        public void AppendClock(Core.Timestamp reachedAt) => writer.AppendClock(reachedAt);

        public void Append(in Decision decision) => writer.Append(decision);

        public void Flush() => writer.Flush();

        public void Dispose()
        {
            writer.Dispose();
            onEnd();
        }
    }
}

/// <summary>Journals of assets of their own, in two topics made for the test.</summary>
internal sealed class KafkaJournals(KafkaCluster kafka)
{
    private static int _writers;

    private readonly string _inputs = kafka.NewTopic("journal").GetAwaiter().GetResult();
    private readonly string _decisions = kafka.NewTopic("decisions", 2).GetAwaiter().GetResult();
    private int _assets;

    public KafkaJournalTopics Next() => new()
    {
        Kafka = new() { Bootstrap = kafka.Bootstrap }, Asset = $"asset{Interlocked.Increment(ref _assets)}",
        Journal = _inputs, Decisions = _decisions,
    };

    public static KafkaJournalWriter Open(
        KafkaJournalTopics topics, long epoch, string? writer = null, TimeSpan? flushLimit = null, TimeProvider? time = null) =>
        KafkaJournalWriter.Open(new()
        {
            Topics = topics, Epoch = epoch, Writer = writer ?? $"writer{Interlocked.Increment(ref _writers)}",
            FlushLimit = flushLimit ?? TimeSpan.FromSeconds(10),
        }, time ?? TimeProvider.System);
}
