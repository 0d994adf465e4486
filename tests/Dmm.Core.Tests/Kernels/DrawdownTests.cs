using CsCheck;
using Dmm.Core.Kernels;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class DrawdownTests
{
    private static readonly Timestamp Midnight = Timestamp.Parse("2024-08-09T00:00:00Z");

    [Fact]
    public void FallFromThePeak_Counts()
    {
        var state = Run((Start, 100), (Start, 30), (Start, 60));
        (state.Peak, state.Current, state.Deepest).ShouldBe((100, 40, 70));
    }

    [Fact]
    public void LossFromTheFirstValue_CountsFromZero() => Run((Start, -40)).Current.ShouldBe(40);

    [Fact]
    public void Session_EndsAtMidnightUtcAndTheNextBeginsWhereItEnded()
    {
        var lastTick = Run((Start, 100), (Midnight - Timestamp.Unit, 30));
        lastTick.Current.ShouldBe(70);

        var next = Drawdown.Step(lastTick, Midnight, 20);
        (next.SessionStart, next.Peak, next.Current, next.Deepest).ShouldBe((Midnight, 30, 10, 10));
    }

    [Fact]
    public void EarlierDate_BelongsToThePresentSession()
    {
        var state = Run((Midnight, 100), (Start, 30));
        (state.SessionStart, state.Current).ShouldBe((Midnight, 70));
    }

    [Fact]
    public void Rebase_CountsFromThePresentProfit()
    {
        var state = Drawdown.Rebase(Run((Start, 100), (Start, 30)));
        (state.Current, state.Deepest).ShouldBe((0, 70));
        Drawdown.Step(state, Start, 25).Current.ShouldBe(5);
    }

    [Fact]
    public void Restart_ResetsNothing() => Gen.Int[-1000, 1000].Array[2, 40].Sample(profits =>
    {
        var (whole, split) = (default(DrawdownState), default(DrawdownState));
        for (var i = 0; i < profits.Length; i++)
        {
            var at = Start + TimeSpan.FromHours(i);
            whole = Drawdown.Step(whole, at, profits[i]);
            split = Drawdown.Step(ThroughJson(split), at, profits[i]);
        }

        split.ShouldBe(whole);
    });

    private static DrawdownState Run(params (Timestamp At, decimal Profit)[] values) =>
        values.Aggregate(default(DrawdownState), (state, value) => Drawdown.Step(state, value.At, value.Profit));
}
