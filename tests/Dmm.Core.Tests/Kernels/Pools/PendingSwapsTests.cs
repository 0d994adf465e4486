using System.Collections.Immutable;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Kernels.Pools;

public class PendingSwapsTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2025-01-01T00:00:00Z");
    private static readonly InstrumentId One = new(0), Other = new(1);

    [Fact]
    public void Impact_IsHalvedEveryFourSeconds_InStepsOfOne()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 100));
        foreach (var (second, expected) in new[] { (0, 100), (0.99, 100), (1, 84.089642), (4, 50), (8, 25), (29.9, 0.65695) })
            PendingSwaps.At(state.Swaps, One, At(second)).ShouldBe(new(One, expected, 0), $"{second}");
        PendingSwaps.At(state.Swaps, One, At(30)).ShouldBe(new(One, 0, 0));
    }

    [Fact]
    public void SwapsOfOneSide_AddUp_ToACap()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 90), Swap("b", Side.Buy, 80), Swap("c", Side.Sell, 50));
        PendingSwaps.At(state.Swaps, One, At(0)).ShouldBe(new(One, 170, 50));
        state = Seen(state, 0, Swap("d", Side.Buy, 1_000_000));
        PendingSwaps.At(state.Swaps, One, At(0)).ShouldBe(new(One, PendingSwaps.CapBps, 50));
    }

    [Fact]
    public void SmallOnes_AndNone_AreLeftOut()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 1.99), Swap("b", Side.Buy, 0), Swap("c", Side.Buy, double.NaN));
        state.Swaps.ShouldBeEmpty();
        PendingSwaps.NextDue(state, At(0)).ShouldBe(Timestamp.None);
    }

    [Fact]
    public void TraceThatIsOver_EndsItsSwaps_AndNoOthers()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 10), Swap("a", Side.Sell, 20), Swap("b", Side.Buy, 30), Swap("a", Side.Buy, 40, Other));
        var (after, changes) = PendingSwaps.Take(state, new PendingSwapGone("a", ""), At(0));
        after.Swaps.ShouldHaveSingleItem().Swap.Trace.ShouldBe("b");
        changes.ShouldBe([new(One, 30, 0), new(Other, 0, 0)]);
        PendingSwaps.Take(after, new PendingSwapGone("a", ""), At(0)).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Deadline_EndsASwap()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 100) with { ValidUntil = At(2.5) });
        PendingSwaps.NextDue(state, At(2)).ShouldBe(At(2.5));
        PendingSwaps.Elapse(state, At(2.5)).Changes.ShouldBe([new(One, 0, 0)]);
        Seen(PendingSwapsState.Empty, 3, Swap("a", Side.Buy, 100) with { ValidUntil = At(2.5) }).Swaps.ShouldBeEmpty();
    }

    [Fact]
    public void ToldAgain_TheLargerCounts_FromTheFirstTime()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 50));
        state = Seen(state, 4, Swap("a", Side.Buy, 80));
        state = Seen(state, 5, Swap("a", Side.Buy, 60));
        var tracked = state.Swaps.ShouldHaveSingleItem();
        (tracked.SeenAt, tracked.Swap.ImpactBps).ShouldBe((At(0), 80));
        PendingSwaps.At(state.Swaps, One, At(8)).UpBps.ShouldBe(20);
    }

    [Fact]
    public void OtherMessages_ChangeNothing()
    {
        var state = Seen(PendingSwapsState.Empty, 0, Swap("a", Side.Buy, 50));
        PendingSwaps.Take(state, new GasPrice(0.06m, At(1)), At(1)).ShouldBe((state, []));
    }

    [Fact]
    public void ManyAtOnce_LeaveOutTheSmallest()
    {
        var state = PendingSwapsState.Empty;
        for (var i = 0; i < PendingSwaps.TrackedMax + 10; i++) state = Seen(state, 0, Swap($"{i}", Side.Buy, 3 + i));
        state.Swaps.Length.ShouldBe(PendingSwaps.TrackedMax);
        state.Swaps.Min(s => s.Swap.ImpactBps).ShouldBe(13);
        Seen(state, 0, Swap("small", Side.Buy, 3)).Swaps.ShouldBe(state.Swaps);
    }

    /// <summary>Whatever comes: bounded, never below nothing, at rest in the end, and each change is what the state says at that time.</summary>
    [Fact]
    public void AnyNews_KeepTheRules() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Double[-10, 500], Gen.Int[0, 3_000]).List[0, 200].Sample(steps =>
        {
            var (state, now, told) = (PendingSwapsState.Empty, Start, new Dictionary<InstrumentId, PendingPressure>());
            foreach (var (trace, kind, instrument, impact, milliseconds) in steps)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                Follow(PendingSwaps.Elapse(state, now));
                Follow(PendingSwaps.Take(
                    state,
                    kind == 2 ? new PendingSwapGone($"{trace}", "") : Swap($"{trace}", kind == 0 ? Side.Buy : Side.Sell, impact, new(instrument)),
                    now));
            }

            for (var due = PendingSwaps.NextDue(state, now); due.IsKnown; due = PendingSwaps.NextDue(state, now))
            {
                due.ShouldBeGreaterThan(now);
                now = due;
                var before = (told.GetValueOrDefault(One), told.GetValueOrDefault(Other));
                Follow(PendingSwaps.Elapse(state, now));
                told.GetValueOrDefault(One).UpBps.ShouldBeLessThanOrEqualTo(before.Item1.UpBps);
                told.GetValueOrDefault(Other).DownBps.ShouldBeLessThanOrEqualTo(before.Item2.DownBps);
            }

            (state.Swaps.Length, state.Told.Length).ShouldBe((0, 0));
            told.Values.ShouldAllBe(p => p.UpBps == 0 && p.DownBps == 0);

            void Follow((PendingSwapsState State, ImmutableArray<PendingPressure> Changes) step)
            {
                state = step.State;
                foreach (var change in step.Changes)
                {
                    change.ShouldNotBe(told.GetValueOrDefault(change.Instrument, new(change.Instrument, 0, 0)));
                    told[change.Instrument] = change;
                }

                foreach (var instrument in new[] { One, Other })
                {
                    var pressure = PendingSwaps.At(state.Swaps, instrument, now);
                    told.GetValueOrDefault(instrument, new(instrument, 0, 0)).ShouldBe(pressure);
                    pressure.UpBps.ShouldBeInRange(0, PendingSwaps.CapBps);
                    pressure.DownBps.ShouldBeInRange(0, PendingSwaps.CapBps);
                }
            }
        });

    private static PendingSwapsState Seen(PendingSwapsState state, double second, params PendingSwap[] swaps)
    {
        foreach (var swap in swaps) state = PendingSwaps.Take(state, swap, At(second)).State;
        return state;
    }

    private static PendingSwap Swap(string trace, Side side, double impactBps, InstrumentId? instrument = null) => new()
    {
        Instrument = instrument ?? One, Trace = trace, Side = side, ImpactBps = impactBps, ValidUntil = Timestamp.None,
    };

    private static Timestamp At(double second) => Start + TimeSpan.FromSeconds(second);
}
