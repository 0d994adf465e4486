using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Either the session's drawdown of the order-flow PnL, or an operator's command.</summary>
public readonly record struct DrawdownInput
{
    private DrawdownInput(decimal? drawdown, OperatorCommand? command) => (Drawdown, Command) = (drawdown, command);

    /// <summary>Numeraire, at or above zero; null when it could not be computed (or when this is a command).</summary>
    public decimal? Drawdown { get; }

    public OperatorCommand? Command { get; }

    public static DrawdownInput Of(decimal? drawdown) => new(drawdown, null);

    public static DrawdownInput Of(OperatorCommand command) => new(null, command);
}

/// <param name="IsTripped">Latched.</param>
/// <param name="IsUnknown">The latest drawdown could not be computed.</param>
/// <param name="Drawdown">The latest that could, numeraire.</param>
/// <param name="Accepted">The part of it that an operator accepted by a reset, numeraire.</param>
public readonly record struct DrawdownGuardState(bool IsTripped, bool IsUnknown, decimal Drawdown, decimal Accepted);

/// <summary>
/// Session drawdown of the order-flow PnL; the value of the holdings themselves is not in it. Trips when the drawdown, less what an operator has
/// accepted, reaches the limit, and stays tripped until <see cref="OperatorAction.ResetDrawdown"/>, given with a name and a reason. A reset accepts
/// the drawdown there is: the next trip takes another limit's worth. What was accepted shrinks again as the drawdown does. While the drawdown cannot
/// be computed the guard halts without latching: a loss that nobody can see is not a proven one, and ends with the next figure.
/// </summary>
public sealed class DrawdownGuard(DrawdownGuardState initial, BreakerParameters parameters) : IBreaker<DrawdownInput, DrawdownGuardState>
{
    private DrawdownGuardState _state = initial;

    public DrawdownGuardState Capture() => _state;

    public ImmutableArray<BreakerState> Take(in DrawdownInput input, Timestamp now)
    {
        var before = _state;
        if (input.Command is { } command)
        {
            if (!IsReset(command) || !before.IsTripped) return [];
            _state = before with { IsTripped = false, Accepted = before.Drawdown };
            return [Describe(before.IsUnknown ? Unknown : Text($"drawdown of {before.Drawdown:F2} accepted by {command.Operator}: {command.Reason}"))];
        }

        _state = input.Drawdown is { } drawdown ? Measured(drawdown) : before with { IsUnknown = true };
        if (Halts(_state) == Halts(before) && _state.IsTripped == before.IsTripped) return [];
        return [Describe(_state.IsTripped
            ? Text($"session drawdown {_state.Drawdown:F2}, of which {_state.Accepted:F2} accepted, reached the limit of {Limit:F2}: latched until reset")
            : _state.IsUnknown ? Unknown : Text($"session drawdown is known again: {_state.Drawdown:F2}, limit {Limit:F2}"))];
    }

    private const string Unknown = "session drawdown could not be computed";

    private decimal Limit => parameters.DrawdownLimit;

    private static bool Halts(in DrawdownGuardState state) => state.IsTripped || state.IsUnknown;

    private static bool IsReset(OperatorCommand command) =>
        command.Action == OperatorAction.ResetDrawdown && !string.IsNullOrWhiteSpace(command.Operator) && !string.IsNullOrWhiteSpace(command.Reason);

    private DrawdownGuardState Measured(decimal drawdown)
    {
        var accepted = Math.Min(_state.Accepted, drawdown);
        return new(_state.IsTripped || drawdown - accepted >= Limit, false, drawdown.Canonical(), accepted.Canonical());
    }

    private BreakerState Describe(string reason) => new()
    {
        Kind = BreakerKind.Drawdown, Subject = BreakerSubjects.Asset, Demand = Halts(_state) ? TradingState.Halted : TradingState.Active,
        Multiplier = 1, Value = (double)(_state.Drawdown - _state.Accepted), Threshold = (double)Limit, Reason = reason,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
