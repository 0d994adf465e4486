using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Dmm.Simulation;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Running;

/// <summary>
/// <c>dmm run</c> without a venue: the pipeline quotes on a simulated order book and a simulated pool, in this process. The market begins anew with
/// each run, so that equal options give equal decisions.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="stores">Servers that follow the journal.</param>
/// <param name="terminal">Where results go.</param>
/// <param name="time">The wall clock.</param>
internal sealed class DemoRun(RunOptions options, StoreAccess stores, Terminal terminal, TimeProvider time)
{
    // Latency both ways is below a tenth of a second, a swap on the pool takes some blocks.
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs until the duration is over or <paramref name="stop"/> is asked for, then cancels all orders, closes the journal and says what came of
    /// it.
    /// </summary>
    /// <exception cref="BadInputException">The data folder or the log cannot be used.</exception>
    /// <exception cref="EngineFaultException">The pipeline has a defect; the log has it all.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var data = DataFolder.Open(options.Data);
        using var log = RunLog.Open(options.Log, data.LogFile);
        var settings = new SimulatedDeskSettings { Seed = options.Seed, Scenario = options.Scenario };
        var instruments = SimulatedDesk.InstrumentsOf(options.Scenario);
        var run = data.BeginRun(FormattableString.Invariant($"{options.Scenario.Name}-seed{options.Seed}"), ledger: null);
        var identity = Configurations.Identity(settings.Parameters, TradingMode.Live);
        log.Started($"run {run.Name}", [], instruments.All.Select(i => i.Name), identity.CodeVersion, identity.Platform, identity.ConfigurationHash);
        RunTotals totals;
        RunFact[] facts;
        int left;
        using var journal = new RunJournalFile(run);
        await using (var watch = new RunWatch(
            options, instruments, settings.Parameters, new(options.Scenario.Name, options.SpeedText), DeskOpening.Fresh(settings.Start), terminal, log, time))
        using (var followers = DeskFollowers.Of(data, run, stores, time, log.StoreChanged))
        using (journal)
        using (var desk = new SimulatedDesk(settings, identity, journal.Writer, watch))
        using (new RunHealth(data.Path, "demo", () => watch.Pulse(desk.Engine, followers.Statuses), time, log.HealthChanged))
        {
            await TradeAsync(desk, settings, watch, stop);
            left = desk.StopQuoting(stop.IsCancellationRequested ? "stopped by the operator" : "the duration is over", StopPatience);
            watch.Show(desk.Now);
            desk.Engine.Close();
            totals = watch.Totals(desk.Now);
            facts =
            [
                new("scenario", "scenario", options.Scenario.Name), new("seed", "seed", options.Seed), new("speed", "speed", options.SpeedText),
                .. watch.Facts(totals), new("journal", "journal", run.Journal), new("archive", "archive", data.ArchiveFile),
            ];
        }

        log.Ended(totals);
        if (options.IsJson) terminal.Output.WriteLine(RunSummaryView.ToJson(totals, facts));
        else RunSummaryView.Write(terminal.Screen, totals, facts);
        if (left > 0) terminal.Error.WriteLine($"{left} orders could not be cancelled within {StopPatience.TotalSeconds} s");
        if (journal.Failure is { } failure) terminal.Error.WriteLine($"the journal lacks the end of the run: {failure}");
        return left == 0 && journal.Failure is null ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private async Task TradeAsync(SimulatedDesk desk, SimulatedDeskSettings settings, RunWatch watch, CancellationToken stop)
    {
        // The minutes before the opening, in which the volatility warms up, take no time.
        desk.Driver.RunTo(settings.Opening);
        await new PacedSimulation(desk.Driver, time, options.Speed).RunAsync(settings.Opening, settings.Opening + options.Duration, watch.Show, stop);
    }
}
