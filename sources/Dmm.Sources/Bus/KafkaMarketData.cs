using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sources.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Bus;

/// <summary>
/// Market data and reference rates of the bus as a feed: records are read, merged and handed to the writer, which may make the feed wait; what waits
/// is bounded, and the rest stays with the brokers.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | record | its inputs to the writer, in order, then it is told as taken |
/// | record of an asset that the reader does not trade | told as taken, and counted |
/// | record that cannot be read, or is refused | a dead letter with the reason, then told as taken |
/// | records fail (access, an offset that is gone) | passes through and ends the feed |
/// | writer throws | passes through and ends the feed |
/// </remarks>
public sealed class KafkaMarketData
{
    private const int QueuedMax = 256;

    // A hole in a book waits for a quarter of a second; what waits longer must not wait much longer.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(0.05);

    private readonly IObservable<KafkaRecord> _records;
    private readonly TimeProvider _time;
    private readonly Func<Input, CancellationToken, ValueTask> _write;
    private readonly Func<DeadLetter, CancellationToken, ValueTask> _refuse;
    private readonly Action<KafkaRecord> _taken;
    private readonly BusDecoder _decoder;
    private readonly BusMarketData _data;
    private readonly byte[][] _keys;
    private long _unreadable;
    private long _otherAssets;

    /// <param name="instruments">The reader's own.</param>
    /// <param name="records">
    /// Of <see cref="BusTopics.MarketData"/> and <see cref="BusTopics.References"/>; subscribed to by <see cref="RunAsync"/>.
    /// </param>
    /// <param name="time">The host's clock.</param>
    /// <param name="write">Takes each input; the levels of a book are free when it has returned.</param>
    /// <param name="refuse">Takes what cannot be used.</param>
    /// <param name="taken">
    /// Told of each record once all that it gave is written, in the order of its partition; whoever must not lose what is behind the writer calls
    /// <see cref="KafkaRecord.Applied"/> when that is safe.
    /// </param>
    public KafkaMarketData(InstrumentCatalog instruments, IObservable<KafkaRecord> records, TimeProvider time,
        Func<Input, CancellationToken, ValueTask> write, Func<DeadLetter, CancellationToken, ValueTask> refuse, Action<KafkaRecord> taken)
    {
        (_records, _time, _write, _refuse, _taken) = (records, time, write, refuse, taken);
        _decoder = new(instruments);
        _data = new(instruments, Now());
        _keys = [.. instruments.All.Select(i => i.BaseAsset).Distinct().Select(System.Text.Encoding.UTF8.GetBytes)];
    }

    /// <summary>What became of the messages that could be read; the feed's own task writes it.</summary>
    public BusCounters Counters => _data.Counters;

    /// <summary>Records that could not be read.</summary>
    public long Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>Records of assets that the reader does not trade, which share a partition with those it does.</summary>
    public long OtherAssets => Volatile.Read(ref _otherAssets);

    /// <summary>Runs until cancelled, or until records or the writer fail.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var queue = Channel.CreateBounded<KafkaRecord>(new BoundedChannelOptions(QueuedMax) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var subscription = _records.Subscribe(new Queueing(queue.Writer, stop.Token));
        using var timer = new PeriodicTimer(WatchInterval, _time);
        try
        {
            var tick = timer.WaitForNextTickAsync(stop.Token).AsTask();
            for (var more = queue.Reader.WaitToReadAsync(stop.Token).AsTask(); ;)
            {
                await Task.WhenAny(more, tick);
                if (tick.IsCompleted)
                {
                    await tick;
                    _data.Watch(Now());
                    await WriteAsync(stop.Token);
                    tick = timer.WaitForNextTickAsync(stop.Token).AsTask();
                }

                if (!more.IsCompleted) continue;
                if (!await more) return;
                while (!tick.IsCompleted && queue.Reader.TryRead(out var record)) await TakeAsync(record, stop.Token);
                more = queue.Reader.WaitToReadAsync(stop.Token).AsTask();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async ValueTask TakeAsync(KafkaRecord record, CancellationToken cancellation)
    {
        if (record.Partition.Topic != BusTopics.References && !IsOurs(record.Key))
        {
            Interlocked.Increment(ref _otherAssets);
        }
        else if (Refusal(record) is { } reason)
        {
            await _refuse(record.ToDeadLetter(reason), cancellation);
        }
        else
        {
            await WriteAsync(cancellation);
        }

        _taken(record);
    }

    /// <summary>Merges the record; why it cannot be used, or null.</summary>
    private string? Refusal(KafkaRecord record)
    {
        try
        {
            var source = record.Headers.FirstOrDefault(header => header.Name == BusHeaders.Source);
            if (source.Name is not null) return _data.Take(source.Text, _decoder.Read(record.Value), Now());
            Interlocked.Increment(ref _unreadable);
            return $"header '{BusHeaders.Source}' is missing";
        }
        catch (BusFormatException unreadable)
        {
            Interlocked.Increment(ref _unreadable);
            return unreadable.Message;
        }
    }

    private async ValueTask WriteAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < _data.Inputs.Count; i++) await _write(_data.Inputs[i], cancellation);
    }

    private bool IsOurs(byte[]? key)
    {
        foreach (var own in _keys)
            if (own.AsSpan().SequenceEqual(key))
                return true;

        return false;
    }

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());

    /// <summary>Hands records over; it is called on a thread of its own, which may wait.</summary>
    private sealed class Queueing(ChannelWriter<KafkaRecord> queue, CancellationToken stop) : IObserver<KafkaRecord>
    {
        public void OnNext(KafkaRecord record)
        {
            if (queue.TryWrite(record)) return;
            try
            {
                queue.WriteAsync(record, stop).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Nobody takes it any more; it was not applied, and comes again.
            }
        }

        public void OnError(Exception error) => queue.TryComplete(error);

        public void OnCompleted() => queue.TryComplete();
    }
}
