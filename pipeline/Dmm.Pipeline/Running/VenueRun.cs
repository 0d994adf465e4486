using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Sources.Journal;
using Dmm.Topology;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>
/// <c>dmm run --venue URL</c>: the pipeline quotes at a venue that speaks the generic HMAC protocol, in real time. What an earlier run left there is
/// cancelled first (orders of our prefix only), and the desk goes on where that run's journal ends; at the end, whatever the end is, the venue itself has
/// to report that none of ours is open.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="venue">Checked, with credentials.</param>
/// <param name="stores">Servers that follow the journal.</param>
/// <param name="terminal">Where results go.</param>
/// <param name="time">The host's clock.</param>
internal sealed class VenueRun(RunOptions options, HmacVenueOptions venue, StoreAccess stores, Terminal terminal, TimeProvider time)
{
    /// <summary>Runs until the duration is over, <paramref name="stop"/> is asked for, or a part of it fails.</summary>
    /// <exception cref="BadInputException">The data folder, the log, the journal or the venue cannot be used.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var data = DataFolder.Open(options.Data);
        using var log = RunLog.Open(options.Log, data.LogFile);
        using var client = VenueHttp.Client();
        var (instrument, fees) = await QuotedMarket.ListedAsync(client, venue, time, stop);
        var configured = DeskStart.Configured(instrument, fees, options.Settings);
        var wire = new HmacVenueWire(venue.Venue, [instrument]);
        var latency = new OrderLatency(time);
        var rest = new TimedOrderVenue(new HmacVenueRest(client, venue, wire, time), latency);
        await QuotedMarket.RequireKeyAsync(rest, venue, stop);
        DeskRun? desk = null;
        var orders = new VenueOrders(
            rest, venue.OrderPath, time, Random.Shared.NextDouble, (input, cancellation) => desk!.WriteAsync(input, cancellation));
        var leftovers = await SweepAsync(orders, stop);

        var run = data.ContinueRun("venue", venue.BaseUrl.Authority.Replace(':', '-'));
        using var journal = new RunJournalFile(run);
        var start = await StartAsync(run, configured, instrument, rest, stop);
        var identity = start.Identity;
        log.Started($"run {run.Name} at {venue.BaseUrl}", [], [instrument.Name], identity.CodeVersion, identity.Platform, identity.ConfigurationHash);
        DeskEnd ended;
        RunTotals totals;
        RunFact[] facts;
        await using (var watch = new RunWatch(
            options, start.Instruments, start.Parameters, new(venue.BaseUrl.Authority, "live"), start.Opening, terminal, log, time))
        using (var followers = DeskFollowers.Of(data, run, stores, time, log.StoreChanged))
        using (journal)
        {
            var sink = new LiveOrderSink(orders, latency, watch, start.Orders);
            desk = new DeskRun(start, rest, orders, journal.Writer, sink, CancellationToken.None, time);
            using var health = new RunHealth(data.Path, "venue", () => desk.Engine is { } engine
                ? watch.Pulse(engine, followers.Statuses) : RunPulse.Starting(Timestamp.From(time.GetUtcNow())), time, log.HealthChanged);
            using var over = new RunDuration(options.Duration, time, stop);
            ended = await desk.TradeAsync(Account(wire, rest, start), markets: null, over.Token);
            totals = watch.Totals(ended.Reached);
            facts =
            [
                new("venue", "venue", venue.BaseUrl.ToString()), new("leftoversCancelled", "orders of earlier runs, cancelled", leftovers),
                .. Recovery(start, ended), .. watch.Facts(totals), .. latency.Facts(), new("journal", "journal", run.Journal),
                new("archive", "archive", data.ArchiveFile),
            ];
        }

        if (ended.Fault is { } fault) log.Failed(fault);
        log.Ended(totals);
        if (options.IsJson) terminal.Output.WriteLine(RunSummaryView.ToJson(totals, facts));
        else RunSummaryView.Write(terminal.Screen, totals, facts);
        if (!ended.IsClean)
            terminal.Error.WriteLine($"the venue did not confirm within {DeskRun.CancelPatience.TotalSeconds} s that no order of ours is open: look there");
        if (ended.Fault is not null) terminal.Error.WriteLine($"ended by a fault: {ended.Fault.Message}; the log has the whole of it");
        if (journal.Failure is { } failure) terminal.Error.WriteLine($"the journal lacks the end of the run: {failure}");
        return ended.Fault is not null ? ExitCodes.Fault : ended.IsClean && journal.Failure is null ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    /// <summary>Where the journal of this account ends, or what the account holds.</summary>
    private async Task<DeskStart> StartAsync(
        RunFolder run, QuotingParameters configured, Instrument instrument, IOrderVenue rest, CancellationToken stop)
    {
        var now = Timestamp.From(time.GetUtcNow());
        if (DeskStart.Recover(new SegmentJournalReader(run.Journal), run.Journal) is { } recovered)
            return DeskStart.Continued(recovered, instrument, configured, recovered.Orders.Ids.Epoch + 1, now);
        return DeskStart.Opened(await QuotedMarket.OfAccountAsync(instrument, rest, venue, stop), instrument, configured,
            DeskStart.EpochWithoutJournal(now), now);
    }

    private DeskFeed Account(HmacVenueWire wire, IOrderVenue rest, DeskStart start) => (write, cancellation) =>
        new HmacVenueFeed(venue, wire, rest, start.LastTradeId, time, Random.Shared.NextDouble, write).RunAsync(cancellation);

    private static IEnumerable<RunFact> Recovery(DeskStart start, DeskEnd ended)
    {
        if (start.Recovered is { } recovered)
        {
            yield return new("recoveredRecords", "records replayed at the start", recovered.Records);
            yield return new("recoveredOrders", "orders of the journal, asked for", start.Orders.Count);
        }

        if (ended.RecoverySeconds is { } seconds) yield return new("reconciledSeconds", "orders and fills known after, s", Math.Round(seconds, 3));
    }

    /// <summary>What an earlier process of ours left at the venue, by prefix.</summary>
    private async Task<int> SweepAsync(VenueOrders orders, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(DeskRun.CancelPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            return await orders.CancelAllOursAsync(OrderIdState.Fresh(DeskStart.Session, epoch: 0).Prefix, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new BadInputException($"{venue.BaseUrl} did not confirm that nothing of an earlier run is open: is the key right, and the venue up?");
        }
    }
}
