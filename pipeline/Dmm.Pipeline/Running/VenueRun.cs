using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Rates;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Dmm.Sinks;
using Dmm.Sources.Journal;
using Dmm.Topology;

namespace Dmm.Pipeline.Running;

/// <summary>
/// <c>dmm run --venue …</c>: the pipeline quotes one asset at real venues, in real time, and prices it from others too. What an earlier run left there
/// is cancelled first (orders of our prefix only), and the desk goes on where that run's journal ends; at the end, whatever the end is, each venue
/// itself has to report that none of ours is open.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="connections">Checked, with credentials where orders are to be placed; each of another name.</param>
/// <param name="rates">Markets that tell what quote assets are worth.</param>
/// <param name="stores">Servers that follow the journal.</param>
/// <param name="terminal">Where results go.</param>
/// <param name="time">The host's clock.</param>
internal sealed class VenueRun(
    RunOptions options, ImmutableArray<IConnection> connections, ImmutableArray<RateChoice> rates, StoreAccess stores, Terminal terminal,
    TimeProvider time)
{
    /// <summary>Runs until the duration is over, <paramref name="stop"/> is asked for, or a part of it fails.</summary>
    /// <exception cref="BadInputException">The data folder, the log, the journal or a venue cannot be used.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var data = DataFolder.Open(options.Data);
        using var log = RunLog.Open(options.Log, data.LogFile);
        using var client = VenueHttp.Client();
        using var wallets = new OwnedConnections(connections.OfType<IDisposable>());
        var markets = await MarketsAsync(client, stop);
        var configured = DeskStart.Configured(markets, options.Settings);
        var references = await ReferencesAsync(client, markets, configured, stop);
        var latency = new OrderLatency(time);
        DeskRun? desk = null;
        var links = ImmutableArray.CreateBuilder<Link>();
        foreach (var connection in connections.OfType<IVenueConnection>())
        {
            var instruments = Of(connection, markets);
            if (connection is PoolVenueConnection pool)
            {
                pool.TransferTaxBps = configured.Venues[instruments[0].Id.Index].Pool?.TransferTaxBps ?? 0;
                pool.Notice = text => log.Said(pool.Name, text);
            }

            var rest = connection.Open(client, instruments);
            await QuotedMarket.RequireAccountAsync(rest, connection.Address, stop);
            var timed = new TimedOrderVenue(rest, latency);
            links.Add(new(connection, instruments, timed, new VenueOrders(
                timed, connection.OrderPath, time, Random.Shared.NextDouble, (input, cancellation) => desk!.WriteAsync(input, cancellation),
                connection.DeadMan(rest))));
        }

        var leftovers = 0;
        foreach (var link in links) leftovers += await SweepAsync(link, stop);
        var addresses = string.Join(", ", connections.Select(c => c.Address));
        var run = data.ContinueRun("venue", string.Join('+', connections.Select(c => c.Identity.Replace(':', '-'))));
        using var journal = new RunJournalFile(run);
        var start = await StartAsync(run, configured, markets, links, stop);
        var identity = start.Identity;
        log.Started($"run {run.Name} at {addresses}", [], [.. markets.Select(m => m.Instrument.Name)], identity.CodeVersion, identity.Platform,
            identity.ConfigurationHash);
        DeskEnd ended;
        RunTotals totals;
        RunFact[] facts;
        await using (var watch = new RunWatch(
            options, start.Instruments, start.Parameters, new(addresses, "live"), start.Opening, terminal, log, time))
        using (var followers = DeskFollowers.Of(data, run, stores, time, log.StoreChanged))
        using (journal)
        {
            ImmutableArray<VenueOrders?> paths =
                [.. start.Instruments.All.Select(i => links.FirstOrDefault(link => link.Connection.Name == i.Venue)?.Orders)];
            var sink = new LiveOrderSink(paths, latency, watch, start.Orders);
            ImmutableArray<DeskVenue> venues =
            [
                .. links.Select(link => new DeskVenue(link.Rest, link.Orders, link.Connection.Feed(
                    link.Rest, link.Instruments, start.LastTradeId(link.Connection.Name, 3 * link.Connection.OrderPath.ReconcileEvery)))
                {
                    CancelPatience = link.Connection.CancelPatience,
                }),
            ];
            desk = new DeskRun(start, venues, journal.Writer, sink, CancellationToken.None, time);
            using var health = new RunHealth(data.Path, "venue", () => desk.Engine is { } engine
                ? watch.Pulse(engine, followers.Statuses) : RunPulse.Starting(Timestamp.From(time.GetUtcNow())), time, log.HealthChanged);
            using var over = new RunDuration(options.Duration, time, stop);
            ended = await desk.TradeAsync(Beside(client, markets, references, data.Path, desk), over.Token);
            totals = watch.Totals(ended.Reached);
            facts =
            [
                new("venue", "venue", addresses),
                .. references.Select(rate => new RunFact($"rateOf{rate.Asset}", $"rate of {rate.Asset}", rate.Instrument.Name)),
                new("leftoversCancelled", "orders of earlier runs, cancelled", leftovers),
                .. Recovery(start, ended), .. watch.Facts(totals), .. latency.Facts(), new("journal", "journal", run.Journal),
                new("archive", "archive", data.ArchiveFile),
            ];
        }

        if (ended.Fault is { } fault) log.Failed(fault);
        log.Ended(totals);
        if (options.IsJson) terminal.Output.WriteLine(RunSummaryView.ToJson(totals, facts));
        else RunSummaryView.Write(terminal.Screen, totals, facts);
        if (!ended.IsClean)
        {
            var quoted = string.Join(", ", links.Select(l => l.Connection.Address));
            terminal.Error.WriteLine(
                $"not confirmed within {links.Max(l => l.Connection.CancelPatience).TotalSeconds} s that no order of ours is open at {quoted}: look there");
        }

        if (ended.Fault is not null) terminal.Error.WriteLine($"ended by a fault: {ended.Fault.Message}; the log has the whole of it");
        if (journal.Failure is { } failure) terminal.Error.WriteLine($"the journal lacks the end of the run: {failure}");
        return ended.Fault is not null ? ExitCodes.Fault : ended.IsClean && journal.Failure is null ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    /// <summary>All markets, with their places in the catalogue: venues as they were given.</summary>
    private async Task<ImmutableArray<ListedMarket>> MarketsAsync(HttpClient client, CancellationToken stop)
    {
        var markets = ImmutableArray.CreateBuilder<ListedMarket>();
        foreach (var connection in connections)
            foreach (var market in await connection.ListAsync(client, stop))
                markets.Add(market with { Instrument = market.Instrument with { Id = new(markets.Count) } });
        if (markets.Select(m => m.Instrument.BaseAsset).Distinct().ToArray() is not [_])
        {
            throw new BadInputException($"the markets are {string.Join(", ", markets.Select(m => $"{m.Instrument.Name} of {m.Instrument.BaseAsset}"))}: "
                + "expected markets of one asset, which share one inventory");
        }

        return markets.ToImmutable();
    }

    /// <summary>The markets that rates come from, all that are needed and no other.</summary>
    private async Task<ImmutableArray<RateMarket>> ReferencesAsync(
        HttpClient client, ImmutableArray<ListedMarket> markets, QuotingParameters configured, CancellationToken stop)
    {
        var found = ImmutableArray.CreateBuilder<RateMarket>();
        foreach (var rate in rates) found.Add(await rate.FindAsync(client, stop));
        RateMarket.Require(found.ToImmutable(), new(markets.Select(m => m.Instrument)), configured.NumeraireAssets);
        return found.ToImmutable();
    }

    private static ImmutableArray<Instrument> Of(IConnection connection, ImmutableArray<ListedMarket> markets) =>
        [.. markets.Select(m => m.Instrument).Where(i => i.Venue == connection.Name)];

    /// <summary>
    /// What runs beside the feeds of the venues: market data of those that are priced from alone, reference rates, and what operators ask.
    /// </summary>
    private DeskFeed Beside(
        HttpClient client, ImmutableArray<ListedMarket> markets, ImmutableArray<RateMarket> references, string data, DeskRun desk)
    {
        // What the drift breaker counts for itself: a venue's balance, and each contract.
        string[] counted =
        [
            .. markets.Where(m => m.IsQuoted).Select(m => m.Instrument).Select(i => i.Kind == ContractKind.Spot ? i.Venue : i.Name).Distinct(),
        ];
        return async (write, cancellation) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task[] parts =
            [
                .. connections.OfType<IMarketConnection>().Select(c => c.Feed(client, Of(c, markets))(write, end.Token)),
                .. references.Select(rate => rate.Feed(client)(write, end.Token)),
                OperatorInbox.RunAsync(data, counted, (command, asked) => TakenAsync(desk, command, asked), time, end.Token),
            ];
            // One that fails is a defect, which ends the run: the others end with it.
            await Task.WhenAny(parts);
            await end.CancelAsync();
            await Task.WhenAll(parts);
        };
    }

    private static async Task TakenAsync(DeskRun desk, ControlMessage command, CancellationToken cancellation)
    {
        await desk.WriteAsync(new Input(command), cancellation);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await desk.AfterAllBeforeAsync(taken.SetResult, cancellation);
        await taken.Task.WaitAsync(cancellation);
    }

    /// <summary>Where the journal of these accounts ends, or what the accounts hold.</summary>
    private async Task<DeskStart> StartAsync(
        RunFolder run, QuotingParameters configured, ImmutableArray<ListedMarket> listed, IReadOnlyCollection<Link> links, CancellationToken stop)
    {
        var now = Timestamp.From(time.GetUtcNow());
        if (DeskStart.Recover(new SegmentJournalReader(run.Journal), run.Journal) is { } recovered)
            return DeskStart.Continued(recovered, [.. listed.Select(m => m.Instrument)], configured, recovered.Orders.Ids.Epoch + 1, now);
        var markets = ImmutableArray.CreateBuilder<QuotedMarket>();
        foreach (var connection in connections)
        {
            if (links.FirstOrDefault(link => link.Connection == connection) is { } link)
                markets.AddRange(await QuotedMarket.OfAccountAsync(link.Instruments, link.Rest, link.Connection.Address, stop));
            else
                markets.AddRange(Of(connection, listed).Select(instrument => new QuotedMarket(instrument, Held: 0, LastFill: null)));
        }

        return DeskStart.Opened(markets.ToImmutable(), configured, DeskStart.EpochWithoutJournal(now), now);
    }

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
    private async Task<int> SweepAsync(Link link, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(link.Connection.CancelPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            return await link.Orders.CancelAllOursAsync(OrderIdState.Fresh(DeskStart.Session, epoch: 0).Prefix, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new BadInputException(
                $"{link.Connection.Address} did not confirm that nothing of an earlier run is open: is the key right, and the venue up?");
        }
    }

    /// <summary>A venue whose key was taken.</summary>
    private sealed record Link(IVenueConnection Connection, ImmutableArray<Instrument> Instruments, IOrderVenue Rest, VenueOrders Orders);
}
