using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Screen;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Following;
using Dmm.Wire.Bus;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Compact;

namespace Dmm.Pipeline.Replay;

/// <summary>
/// The log of a run as lines of compact JSON: start, end, refused messages, breakers, trading states. Wall-clock time is the line's own; the
/// engine's is <c>EngineTime</c>. Raw frames, keys and the environment are never in it.
/// </summary>
internal sealed class RunLog : IDisposable
{
    /// <summary>A file a day, the date before the extension.</summary>
    public const string DefaultPath = "data/logs/dmm-.log";

    // A recording of another symbol is refused frame by frame; the rest is told as a count.
    private const int RejectedLoggedMax = 100;

    private readonly Logger _logger;
    private long _rejected;

    private RunLog(Logger logger) => _logger = logger;

    /// <param name="path">File to append to; null for the rolling one.</param>
    /// <param name="rolling">A file a day, the date before the extension.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static RunLog Open(string? path, string rolling = DefaultPath)
    {
        var file = Path.GetFullPath(path ?? rolling);
        var interval = path is null ? RollingInterval.Day : RollingInterval.Infinite;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // The sink itself would fall silent.
            if (path is not null) File.Open(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();
            return new(new LoggerConfiguration().WriteTo.File(new CompactJsonFormatter(), file, rollingInterval: interval, shared: true)
                .CreateLogger());
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"the log {file} cannot be written: {unwritable.Message}");
        }
    }

    public void Started(string command, IEnumerable<string> captures, IEnumerable<string> instruments, string codeVersion, string platform,
        string configurationHash) =>
        _logger.Information(
            "{Command} of {Captures} as {Instruments} started: code {CodeVersion}, platform {Platform}, configuration {ConfigurationHash}",
            command, captures, instruments, codeVersion, platform, configurationHash);

    public void Ended(RunSummary summary) => _logger.Information(
        "Replay ended: {Frames} frames, {Rejected} rejected, {Decisions} decisions {DecisionsSha256}, "
            + "oracle {OracleMatched} of {OracleChecked}, {Gaps} gaps, {Seconds} s",
        summary.Frames, summary.Rejected, summary.Decisions, summary.DecisionsSha256, summary.OracleMatched, summary.OracleChecked, summary.Gaps,
            summary.Seconds);

    public void Failed(Exception fault) => _logger.Fatal(fault, "Replay ended by a fault");

    public void Rejected(Timestamp at, Rejected rejected)
    {
        _rejected++;
        if (_rejected <= RejectedLoggedMax) _logger.Warning("{Venue} message refused at {EngineTime}: {Reason}", rejected.Venue, at.ToString(),
            rejected.Reason);
        else if (_rejected == RejectedLoggedMax + 1) _logger.Warning("More messages are refused; the end of the run tells how many");
    }

    public void BreakerChanged(Timestamp at, BreakerState breaker) => _logger.Information(
        "Breaker {Kind} of {Subject} demands {Demand} at {EngineTime}: {Reason}", breaker.Kind, breaker.Subject, breaker.Demand, at.ToString(),
            breaker.Reason);

    public void StateChanged(Timestamp at, TradingStateChange change) => _logger.Information(
        "Trading state {From} to {To} at {EngineTime}: {Reason}", change.From, change.To, at.ToString(), change.Reason);

    /// <summary>The life of an order under its client order id, which is the correlation id of all its lines; and what people did.</summary>
    public void Decided(in Decision decision)
    {
        switch (decision.Body)
        {
            case OrderIntent order:
                _logger.Information("Order {CorrelationId}: {Kind} {Side} {SizeLots} lots at {PriceTicks} ticks, decision {Decision} at {EngineTime}",
                    order.ClientOrderId, order.Kind, order.Side, order.SizeLots, order.PriceTicks, decision.Number, decision.Cause.At.ToString());
                break;
            case BreakerState breaker:
                BreakerChanged(decision.Cause.At, breaker);
                break;
            case TradingStateChange change:
                StateChanged(decision.Cause.At, change);
                break;
            case Alert alert:
                _logger.Warning("Alert {Level} on {Subject} at {EngineTime}: {Text}",
                    alert.Level, alert.Subject, decision.Cause.At.ToString(), alert.Text);
                break;
        }
    }

    /// <inheritdoc cref="Decided"/>
    public void Heard(Timestamp at, ControlMessage message)
    {
        switch (message)
        {
            case OrderUpdate update:
                _logger.Information("Order {CorrelationId}: {Status}, {RemainingLots} lots left at {EngineTime} {Reason}",
                    update.ClientOrderId, update.Status, update.RemainingLots, at.ToString(), update.Reason);
                break;
            case Fill fill:
                _logger.Information(
                    "Order {CorrelationId}: filled {Side} {Quantity} at {Price}, fee {Fee} {FeeAsset}, trade {TradeId} at {EngineTime}",
                    fill.ClientOrderId, fill.Side, fill.Quantity, fill.Price, fill.Fee, fill.FeeAsset, fill.TradeId, at.ToString());
                break;
            case OperatorCommand command:
                _logger.Information("{Operator} ordered {Action} at {EngineTime}: {Reason}",
                    command.Operator, command.Action, at.ToString(), command.Reason);
                break;
            case CountAcceptance acceptance:
                _logger.Information("{Operator} accepted the count of {Subject} at {EngineTime}: {Reason}",
                    acceptance.Operator, acceptance.Subject, at.ToString(), acceptance.Reason);
                break;
            case FeedStatus feed:
                _logger.Information("Feed of {Venue} is {State} at {EngineTime}: {Detail}", feed.Venue, feed.State, at.ToString(), feed.Detail);
                break;
            case Rejected rejected:
                Rejected(at, rejected);
                break;
        }
    }

    public void StoreChanged(StoreStatus store)
    {
        if (store.Status.IsWorking) _logger.Information("{Store} works again: {Detail}", store.Store, store.Status.Detail);
        else _logger.Error("{Store} does not work, the journal keeps everything meanwhile: {Detail}", store.Store, store.Status.Detail);
    }

    /// <param name="doing">What the brokers are used for.</param>
    /// <param name="status">Whether they are there.</param>
    public void BusChanged(string doing, BusStatus status)
    {
        if (status.IsUp) _logger.Information("Kafka is there for {Doing}", doing);
        else _logger.Error("Kafka is away for {Doing}: {Detail}", doing, status.Detail);
    }

    /// <param name="records">Published and not taken yet.</param>
    /// <param name="pauses">How often fetching was paused.</param>
    public void BusBehind(long records, long pauses) => _logger.Warning(
        "Reading is {Records} records behind, fetching was paused {Pauses} times", records, pauses);

    /// <param name="partitions">Let go by this process.</param>
    /// <param name="reason">Why the brokers did not store how far it had got.</param>
    public void BusUncommitted(string partitions, string reason) => _logger.Warning(
        "How far {Partitions} was read is not stored, so that the next who reads it is given some of it once more: {Reason}", partitions, reason);

    /// <summary>An asset's journal was lost with its topics.</summary>
    public void JournalLost(string asset, string what) => _logger.Warning("{Asset}: {What}", asset, what);

    /// <summary>What a node does with an asset.</summary>
    public void Said(string asset, string what) => _logger.Information("{Asset}: {What}", asset, what);

    /// <param name="failure">Why the report on the run's health cannot be written; null when it can again.</param>
    public void HealthChanged(string? failure)
    {
        if (failure is null) _logger.Information("The report on this run's health is written again");
        else _logger.Error("The report on this run's health cannot be written, so that it will count as dead: {Detail}", failure);
    }

    public void Ended(RunTotals totals) => _logger.Information(
        "Run ended: {Events} events, {Decisions} decisions, {Fills} fills, order-flow profit {OrderFlowPnl} {Numeraire}",
        totals.Events, totals.Decisions, totals.Fills, totals.OrderFlowPnl, totals.Numeraire);

    public void Dispose()
    {
        try
        {
            _logger.Dispose();
        }
        catch (IOException)
        {
            // What a full disk did not take of the log is lost; the run's own result must not be lost with it.
        }
    }
}
