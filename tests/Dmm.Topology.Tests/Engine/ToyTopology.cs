using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

/// <summary>State of the toy: sums of two sources, when each was last heard, a pending watchdog, a counter of own feedback.</summary>
public sealed record ToyState(decimal Rates, decimal Gas, Timestamp LastRateAt, bool IsSilent, int Nudges);

/// <summary>
/// The smallest topology with everything that can break determinism: two sources, a periodic timer, two timers due at the same instant, a one-shot
/// watchdog re-armed from state, a timer without delay, and feedback from inputs and from timers.
/// </summary>
public sealed class ToyTopology : ITopology
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler)
    {
        var port = states.Port("toy", new ToyState(0, 0, Timestamp.None, false, 0));
        var feedback = new List<IObserver<Input>>();
        var decisions = Observable.Create<object>(observer =>
        {
            var toy = new Toy(port.Initial, observer, input => feedback.ForEach(f => f.OnNext(input)), scheduler);
            return new CompositeDisposable(port.Attach(() => toy.State), toy, inputs.Subscribe(toy.On, observer.OnError, observer.OnCompleted));
        }).Publish();
        var own = Observable.Create<Input>(observer =>
        {
            feedback.Add(observer);
            return Disposable.Create(() => feedback.Remove(observer));
        });
        return new TopologyOutputs(decisions, own, decisions.Connect);
    }

    private sealed class Toy : IDisposable
    {
        private readonly IObserver<object> _observer;
        private readonly Action<Input> _feedback;
        private readonly IScheduler _immediate;
        private readonly IScheduler _watchdog;
        private readonly CompositeDisposable _timers = [];
        private readonly SerialDisposable _silence = new();

        public Toy(ToyState initial, IObserver<object> observer, Action<Input> feedback, IScheduler scheduler)
        {
            (State, _observer, _feedback) = (initial, observer, feedback);
            _immediate = scheduler.Named("at-once");
            _watchdog = scheduler.Named("silence");
            Periodic(scheduler.Named("second"), TimeSpan.FromSeconds(1), () => Say("tick"));
            Periodic(scheduler.Named("half"), TimeSpan.FromSeconds(0.5), () =>
            {
                if (State.Rates % 3 == 0 && State.Rates > 0) _feedback(new Input(new GasPrice(1, Timestamp.None)));
            });
            _timers.Add(_silence);
            if (State.LastRateAt.IsKnown && !State.IsSilent) Watch();
        }

        public ToyState State { get; private set; }

        public void On(Input input)
        {
            switch (input.Control)
            {
                case ReferenceRate rate:
                    State = State with { Rates = State.Rates + rate.Rate, LastRateAt = Timestamp.From(_watchdog.Now), IsSilent = false };
                    Say("rate");
                    Watch();
                    if (State.Rates % 5 == 0) _timers.Add(_immediate.Schedule(() => Say("five")));
                    break;
                case GasPrice gas:
                    State = State with { Gas = State.Gas + gas.TonPerSwap };
                    Say("gas");
                    if (State.Gas % 4 == 0) _feedback(new Input(new OperatorCommand(OperatorAction.Pause, "toy", "gas is a multiple of 4")));
                    break;
                case OperatorCommand:
                    State = State with { Nudges = State.Nudges + 1 };
                    Say("nudge");
                    break;
                case var other:
                    throw new NotSupportedException($"the toy knows no {other.GetType().Name}");
            }
        }

        public void Dispose() => _timers.Dispose();

        private void Watch()
        {
            var due = State.LastRateAt + Silence;
            _silence.Disposable = _watchdog.Schedule(due.ToDateTimeOffset(), () =>
            {
                State = State with { IsSilent = true };
                Say("silent");
                _feedback(new Input(new GasPrice(2, Timestamp.None)));
            });
        }

        private void Periodic(IScheduler scheduler, TimeSpan period, Action action)
        {
            void Arm()
            {
                var next = (scheduler.Now.UtcTicks / period.Ticks + 1) * period.Ticks;
                _timers.Add(scheduler.Schedule(new DateTimeOffset(next, TimeSpan.Zero), () =>
                {
                    action();
                    Arm();
                }));
            }

            Arm();
        }

        private void Say(string what) => _observer.OnNext(new Alert(AlertLevel.Information, what,
            string.Create(CultureInfo.InvariantCulture, $"{_watchdog.Now:O} rates {State.Rates} gas {State.Gas} nudges {State.Nudges} silent {State.IsSilent}")));
    }
}
