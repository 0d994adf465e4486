using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Tests.Archive;
using Dmm.Sinks.Following;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Sinks.Tests.Following;

/// <summary>Archiving beside the trading, on virtual time.</summary>
public sealed class FollowLoopTests : IDisposable
{
    private readonly TestScheduler _clock = new();
    private readonly StoryJournal _story = new();
    private readonly StoryJournal _before = new("0000-earlier", 0);
    private readonly SqliteStore _store = new();
    private readonly SqliteArchive _archive;
    private readonly List<FollowStatus> _told = [];

    public FollowLoopTests() => _archive = _store.Open();

    public void Dispose()
    {
        _archive.Dispose();
        _store.Dispose();
        _story.Dispose();
        _before.Dispose();
    }

    [Fact]
    public void EverySecond_TheArchiveIsUpWithTheJournal()
    {
        using var loop = NewLoop();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Pnl(1)).Flush();
        _clock.AdvanceBy(TimeSpan.FromSeconds(1).Ticks - 1);
        Fills().ShouldBeEmpty();
        _clock.AdvanceBy(1);
        Fills().ShouldBe(["t1"]);
        _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Decide(StoryJournal.Pnl(1)).Flush();
        _clock.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);
        Fills().ShouldBe(["t1", "t2"]);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void Disposal_TakesTheRest()
    {
        var loop = NewLoop();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Close();
        loop.Dispose();
        loop.Dispose();
        Fills().ShouldBe(["t1"]);
        _clock.AdvanceBy(TimeSpan.FromSeconds(5).Ticks);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void FullDisk_IsToldOnceAndAgainWhenThereIsRoom()
    {
        using var loop = NewLoop();
        _archive.LimitPages(1);
        _story.Run();
        for (var i = 0; i < 500; i++) _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1));
        _story.Decide(StoryJournal.Pnl(1)).Flush();
        _clock.AdvanceBy(TimeSpan.FromSeconds(3).Ticks);
        _told.ShouldBe([new(false, $"{_store.Path}: the archive cannot be written: the disk is full")]);
        loop.Status.ShouldBe(_told[0]);
        _archive.LimitPages(null);
        _clock.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);
        _told[1..].ShouldBe([new(true, "the archive works again: 0001-demo is taken up to input 500")]);
        Fills().Count.ShouldBe(500);
    }

    [Fact]
    public void EarlierJournals_AreTakenFirst()
    {
        _before.Run().Hear(StoryJournal.Fill("t0", "a0", 1)).Close();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Pnl(1)).Flush();
        using var loop = NewLoop(_before.Follow(_archive));
        _clock.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);
        _store.Rows("SELECT trade_id, journal FROM fills ORDER BY trade_id").ShouldBe(["t0|0000-earlier", "t1|0001-demo"]);
        _store.Rows("SELECT journal FROM audit ORDER BY number").ShouldBe(["0000-earlier", "0001-demo"]);
    }

    [Fact]
    public void EarlierJournalThatIsDamaged_IsLeftOutAndTheRestIsTaken()
    {
        _before.Run().Hear(StoryJournal.Fill("t0", "a0", 1)).Hear(StoryJournal.Fill("t1", "a0", 1)).Close();
        var file = Directory.GetFiles(_before.Path, "inputs-*")[0];
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"t0\"", "\"t9\"", StringComparison.Ordinal));
        _story.Run().Hear(StoryJournal.Fill("t2", "a1", 1)).Decide(StoryJournal.Pnl(1)).Flush();
        using var loop = NewLoop(_before.Follow(_archive));
        _clock.AdvanceBy(TimeSpan.FromSeconds(3).Ticks);
        var told = _told.ShouldHaveSingleItem();
        told.IsWorking.ShouldBeFalse();
        told.Detail.ShouldStartWith($"0000-earlier is left out of the archive until the next start: {file}:2: ");
        Fills().ShouldBe(["t2"]);
    }

    [Fact]
    public void CurrentJournalThatIsDamaged_IsToldAndRetried()
    {
        _story.Run().Hear(StoryJournal.Fill("t0", "a0", 1)).Hear(StoryJournal.Fill("t1", "a0", 1)).Decide(StoryJournal.Pnl(1)).Flush();
        var file = Directory.GetFiles(_story.Path, "inputs-*")[0];
        var whole = File.ReadAllText(file);
        File.WriteAllText(file, whole.Replace("\"t0\"", "\"t9\"", StringComparison.Ordinal));
        using var loop = NewLoop();
        _clock.AdvanceBy(TimeSpan.FromSeconds(2).Ticks);
        _told.ShouldHaveSingleItem().Detail.ShouldStartWith($"{file}:2: ");
        File.WriteAllText(file, whole);
        _clock.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);
        _told.Count.ShouldBe(2);
        Fills().ShouldBe(["t0", "t1"]);
    }

    private FollowLoop NewLoop(params JournalFollower[] earlier) =>
        new("the archive", earlier, _story.Follow(_archive), new SchedulerTimeProvider(_clock), _told.Add);

    private IReadOnlyList<string> Fills() => _store.Rows("SELECT trade_id FROM fills ORDER BY trade_id");
}
