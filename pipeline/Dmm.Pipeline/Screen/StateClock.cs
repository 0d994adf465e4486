using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>How long a run was in one trading state.</summary>
/// <param name="State">The state.</param>
/// <param name="Seconds">On the engine's clock.</param>
/// <param name="Share">Of the whole run, 0 to 1.</param>
internal readonly record struct StateTime(TradingState State, double Seconds, double Share);

/// <summary>Adds up the time in each trading state of the asset.</summary>
internal sealed class StateClock
{
    private static readonly ImmutableArray<TradingState> States = [.. Enum.GetValues<TradingState>()];

    private readonly TimeSpan[] _spent = new TimeSpan[States.Length];
    private readonly Timestamp _start;
    private Timestamp _since;

    public StateClock(Timestamp start, TradingState state) => (_start, _since, State) = (start, start, state);

    public TradingState State { get; private set; }

    public void Enter(TradingState state, Timestamp at)
    {
        _spent[(int)State] += at - _since;
        (State, _since) = (state, at);
    }

    /// <summary>The states that took any time up to then, freest first.</summary>
    public ImmutableArray<StateTime> Until(Timestamp now)
    {
        var total = (now - _start).TotalSeconds;
        return
        [
            .. from state in States
               let spent = _spent[(int)state] + (state == State ? now - _since : TimeSpan.Zero)
               where spent > TimeSpan.Zero
               select new StateTime(state, spent.TotalSeconds, spent.TotalSeconds / total),
        ];
    }
}
