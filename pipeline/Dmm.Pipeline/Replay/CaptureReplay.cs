using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Simulation;
using Dmm.Sinks.Journal;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Replay;

/// <summary>
/// Recorded frames through the whole topology, whose orders trade against what was recorded. Each input is stamped at the time it was received, so
/// that a
/// recording always gives the same decisions.
/// </summary>
/// <param name="selection">What to read.</param>
/// <param name="trading">How orders fare; null for shadow mode, in which none is sent and nothing is filled.</param>
/// <param name="log">Told of the run.</param>
internal sealed class CaptureReplay(CaptureSelection selection, CaptureTrading? trading, RunLog log)
{
    private const int InputsPerProgress = 2_048;

    /// <summary>Replays everything once.</summary>
    /// <param name="outputDirectory">Gets the journal and a picture; null for neither.</param>
    /// <param name="progress">Told now and then which share of the files is read.</param>
    /// <exception cref="BadInputException">The folder holds a journal already, or cannot be written.</exception>
    public RunSummary Run(string? outputDirectory, Action<double> progress)
    {
        var instruments = selection.Instruments;
        var parameters = Configurations.Parameters(instruments);
        var mode = trading is null ? TradingMode.Shadow : TradingMode.Paper;
        var identity = Configurations.Identity(parameters, mode);
        log.Started("replay", selection.Groups.SelectMany(g => g.Files), instruments.All.Select(i => i.Name),
            identity.CodeVersion, identity.Platform, identity.ConfigurationHash);
        var directory = outputDirectory is null ? null : Path.GetFullPath(outputDirectory);
        var series = directory is null ? null : new ReplaySeries(instruments);
        var tally = new TradingTally(instruments, parameters);
        using var journal = OpenJournal(directory);
        using var observer = new ReplayObserver(instruments, series, log, tally);
        using var reading = new CaptureReading(selection);
        var start = EngineStart.Fresh(selection.FirstReceiveTime - Timestamp.Unit, Configurations.Topology(instruments, parameters, mode));
        var simulation = trading is null ? null : new CaptureSimulation(instruments, parameters, trading, start.At, observer);
        var watch = Stopwatch.StartNew();
        using var engine = new JournaledEngine(
            p => Configurations.Topology(instruments, p, mode), instruments, parameters, start, identity, journal, simulation?.Sink ?? observer);
        simulation?.Drive(engine);
        var counts = Drive(engine, simulation, reading, progress);
        var end = engine.Capture();
        engine.Close();
        watch.Stop();

        var books = Books(end.States, observer);
        var summary = new RunSummary(tally.Sum(simulation?.Venues ?? []))
        {
            Frames = reading.Frames, Rejected = counts.Rejected, Inputs = counts.Inputs, BookEvents = counts.BookEvents,
            OracleChecked = books.Sum(b => b.OracleChecked), OracleMatched = books.Sum(b => b.OracleMatched),
            Gaps = books.Sum(b => b.Gaps), Resyncs = books.Sum(b => b.Resyncs),
            Decisions = observer.Digest.Count, Quotes = observer.Quotes, OrderIntents = observer.OrderIntents,
            OrderIntentsReplacing = observer.OrderIntentsReplacing,
            BreakerChanges = observer.BreakerChanges, StateChanges = observer.StateChanges, Alerts = observer.Alerts,
            DecisionsSha256 = observer.Digest.Current(), From = selection.FirstReceiveTime, To = end.At,
            Seconds = Math.Round(watch.Elapsed.TotalSeconds, 3), FramesPerSecond = Math.Round(reading.Frames / watch.Elapsed.TotalSeconds),
            Books = books, Journal = directory is null ? null : JournalIn(directory),
            Plot = series is null ? null : ReplayPlot.Save(series, Path.Combine(directory!, "quotes.png")),
        };
        log.Ended(summary);
        return summary;
    }

    private (long Inputs, long BookEvents, long Rejected) Drive(
        JournaledEngine engine, CaptureSimulation? simulation, CaptureReading reading, Action<double> progress)
    {
        var (inputs, bookEvents, rejections) = (0L, 0L, 0L);
        var last = selection.FirstReceiveTime;
        while (reading.Inputs.TryRead(out var input, out var receiveTime))
        {
            if (inputs++ % InputsPerProgress == 0) progress(reading.Share);
            if (input.Kind == InputKind.Book) bookEvents++;
            var stamp = simulation?.Take(receiveTime, input) ?? engine.Take(receiveTime, input);
            last = receiveTime;
            if (input.Kind != InputKind.Control || input.Control is not Rejected rejected) continue;
            rejections++;
            log.Rejected(stamp.At, rejected);
        }

        // What the last frame filled is told too.
        simulation?.RunTo(last);
        progress(1);
        return (inputs, bookEvents, rejections);
    }

    private static string JournalIn(string directory) => Path.Combine(directory, "journal");

    private static IJournalWriter OpenJournal(string? directory)
    {
        if (directory is null) return new UnrecordedJournal();
        var path = JournalIn(directory);
        if (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.jsonl").Any())
            throw new BadInputException($"{path} holds a journal already: name another --out, or remove it");
        try
        {
            Directory.CreateDirectory(path);
            return SegmentJournalWriter.Open(new SegmentJournalOptions { Directory = path });
        }
        catch (JournalException unwritable)
        {
            throw new BadInputException(unwritable.Message);
        }
    }

    private ImmutableArray<BookSummary> Books(ReadOnlyMemory<byte> states, ReplayObserver observer)
    {
        using var document = JsonDocument.Parse(states);
        return [.. selection.Instruments.All.Select(instrument =>
        {
            var book = document.RootElement.GetProperty($"books {instrument.Name}").Deserialize<OrderBookState>()!;
            var oracle = document.RootElement.GetProperty($"book-checks {instrument.Name}").Deserialize<BookOracleState>()!;
            return new BookSummary
            {
                Instrument = instrument.Name, Status = book.Status,
                InvalidSince = book.Status == BookStatus.Valid ? null : observer.HaltedSince(instrument),
                OracleChecked = oracle.Checked, OracleMatched = oracle.Matched,
                Gaps = book.Counters.Gaps, Resyncs = book.Counters.Resyncs,
                ChecksumMismatches = book.Counters.ChecksumMismatches, Crossings = book.Counters.Crossings,
            };
        })];
    }
}
