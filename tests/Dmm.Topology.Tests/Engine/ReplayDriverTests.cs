using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

public sealed class ReplayDriverTests
{
    /// <summary>Steps over an hour's end: a tick, a rate, gas (which may feed back) or, seldom, a change of parameters.</summary>
    private static readonly Gen<(double At, int Kind, int Size)[]> Scripts =
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 20], Gen.Int[1, 5]).Array[5, 60]
            .Select(steps => steps.Select((s, i) => (steps.Take(i + 1).Sum(t => t.Item1 * t.Item1) * 0.0005, s.Item2, s.Item3)).ToArray());

    [Fact]
    public void WholeJournal_GivesTheDecisionsThatLeft() =>
        Scripts.Sample(script =>
        {
            var live = Play(script);
            Replays.Derive(live.Journal.Records).DecisionLines.ShouldBe(live.EffectLines);
            live.Journal.AllDecisions.Select(d => d.ToString()).ShouldBe(live.EffectLines);
        });

    [Fact]
    public void FromAnyRun_GivesItsDecisionsAndAllLaterOnes() =>
        Scripts.Sample(script =>
        {
            var live = Play(script);
            foreach (var header in live.Journal.Runs())
            {
                Replays.Derive(live.Journal.FromRun(header.Run)).DecisionLines.ShouldBe(live.EffectLines[(int)(header.NextDecision - 1)..]);
                Replays.Derive(live.Journal.Inputs(header.Run)).DecisionLines.ShouldBe(live.Journal.Decisions(header.Run).Select(d => d.ToString()));
            }
        }, iter: 30);

    [Fact]
    public void InPieces_GivesTheSameAsAtOnce()
    {
        var live = Fixed();
        var recording = new EngineRecording();
        using var replay = new ReplayDriver(header => new ToyQuoter(header.Parameters), recording);
        foreach (var record in live.Journal.Records) replay.Play([record]);
        recording.DecisionLines.ShouldBe(live.EffectLines);
        replay.Records.ShouldBe(live.Journal.Records.Count);
    }

    [Fact]
    public void RestartOfTheProcess_IsAHoleAndNoDivergence()
    {
        var journal = new MemoryJournal();
        var first = new JournaledRun(journal);
        first.Take(0.4, JournaledRun.Rate(3));
        // Killed: no close. The process comes back with a fresh state, counting on.
        var sink = new JournaledRun(journal, begin: false);
        var start = new EngineStart(first.At(60), journal.Position.Sequence, journal.Position.Decision, default);
        var second = new JournaledEngine(p => new ToyQuoter(p), JournaledRun.Instruments, JournaledRun.Parameters, start, new RunIdentity("2", "test", "none", TradingMode.Shadow), journal, sink);
        second.Take(first.At(61.2), new Input(JournaledRun.Rate()));
        second.Close();
        Replays.Derive(journal.Records).DecisionLines.ShouldBe([.. first.EffectLines, .. sink.EffectLines]);
    }

    [Fact]
    public void CrashBetweenATimersFeedbackAndTheInputThatFiredIt_IsNoDivergence()
    {
        var journal = new MemoryJournal();
        var run = new JournaledRun(journal);
        run.Take(0.1, JournaledRun.Rate(3));
        // The half-second timer feeds back while the input of 0.7 s is on its way; that input never gets into the journal.
        journal.Fault = call => call == journal.CallCount && journal.Records[^1].Origin == InputOrigin.Feedback ? new JournalException(JournalFault.Locked, "killed") : null;
        Should.Throw<EngineFaultException>(() => run.Take(0.7, JournaledRun.Rate()));
        journal.Fault = _ => null;
        var start = new EngineStart(run.At(60), journal.Position.Sequence, journal.Position.Decision, default);
        var sink = new JournaledRun(journal, begin: false);
        var second = new JournaledEngine(p => new ToyQuoter(p), JournaledRun.Instruments, JournaledRun.Parameters, start, new RunIdentity("2", "test", "none", TradingMode.Shadow), journal, sink);
        second.Take(run.At(60.4), new Input(JournaledRun.Rate(3)));
        second.Take(run.At(60.7), new Input(JournaledRun.Rate()));
        second.Close();
        Should.NotThrow(() => Replays.Derive(journal.Records));
    }

    [Fact]
    public void RecordsThatDoNotBeginWithARun_AreRefused() =>
        Should.Throw<ReplayDivergedException>(() => Replays.Derive(Fixed().Journal.Records.Skip(1))).Message.ShouldContain("do not begin with a run");

    [Fact]
    public void TamperedInput_IsFoundByTheStateAtTheNextRun()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r is { Kind: JournalRecordKind.Input, Origin: InputOrigin.Outside, Input.Control: ReferenceRate });
        var tampered = journal.With(index, new JournalRecord(journal.Records[index].Stamp, new Input(JournaledRun.Rate(6)), InputOrigin.Outside));
        Diverged(tampered).ShouldBe("the state of 'quoter' at the start of run 2, 2024-08-08T12:00:00.0000002Z, is not the one that was recorded");
    }

    [Fact]
    public void TamperedFeedback_IsNamedWithBothSides()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r.Origin == InputOrigin.Feedback);
        var stamp = journal.Records[index].Stamp;
        var message = Diverged(journal.With(index, new JournalRecord(stamp, new Input(JournaledRun.Gas(9)), InputOrigin.Feedback)));
        message.ShouldStartWith($"feedback differs: {stamp.Sequence} at {stamp.At}");
        message.ShouldContain("TonPerSwap = 9");
        message.ShouldContain("gas is a multiple of 4");
    }

    [Fact]
    public void FeedbackMissingFromAClosedRun_IsNamed()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r.Origin == InputOrigin.Feedback);
        Diverged(journal.Records.Where((_, i) => i != index)).ShouldContain("feedback differs");
    }

    [Fact]
    public void FeedbackThatNothingLedTo_IsNamed()
    {
        var journal = Fixed().Journal;
        // The last input before the hour is said to have come from the engine itself.
        var next = IndexOf(journal, r => r.Header?.Run == 2);
        var index = next - 1 - journal.Records.Take(next).Reverse().ToList().FindIndex(r => r is { Kind: JournalRecordKind.Input, Origin: InputOrigin.Outside });
        var record = journal.Records[index];
        Diverged(journal.With(index, new JournalRecord(record.Stamp, record.Input, InputOrigin.Feedback))).ShouldContain($"{record.Stamp.Sequence}");
    }

    [Fact]
    public void TamperedState_IsNamedByItsPort()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r.Header?.Run == 2);
        var header = journal.Records[index].Header!;
        var text = System.Text.Encoding.UTF8.GetString(header.State.Span).Replace("\"IsHalted\":false", "\"IsHalted\":true");
        var tampered = journal.With(index, new JournalRecord(header with { State = System.Text.Encoding.UTF8.GetBytes(text) }));
        Diverged(tampered).ShouldBe("the state of 'quoter' at the start of run 2, 2024-08-08T12:00:00.0000002Z, is not the one that was recorded");
    }

    [Fact]
    public void TamperedStamp_IsNamed()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r is { Kind: JournalRecordKind.Input, Origin: InputOrigin.Outside, Stamp.Sequence: 2 });
        var record = journal.Records[index];
        var earlier = record.Stamp with { At = JournaledRun.Start };
        Diverged(journal.With(index, new JournalRecord(earlier, record.Input, record.Origin)))
            .ShouldStartWith($"input {record.Stamp.Sequence} of {earlier.At} was stamped {record.Stamp.Sequence}, ");
        var skipped = record.Stamp with { Sequence = record.Stamp.Sequence + 1 };
        Diverged(journal.With(index, new JournalRecord(skipped, record.Input, record.Origin)))
            .ShouldBe($"input {skipped.Sequence} of {skipped.At} was stamped {record.Stamp.Sequence}, {record.Stamp.At} on replay");
    }

    [Fact]
    public void TamperedClock_IsNamed()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r.Kind == JournalRecordKind.Clock);
        var clock = journal.Records[index].Stamp;
        var other = clock with { Sequence = clock.Sequence + 1 };
        Diverged(journal.With(index, new JournalRecord(other)))
            .ShouldBe($"the clock record of input {other.Sequence}, {other.At}, was reached at input {clock.Sequence}, {clock.At} on replay");
    }

    [Fact]
    public void TamperedCountsOfARun_AreNotTakenForAHole()
    {
        var journal = Fixed().Journal;
        var index = IndexOf(journal, r => r.Header?.Run == 2);
        var header = journal.Records[index].Header!;
        Diverged(journal.With(index, new JournalRecord(header with { NextDecision = header.NextDecision + 1 })))
            .ShouldBe($"run 2 counts on from decision {header.NextDecision}, the replay came to {header.NextDecision - 1}");
    }

    private static int IndexOf(MemoryJournal journal, Func<JournalRecord, bool> matches)
    {
        var index = journal.Records.ToList().FindIndex(r => matches(r));
        index.ShouldBeGreaterThanOrEqualTo(0);
        return index;
    }

    private static string Diverged(MemoryJournal journal) => Diverged(journal.Records);

    private static string Diverged(IEnumerable<JournalRecord> records) => Should.Throw<ReplayDivergedException>(() => Replays.Derive(records)).Message;

    /// <summary>Its second run starts two units after noon: a timer of that instant feeds back, twice.</summary>
    private static JournaledRun Fixed() => Play([(0.2, 5, 3), (0.3, 12, 4), (1.2, 0, 1), (1.7, 5, 2), (1.8, 5, 1), (2.6, 12, 1), (3.4, 20, 4), (4.2, 5, 1)]);

    private static JournaledRun Play((double At, int Kind, int Size)[] script)
    {
        var run = new JournaledRun();
        foreach (var (at, kind, size) in script)
        {
            switch (kind)
            {
                case < 5:
                    run.Engine.AdvanceTo(run.At(at));
                    break;
                case < 12:
                    run.Take(at, JournaledRun.Rate(size));
                    break;
                case < 20:
                    run.Take(at, JournaledRun.Gas(size));
                    break;
                default:
                    run.Take(at, JournaledRun.Sized(size * 0.1));
                    break;
            }
        }

        run.Engine.Close();
        return run;
    }
}
