using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
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

    /// <param name="path">File to append to; null for <see cref="DefaultPath"/>.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static RunLog Open(string? path)
    {
        var file = Path.GetFullPath(path ?? DefaultPath);
        var rolling = path is null ? RollingInterval.Day : RollingInterval.Infinite;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // The sink itself would fall silent.
            if (path is not null) File.Open(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite).Dispose();
            return new(new LoggerConfiguration().WriteTo.File(new CompactJsonFormatter(), file, rollingInterval: rolling, shared: true)
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

    public void Dispose() => _logger.Dispose();
}
