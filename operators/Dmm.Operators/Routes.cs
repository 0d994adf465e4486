using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

/// <summary>What the router hears of.</summary>
public sealed record RouteEvents
{
    /// <summary>Changes of any market's top.</summary>
    public required IObservable<BookTop> Tops { get; init; }

    public required IObservable<OrderUpdate> Updates { get; init; }

    public required IObservable<Fill> Fills { get; init; }

    public required IObservable<BalanceReport> Balances { get; init; }

    /// <summary>After each change of a control.</summary>
    public required IObservable<TradingStatus> Statuses { get; init; }
}

public static class RoutesOperator
{
    /// <summary>
    /// The cross-venue router: what it does, by <see cref="RouteMachine"/>, each time that it does something.
    /// | Event | Behaviour |
    /// |---|---|
    /// | top, with no trade in flight and none held back | a look at all tops; where they differ enough it acts at the same instant, after all else |
    /// | fill or update of a leg | is learnt at once, and acted on likewise |
    /// | update of another order, change of a control, with a trade in flight | it acts likewise |
    /// | balance | is learnt |
    /// | a leg's patience, a pause between tries or the time for which a trade may be open is over | it acts |
    /// | OnError of any source, or from the kernel | forwarded at once; a pending act is given up |
    /// | OnCompleted | once all sources have completed; a pending act is given up |
    /// </summary>
    /// <param name="events">What it hears of.</param>
    /// <param name="instruments">The catalogue.</param>
    /// <param name="parameters">In force.</param>
    /// <param name="differentialBps">Best net bid over best net ask of all books as shown, bps; cheap, and no smaller than without our
    /// orders.</param>
    /// <param name="situation">Samples one consistent state.</param>
    /// <param name="port">State; <see cref="RouterState.Idle"/> at first.</param>
    /// <param name="scheduler">For its timers.</param>
    public static IObservable<RouteStep> Routes(
        this RouteEvents events, InstrumentCatalog instruments, RouterParameters parameters, Func<double> differentialBps,
        Func<RouterState, RouteSituation> situation, StatePort<RouterState> port, IScheduler scheduler) =>
        Observable.Create<RouteStep>(observer =>
            new RouteRun(instruments, parameters, differentialBps, situation, port.Initial, observer, scheduler).Run(events, port));

    private sealed class RouteRun
    {
        private readonly InstrumentCatalog _instruments;
        private readonly RouterParameters _parameters;
        private readonly Func<double> _differentialBps;
        private readonly Func<RouterState, RouteSituation> _situation;
        private readonly IObserver<RouteStep> _observer;
        private readonly IScheduler _scheduler;
        private readonly LazyTimer _timer;
        private readonly double _fromBps;
        private RouterState _state;
        private bool _isAsked;

        public RouteRun(
            InstrumentCatalog instruments, RouterParameters parameters, Func<double> differentialBps, Func<RouterState, RouteSituation> situation,
            RouterState initial, IObserver<RouteStep> observer, IScheduler scheduler)
        {
            (_instruments, _parameters, _differentialBps, _situation) = (instruments, parameters, differentialBps, situation);
            (_state, _observer, _scheduler) = (initial, observer, scheduler);
            _fromBps = parameters.ThresholdBps + 2 * parameters.SlippageBps;
            _timer = new(scheduler, Fire);
        }

        private Timestamp Now => Timestamp.From(_scheduler.Now);

        public IDisposable Run(RouteEvents events, StatePort<RouterState> port)
        {
            var attachment = port.Attach(() => _state);
            _timer.Arm(RouteMachine.NextDue(_state, _parameters));
            var all = MergeInOrderOperator.MergeInOrder([
                events.Updates.Select(update => Learn(RouteLegs.Learn(_state, update, _instruments[update.Instrument], Now))),
                events.Fills.Select(fill => Learn(RouteLegs.Learn(_state, fill, _instruments[fill.Instrument], Now))),
                events.Balances.Select(balance => Keep(RouteLegs.Learn(_state, balance))),
                events.Statuses.Select(_ => _state.Trade is not null),
                events.Tops.Select(_ => IsWorthALook()),
            ]);
            return StableCompositeDisposable.Create(all.Subscribe(Ask, Fail, Complete), _timer, attachment);
        }

        // Other orders of ours may be in the way of a leg, so that what is said of them matters too.
        private bool Learn(RouterState state)
        {
            _state = state;
            return state.Trade is not null || !state.Strays.IsEmpty;
        }

        private bool Keep(RouterState state)
        {
            _state = state;
            return false;
        }

        private bool IsWorthALook() => _state.Trade is null && Now >= _state.StandsOffUntil && _differentialBps() >= _fromBps;

        private void Ask(bool isWanted)
        {
            if (!isWanted) return;
            _isAsked = true;
            _timer.Arm(Now);
        }

        private void Fire()
        {
            // The timer may stand for a time that has moved on since.
            if (!_isAsked && !(RouteMachine.NextDue(_state, _parameters) is { IsKnown: true } due && due <= Now))
            {
                _timer.Arm(RouteMachine.NextDue(_state, _parameters));
                return;
            }

            _isAsked = false;
            RouteStep step;
            try
            {
                step = RouteMachine.Act(_state, _situation(_state));
            }
            catch (Exception error)
            {
                Fail(error);
                return;
            }

            var isWayChanged = (_state.Trade?.IsClearing ?? false) != (step.State.Trade?.IsClearing ?? false);
            _state = step.State;
            _timer.Arm(RouteMachine.NextDue(_state, _parameters));
            if (!step.Orders.IsEmpty || !step.Decisions.IsEmpty || isWayChanged) _observer.OnNext(step with { IsWayChanged = isWayChanged });
        }

        private void Fail(Exception error)
        {
            _timer.Dispose();
            _observer.OnError(error);
        }

        private void Complete()
        {
            _timer.Dispose();
            _observer.OnCompleted();
        }
    }
}
