using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Sinks.Journal;
using Dmm.Testing;
using Dmm.Topology.Tests.Engine;
using Microsoft.Reactive.Testing;

namespace Dmm.Pipeline.Tests.Running;

/// <summary>The archive over the runs of a data folder.</summary>
public sealed class DeskFollowersTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly TestScheduler _clock = new();
    private readonly List<StoreStatus> _told = [];
    private readonly DataFolder _data;

    public DeskFollowersTests() => _data = DataFolder.Open(_scratch["data"]);

    public void Dispose()
    {
        _data.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void RunsThatNobodyArchived_AreTakenWithTheNextOne()
    {
        Write(_data.BeginRun("demo", null), "one");
        Write(_data.BeginRun("demo", null), "two");
        var run = _data.BeginRun("demo", null);
        using (DeskFollowers.Of(_data, run, StoreAccess.Embedded, new SchedulerTimeProvider(_clock), _told.Add)) Write(run, "three");
        using var archive = SqliteArchive.Open(_data.ArchiveFile);
        _data.Runs.Select(r => archive.Position(new(r.Name, r.Number, r.Ledger))).ShouldBe([new(1, 1, 1), new(1, 1, 1), new(1, 1, 1)]);
        // A run's start and an alert, three times.
        archive.VerifyAudit().Rows.ShouldBe(6);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void ArchiveOfAnotherVersion_IsBadInput()
    {
        File.WriteAllText(_data.ArchiveFile, "not ours");
        var run = _data.BeginRun("demo", null);
        Should.Throw<BadInputException>(() => DeskFollowers.Of(_data, run, StoreAccess.Embedded, new SchedulerTimeProvider(_clock), _told.Add)).Message
            .ShouldBe($"{_data.ArchiveFile} is not an SQLite database: move it away, or name another folder; it was not touched");
    }

    private static void Write(RunFolder run, string alert)
    {
        using var writer = SegmentJournalWriter.Open(new SegmentJournalOptions { Directory = run.Journal });
        writer.BeginRun(Header(JournaledRun.Start));
        writer.Append(new Stamp(1, JournaledRun.Start + Timestamp.Unit), new Input(JournaledRun.Rate()), InputOrigin.Outside);
        writer.Append(new Decision(1, new(1, null, JournaledRun.Start + Timestamp.Unit), new Alert(AlertLevel.Warning, "test", alert)));
    }

    private static RunHeader Header(Timestamp at) => new()
    {
        Run = 1, StartedAt = at, NextSequence = 1, NextDecision = 1, CodeVersion = "1", Platform = "test", ConfigurationHash = "0", Mode = TradingMode.Live,
        Instruments = JournaledRun.Instruments, Parameters = JournaledRun.Parameters, State = "{}"u8.ToArray(),
    };
}
