using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Driving;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Topology;
using Dmm.Topology.Engine;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>
/// <c>dmm run --venue URL</c>: the pipeline quotes at a venue that speaks the generic HMAC protocol, in real time. What an earlier run left there is
/// cancelled first (orders of our prefix only); at the end, whatever the end is, the venue itself has to report that none of ours is open.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="venue">Checked, with credentials.</param>
/// <param name="terminal">Where results go.</param>
/// <param name="time">The host's clock.</param>
internal sealed class VenueRun(RunOptions options, HmacVenueOptions venue, Terminal terminal, TimeProvider time)
{
    private const string Session = "live";
    private const int InputsQueuedMax = 16_384;

    // Longest time that a due timer of a quiet engine waits.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    // Above twice the receive window, within which a request that was lost on its way may still arrive.
    internal static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(15);

    // Once the venue reports nothing open, what it said of the last orders is on the wire at most.
    private static readonly TimeSpan HearPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs until the duration is over, <paramref name="stop"/> is asked for, or a part of it fails.</summary>
    /// <exception cref="BadInputException">The data folder, the log or the venue cannot be used.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var data = DataFolder.Open(options.Data);
        using var log = RunLog.Open(options.Log, data.LogFile);
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var (instrument, fees) = await QuotedMarket.ListedAsync(client, venue, time, stop);
        var wire = new HmacVenueWire(venue.Venue, [instrument]);
        var latency = new OrderLatency(time);
        var rest = new TimedOrderVenue(new HmacVenueRest(client, venue, wire, time), latency);
        await QuotedMarket.RequireKeyAsync(rest, venue, stop);
        var run = data.BeginRun("venue", ledger: venue.BaseUrl.Authority.Replace(':', '-'));
        var ids = OrderIdState.Fresh(Session, run.Number);
        LiveDriver? driver = null;
        var orders = new HmacVenueOrders(rest, venue, time, Random.Shared.NextDouble, (input, cancellation) => driver!.WriteAsync(input, cancellation));
        var leftovers = await SweepAsync(orders, ids.Prefix, stop);
        var market = await QuotedMarket.OfAccountAsync(instrument, fees, rest, venue, stop);

        var identity = Configurations.Identity(market.Parameters, TradingMode.Live);
        log.Started($"run {run.Name} at {venue.BaseUrl}", [], [instrument.Name], identity.CodeVersion, identity.Platform, identity.ConfigurationHash);
        var start = Timestamp.From(time.GetUtcNow());
        QuotingTopology Topology(QuotingParameters parameters) => new(market.Instruments, parameters, ids, TradingMode.Live);
        RunTotals totals;
        RunFact[] facts;
        Exception? fault;
        bool isClean;
        using var journal = new RunJournalFile(run);
        await using (var watch = new RunWatch(options, market.Instruments, market.Parameters, new(venue.BaseUrl.Authority, "live"), start, terminal, log, time))
        using (var archive = RunArchive.Open(data, run, time, log.ArchiveChanged))
        using (journal)
        {
            var sink = new LiveOrderSink(orders, latency, watch);
            using var engine = new JournaledEngine(
                Topology, market.Instruments, market.Parameters, EngineStart.Fresh(start, Topology(market.Parameters)), identity, journal.Writer, sink);
            using var health = new RunHealth(data.Path, "venue", () => watch.Pulse(engine, archive.Status), time, log.HealthChanged);
            driver = new LiveDriver(engine, time, InputsQueuedMax, Tick);
            var feed = new HmacVenueFeed(venue, wire, rest, market.LastTradeId, time, Random.Shared.NextDouble,
                (input, cancellation) => driver.WriteAsync(input, cancellation));
            (fault, isClean) = await TradeAsync(driver, feed, orders, sink, ids.Prefix, stop);
            totals = watch.Totals(engine.Time);
            facts =
            [
                new("venue", "venue", venue.BaseUrl.ToString()), new("leftoversCancelled", "orders of earlier runs, cancelled", leftovers),
                .. watch.Facts(totals), .. latency.Facts(), new("journal", "journal", run.Journal), new("archive", "archive", data.ArchiveFile),
            ];
        }

        if (fault is not null) log.Failed(fault);
        log.Ended(totals);
        if (options.IsJson) terminal.Output.WriteLine(RunSummaryView.ToJson(totals, facts));
        else RunSummaryView.Write(terminal.Screen, totals, facts);
        if (!isClean) terminal.Error.WriteLine($"the venue did not confirm within {CancelPatience.TotalSeconds} s that no order of ours is open: look there");
        if (fault is not null) terminal.Error.WriteLine($"ended by a fault: {fault.Message}; the log has the whole of it");
        if (journal.Failure is { } failure) terminal.Error.WriteLine($"the journal lacks the end of the run: {failure}");
        return fault is not null ? ExitCodes.Fault : isClean && journal.Failure is null ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    /// <summary>What an earlier process of ours left at the venue, by prefix.</summary>
    private async Task<int> SweepAsync(HmacVenueOrders orders, string prefix, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(CancelPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            return await orders.CancelAllOursAsync(prefix, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new BadInputException($"{venue.BaseUrl} did not confirm that nothing of an earlier run is open: is the key right, and the venue up?");
        }
    }

    private async Task<(Exception? Fault, bool IsClean)> TradeAsync(
        LiveDriver driver, HmacVenueFeed feed, HmacVenueOrders orders, LiveOrderSink sink, string prefix, CancellationToken stop)
    {
        using var end = new CancellationTokenSource();
        var driving = driver.RunAsync(CancellationToken.None);
        var feeding = feed.RunAsync(end.Token);
        var sending = orders.RunAsync(end.Token);
        await UntilOverAsync([driving, feeding, sending], stop);
        var fault = FaultOf(driving, feeding, sending);
        orders.Fence("the run ends");
        fault ??= await PauseAsync(driver);
        // Needs nothing of the engine, and comes whatever became of it.
        var isClean = await IsNoneOpenAsync(orders, prefix);
        if (fault is null) await HeardAsync(sink);
        driver.Complete();
        await end.CancelAsync();
        try
        {
            await Task.WhenAll(driving, feeding, sending);
        }
        catch (Exception late)
        {
            fault ??= late;
        }

        return (fault, isClean);
    }

    /// <summary>Lets the engine ask for nothing more, and record why; its fault when it ended meanwhile.</summary>
    internal static async Task<Exception?> PauseAsync(LiveDriver driver)
    {
        try
        {
            await driver.WriteAsync(new Input(new OperatorCommand(OperatorAction.Pause, "host", "the run ends")), CancellationToken.None);
            return null;
        }
        catch (ChannelClosedException ended)
        {
            return ended.InnerException ?? ended;
        }
    }

    private async Task UntilOverAsync(Task[] parts, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var end = Task.Delay(options.Duration ?? Timeout.InfiniteTimeSpan, time, over.Token);
        await Task.WhenAny([.. parts, end]);
        await over.CancelAsync();
    }

    private static Exception? FaultOf(params Task[] parts) =>
        parts.FirstOrDefault(part => part.IsCompleted) is not { } ended ? null
        : ended.Exception?.GetBaseException() ?? new InvalidOperationException("a part of the run ended by itself");

    private async Task<bool> IsNoneOpenAsync(HmacVenueOrders orders, string prefix)
    {
        using var patience = new CancellationTokenSource(CancelPatience, time);
        try
        {
            await orders.CancelAllOursAsync(prefix, patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task HeardAsync(LiveOrderSink sink)
    {
        for (var waited = time.GetTimestamp(); sink.OpenOrders > 0 && time.GetElapsedTime(waited) < HearPatience;)
            await Task.Delay(Tick, time);
    }
}
