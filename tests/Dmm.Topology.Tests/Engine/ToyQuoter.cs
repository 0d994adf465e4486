using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

/// <summary>State of <see cref="ToyQuoter"/>; <paramref name="Live"/> is the id of the resting order, empty when there is none.</summary>
public sealed record QuoterState(decimal Rates, decimal Gas, int Commands, long BookLots, long Orders, string Live, bool IsHalted, Timestamp LastRateAt, bool IsSilent);

/// <summary>
/// A market maker of one order, for the journal's tests: a rate replaces the order, each full second amends it, half a second may feed gas back, gas may feed
/// a command back, silence is told, and while the journal is down nothing is quoted. Orders are sized by a parameter.
/// </summary>
public sealed class ToyQuoter(QuotingParameters parameters) : ITopology
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler)
    {
        var port = states.Port("quoter", new QuoterState(0, 0, 0, 0, 0, "", false, Timestamp.None, false));
        var feedback = new List<IObserver<Input>>();
        var decisions = Observable.Create<object>(observer =>
        {
            var quoter = new Quoter(port.Initial, (long)(parameters.HedgeThresholdRatio * 100), observer, input => feedback.ForEach(f => f.OnNext(input)), scheduler);
            return new CompositeDisposable(port.Attach(() => quoter.State), quoter, inputs.Subscribe(quoter.On, observer.OnError, observer.OnCompleted));
        }).Publish();
        var own = Observable.Create<Input>(observer =>
        {
            feedback.Add(observer);
            return Disposable.Create(() => feedback.Remove(observer));
        });
        return new TopologyOutputs(decisions, own, decisions.Connect);
    }

    private sealed class Quoter : IDisposable
    {
        private readonly long _lots;
        private readonly IObserver<object> _observer;
        private readonly Action<Input> _feedback;
        private readonly IScheduler _watchdog;
        private readonly SerialDisposable _silence = new();
        private readonly CompositeDisposable _timers = [];

        public Quoter(QuoterState initial, long lots, IObserver<object> observer, Action<Input> feedback, IScheduler scheduler)
        {
            (State, _lots, _observer, _feedback) = (initial, lots, observer, feedback);
            _watchdog = scheduler.Named("silence");
            _timers.Add(_silence);
            Periodic(scheduler.Named("second"), TimeSpan.FromSeconds(1), OnSecond);
            Periodic(scheduler.Named("half"), TimeSpan.FromSeconds(0.5), () =>
            {
                if (State.Rates > 0 && State.Rates % 3 == 0) _feedback(new Input(new GasPrice(1, Timestamp.None)));
            });
            if (State.LastRateAt.IsKnown && !State.IsSilent) Watch();
        }

        public QuoterState State { get; private set; }

        public void On(Input input)
        {
            switch (input.Kind)
            {
                case InputKind.Book:
                    State = State with { BookLots = State.BookLots + input.Book.Levels.ToArray().Sum(l => l.SizeLots) };
                    Say("book");
                    return;
                case InputKind.Control:
                    OnControl(input.Control);
                    return;
                default:
                    return;
            }
        }

        public void Dispose() => _timers.Dispose();

        private void OnControl(ControlMessage message)
        {
            switch (message)
            {
                case ReferenceRate rate:
                    State = State with { Rates = State.Rates + rate.Rate, LastRateAt = Timestamp.From(_watchdog.Now), IsSilent = false };
                    Watch();
                    if (!State.IsHalted) Replace();
                    break;
                case GasPrice gas:
                    State = State with { Gas = State.Gas + gas.TonPerSwap };
                    if (State.Gas % 4 == 0) _feedback(new Input(new OperatorCommand(OperatorAction.Pause, "toy", "gas is a multiple of 4")));
                    break;
                case OperatorCommand { Operator: "broken" }:
                    throw new NotSupportedException("the toy was told to break");
                case OperatorCommand:
                    State = State with { Commands = State.Commands + 1 };
                    Say("command");
                    break;
                case JournalStatus journal:
                    State = State with { IsHalted = !journal.IsWritable };
                    _observer.OnNext(new Alert(AlertLevel.Warning, journal.IsWritable ? "journal up" : "journal down", journal.Detail));
                    if (State.IsHalted) Cancel();
                    break;
                case OrderUpdate update:
                    _observer.OnNext(new Alert(AlertLevel.Information, "order", $"{update.ClientOrderId} {update.Status}: {update.Reason}"));
                    if (update.ClientOrderId == State.Live) State = State with { Live = "" };
                    break;
                default:
                    Say(message.GetType().Name);
                    break;
            }
        }

        private void OnSecond()
        {
            Say("second");
            if (State.Live.Length > 0 && !State.IsHalted) Order(OrderIntentKind.Amend);
        }

        private void Replace()
        {
            Cancel();
            State = State with { Orders = State.Orders + 1, Live = $"o{State.Orders + 1}" };
            Order(OrderIntentKind.Place);
            _observer.OnNext(new HedgeIntent(Side.Sell, State.Rates, 1, "toy"));
        }

        private void Cancel()
        {
            if (State.Live.Length == 0) return;
            Order(OrderIntentKind.Cancel);
            State = State with { Live = "" };
        }

        private void Watch() => _silence.Disposable = _watchdog.Schedule((State.LastRateAt + Silence).ToDateTimeOffset(), () =>
        {
            State = State with { IsSilent = true };
            Say("silent");
            _feedback(new Input(new GasPrice(2, Timestamp.None)));
        });

        private void Periodic(IScheduler scheduler, TimeSpan period, Action action)
        {
            var timer = new SerialDisposable();
            _timers.Add(timer);
            Arm();

            void Arm() => timer.Disposable = scheduler.Schedule(new DateTimeOffset((scheduler.Now.UtcTicks / period.Ticks + 1) * period.Ticks, TimeSpan.Zero), () =>
            {
                action();
                Arm();
            });
        }

        private void Order(OrderIntentKind kind) => _observer.OnNext(new OrderIntent
        {
            Kind = kind, Instrument = new InstrumentId(0), ClientOrderId = State.Live, Side = Side.Buy, PriceTicks = (long)(State.Rates * 100), SizeLots = _lots,
            IsPostOnly = true,
        });

        private void Say(string what) => _observer.OnNext(new Alert(AlertLevel.Information, what,
            string.Create(CultureInfo.InvariantCulture, $"{_watchdog.Now:O} {State with { LastRateAt = Timestamp.None }}")));
    }
}
