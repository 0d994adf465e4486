using System.Collections.Immutable;
using System.Text;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sinks.Kafka;
using Dmm.Sinks.Redis;
using Dmm.Sources.Kafka;
using Dmm.Wire;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>
/// <c>dmm run --group NAME</c>: one of several nodes that share assets. Market data comes over Kafka, whose consumer group says which assets are this
/// node's; a lease in Redis says that they are nobody else's; their journals are on Kafka, so that any node can go on where another ended.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="group">Likewise, of the group.</param>
/// <param name="terminal">Where lines go.</param>
/// <param name="time">The host's clock.</param>
internal sealed class GroupRun(RunOptions options, GroupOptions group, Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Backoff Again = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (AssetNode Node, CancellationTokenSource HandOver, Task Running)> _running = [];
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<TradedAsset> _assets = [];
    private Task _ending = Task.CompletedTask;
    private int _partitions;
    private bool _hasLeftOrders;

    /// <summary>Runs until the duration is over, <paramref name="stop"/> is asked for, or a desk ends by a fault of its own.</summary>
    /// <exception cref="BadInputException">The data folder, the log or a venue cannot be used.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var data = DataFolder.Open(options.Data);
        using var log = RunLog.Open(options.Log, data.LogFile);
        using var client = VenueHttp.Client();
        _assets = await AssetsAsync(client, stop);
        _partitions = await PartitionsAsync(stop);
        using var leases = RedisLeases.Open(new() { Connection = group.Redis });
        await using var publisher = new KafkaPublisher(
            new() { Kafka = group.Kafka }, time, Random.Shared.NextDouble, status => log.BusChanged("publishing", status));
        var letters = new DeadLetters(publisher);
        var node = new NodeContext(
            options, group, leases, (letter, cancellation) => letters.PublishAsync(letter, null, cancellation), data, terminal, log, time);
        var reading = new BusReading(log, time);
        var records = KafkaRecords.OfGroup(new() { Kafka = group.Kafka }, new()
        {
            Name = group.Name, Topics = [BusTopics.MarketData], From = BusPosition.End,
            OnAssigned = partitions => Gain(node, partitions), OnRevoked = HandOverAsync, OnLost = Lose,
            OnUncommitted = (partitions, reason) => log.BusUncommitted(string.Join(", ", partitions), reason),
        }, time, reading.Changed);
        using var health = new RunHealth(
            data.Path, "group", () => Pulse(reading.Report(records.Lags.Sum(lag => lag.Records), records.Pauses)), time, log.HealthChanged);
        var traded = _assets.Select(a => $"{a.Name} at {a.Venue.BaseUrl.Authority}");
        terminal.Output.WriteLine($"node {group.Node} of group {group.Name}: {string.Join(", ", traded)}");
        using var ended = new CancellationTokenSource();
        var references = new ReferenceReading(group.Kafka, log, time).RunAsync(PushToAll, ended.Token);
        using (records.Subscribe(new Router(this)))
        {
            using var over = new RunDuration(options.Duration, time, stop);
            var asked = new TaskCompletionSource();
            await using var registration = over.Token.Register(() => asked.TrySetResult());
            await Task.WhenAny(asked.Task, _fault.Task, references);
        }

        if (references.IsFaulted) _fault.TrySetException(references.Exception.GetBaseException());
        await HandOverAsync([.. Running()]);
        await _ending;
        await ended.CancelAsync();
        await references.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_fault.Task.Exception?.GetBaseException() is not { } fault) return Volatile.Read(ref _hasLeftOrders) ? ExitCodes.CheckFailed : ExitCodes.Success;
        log.Failed(fault);
        terminal.Error.WriteLine($"ended by a fault: {fault.Message}; the log has the whole of it");
        return ExitCodes.Fault;
    }

    private async Task<ImmutableArray<TradedAsset>> AssetsAsync(HttpClient client, CancellationToken stop)
    {
        var assets = ImmutableArray.CreateBuilder<TradedAsset>();
        foreach (var venue in group.Venues)
        {
            var market = await ListedAsync(client, venue, stop);
            var instrument = market.Instrument;
            if (assets.FirstOrDefault(a => a.Name == instrument.BaseAsset) is { } other)
            {
                throw new BadInputException(
                    $"{instrument.BaseAsset} is listed by {other.Venue.BaseUrl} and by {venue.BaseUrl}: expected one venue for each asset");
            }

            assets.Add(new(venue, instrument, DeskStart.Configured([market], options.Settings)));
        }

        return assets.ToImmutable();
    }

    /// <summary>Asked for until the venue answers: a node may be started before it does. A key that is wrong is told at once.</summary>
    private async Task<ListedMarket> ListedAsync(HttpClient client, HmacVenueOptions venue, CancellationToken stop)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                var listed = await HmacConnection.ListedAsync(client, venue, time, stop);
                var rest = new HmacConnection(venue, time).Open(client, [listed.Instrument]);
                await QuotedMarket.RequireAccountAsync(rest, venue.BaseUrl.ToString(), stop);
                return listed;
            }
            catch (VenueAwayException away)
            {
                terminal.Error.WriteLine($"{away.Message}; it is asked again");
                await Task.Delay(Again.Delay(failures, Random.Shared.NextDouble()), time, stop);
            }
        }
    }

    /// <summary>Of all desks; the engine that is furthest behind counts.</summary>
    private RunPulse Pulse(RunHealthPart bus)
    {
        (string Asset, RunPulse? Pulse)[] desks;
        lock (_lock) desks = [.. _running.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, d.Value.Node.Pulse))];
        var now = Timestamp.From(time.GetUtcNow());
        var trading = desks.Where(d => d.Pulse is not null).Select(d => (d.Asset, Pulse: d.Pulse!)).ToArray();
        return new(
            desks.Length == 0 ? "no asset" : string.Join(", ", desks.Select(d => $"{d.Asset} {d.Pulse?.State ?? "waiting"}")),
            trading.Select(d => d.Pulse.Clock).DefaultIfEmpty(now).Min(), trading.Select(d => d.Pulse.LastInput).DefaultIfEmpty(Timestamp.None).Max(),
            [bus, .. trading.SelectMany(d => d.Pulse.Parts.Select(part => part with { Name = $"{part.Name} of {d.Asset}" }))])
        {
            Spools = [.. trading.SelectMany(d => d.Pulse.Spools)],
        };
    }

    private void Gain(NodeContext node, ImmutableArray<BusPartition> partitions)
    {
        foreach (var asset in _assets.Where(a => IsIn(a.Name, partitions)))
        {
            var desk = new AssetNode(node, asset);
            var handOver = new CancellationTokenSource();
            lock (_lock) _running[asset.Name] = (desk, handOver, WatchAsync(desk, handOver.Token));
        }
    }

    private async Task WatchAsync(AssetNode desk, CancellationToken handOver)
    {
        try
        {
            await Task.Run(() => desk.RunAsync(handOver), CancellationToken.None);
            if (desk.HasLeftOrders) Volatile.Write(ref _hasLeftOrders, true);
        }
        catch (Exception fault)
        {
            // A defect of one desk ends the node: what it would do to the others is not known.
            _fault.TrySetException(fault);
        }
    }

    private Task HandOverAsync(ImmutableArray<BusPartition> partitions, CancellationToken patience) =>
        HandOverAsync([.. Running().Where(name => IsIn(name, partitions))]).WaitAsync(patience);

    private void Lose(ImmutableArray<BusPartition> partitions)
    {
        // The lease says until when something may be sent; the desks end by themselves.
        foreach (var name in Running().Where(name => IsIn(name, partitions))) HandOverAsync([name]);
    }

    /// <summary>Completes when the desks have ended; what fails ends the node.</summary>
    private Task HandOverAsync(ImmutableArray<string> names)
    {
        var ending = EndAsync(names);
        // Nobody may wait for it, or not until its end: the run does, before it lets go of what desks use.
        lock (_lock) _ending = Task.WhenAll(_ending, ending);
        return ending;
    }

    private async Task EndAsync(ImmutableArray<string> names)
    {
        var ending = new List<Task>();
        foreach (var name in names)
        {
            (AssetNode, CancellationTokenSource HandOver, Task Running) desk;
            lock (_lock)
            {
                if (!_running.Remove(name, out desk)) continue;
            }

            try
            {
                await desk.HandOver.CancelAsync();
            }
            catch (AggregateException broken)
            {
                // What heard of the end failed at that, which is a defect; the desk itself has been told.
                _fault.TrySetException(broken.GetBaseException());
            }

            ending.Add(desk.Running);
        }

        await Task.WhenAll(ending);
    }

    /// <summary>Rates are for every desk.</summary>
    private void PushToAll(KafkaRecord record)
    {
        AssetNode[] nodes;
        lock (_lock) nodes = [.. _running.Values.Select(desk => desk.Node)];
        foreach (var node in nodes) node.Records.Push(record);
    }

    private string[] Running()
    {
        lock (_lock) return [.. _running.Keys.Order(StringComparer.Ordinal)];
    }

    private bool IsIn(string asset, ImmutableArray<BusPartition> partitions) =>
        partitions.Contains(new(BusTopics.MarketData, KeyPartition.Of(Encoding.UTF8.GetBytes(asset), _partitions)));

    /// <summary>Asked for until the brokers answer: a node may be started before they are.</summary>
    private async Task<int> PartitionsAsync(CancellationToken stop)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await Task.Run(() => KafkaTopicSize.PartitionsOf(group.Kafka, BusTopics.MarketData, Patience), stop);
            }
            catch (KafkaRecordsException away)
            {
                terminal.Error.WriteLine(away.Message);
                await Task.Delay(Again.Delay(failures, Random.Shared.NextDouble()), time, stop);
            }
        }
    }

    /// <summary>Hands each record to the desk of its asset, on the reading thread.</summary>
    private sealed class Router(GroupRun run) : IObserver<KafkaRecord>
    {
        public void OnNext(KafkaRecord record)
        {
            var name = record.Key is { } key ? Encoding.UTF8.GetString(key) : "";
            (AssetNode Node, CancellationTokenSource, Task) desk;
            lock (run._lock)
            {
                if (!run._running.TryGetValue(name, out desk)) desk = default;
            }

            if (desk.Node is { } node) node.Records.Push(record);
            else record.Applied();
        }

        public void OnError(Exception error) => run._fault.TrySetException(error);

        public void OnCompleted() => run._fault.TrySetException(new InvalidOperationException("the records of the group ended by themselves"));
    }
}
