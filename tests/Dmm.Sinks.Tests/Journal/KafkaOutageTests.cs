using System.Diagnostics;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>Brokers that go away under a journal with a spool: writing goes on, and in the end the topics have all of it, in order.</summary>
public sealed class KafkaOutageTests : IClassFixture<KafkaCluster>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DMM_SOAK") == "1" ? 60 : 2);

    private readonly KafkaCluster _kafka;
    private readonly KafkaJournalTopics _topics;
    private readonly JournalFolder _folder = new();
    private readonly List<string> _written = [];
    private readonly List<JournalPathStatus> _told = [];
    private TimeSpan _longest;

    public KafkaOutageTests(KafkaCluster kafka)
    {
        kafka.SkipUnlessBreakable();
        (_kafka, _topics) = (kafka, new KafkaJournals(kafka).Next());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BrokersDown_AppendingGoesOn_AndTheTopicsHaveAllOfItInOrder()
    {
        using var journal = await Open(epoch: 1, "spool");
        Begin(journal);
        await Append(journal, TimeSpan.FromMilliseconds(200));
        await _kafka.Down();
        await Append(journal, Outage);
        journal.Status.Path.ShouldBe(JournalPath.Spool);
        ShouldBeReadThroughTheSpool();
        await _kafka.Up();
        await AppendUntilBack(journal);
        ShouldBeInTheTopics();
        TestContext.Current.TestOutputHelper!.WriteLine($"{_written.Count} records, longest flush {_longest.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task BrokersHang_AppendingGoesOn_AndTheTopicsHaveAllOfItInOrder()
    {
        using var journal = await Open(epoch: 1, "spool");
        Begin(journal);
        await Append(journal, TimeSpan.FromMilliseconds(200));
        // Connections stay, and nothing is answered until long after.
        await _kafka.SetRoundTrip((int)Outage.TotalMilliseconds + 1_000);
        await Append(journal, Outage);
        journal.Status.Path.ShouldBe(JournalPath.Spool);
        journal.Status.Reason.ShouldContain("not acknowledged in time");
        await _kafka.SetRoundTrip(0);

        await AppendUntilBack(journal);
        ShouldBeInTheTopics();
        _told.Select(status => status.Path).Distinct().ShouldBe([JournalPath.Spool, JournalPath.Primary]);
        TestContext.Current.TestOutputHelper!.WriteLine($"{_written.Count} records, longest flush {_longest.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task KilledWhileTheBrokersAreDown_TheNextProcessForwardsTheSpool_AndLateMessagesOfTheOldOneChangeNothing()
    {
        // It is not ended: what its client still has under way arrives when the brokers are back.
        var killed = await Open(epoch: 1, "spool");
        Begin(killed);
        await Append(killed, TimeSpan.FromMilliseconds(100));
        await _kafka.Down();
        await Append(killed, TimeSpan.FromSeconds(1));
        var position = killed.Position;
        Directory.CreateDirectory(Path.Combine(_folder.Path, "left"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder.Path, "spool"), "*.jsonl"))
            File.Copy(file, Path.Combine(_folder.Path, "left", Path.GetFileName(file)));
        await _kafka.Up();

        using (var next = await Open(epoch: 2, "left"))
        {
            next.Position.ShouldBe(position);
            next.Status.Path.ShouldBe(JournalPath.Primary);
            Begin(next);
            await Append(next, TimeSpan.FromMilliseconds(200));
        }

        ShouldBeInTheTopics();
        Should.Throw<JournalException>(killed.Dispose).Fault.ShouldBe(JournalFault.Locked);
        ShouldBeInTheTopics();
    }

    private Task<SpoolingJournal> Open(long epoch, string spool) => SpoolingJournal.OpenAsync(new()
    {
        OpenPrimary = () => Task.Run<IResumableJournal>(() => KafkaJournals.Open(_topics, epoch, $"process{epoch}", TimeSpan.FromMilliseconds(300))),
        Spool = new() { Directory = Path.Combine(_folder.Path, spool) },
        ReadSpool = directory => new SegmentJournalReader(directory),
        OnStatus = _told.Add,
        Time = TimeProvider.System,
    });

    private void Begin(SpoolingJournal journal)
    {
        KafkaFenceTests.Begin(journal);
        _written.Add($"run {journal.Position.Run}");
        journal.Flush();
    }

    /// <summary>A market's pace: one input each 10 ms.</summary>
    private async Task Append(SpoolingJournal journal, TimeSpan span)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < span && await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken)) Append(journal);
    }

    private async Task AppendUntilBack(SpoolingJournal journal)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var deadline = new CancellationTokenSource(Patience);
        while (journal.Status.Path != JournalPath.Primary && await pace.WaitForNextTickAsync(deadline.Token)) Append(journal);
        Append(journal);
    }

    private void Append(SpoolingJournal journal)
    {
        KafkaFenceTests.Append(journal, 1);
        _written.Add($"{journal.Position.Sequence}");
        var started = Stopwatch.GetTimestamp();
        journal.Flush();
        if (Stopwatch.GetElapsedTime(started) is var took && took > _longest) _longest = took;
    }

    private void ShouldBeReadThroughTheSpool()
    {
        // The journal cannot be read: from where the spool begins on, nobody needs it.
        using var journal = new KafkaJournalReader(_topics);
        var spool = Path.Combine(_folder.Path, "spool");
        var reader = new SpooledJournalReader(journal, spool);
        var first = new SegmentJournalReader(spool).Runs().Single().NextSequence;
        reader.InputsFrom(first).Select(KafkaFenceTests.Number).ShouldBe(_written.SkipWhile(text => text != $"{first}"));
        reader.DecisionsFrom(first).Select(decision => $"{decision.Number}").ShouldBe(_written.SkipWhile(text => text != $"{first}"));
        Should.Throw<JournalException>(() => reader.InputsFrom(0).Count()).Fault.ShouldBe(JournalFault.Unwritable);
    }

    private void ShouldBeInTheTopics()
    {
        using var reader = new KafkaJournalReader(_topics);
        reader.InputsFrom(0).Select(KafkaFenceTests.Number).ShouldBe(_written);
        reader.DecisionsFrom(1).Select(decision => $"{decision.Number}")
            .ShouldBe(_written.Where(text => !text.StartsWith("run", StringComparison.Ordinal)));
    }
}
