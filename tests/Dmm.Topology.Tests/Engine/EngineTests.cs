using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;
using QuotingEngine = Dmm.Topology.Engine.Engine;

namespace Dmm.Topology.Tests.Engine;

public sealed class EngineTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");
    private readonly EngineRecording _recording = new();

    private static Input Rate(decimal rate) => new(new ReferenceRate("TON", "USDT", rate, Timestamp.None));

    private static Input Gas(decimal gas) => new(new GasPrice(gas, Timestamp.None));

    private QuotingEngine NewEngine() => new(new ToyTopology(), EngineStart.Fresh(Start), _recording);

    [Fact]
    public void InputCausesADecision_CauseIsItsSequenceAndStamp()
    {
        using var engine = NewEngine();
        engine.Take(Start + TimeSpan.FromSeconds(0.1), Rate(1));
        engine.Take(Start + TimeSpan.FromSeconds(0.2), Rate(1));
        _recording.Decisions.Select(d => d.Cause).ShouldBe(
        [
            new Cause(1, null, Start + TimeSpan.FromSeconds(0.1)),
            new Cause(2, null, Start + TimeSpan.FromSeconds(0.2)),
        ]);
    }

    [Fact]
    public void TimerCausesADecision_CauseIsItsNameAndDueTimeHoweverLateTheTick()
    {
        using var engine = NewEngine();
        engine.Take(Start + TimeSpan.FromSeconds(0.1), Rate(1));
        engine.AdvanceTo(Start + TimeSpan.FromSeconds(2.05));
        _recording.Decisions.Skip(1).Select(d => d.Cause).ShouldBe(
        [
            new Cause(1, "second", Start + TimeSpan.FromSeconds(1)),
            new Cause(1, "second", Start + TimeSpan.FromSeconds(2)),
        ]);
    }

    [Fact]
    public void TimerAndInputAtOneInstant_TimerGoesFirstAndTheInputKeepsItsStamp()
    {
        using var engine = NewEngine();
        var stamp = engine.Take(Start + TimeSpan.FromSeconds(1), Rate(1));
        stamp.At.ShouldBe(Start + TimeSpan.FromSeconds(1));
        _recording.Decisions.Select(d => ((Alert)d.Body).Subject).ShouldBe(["tick", "rate"]);
    }

    [Fact]
    public void FeedbackOfATimerAtTheInputsInstant_IsTakenFirstAndTheInputIsStampedAfterIt()
    {
        using var engine = NewEngine();
        engine.Take(Start + TimeSpan.FromSeconds(0.1), Rate(3));
        var stamp = engine.Take(Start + TimeSpan.FromSeconds(0.5), Rate(1));
        _recording.InputLines.Length.ShouldBe(3);
        _recording.Inputs[1].Origin.ShouldBe(InputOrigin.Feedback);
        _recording.Inputs[1].Stamp.ShouldBe(new Stamp(2, Start + TimeSpan.FromSeconds(0.5) + Timestamp.Unit));
        stamp.ShouldBe(new Stamp(3, Start + TimeSpan.FromSeconds(0.5) + Timestamp.Unit * 2));
    }

    [Fact]
    public void FeedbackOfAnInput_IsDrainedBeforeTheCallReturns()
    {
        using var engine = NewEngine();
        engine.Take(Start + TimeSpan.FromSeconds(0.1), Gas(4));
        _recording.Decisions.Select(d => ((Alert)d.Body).Subject).ShouldBe(["gas", "nudge"]);
        engine.LastSequence.ShouldBe(2);
    }

    [Fact]
    public void TimerWithoutDelay_FiresAtTheInputsInstantUnderItsOwnName()
    {
        using var engine = NewEngine();
        engine.Take(Start + TimeSpan.FromSeconds(0.1), Rate(5));
        _recording.Decisions[^1].Cause.ShouldBe(new Cause(1, "at-once", Start + TimeSpan.FromSeconds(0.1)));
    }

    [Fact]
    public void AdvanceToThePresentOrThePast_IsRefusedAndNothingHappens()
    {
        using var engine = NewEngine();
        engine.AdvanceTo(Start + TimeSpan.FromSeconds(1)).ShouldBeTrue();
        var before = _recording.Decisions.Count;
        engine.AdvanceTo(Start + TimeSpan.FromSeconds(1)).ShouldBeFalse();
        engine.AdvanceTo(Start).ShouldBeFalse();
        engine.Time.ShouldBe(Start + TimeSpan.FromSeconds(1));
        _recording.Decisions.Count.ShouldBe(before);
    }

    [Fact]
    public void InputStampedInThePast_IsStampedOneUnitAfterTheClock()
    {
        using var engine = NewEngine();
        engine.AdvanceTo(Start + TimeSpan.FromSeconds(0.3));
        engine.Take(Start, Rate(1)).At.ShouldBe(Start + TimeSpan.FromSeconds(0.3) + Timestamp.Unit);
    }

    [Fact]
    public void ExceptionInside_EndsTheEngineForGood()
    {
        using var engine = NewEngine();
        var fault = Should.Throw<EngineFaultException>(() => engine.Take(Start + Timestamp.Unit, new Input(new JournalStatus(true, ""))));
        fault.Message.ShouldContain("the toy knows no JournalStatus");
        Should.Throw<EngineFaultException>(() => engine.Take(Start + TimeSpan.FromSeconds(1), Rate(1)));
        Should.Throw<EngineFaultException>(() => engine.AdvanceTo(Start + TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void EndlessFeedback_EndsTheEngineInsteadOfHanging()
    {
        using var engine = new QuotingEngine(new EchoTopology(), EngineStart.Fresh(Start), _recording);
        Should.Throw<EngineFaultException>(() => engine.Take(Start + Timestamp.Unit, Gas(1))).Message.ShouldContain("feedback does not settle");
    }

    [Fact]
    public void CallFromWithinAnEvent_EndsTheEngine()
    {
        QuotingEngine? engine = null;
        using var calling = engine = new QuotingEngine(new ToyTopology(), EngineStart.Fresh(Start), new CallingLog(() => engine!.Take(Start + TimeSpan.FromSeconds(9), Gas(1))));
        Should.Throw<EngineFaultException>(() => engine.Take(Start + TimeSpan.FromSeconds(0.1), Gas(1))).Message.ShouldContain("called from within an event");
        Should.Throw<EngineFaultException>(() => engine.Take(Start + TimeSpan.FromSeconds(1), Gas(1)));
    }

    [Fact]
    public void SnapshotOfAnotherTopology_IsRefusedByName()
    {
        using var engine = NewEngine();
        var snapshot = engine.Capture();
        Should.Throw<InvalidOperationException>(() => new QuotingEngine(new EchoTopology(), snapshot, _recording)).Message.ShouldContain("toy");
    }

    [Fact]
    public void TimerWithoutAName_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => new EngineScheduler(Start).Schedule(() => { }))
            .Message.ShouldContain("needs a name");

    [Fact]
    public void TimerThatNeverSettles_EndsTheEngineInsteadOfHanging()
    {
        var restless = new Wired((_, states, scheduler) =>
        {
            var named = scheduler.Named("restless");
            void Again() => named.Schedule(Again);
            named.Schedule((Start + TimeSpan.FromSeconds(1)).ToDateTimeOffset(), Again);
            return (Observable.Never<object>(), Observable.Never<Input>());
        });
        using var engine = new QuotingEngine(restless, EngineStart.Fresh(Start), _recording);
        Should.Throw<EngineFaultException>(() => engine.AdvanceTo(Start + TimeSpan.FromSeconds(2))).Message.ShouldContain("timer 'restless' does not settle");
    }

    [Fact]
    public void FeedbackOfTheWiringItself_IsTakenBeforeAnyInputHoweverTheTimeIsSliced()
    {
        var starting = new Wired((inputs, _, scheduler) =>
        {
            var named = scheduler.Named("start");
            return (inputs.Select(i => (object)i.Control), Observable.Create<Input>(observer => named.Schedule(() => observer.OnNext(Gas(1)))));
        });
        using var engine = new QuotingEngine(starting, EngineStart.Fresh(Start), _recording);
        engine.Take(Start + Timestamp.Unit, Rate(1)).ShouldBe(new Stamp(2, Start + Timestamp.Unit * 2));
        _recording.Inputs.Select(i => (i.Stamp.At, i.Origin)).ShouldBe([(Start + Timestamp.Unit, InputOrigin.Feedback), (Start + Timestamp.Unit * 2, InputOrigin.Outside)]);
    }

    [Fact]
    public void MarketDataAsFeedback_IsRefused()
    {
        var top = new Input(new VenueTop { Instrument = new InstrumentId(0), VenueTime = Start, ReceiveTime = Start, UpdateId = 1, Bid = new(1, 1), Ask = new(2, 1) });
        using var engine = new QuotingEngine(new Wired((inputs, _, _) => (Observable.Never<object>(), inputs.Select(_ => top))), EngineStart.Fresh(Start), _recording);
        Should.Throw<EngineFaultException>(() => engine.Take(Start + Timestamp.Unit, Rate(1))).Message.ShouldContain("feedback is Top: expected a control message");
    }

    [Fact]
    public void DecisionsThatEnd_AreAFault()
    {
        using var engine = new QuotingEngine(new Wired((inputs, _, _) => (inputs.Take(1).Select(i => (object)i.Control), Observable.Never<Input>())), EngineStart.Fresh(Start), _recording);
        Should.Throw<EngineFaultException>(() => engine.Take(Start + Timestamp.Unit, Rate(1))).Message.ShouldContain("the topology's decisions ended");
    }

    [Fact]
    public void StreamThatFails_EndsTheEngineWithItsFault()
    {
        var failing = new Wired((inputs, _, _) => (inputs.Select(object (_) => throw new TimeoutException("a kernel broke")), Observable.Never<Input>()));
        using var engine = new QuotingEngine(failing, EngineStart.Fresh(Start), _recording);
        Should.Throw<EngineFaultException>(() => engine.Take(Start + Timestamp.Unit, Rate(1))).InnerException.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public void Disposed_TakesNothingMore()
    {
        var engine = NewEngine();
        engine.Dispose();
        Should.Throw<EngineFaultException>(() => engine.AdvanceTo(Start + TimeSpan.FromSeconds(3)));
        Should.Throw<EngineFaultException>(() => engine.Capture());
        _recording.Decisions.ShouldBeEmpty();
    }

    /// <summary>Decisions and feedback as a test wires them.</summary>
    private sealed class Wired(Func<IObservable<Input>, StateSet, IScheduler, (IObservable<object> Decisions, IObservable<Input> Feedback)> wire) : ITopology
    {
        public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler)
        {
            var (decisions, feedback) = wire(inputs, states, scheduler);
            return new TopologyOutputs(decisions, feedback, () => Disposable.Empty);
        }
    }

    private sealed class EchoTopology : ITopology
    {
        public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler) =>
            new(Observable.Never<object>(), inputs, () => Disposable.Empty);
    }

    private sealed class CallingLog(Action call) : IEngineLog
    {
        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
        {
        }

        public void OnDecision(in Decision decision) => call();
    }
}
