using CsCheck;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>A journal that fails, and comes back: no record that was flushed is lost, doubled or moved.</summary>
public sealed class SpoolingJournalTests : IDisposable
{
    private readonly SpoolRig _rig = new();
    private readonly List<string> _inputs = [];
    private readonly List<long> _decisions = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void JournalAway_RecordsAreSpooled_AndForwardedInOrderWhenItIsBack()
    {
        using var journal = _rig.Open();
        Begin(journal);
        Append(journal, 3);
        _rig.Broker.IsAway = true;
        Append(journal, 5);
        journal.Status.ShouldBe(new(JournalPath.Spool, "broker: away"));
        _rig.Broker.Log.Position.Sequence.ShouldBe(3);
        ShouldBeReadWhole();

        _rig.Broker.IsAway = false;
        Append(journal, 1);
        journal.Status.Path.ShouldBe(JournalPath.Spool, "a second has not gone by");
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Append(journal, 1);
        journal.Status.ShouldBe(new(JournalPath.Primary, ""));
        Append(journal, 2);
        _rig.Broker.Log.Position.ShouldBe(journal.Position);
        Directory.Exists(_rig.SpoolDirectory).ShouldBeFalse();
        ShouldBeReadWhole();
        _rig.Told.Select(status => status.Path).ShouldBe([JournalPath.Spool, JournalPath.Primary]);
    }

    [Fact]
    public void LongSpool_IsForwardedInSlices_AndWhatIsNewComesBehindIt()
    {
        using var journal = _rig.Open();
        Begin(journal);
        _rig.Broker.IsAway = true;
        Append(journal, 1);
        Append(journal, 2_500, flushEach: false);
        _rig.Broker.IsAway = false;
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Append(journal, 1);
        var (behind, given) = (journal.Position, _rig.Broker.Log.Position);
        journal.Waiting.ShouldBe(new(behind.Sequence - given.Sequence + behind.Decision - given.Decision, given.ReachedAt));
        journal.Waiting.Records.ShouldBeGreaterThan(1_000);
        journal.Status.Path.ShouldBe(JournalPath.Spool);
        ShouldBeReadWhole();
        for (var calls = 0; calls < 4; calls++) Append(journal, 1);
        journal.Status.Path.ShouldBe(JournalPath.Primary);
        journal.Waiting.ShouldBe(default);
        ShouldBeReadWhole();
    }

    [Fact]
    public void KilledWhileTheJournalIsAway_TheNextProcessForwardsTheSpoolFirst()
    {
        var killed = _rig.Open();
        Begin(killed);
        Append(killed, 3);
        var flushed = killed.Position;
        (_rig.Broker.IsAway, _rig.Broker.Slips) = (true, 2);
        Append(killed, 4, flushEach: false);
        var position = killed.Position;
        _rig.Crash();

        // Away still: the spool says how far the journal reaches.
        var second = _rig.Open();
        second.Position.ShouldBe(position);
        Begin(second);
        Append(second, 2);
        var waiting = second.Position.Sequence - flushed.Sequence + second.Position.Decision - flushed.Decision;
        second.Waiting.ShouldBe(new(waiting, flushed.ReachedAt));
        ShouldBeReadWhole();
        _rig.Crash();

        _rig.Broker.IsAway = false;
        using var third = _rig.Open();
        third.Status.Path.ShouldBe(JournalPath.Primary);
        _rig.Broker.Log.Position.Sequence.ShouldBe(9);
        Begin(third);
        Append(third, 1);
        _rig.Broker.Log.Position.ShouldBe(third.Position);
        ShouldBeReadWhole();
    }

    [Fact]
    public async Task AwayAtTheStart_WithoutASpool_IsRefused()
    {
        _rig.Broker.IsAway = true;
        (await Should.ThrowAsync<JournalException>(_rig.OpenAsync())).Message.ShouldBe("broker: away");
    }

    [Fact]
    public void AwayAtTheStart_TheJournalIsOpenedWhenItIsBack_AndItsRunGoneOnWith()
    {
        var killed = _rig.Open();
        Begin(killed);
        Append(killed, 1);
        _rig.Broker.IsAway = true;
        Append(killed, 2);
        _rig.Crash();
        using var journal = _rig.Open();
        journal.Status.ShouldBe(new(JournalPath.Spool, "broker: away"));
        _rig.Broker.IsAway = false;
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Begin(journal);
        Append(journal, 1);
        journal.Status.Path.ShouldBe(JournalPath.Primary);
        ShouldBeReadWhole();
    }

    [Fact]
    public async Task SpoolOfAnOwnerThatTheJournalWentOnWithout_IsNotMixedIn()
    {
        var killed = _rig.Open();
        Begin(killed);
        Append(killed, 3);
        _rig.Broker.IsAway = true;
        Append(killed, 2);
        _rig.Crash();
        _rig.Broker.IsAway = false;
        // Another machine, with a spool of its own.
        _rig.Broker.Log.Append(new Stamp(4, killed.Position.ReachedAt), new Input(JournalSamples.Trade), InputOrigin.Outside);
        _rig.Broker.Log.Flush();
        var mixed = await Should.ThrowAsync<JournalException>(_rig.OpenAsync());
        mixed.Fault.ShouldBe(JournalFault.Disorder);
        mixed.Message.ShouldStartWith($"{_rig.SpoolDirectory}: the spool does not continue the journal, which ends with input 4 at ");
        _rig.Broker.Log.Position.Sequence.ShouldBe(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NeitherCanBeWritten_BothReasonsAreTold_AndTheFirstThatComesBackTakesAll(bool isJournalBackFirst)
    {
        using var journal = _rig.Open();
        Begin(journal);
        Append(journal, 2);
        (_rig.Broker.IsAway, _rig.Broker.Slips, _rig.IsDiskFull) = (true, 1, true);
        var neither = Should.Throw<JournalException>(() => Append(journal, 2, flushEach: false));
        neither.Fault.ShouldBe(JournalFault.Unwritable);
        neither.Message.ShouldStartWith("neither the journal (broker: away) nor the spool (");
        neither.Message.ShouldEndWith("cannot be written: No space left on device) can be written");
        journal.Status.ShouldBe(new(JournalPath.Neither, neither.Message));

        if (isJournalBackFirst) _rig.Broker.IsAway = false;
        else _rig.IsDiskFull = false;
        journal.Flush();
        journal.Status.Path.ShouldBe(isJournalBackFirst ? JournalPath.Primary : JournalPath.Spool);
        (_rig.IsDiskFull, _rig.Broker.IsAway) = (false, false);
        Append(journal, 1);
        ShouldBeReadWhole();
    }

    [Fact]
    public void DiskFullWhileSpooling_TheJournalTakesTheSpoolAndWhatIsHeld()
    {
        using var journal = _rig.Open();
        Begin(journal);
        _rig.Broker.IsAway = true;
        Append(journal, 3);
        _rig.IsDiskFull = true;
        Should.Throw<JournalException>(() => Append(journal, 2, flushEach: false)).Message.ShouldContain("No space left");
        _rig.Broker.IsAway = false;
        Begin(journal);
        Append(journal, 1);
        journal.Status.Path.ShouldBe(JournalPath.Primary);
        _rig.Broker.Log.Position.ShouldBe(journal.Position);
        ShouldBeReadWhole();
    }

    [Fact]
    public void AnyFaults_TheReaderGivesExactlyWhatWasFlushed() => Gen.Int[0, 9].Array[1, 80].Sample(steps =>
    {
        using var test = new SpoolingJournalTests();
        test.Suffer(steps);
    }, iter: 150, threads: 1);

    private void Suffer(int[] steps)
    {
        var journal = _rig.Open();
        Begin(journal);
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0:
                    (_rig.Broker.IsAway, _rig.Broker.Slips) = (true, steps.Length % 4);
                    break;
                case 1:
                    _rig.Broker.IsAway = false;
                    break;
                case 2:
                    _rig.Time.Advance(TimeSpan.FromSeconds(1));
                    break;
                case 3:
                    _rig.IsDiskFull = !_rig.IsDiskFull;
                    break;
                case 4 when journal.Status.Path != JournalPath.Neither:
                    _rig.Crash();
                    _rig.Broker.IsAway &= _rig.HasSpool;
                    _rig.IsDiskFull = false;
                    journal = _rig.Open();
                    Begin(journal);
                    break;
                case 5:
                    Try(() => Begin(journal));
                    break;
                default:
                    Try(() => Append(journal, step, flushEach: step == 9));
                    break;
            }
        }

        (_rig.Broker.IsAway, _rig.IsDiskFull) = (false, false);
        for (var calls = 0; calls < 3; calls++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            journal.Flush();
        }

        ShouldBeReadWhole();
        _rig.Broker.Log.Position.ShouldBe(journal.Position);
        journal.Status.Path.ShouldBe(JournalPath.Primary);
        journal.Dispose();
    }

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            // What was taken must be there in the end; what was refused was not noted.
        }
    }

    private void Begin(SpoolingJournal journal)
    {
        var at = journal.Position;
        var header = JournalSamples.Header(at.Run + 1, at.Sequence + 1, at.Decision + 1, Core.Timestamp.Max(JournalSamples.Start, at.ReachedAt));
        journal.BeginRun(header);
        _inputs.Add(JournalSamples.Text(new JournalRecord(header)));
        journal.Flush();
    }

    private void Append(SpoolingJournal journal, int count, bool flushEach = true)
    {
        for (var i = 0; i < count; i++)
        {
            var stamp = new Stamp(journal.Position.Sequence + 1, journal.Position.ReachedAt + TimeSpan.FromMilliseconds(1));
            Input input = i % 3 == 0 ? new(JournalSamples.Book(3)) : new(JournalSamples.Trade);
            journal.Append(stamp, input, InputOrigin.Outside);
            _inputs.Add(JournalSamples.Text(new JournalRecord(stamp, input, InputOrigin.Outside)));
            if (i % 2 == 0)
            {
                var alert = new Alert(AlertLevel.Warning, "a", "b");
                var decision = new Decision(journal.Position.Decision + 1, new(stamp.Sequence, null, stamp.At), alert);
                journal.Append(decision);
                _decisions.Add(decision.Number);
            }

            if (flushEach) journal.Flush();
        }

        journal.Flush();
    }

    private void ShouldBeReadWhole()
    {
        var reader = _rig.OpenReader();
        reader.InputsFrom(0).Select(record => JournalSamples.Text(record)).ShouldBe(_inputs);
        reader.DecisionsFrom(1).Select(decision => decision.Number).ShouldBe(_decisions);
        reader.Runs().SelectMany(run => reader.Inputs(run.Run)).Select(record => JournalSamples.Text(record)).ShouldBe(_inputs);
        reader.Runs().SelectMany(run => reader.Decisions(run.Run)).Select(decision => decision.Number).ShouldBe(_decisions);
    }
}
