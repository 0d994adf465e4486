using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Screen;
using Dmm.Sinks;
using Dmm.Sinks.Journal;
using Dmm.Sinks.Redis;
using Dmm.Sources;
using Dmm.Sources.Bus;
using Dmm.Sources.Journal;
using Dmm.Topology;
using Dmm.Wire;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>
/// One asset while the group gives it to this node: takes the lease, claims the journal, recovers, trades; hands everything over when the group takes
/// the asset away. When the lease may have ended nothing more is sent, not even a cancel, and it is asked for again.
/// </summary>
/// <param name="node">What it shares with others.</param>
/// <param name="asset">What is traded, and where.</param>
internal sealed class AssetNode(NodeContext node, TradedAsset asset)
{
    private static readonly Backoff Again = new(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(5));

    private volatile LeaseNotices? _notices;
    private volatile Func<RunPulse>? _pulse;
    private volatile string? _lost;
    private int _epochFloor;

    /// <summary>Market data of the asset, as the node reads it.</summary>
    public AssetRecords Records { get; } = new();

    /// <summary>How the desk stands; null while it does not trade.</summary>
    public RunPulse? Pulse => _pulse?.Invoke();

    /// <summary>The asset was ours to the end, and yet the venue did not confirm that none of our orders is open.</summary>
    public bool HasLeftOrders { get; private set; }

    /// <summary>Trades until told to hand over, which it has done when this returns.</summary>
    /// <exception cref="Exception">The desk ended by a fault of its own.</exception>
    public async Task RunAsync(CancellationToken handOver)
    {
        for (var failures = 0; !handOver.IsCancellationRequested; failures++)
        {
            try
            {
                if (await LeaseAsync(handOver) is not { } lease) continue;
                using (lease)
                {
                    await TradeAsync(lease, handOver);
                    failures = 0;
                    if (lease.IsValid) await lease.ReleaseAsync();
                }
            }
            catch (Exception trouble) when (trouble is SinkException or JournalException or BadInputException)
            {
                Say($"not traded: {trouble.Message}");
            }
            catch (OperationCanceledException) when (handOver.IsCancellationRequested)
            {
                return;
            }

            await WaitAsync(Again.Delay(failures, Random.Shared.NextDouble()), handOver);
        }
    }

    /// <summary>Null when another node has the asset; it was waited for.</summary>
    private async Task<OwnershipLease?> LeaseAsync(CancellationToken handOver)
    {
        // A journal that cannot be read now must not make it fall; one that is empty may have been lost, and what Redis knew with it.
        using (var journal = new KafkaJournalReader(Topics))
        {
            var known = await Task.Run(() => RecoveredDesk.EpochOf(journal), handOver);
            _epochFloor = Math.Max(_epochFloor, known > 0 ? known : DeskStart.EpochWithoutJournal(Timestamp.From(node.Time.GetUtcNow())));
        }

        var reply = await OwnershipLease.AcquireAsync(node.Leases, node.Time, new(asset.Name, node.Group.Node, _epochFloor), OnLease);
        if (reply is LeaseReply.Granted { Lease: var lease })
        {
            _epochFloor = lease.Epoch;
            Say($"ours, epoch {lease.Epoch}");
            return lease;
        }

        var held = (LeaseReply.Held)reply;
        Say(held.Holder.Length == 0
            ? $"nobody may have it for {held.For.TotalSeconds:0.0} s"
            : $"held by {held.Holder} for {held.For.TotalSeconds:0.0} s");
        await WaitAsync(held.For + TimeSpan.FromMilliseconds(20), handOver);
        return null;
    }

    private async Task TradeAsync(OwnershipLease lease, CancellationToken handOver)
    {
        // Kept to the very end of the desk: its last cancels need it, and the next owner must not begin before them.
        using var end = new CancellationTokenSource();
        var keeping = lease.KeepAsync(Random.Shared.NextDouble, end.Token);
        try
        {
            using var ours = CancellationTokenSource.CreateLinkedTokenSource(handOver, lease.Lost);
            await QuoteAsync(lease, ours.Token);
        }
        finally
        {
            await end.CancelAsync();
            await keeping;
        }
    }

    private async Task QuoteAsync(OwnershipLease lease, CancellationToken ours)
    {
        var time = node.Time;
        using var client = new HttpClient(new LeasedRequests(() => lease.IsValid)) { Timeout = Timeout.InfiniteTimeSpan };
        var rest = new HmacConnection(asset.Venue, time).Open(client, [asset.Instrument]);
        var latency = new OrderLatency(time);
        DeskRun? desk = null;
        var orders = new VenueOrders(rest, asset.Venue.OrderPath, time, Random.Shared.NextDouble, (input, stop) => desk!.WriteAsync(input, stop));
        var leftovers = await orders.CancelAllOursAsync(OrderIdState.Fresh(DeskStart.Session, epoch: 0).Prefix, ours);

        using var reading = new KafkaJournalReader(Topics);
        using var journal = await OpenJournalAsync(lease);

        var recorded = new SpooledJournalReader(reading, Spool);
        var start = await StartAsync(recorded, reading, rest, lease.Epoch, ours);
        Say(start.Recovered is { } found
            ? $"goes on from {found.Reached.At}, {found.Records} records replayed, {leftovers} orders cancelled, {start.Orders.Count} to be asked for"
            : $"begins with {start.Parameters.Inventory.Starting} {asset.Name}, {leftovers} orders cancelled");

        await using var watch = new RunWatch(
            node.Options, start.Instruments, start.Parameters, new(asset.Venue.BaseUrl.Authority, "live"), start.Opening,
            node.Terminal.For(asset.Name), node.Log, time);
        var identity = asset.JournalOf(start.Identity.JournalBegan);
        using var followers = DeskFollowers.Open(node.Group.Stores, node.Data.ArchiveFile, [],
            new(() => new SpooledJournalReader(new KafkaJournalReader(Topics), Spool), identity), time, node.Log.StoreChanged);
        var sink = new LiveOrderSink([orders], latency, watch, start.Orders);
        var notices = new LeaseNotices(asset.Venue.Venue, () => lease.Status, input => desk!.TryWriteAsync(input));
        desk = new DeskRun(start, [new(rest, orders, Account(rest, start)) { Opened = notices.Open }], journal, sink, lease.Lost, time);
        _notices = notices;
        _pulse = () => (desk.Engine is { } engine ? watch.Pulse(engine, followers.Statuses) : RunPulse.Starting(Timestamp.From(time.GetUtcNow())))
            .With(_lost is { } lost ? new RunHealthPart("the journal before this one", new(false, lost)) : null, Spooled(journal));
        DeskEnd ended;
        try
        {
            ended = await desk.TradeAsync(MarketsOf(desk, start), ours);
        }
        finally
        {
            (_notices, _pulse) = (null, null);
            await notices.CloseAsync();
        }

        HasLeftOrders |= !ended.IsClean && lease.IsValid;
        var lost = lease.IsValid ? "" : ", the lease is lost";
        Say($"ended at {ended.Reached}{lost}{(ended.IsClean ? ", no order is open" : ", open orders are the next owner's to cancel")}");
        foreach (var fact in latency.Facts()) Say($"{fact.Label}: {fact.Value}");
        if (ended.Fault is JournalException { Fault: JournalFault.Locked } fenced) throw fenced;
        if (ended.Fault is not null && lease.IsValid) throw ended.Fault;
    }

    private SpoolReport? Spooled(SpoolingJournal journal) => journal.Waiting is { Records: > 0 } waiting
        ? new(asset.Name, waiting.Records, Math.Max(0, (Timestamp.From(node.Time.GetUtcNow()) - waiting.Since).TotalSeconds))
        : null;

    private KafkaJournalTopics Topics => new() { Kafka = node.Group.Kafka, Asset = asset.Name };

    private string Spool => Path.Combine(node.Data.Path, "spool", asset.Name);

    private async Task<SpoolingJournal> OpenJournalAsync(OwnershipLease lease)
    {
        try
        {
            return await SpoolingJournal.OpenAsync(new()
            {
                OpenPrimary = () => Task.Run<IResumableJournal>(
                    () => KafkaJournalWriter.Open(new() { Topics = Topics, Epoch = lease.Epoch, Writer = node.Group.Node }, node.Time)),
                Spool = new() { Directory = Spool }, ReadSpool = static folder => new SegmentJournalReader(folder),
                OnStatus = OnJournal, Time = node.Time,
            });
        }
        catch (JournalException diverged) when (diverged.Fault == JournalFault.Disorder && Directory.Exists(Spool))
        {
            // Written while another node went on: the venue and that node's journal know what happened. Kept for people to look at.
            var aside = $"{Spool}.{node.Time.GetUtcNow():yyyyMMdd'T'HHmmss}";
            Directory.Move(Spool, aside);
            throw new JournalException(
                JournalFault.Unwritable, $"what this node spooled for itself was set aside as {aside}: {diverged.Message}", inner: diverged);
        }
    }

    private async Task<DeskStart> StartAsync(
        IJournalReader recorded, KafkaJournalReader kept, IOrderVenue rest, int epoch, CancellationToken ours)
    {
        var now = Timestamp.From(node.Time.GetUtcNow());
        var recovered = await Task.Run(() => DeskStart.Recover(recorded, $"the journal of {asset.Name} on Kafka"), ours);
        if (recovered is not null) return DeskStart.Continued(recovered, [asset.Instrument], asset.Parameters, epoch, now);
        if (kept.HasLostItsRuns)
        {
            // A kill switch may be latched in what is gone: to begin anew is for people to order.
            throw new JournalException(JournalFault.Disorder,
                $"retention took the first record of the last run of {asset.Name}, with its latches: nothing is traded until that has been looked at and "
                + "the asset's records are removed; expected a retention above the length of a run, an hour", Topics.Journal);
        }

        var address = asset.Venue.BaseUrl.ToString();
        var markets = await QuotedMarket.OfAccountAsync([asset.Instrument], rest, address, ours);
        if (await QuotedMarket.HasTradedAsync(rest, address, ours)) BeginAnew(now);
        var start = DeskStart.Opened(markets, asset.Parameters, epoch, now);
        return start with { Identity = start.Identity with { JournalBegan = now } };
    }

    private void BeginAnew(Timestamp now)
    {
        _lost = $"it begins anew at {now}: the venue knows orders of ours and it holds no run, so it was lost, or was kept elsewhere; profit, "
            + "drawdown and latches begin anew, inventory is what the account holds";
        node.Log.JournalLost(asset.Name, _lost);
        Tell($"the journal is lost: {_lost}");
    }

    /// <summary>Orders and fills come from the venue itself; market data from the bus.</summary>
    private DeskFeed Account(IOrderVenue rest, DeskStart start) => new HmacConnection(asset.Venue with { HasMarketData = false }, node.Time)
        .Feed(rest, start.Instruments.All, start.LastTradeId(asset.Venue.Venue, 3 * asset.Venue.OrderPath.ReconcileEvery));

    private DeskFeed MarketsOf(DeskRun desk, DeskStart start) => async (write, cancellation) =>
    {
        var applied = new AppliedRecords(node.Time);
        var markets = new KafkaMarketData(start.Instruments, Records, node.Time, write, node.Refuse, applied.Written);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [markets.RunAsync(end.Token), applied.RunAsync(desk.AfterAllBeforeAsync, end.Token)];
        await Task.WhenAny(parts);
        await end.CancelAsync();
        await Task.WhenAll(parts);
    };

    private void OnLease(LeaseStatus status)
    {
        Say(status.Detail);
        _notices?.Changed();
    }

    private void OnJournal(JournalPathStatus status) => Say(status.Path switch
    {
        JournalPath.Primary => "the journal goes to Kafka",
        JournalPath.Spool => $"the journal goes to the local spool: {status.Reason}",
        _ => $"the journal cannot be written, quoting halts: {status.Reason}",
    });

    private void Say(string what)
    {
        node.Log.Said(asset.Name, what);
        Tell(what);
    }

    private void Tell(string what) =>
        node.Terminal.For(asset.Name).Output.WriteLine($"{node.Time.GetUtcNow():HH:mm:ss.fff} node    {what}");

    private async Task WaitAsync(TimeSpan span, CancellationToken handOver)
    {
        try
        {
            await Task.Delay(span, node.Time, handOver);
        }
        catch (OperationCanceledException)
        {
            // The next look at the token ends it.
        }
    }
}
