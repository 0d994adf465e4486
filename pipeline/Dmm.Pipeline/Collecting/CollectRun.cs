using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Collecting;

/// <summary>
/// <c>dmm collect</c>: venues, or a recording, published to the bus until it is over, or stopped. While the brokers are away what comes waits, up to
/// a limit; then the venues' links wait, and are made anew with fresh snapshots. What the brokers did not acknowledge in the end is counted and said.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="terminal">Where results go.</param>
/// <param name="time">The host's clock.</param>
internal sealed class CollectRun(CollectOptions options, Terminal terminal, TimeProvider time)
{
    // How long the brokers have for what is left, once nothing more comes.
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);

    // No other collector has it: in a container every process has the same number.
    private readonly string _id = string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    private readonly CollectCounters _counters = new();
    private readonly ConcurrentDictionary<string, bool> _failuresTold = [];
    private readonly Lock _lock = new();

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        using var over = options.Duration is { } duration ? new CancellationTokenSource(duration, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop);
        var brokers = new BusStatus(false, "not connected yet");
        if (options.Data is { } data) Directory.CreateDirectory(data);
        using var health = options.Data is null ? null : new RunHealth(
            options.Data, "collect", () =>
                new("collecting", Timestamp.From(time.GetUtcNow()), _counters.LastAt, [new("the brokers", new(brokers.IsUp, brokers.Detail))]),
            time, failure => Say(failure ?? "the health report can be written again"));
        await using var publisher = new KafkaPublisher(new() { Kafka = options.Kafka }, time, Random.Shared.NextDouble, Changed);
        ValueTask PublishAsync(BusMessage message, CancellationToken cancellation) => PublishOrCountAsync(publisher, message, cancellation);
        await (options.Capture is { } selection
            ? new CaptureCollection(selection, options.Speed, options.IsNow, time, Say).RunAsync(Collecting, either.Token)
            : new VenueCollection(options.Venues, options.References, time, Say).RunAsync(Collecting, either.Token));
        var elapsed = time.GetElapsedTime(started);
        if (!await publisher.FlushAsync(FlushPatience))
            Say($"{publisher.Counters.Pending} records were not acknowledged within {FlushPatience.TotalSeconds} s");
        var pending = publisher.Counters.Pending;
        var summary = CollectSummary.Of(_id, options, _counters, pending, elapsed);
        if (options.IsJson) terminal.Output.WriteLine(summary.ToJson());
        else summary.Write(terminal.Screen);
        return summary.IsComplete ? ExitCodes.Success : ExitCodes.CheckFailed;

        void Changed(BusStatus status)
        {
            brokers = status;
            Told(status);
        }

        Collector Collecting(string venue, InstrumentCatalog instruments) =>
            new(_id, venue, options.Topic, instruments, options.References, time, _counters, PublishAsync);
    }

    private async ValueTask PublishOrCountAsync(KafkaPublisher publisher, BusMessage message, CancellationToken cancellation)
    {
        try
        {
            await publisher.PublishAsync(message, Delivered, cancellation);
        }
        catch (MessageTooLargeException tooLarge)
        {
            // The next snapshot says as much; the market must go on.
            Failed(tooLarge.Message);
        }
    }

    private void Delivered(BusDelivery delivery)
    {
        if (delivery.Failure is { } failure) Failed(failure);
        else _counters.Delivered();
    }

    private void Failed(string reason)
    {
        _counters.Fail();
        if (_failuresTold.Count < 16 && _failuresTold.TryAdd(reason, true)) Say($"a record could not be published: {reason}");
    }

    private void Told(BusStatus status) => Say(status.IsUp
        ? $"the brokers at {options.Kafka.Bootstrap} answer"
        : $"{status.Detail}; what is collected waits for them");

    private void Say(string text)
    {
        lock (_lock) terminal.Error.WriteLine(text);
    }
}
