using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class DrawdownGuardTests
{
    private readonly Driven<DrawdownInput, DrawdownGuardState> _guard = new(Create(default));

    [Fact]
    public void DrawdownReachesTheLimit_LatchesThereAndNotACentBefore()
    {
        Drawdown(0, 499.99m);
        _guard.Said.ShouldBeEmpty();
        Drawdown(1, 500m);
        Drawdown(2, 0m);
        _guard.Restore(Create);
        Drawdown(3, 0m);
        _guard.Said.ShouldBe(["1 Halted ×1: session drawdown 500.00, of which 0.00 accepted, reached the limit of 500.00: latched until reset"]);
    }

    [Fact]
    public void ResetWithNameAndReason_AcceptsTheDrawdownThereIs()
    {
        Drawdown(0, 512.5m);
        Command(1, OperatorAction.ResetDrawdown, "alice", "hedge leg understood");
        Drawdown(2, 1012.49m);
        _guard.Last!.Demand.ShouldBe(TradingState.Active);
        Drawdown(3, 1012.5m);
        _guard.Said.Skip(1).ShouldBe(
        [
            "1 Active ×1: drawdown of 512.50 accepted by alice: hedge leg understood",
            "3 Halted ×1: session drawdown 1012.50, of which 512.50 accepted, reached the limit of 500.00: latched until reset",
        ]);
        _guard.Last.Value.ShouldBe(500);
    }

    [Fact]
    public void AcceptedDrawdown_ShrinksWithTheDrawdown()
    {
        Drawdown(0, 600m);
        Command(1, OperatorAction.ResetDrawdown, "alice", "understood");
        Drawdown(2, 0m);
        Drawdown(3, 499.99m);
        _guard.Last!.Demand.ShouldBe(TradingState.Active);
        Drawdown(4, 500m);
        _guard.Last.Demand.ShouldBe(TradingState.Halted);
    }

    [Theory]
    [InlineData(OperatorAction.ResetDrawdown, "alice", " ")]
    [InlineData(OperatorAction.ResetDrawdown, "", "understood")]
    [InlineData(OperatorAction.Reenable, "alice", "understood")]
    [InlineData(OperatorAction.Resume, "alice", "understood")]
    public void AnyOtherCommand_LeavesTheLatch(OperatorAction action, string name, string reason)
    {
        Drawdown(0, 600m);
        Command(1, action, name, reason);
        _guard.Said.Count.ShouldBe(1);
    }

    [Fact]
    public void ResetAtRest_ChangesNothing()
    {
        Drawdown(0, 300m);
        Command(1, OperatorAction.ResetDrawdown, "alice", "why not");
        Drawdown(2, 500m);
        _guard.Last!.Demand.ShouldBe(TradingState.Halted);
    }

    [Fact]
    public void DrawdownThatCannotBeComputed_HaltsUntilTheNextFigure()
    {
        Drawdown(0, 12m);
        Drawdown(1, null);
        Drawdown(2, null);
        Drawdown(3, 12.345m);
        _guard.Said.ShouldBe(["1 Halted ×1: session drawdown could not be computed",
            "3 Active ×1: session drawdown is known again: 12.35, limit 500.00"]);
    }

    [Fact]
    public void ResetWhileUnknown_EndsTheLatchButNotTheHalt()
    {
        Drawdown(0, 600m);
        Drawdown(1, null);
        Command(2, OperatorAction.ResetDrawdown, "alice", "understood");
        Drawdown(3, 600m);
        _guard.Said.Skip(1).ShouldBe(["2 Halted ×1: session drawdown could not be computed",
            "3 Active ×1: session drawdown is known again: 600.00, limit 500.00"]);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1500]).Array[1, 30].Sample(steps =>
        {
            var script = steps.Select((s, i) => ((double)i, s.Item1 switch
            {
                0 => DrawdownInput.Of((decimal?)null),
                1 => DrawdownInput.Of(new OperatorCommand(OperatorAction.ResetDrawdown, "alice", "understood")),
                _ => DrawdownInput.Of(s.Item2),
            })).ToArray();
            Restored.ShouldSayTheSame(script, default(DrawdownGuardState), Create, steps.Length);
        });

    private static DrawdownGuard Create(DrawdownGuardState state) => new(state, new());

    private void Drawdown(double seconds, decimal? drawdown) => _guard.Take(seconds, DrawdownInput.Of(drawdown));

    private void Command(double seconds, OperatorAction action, string name, string reason) =>
        _guard.Take(seconds, DrawdownInput.Of(new OperatorCommand(action, name, reason)));
}
