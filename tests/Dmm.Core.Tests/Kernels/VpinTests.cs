using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Testing;
using static Dmm.Testing.RiskSamples;

namespace Dmm.Core.Tests.Kernels;

public sealed class VpinTests
{
    private static readonly ToxicityParameters Small = new() { VpinBucketVolume = 10, VpinBuckets = 2, VpinThreshold = 0.7 };

    [Fact]
    public void Imbalance_IsTheMeanOverFullBuckets()
    {
        var vpin = new Vpin(Small, VpinState.Empty(Small));
        vpin.Add(Side.Buy, 6).ShouldBeFalse();
        vpin.Add(Side.Sell, 4).ShouldBeTrue();
        (vpin.Imbalance, vpin.IsReady, vpin.BucketsFilled, vpin.PartialVolume).ShouldBe((0.2, false, 1, 0));

        vpin.Add(Side.Sell, 9).ShouldBeFalse();
        vpin.Add(Side.Buy, 4).ShouldBeTrue(); // 1 fills it: |1 − 9| = 8; 3 are left over
        (vpin.Imbalance, vpin.IsReady, vpin.IsToxic, vpin.PartialVolume).ShouldBe((0.5, true, false, 3));
    }

    [Fact]
    public void LargeTrade_IsSplitAcrossBuckets()
    {
        var vpin = new Vpin(Small, VpinState.Empty(Small));
        vpin.Add(Side.Sell, 5);
        vpin.Add(Side.Buy, 27); // |5 − 5|, 10, 10 and 2 left over
        (vpin.BucketsFilled, vpin.PartialVolume, vpin.Imbalance, vpin.IsToxic).ShouldBe((3, 2, 1, true));
    }

    [Fact]
    public void Toxic_EndsBelowEightyPercentOfTheThreshold()
    {
        var vpin = new Vpin(Small, VpinState.Empty(Small));
        vpin.Add(Side.Buy, 20);
        vpin.Add(Side.Buy, 6);
        vpin.Add(Side.Sell, 4); // window 10, 2
        (vpin.Imbalance, vpin.IsToxic).ShouldBe((0.6, true));
        vpin.Add(Side.Buy, 9);
        vpin.Add(Side.Sell, 1); // window 2, 8
        (vpin.Imbalance, vpin.IsToxic).ShouldBe((0.5, false));
        vpin.Add(Side.Buy, 7);
        vpin.Add(Side.Sell, 3); // window 8, 4
        (vpin.Imbalance, vpin.IsToxic).ShouldBe((0.6, false));
    }

    [Fact]
    public void OtherBucketVolume_RestartsTheWindow()
    {
        var vpin = new Vpin(Small, VpinState.Empty(Small));
        vpin.Add(Side.Buy, 25);
        var changed = new Vpin(Small with { VpinBucketVolume = 20 }, vpin.Capture());
        (changed.BucketsFilled, changed.PartialVolume).ShouldBe((0, 0));
    }

    [Fact]
    public void Volume_IsConservedAndImbalanceStaysInRange() => AnyTrades.Sample(trades =>
    {
        var vpin = Run(trades);
        (vpin.BucketsFilled * 10 + vpin.PartialVolume).ShouldBe(trades.Sum(t => t.Volume));
        vpin.PartialVolume.ShouldBeInRange(0, 9);
        vpin.Imbalance.ShouldBeInRange(0, 1);
    });

    [Fact]
    public void SplittingTradesIntoUnits_ChangesNothing() => AnyTrades.Sample(trades =>
    {
        var units = trades.SelectMany(t => Enumerable.Repeat((t.IsBuy, 1), t.Volume)).ToArray();
        var (whole, split) = (Run(trades), Run(units));
        Text(whole.Capture() with { IsToxic = false }).ShouldBe(Text(split.Capture() with { IsToxic = false }));
        whole.Imbalance.ShouldBe(split.Imbalance);
    });

    [Fact]
    public void Restored_ContinuesAsIfItHadNeverStopped() => Gen.Select(AnyTrades, AnyTrades).Sample((before, after) =>
    {
        var restored = Run(after, new(Small, ThroughJson(Run(before).Capture())));
        Text(restored.Capture()).ShouldBe(Text(Run([.. before, .. after]).Capture()));
    });

    [Fact]
    public void Trade_AllocatesNothing()
    {
        var vpin = new Vpin(new(), VpinState.Empty(new()));
        Allocations.PerItem(i => vpin.Add(i % 3 == 0 ? Side.Sell : Side.Buy, 100)).ShouldBe(0);
    }

    private static Gen<(bool IsBuy, int Volume)[]> AnyTrades =>
        Gen.Select(Gen.Bool, Gen.Frequency((9, Gen.Int[1, 15]), (1, Gen.Int[16, 200]))).Array[1, 50];

    private static Vpin Run((bool IsBuy, int Volume)[] trades, Vpin? vpin = null)
    {
        vpin ??= new(Small, VpinState.Empty(Small));
        foreach (var (isBuy, volume) in trades) vpin.Add(isBuy ? Side.Buy : Side.Sell, volume);
        return vpin;
    }
}
