using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;
using Dmm.Sources.Bus;
using Dmm.Sources.Kafka;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Pipeline.Tests.Collecting;

/// <summary>What a pipeline makes of a topic.</summary>
/// <param name="Inputs">In short: market data as it travels, control messages by their own text.</param>
/// <param name="Letters">What could not be used.</param>
/// <param name="Records">All that were read.</param>
/// <param name="Counters">Of the merge.</param>
internal sealed record BusReader(List<string> Inputs, List<DeadLetter> Letters, List<KafkaRecord> Records, BusCounters Counters)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IEnumerable<string> MarketData => Inputs.Where(text => text.StartsWith("{", StringComparison.Ordinal));

    /// <summary>Reads that many records of the topic's first partition, from its beginning.</summary>
    public static async Task<BusReader> ReadAsync(
        string bootstrap, string topic, InstrumentCatalog instruments, long records, Action<Input>? observe = null)
    {
        List<string> inputs = [];
        List<DeadLetter> letters = [];
        List<KafkaRecord> taken = [];
        using var all = new CancellationTokenSource(Patience);
        var source = KafkaRecords.Assigned(new() { Kafka = new() { Bootstrap = bootstrap } },
            [new(new(topic, 0), BusPosition.Beginning)], TimeProvider.System, _ => { });
        var texts = new InputTexts(instruments);
        var data = new KafkaMarketData(instruments, source, TimeProvider.System, Write, Refuse, Taken);
        await data.RunAsync(all.Token);
        taken.Count.ShouldBe((int)records);
        return new(inputs, letters, taken, data.Counters);

        ValueTask Write(Input input, CancellationToken cancellation)
        {
            observe?.Invoke(input);
            inputs.Add(texts.Of(input));
            return default;
        }

        ValueTask Refuse(DeadLetter letter, CancellationToken cancellation)
        {
            letters.Add(letter);
            return default;
        }

        void Taken(KafkaRecord record)
        {
            taken.Add(record);
            if (taken.Count == records) all.Cancel();
        }
    }

    /// <summary>The same of a recording that is read directly.</summary>
    public static List<string> Direct(CaptureSelection selection)
    {
        List<string> inputs = [];
        var texts = new InputTexts(selection.Instruments);
        using var reading = new CaptureReading(selection);
        while (reading.Inputs.TryRead(out var input, out _)) inputs.Add(texts.Of(input));
        return inputs;
    }

    private sealed class InputTexts(InstrumentCatalog instruments)
    {
        private readonly BusEncoder _encoder = new(instruments);
        private readonly JournalBuffer _buffer = new();

        public string Of(Input input)
        {
            if (input.Kind == InputKind.Control) return input.Control.ToString();
            _buffer.Clear();
            _encoder.Input(_buffer, input);
            return Encoding.UTF8.GetString(_buffer.Written);
        }
    }
}
