using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class MarkoutsTests
{
    private static readonly ToxicityParameters Short = new() { Horizons = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)] };

    [Theory]
    [InlineData(Side.Buy, 102, 200, -97.087379)] // from the fill's price 100, and from the mid of 103 at the fill
    [InlineData(Side.Sell, 102, -200, 97.087379)]
    [InlineData(Side.Buy, 99, -100, -388.349515)]
    public void Markout_IsSignedForUs(Side side, double midAfter, double bps, double midMoveBps)
    {
        var kernel = new Markouts(Short, MarkoutsState.Empty);
        kernel.Add(Fill(Spot, side, 1, 100, tradeId: "t"), mid: 103, Start);

        kernel.Measure(kernel.Take(Start + TimeSpan.FromSeconds(1))!, midAfter).ShouldBe(new(Spot, "t", side, TimeSpan.FromSeconds(1), bps)
        {
            MidMoveBps = midMoveBps, TimeToFill = TimeSpan.FromSeconds(2), QuotedHalfSpreadBps = 10, IsMaker = true,
        });
    }

    [Fact]
    public void Buys_AndSells_AreMirrored() => Gen.Select(Gen.Double[1, 1000], Gen.Double[1, 1000]).Sample((before, after) =>
    {
        var kernel = new Markouts(Short, MarkoutsState.Empty);
        kernel.Add(Fill(Spot, Side.Buy, 1, 100), before, Start);
        kernel.Add(Fill(Spot, Side.Sell, 1, 100), before, Start);
        var buy = kernel.Measure(kernel.Take(Start + TimeSpan.FromSeconds(1))!, after)!.Value;
        var sell = kernel.Measure(kernel.Take(Start + TimeSpan.FromSeconds(1))!, after)!.Value;

        (sell.Bps, sell.MidMoveBps).ShouldBe((-buy.Bps, -buy.MidMoveBps));
    });

    [Fact]
    public void Pending_ComesByDueTimeThenFillOrder()
    {
        var kernel = new Markouts(Short, MarkoutsState.Empty);
        kernel.Add(Fill(Spot, Side.Buy, 1, 100, tradeId: "a"), 100, Start);
        kernel.Add(Fill(Spot, Side.Buy, 1, 100, tradeId: "b"), 100, Start);
        kernel.Add(Fill(Spot, Side.Buy, 1, 100, tradeId: "c"), 100, Start + TimeSpan.FromSeconds(4));
        kernel = new(Short, ThroughJson(kernel.Capture()));

        kernel.NextDue.ShouldBe(Start + TimeSpan.FromSeconds(1));
        kernel.Take(Start).ShouldBeNull();
        var taken = new List<string>();
        while (kernel.Take(Start + TimeSpan.FromSeconds(9)) is { } pending) taken.Add($"{pending.Fill.TradeId}{pending.Horizon.TotalSeconds}");
        taken.ShouldBe(["a1", "b1", "a5", "b5", "c1", "c5"]);
    }

    [Fact]
    public void NoMidWhenDue_IsCountedAndNotMadeUp()
    {
        var kernel = new Markouts(Short, MarkoutsState.Empty);
        kernel.Add(Fill(Spot, Side.Buy, 1, 100), mid: 0, Start);

        kernel.Measure(kernel.Take(Start + TimeSpan.FromSeconds(1))!, mid: 0).ShouldBeNull();
        kernel.Measure(kernel.Take(Start + TimeSpan.FromSeconds(5))!, mid: 101)!.Value.MidMoveBps.ShouldBeNull();
        kernel.Capture().WithoutMid.ShouldBe(1);
    }

    [Fact]
    public void TooManyPending_AreCountedAndNotAwaited()
    {
        var kernel = new Markouts(Short, MarkoutsState.Empty);
        for (var i = 0; i <= Markouts.PendingMaximum / 2; i++) kernel.Add(Fill(Spot, Side.Buy, 1, 100), 100, Start);

        var state = kernel.Capture();
        (state.Pending.Length, state.Dropped).ShouldBe((Markouts.PendingMaximum, 2));
    }
}
