using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

public sealed class JournaledEngineTests
{
    private static readonly Timestamp Noon = Timestamp.Parse("2024-08-08T12:00:00Z");

    [Fact]
    public void Start_BeginsTheFirstRunAndMakesItDurable()
    {
        var run = new JournaledRun();
        run.Journal.Calls.ShouldBe(["run 1", "flush"]);
        var header = run.Journal.Runs().Single();
        (header.Run, header.StartedAt, header.NextSequence, header.NextDecision).ShouldBe((1, JournaledRun.Start, 1, 1));
        header.State.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void InputWithDecisions_LeavesAfterItsAppendTheDecisionsAndTheFlush()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Take(0.4, JournaledRun.Rate())).ShouldBe(["input 1", "decision 1", "decision 2", "flush", "effect 1", "effect 2"]);
    }

    [Fact]
    public void InputWithoutDecision_IsNotFlushed()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Take(0.4, JournaledRun.Gas(1))).ShouldBe(["input 1"]);
    }

    [Fact]
    public void FeedbackOfAnInput_IsJournaledBeforeTheEffectsOfEither()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Take(0.4, JournaledRun.Gas(4))).ShouldBe(["input 1", "input 2", "decision 1", "flush", "effect 1"]);
        run.Journal.Records[^1].Origin.ShouldBe(InputOrigin.Feedback);
    }

    [Fact]
    public void TimerWithDecision_LeavesAfterTheClockIsRecorded()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Engine.AdvanceTo(run.At(1.2))).ShouldBe(["decision 1", "clock 11:59:59.2000000", "flush", "effect 1"]);
    }

    [Fact]
    public void QuietClock_WritesNothing()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Engine.AdvanceTo(run.At(0.3)).ShouldBeTrue()).ShouldBeEmpty();
    }

    [Fact]
    public void TimerDueBeforeAnInput_LeavesTogetherWithItAndItsStampTellsHowFarTheClockGot()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Take(1.2, JournaledRun.Gas(1))).ShouldBe(["decision 1", "input 1", "flush", "effect 1"]);
    }

    [Fact]
    public void Close_RecordsHowFarTheClockGot()
    {
        var run = new JournaledRun();
        run.Engine.AdvanceTo(run.At(0.7));
        run.CallsOf(run.Engine.Close).ShouldBe(["clock 11:59:58.7000000", "flush"]);
    }

    [Fact]
    public void FullHour_ClosesTheRunThereAndTheNextBeginsAtThatInstant()
    {
        var run = new JournaledRun();
        run.Take(0.4, JournaledRun.Gas(1));
        run.CallsOf(() => run.Take(2.2, JournaledRun.Gas(1))).ShouldBe(
        [
            "decision 1", "decision 2", "clock 12:00:00.0000000", "flush", "effect 1", "effect 2",
            "clock 12:00:00.0000000", "flush", "run 2", "flush", "input 2",
        ]);
        var header = run.Journal.Runs().Last();
        (header.Run, header.StartedAt, header.NextSequence, header.NextDecision).ShouldBe((2, Noon, 2, 3));
        System.Text.Encoding.UTF8.GetString(header.State.Span).ShouldContain("\"Gas\":1");
    }

    [Fact]
    public void InputStampedOnTheFullHour_BelongsToTheOldRunAndWhatIsStampedLaterToTheNew()
    {
        var run = new JournaledRun();
        run.Take(2, JournaledRun.Gas(1)).At.ShouldBe(Noon);
        run.Take(2, JournaledRun.Gas(1)).At.ShouldBe(Noon + Timestamp.Unit);
        var header = run.Journal.Runs().Last();
        (header.Run, header.StartedAt, header.NextSequence).ShouldBe((2, Noon, 2));
    }

    [Fact]
    public void SeveralHoursInOneStep_RollAtEachOfThem()
    {
        var run = new JournaledRun();
        run.Engine.AdvanceTo(Noon + TimeSpan.FromHours(3));
        run.Journal.Runs().Select(r => (r.Run, r.StartedAt)).ShouldBe(
        [
            (1, JournaledRun.Start), (2, Noon), (3, Noon + TimeSpan.FromHours(1)), (4, Noon + TimeSpan.FromHours(2)),
        ]);
        run.Take(10, JournaledRun.Gas(1));
        run.Journal.Runs().Last().StartedAt.ShouldBe(Noon + TimeSpan.FromHours(3));
        run.Journal.Runs().Last().NextDecision.ShouldBe(run.Effects.Count + 1);
    }

    [Fact]
    public void ParameterChange_RollsAtOnceAndTheNewSetQuotes()
    {
        var run = new JournaledRun();
        run.CallsOf(() => run.Take(0.4, JournaledRun.Sized(0.5))).ShouldBe(
            ["input 1", "decision 1", "flush", "effect 1", "clock 11:59:58.4000000", "flush", "run 2", "flush"]);
        var header = run.Journal.Runs().Last();
        (header.StartedAt, header.NextSequence, header.NextDecision, header.Parameters.HedgeThresholdRatio).ShouldBe((run.At(0.4), 2, 2, 0.5));
        run.Take(0.6, JournaledRun.Rate());
        run.Effects.Select(e => e.Body).OfType<OrderIntent>().Single().SizeLots.ShouldBe(50);
    }

    [Fact]
    public void SoManyInputs_RollBehindTheLastOfThem()
    {
        var run = new JournaledRun(parameters: JournaledRun.Parameters with { InputsPerRun = 500 });
        run.Take(0, JournaledRun.Gas(1));
        for (var i = 2; i < 500; i++) run.Take(i * 1e-4, JournaledRun.Gas(0));
        run.Journal.Runs().Count().ShouldBe(1);
        run.CallsOf(() => run.Take(0.05, JournaledRun.Gas(0))).ShouldBe(["input 500", "clock 11:59:58.0500000", "flush", "run 2", "flush"]);
        var header = run.Journal.Runs().Last();
        (header.Run, header.StartedAt, header.NextSequence).ShouldBe((2, run.At(0.05), 501));
        // Counted anew.
        for (var i = 501; i <= 1_000; i++) run.Take(i * 1e-4, JournaledRun.Gas(0));
        run.Journal.Runs().Select(r => r.NextSequence).ShouldBe([1, 501, 1_001]);
    }

    [Fact]
    public void EngineFault_LetsNothingOut()
    {
        var run = new JournaledRun();
        Should.Throw<EngineFaultException>(() => run.Take(1.4, new OperatorCommand(OperatorAction.Pause, "broken", "")));
        run.Effects.ShouldBeEmpty();
        Should.Throw<EngineFaultException>(() => run.Engine.AdvanceTo(run.At(3)));
    }

    [Fact]
    public void EffectThatThrows_EndsTheEngineAndIsNotSentAgain()
    {
        var run = new JournaledRun { OnEffect = effect => { if (effect.Body is OrderIntent) throw new TimeoutException("the adapter is gone"); } };
        Should.Throw<TimeoutException>(() => run.Take(0.4, JournaledRun.Rate()));
        run.OnEffect = _ => { };
        Should.Throw<EngineFaultException>(() => run.Engine.AdvanceTo(run.At(1.1)));
        run.Effects.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(JournalFault.Corrupt)]
    [InlineData(JournalFault.Disorder)]
    [InlineData(JournalFault.Locked)]
    [InlineData(JournalFault.UnknownVersion)]
    public void JournalThatMustNotBeBelieved_EndsTheEngineAtAnyCall(JournalFault kind)
    {
        var calls = JournalScript.CallCount();
        for (var n = 1; n <= calls; n++)
        {
            var run = new JournaledRun(begin: false);
            run.Journal.Fault = call => call == n ? new JournalException(kind, $"call {n}", "here") : null;
            var thrown = Should.Throw<Exception>(() =>
            {
                JournalScript.Play(run);
                run.Engine.Close();
            }, $"call {n}");
            var journalFault = (thrown as EngineFaultException)?.InnerException ?? thrown;
            journalFault.ShouldBeOfType<JournalException>().Message.ShouldBe($"here: call {n}");
            run.Effects.Select(e => e.Body).ShouldNotContain(b => b is Alert && ((Alert)b).Subject == "journal down");
            if (run.Engine is not null)
                Should.Throw<EngineFaultException>(() => run.Take(100, JournaledRun.Rate()), $"after call {n}");
        }
    }
}
