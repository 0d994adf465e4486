using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class KillSwitchTests
{
    private readonly Driven<OperatorCommand, KillSwitchState> _switch = new(Create(default));

    [Fact]
    public void Kill_HoldsOverARestartUntilReenabled()
    {
        Order(0, OperatorAction.Kill, "alice", "runaway quotes");
        _switch.Restore(Create);
        Order(1, OperatorAction.Kill, "bob", "me too");
        Order(2, OperatorAction.Resume, "bob", "go on");
        Order(3, OperatorAction.ResetDrawdown, "bob", "go on");
        Order(4, OperatorAction.Reenable, "bob", "");
        Order(5, OperatorAction.Reenable, "", "fixed");
        Order(6, OperatorAction.Reenable, "bob", "fixed");
        _switch.Said.ShouldBe(["0 Killed ×1: killed by alice: runaway quotes", "6 Active ×1: re-enabled by bob: fixed"]);
        _switch.Last!.Kind.ShouldBe(BreakerKind.Kill);
    }

    [Fact]
    public void KillWithoutNameOrReason_Kills()
    {
        Order(0, OperatorAction.Kill, "", "");
        _switch.Last!.Demand.ShouldBe(TradingState.Killed);
    }

    [Fact]
    public void Pause_IsIndependentOfTheKill()
    {
        Order(0, OperatorAction.Pause, "alice", "lunch");
        Order(1, OperatorAction.Pause, "alice", "lunch");
        Order(2, OperatorAction.Kill, "alice", "no");
        Order(3, OperatorAction.Reenable, "alice", "yes");
        _switch.Restore(Create);
        Order(4, OperatorAction.Resume, "alice", "back");
        _switch.Said.ShouldBe(
        [
            "0 Halted ×1: paused by alice: lunch", "2 Killed ×1: killed by alice: no", "3 Active ×1: re-enabled by alice: yes",
            "4 Active ×1: resumed by alice: back",
        ]);
        _switch.Last!.Kind.ShouldBe(BreakerKind.Pause);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Enum<OperatorAction>().Array[1, 20].Sample(actions =>
            Restored.ShouldSayTheSame(
                [.. actions.Select((a, i) => ((double)i, new OperatorCommand(a, "a", "b")))], default(KillSwitchState), Create, actions.Length));

    private static KillSwitch Create(KillSwitchState state) => new(state);

    private void Order(double seconds, OperatorAction action, string name, string reason) => _switch.Take(seconds, new(action, name, reason));
}
