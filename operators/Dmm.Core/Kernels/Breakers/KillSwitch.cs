using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

public readonly record struct KillSwitchState(bool IsKilled, bool IsPaused);

/// <summary>
/// What an operator orders. Kill is latched and works without a name or a reason; only <see cref="OperatorAction.Reenable"/>, given with both, ends
/// it. Pause halts until <see cref="OperatorAction.Resume"/> and is independent of the kill: re-enabling does not resume, resuming does not
/// re-enable. An order that changes nothing says nothing. There is no number to show: value and threshold are 0.
/// </summary>
public sealed class KillSwitch(KillSwitchState initial) : IBreaker<OperatorCommand, KillSwitchState>
{
    private KillSwitchState _state = initial;

    public KillSwitchState Capture() => _state;

    public ImmutableArray<BreakerState> Take(in OperatorCommand command, Timestamp now)
    {
        var before = _state;
        _state = command.Action switch
        {
            OperatorAction.Kill => before with { IsKilled = true },
            OperatorAction.Reenable when IsAccountable(command) => before with { IsKilled = false },
            OperatorAction.Pause => before with { IsPaused = true },
            OperatorAction.Resume => before with { IsPaused = false },
            _ => before,
        };
        if (_state.IsKilled != before.IsKilled)
            return [Describe(BreakerKind.Kill, _state.IsKilled ? TradingState.Killed : TradingState.Active,
                _state.IsKilled ? "killed" : "re-enabled", command)];
        if (_state.IsPaused != before.IsPaused)
            return [Describe(BreakerKind.Pause, _state.IsPaused ? TradingState.Halted : TradingState.Active,
                _state.IsPaused ? "paused" : "resumed", command)];
        return [];
    }

    private static bool IsAccountable(OperatorCommand command) =>
        !string.IsNullOrWhiteSpace(command.Operator) && !string.IsNullOrWhiteSpace(command.Reason);

    private static BreakerState Describe(BreakerKind kind, TradingState demand, string done, OperatorCommand command) => new()
    {
        Kind = kind, Subject = BreakerSubjects.Asset, Demand = demand, Multiplier = 1, Value = 0, Threshold = 0,
        Reason = $"{done} by {command.Operator}: {command.Reason}",
    };
}
