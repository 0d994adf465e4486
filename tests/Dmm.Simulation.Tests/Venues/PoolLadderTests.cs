using Dmm.Core;
using Dmm.Core.Messages;
using static Dmm.Simulation.Tests.Venues.PoolDesk;

namespace Dmm.Simulation.Tests.Venues;

public sealed class PoolLadderTests
{
    // The contract's own figures, through an intention each: 100 TON in gave 9,871.502405988 DCT, then 5,000 DCT gave 50.596085873 TON.
    [Fact]
    public void Swaps_FillWithTheContractsAmounts()
    {
        var desk = new PoolDesk(lot: 0.000000001m).Started();
        desk.Place(0.5, Side.Buy, 1020, 9_871_502_405_988);
        desk.Place(5, Side.Sell, 1010, 5_000_000_000_000);
        desk.RunTo(10);

        var fills = desk.Of<Fill>().Select(f => f.Message).ToArray();
        fills.Select(f => (f.Side, f.Quantity, Math.Round(f.Quantity * f.Price, 16), f.Fee, f.FeeAsset, f.TradeId)).ShouldBe([
            (Side.Buy, 9_871.502405988m, 100m, 0.06m, "TON", "1"),
            (Side.Sell, 5_000m, 50.596085873m, 0.06m, "TON", "2"),
        ]);
        desk.Pool.Pool.ShouldBe(Reserves with { Base = 995_118_616_210_222, Quote = 10_049_353_267_394 });
    }

    [Fact]
    public void IntentionThatIsNotReached_RestsUntilItIsCancelled()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 1002, 1_000);
        desk.RunTo(9);
        var order = desk.Pool.OpenOrders.ShouldHaveSingleItem();
        (order.ClientOrderId, order.PriceTicks, order.RemainingLots, order.AcceptedAt).ShouldBe((id, 1002, 1_000, Start + TimeSpan.FromSeconds(0.5)));

        desk.Cancel(9.5, id);
        desk.RunTo(10);
        desk.Life(id).ShouldBe([(0.5, OrderStatus.Live), (9.5, OrderStatus.Cancelled)]);
        desk.Pool.OpenOrders.ShouldBeEmpty();
    }

    // 5,000 DCT cost 50.4036 TON of the pool, and 0.06 of gas: 0.0100927 TON each; sold, they bring 49.6026 less 0.06: 0.0099085.
    [Theory]
    [InlineData(Side.Buy, 1009, false)]
    [InlineData(Side.Buy, 1010, true)]
    [InlineData(Side.Sell, 991, false)]
    [InlineData(Side.Sell, 990, true)]
    public void Trigger_CountsFeeImpactAndGas(Side side, long priceTicks, bool isReached)
    {
        var desk = new PoolDesk().Started();
        desk.Place(0.5, side, priceTicks, 50_000);
        desk.RunTo(3);
        desk.Pool.Counts.Sent.ShouldBe(isReached ? 1 : 0);
    }

    [Fact]
    public void DearerGas_HoldsASmallIntentionBack()
    {
        var desk = new PoolDesk().Started();
        desk.Pool.GasPerSwapTon = 0.6m;
        desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.RunTo(3);
        desk.Pool.Counts.Sent.ShouldBe(0);
    }

    [Fact]
    public void TransferTax_IsInTheTriggerAndInTheFill()
    {
        var desk = new PoolDesk(reserves: Reserves with { TransferTaxBps = 100 }).Started();
        desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.Place(0.5, Side.Buy, 1021, 50_000);
        desk.RunTo(3);

        var fill = desk.Of<Fill>().ShouldHaveSingleItem().Message;
        fill.Quantity.ShouldBe(5_000m, 0.0000001m, "what arrived");
        fill.Quantity.ShouldBeGreaterThanOrEqualTo(5_000m);
        (fill.Price * fill.Quantity).ShouldBe(50.9152m, 0.001m, "the pool paid out 5,050.5 DCT");
    }

    [Fact]
    public void Swap_LandsWithTheNextBlockAndIsHeardOfAfterTheLatency()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(2.5, Side.Buy, 1020, 10_000);
        desk.RunTo(5);

        var (second, fill) = desk.Of<Fill>().ShouldHaveSingleItem();
        (second, fill.VenueTime).ShouldBe((3.2, Start + TimeSpan.FromSeconds(3)));
        desk.Life(id).ShouldBe([(2.5, OrderStatus.Live), (3.2, OrderStatus.Filled)]);
        desk.Trades().ShouldHaveSingleItem().Second.ShouldBe(3.2);
    }

    [Fact]
    public void Delay_IsDrawnFromOneToTheMostBlocks()
    {
        var seconds = Enumerable.Range(1, 60).Select(seed =>
        {
            var desk = new PoolDesk(new PoolRules { DelayBlocksMax = 3 }, seed: seed).Started();
            desk.Place(2.5, Side.Buy, 1020, 10_000);
            var second = desk.RunTo(9).Of<Fill>().ShouldHaveSingleItem($"seed {seed}").Second;
            second.ShouldBe(3.2 + new SeededRandom(seed).NextInt(3), 1e-9, $"seed {seed}");
            return second;
        });
        seconds.Distinct().Order().ShouldBe([3.2, 4.2, 5.2]);
    }

    [Fact]
    public void SeveralReached_GoOneAfterTheOtherNearestFirst()
    {
        var desk = new PoolDesk().Started();
        string[] ids = [desk.Place(0.1, Side.Buy, 1020, 10_000), desk.Place(0.1, Side.Buy, 1030, 10_000), desk.Place(0.1, Side.Buy, 1025, 10_000)];
        desk.RunTo(1.1).Pool.Counts.Sent.ShouldBe(1);
        desk.RunTo(2.1).Pool.Counts.Sent.ShouldBe(2);
        desk.RunTo(9);

        desk.Of<Fill>().Select(f => (f.Second, f.Message.ClientOrderId)).ShouldBe([(1.2, ids[1]), (2.2, ids[2]), (3.2, ids[0])]);
    }

    [Fact]
    public void AsksReached_GoLowestFirst()
    {
        var desk = new PoolDesk().Started();
        string[] ids = [desk.Place(0.1, Side.Sell, 980, 10_000), desk.Place(0.1, Side.Sell, 970, 10_000)];
        desk.RunTo(9);
        desk.Of<Fill>().Select(f => f.Message.ClientOrderId).ShouldBe([ids[1], ids[0]]);
    }

    [Fact]
    public void AfterAFill_TheSecondWaitsForThePoolAsItIsThen()
    {
        var desk = new PoolDesk().Started();
        desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.RunTo(30);
        desk.Pool.Counts.Sent.ShouldBe(1, "the first moved the pool by 100 bps");
    }

    [Fact]
    public void PriceGoneBeforeLanding_IsRefundedForItsGasAndTheIntentionStands()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.Swap(0.9, Side.Buy, 20 * Token);
        desk.RunTo(2);

        var (second, failed) = desk.Of<FailedSwap>().ShouldHaveSingleItem();
        (second, failed.Gas, failed.GasAsset, failed.ClientOrderId, failed.SwapId).ShouldBe((1.2, 0.079m, "TON", id, "1"));
        failed.Reason.ShouldStartWith("slippage");
        (desk.Pool.Counts.Failed, desk.Pool.Counts.GasLostTon).ShouldBe((1, 0.079m));
        desk.Pool.OpenOrders.ShouldHaveSingleItem();

        desk.Swap(3.5, Side.Sell, 3_000 * Token);
        desk.RunTo(5);
        desk.Of<Fill>().ShouldHaveSingleItem().Message.TradeId.ShouldBe("2");
        desk.Life(id).ShouldBe([(0.5, OrderStatus.Live), (4.2, OrderStatus.Filled)]);
    }

    [Fact]
    public void PriceBetterAtLanding_FillsWithMoreThanWasAskedFor()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.Swap(0.9, Side.Sell, 10_000 * Token);
        desk.RunTo(2);
        desk.Of<Fill>().ShouldHaveSingleItem().Message.Quantity.ShouldBeGreaterThan(5_000m);
        desk.Life(id).Last().ShouldBe((1.2, OrderStatus.Filled));
    }

    // Whatever the pool does on the way, what a fill cost or brought in all is never worse than the intention's price.
    [Fact]
    public void Fills_KeepTheNetPrice()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var desk = new PoolDesk(new PoolRules(), Reserves with { TransferTaxBps = 30 }, seed).Started();
            new PoolNoiseTraders(desk.Pool, new() { SwapsPerSecond = 2, MeanQuote = 60 }, desk.Queue, SeededRandom.For(seed, "noise")).Start();
            var prices = new Dictionary<string, long>();
            for (var i = 0; i < 60; i++)
            {
                prices[desk.Place(i, Side.Buy, 1000 - i % 7, 10_000)] = 1000 - i % 7;
                prices[desk.Place(i, Side.Sell, 1000 + i % 7, 10_000)] = 1000 + i % 7;
            }

            desk.RunTo(300);
            foreach (var (_, fill) in desk.Of<Fill>())
            {
                var net = fill.Side.Sign() * (fill.Price * fill.Quantity + fill.Side.Sign() * fill.Fee);
                var limit = fill.Side.Sign() * prices[fill.ClientOrderId] * 0.00001m * fill.Quantity;
                net.ShouldBeLessThanOrEqualTo(limit + 0.000000001m, $"seed {seed}, {fill}");
            }

            (desk.Pool.Counts.Executed, desk.Pool.Counts.Failed).ShouldSatisfyAllConditions(
                c => c.Executed.ShouldBeGreaterThan(0, $"seed {seed}"), c => c.Failed.ShouldBeGreaterThan(0, $"seed {seed}"));
        }
    }

    [Fact]
    public void Deadline_IsAnExpiryWithItsGas()
    {
        // The first draw of this seed asks for 7 blocks.
        const int Seed = 3;
        var blocks = 1 + new SeededRandom(Seed).NextInt(10);
        blocks.ShouldBeGreaterThan(2);
        var desk = new PoolDesk(new PoolRules { DelayBlocksMax = 10, SwapDeadline = TimeSpan.FromSeconds(1.4) }, seed: Seed).Started();
        desk.Place(0.5, Side.Buy, 1020, 10_000);
        desk.RunTo(blocks + 0.2);

        var (second, failed) = desk.Of<FailedSwap>().ShouldHaveSingleItem();
        (second, failed.Gas, failed.Reason).ShouldBe((blocks + 0.2, 0.0618m, "deadline passed"));
    }

    [Fact]
    public void RouterThatWantsMoreGas_RefusesAndItCostsMoreInASpike()
    {
        var desk = new PoolDesk(NextBlock with { LowGasProbability = 1 }).Started();
        var id = desk.Place(0.5, Side.Buy, 1020, 10_000);
        desk.RunTo(1.9);
        desk.Pool.GasPerSwapTon = 0.12m;
        desk.RunTo(2.2);
        desk.Of<FailedSwap>().Select(f => (f.Second, f.Message.Gas, f.Message.ClientOrderId)).ShouldBe([(1.2, 0.0621m, id), (2.2, 0.1242m, id)]);
    }

    [Fact]
    public void CancelInFlight_WaitsForTheFateThatIsAFill()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 1020, 10_000);
        desk.Cancel(0.7, id);
        desk.RunTo(5);
        desk.Life(id).ShouldBe([(0.5, OrderStatus.Live), (0.7, OrderStatus.PendingCancel), (1.2, OrderStatus.Filled)]);
        desk.Of<Fill>().ShouldHaveSingleItem();
    }

    [Fact]
    public void CancelInFlight_EndsTheIntentionOnceTheSwapHasFailed()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.Cancel(0.7, id);
        desk.Swap(0.9, Side.Buy, 20 * Token);
        desk.RunTo(5);
        desk.Life(id).ShouldBe([(0.5, OrderStatus.Live), (0.7, OrderStatus.PendingCancel), (1.2, OrderStatus.Cancelled)]);
        desk.Of<FailedSwap>().ShouldHaveSingleItem();
    }

    [Fact]
    public void AmendInFlight_HoldsForWhatComesAfterTheSwapHasFailed()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 1010, 50_000);
        desk.Amend(0.7, id, Side.Buy, 990, 60_000);
        desk.Swap(0.9, Side.Buy, 20 * Token);
        desk.RunTo(5);
        var order = desk.Pool.OpenOrders.ShouldHaveSingleItem();
        (order.PriceTicks, order.RemainingLots).ShouldBe((990, 50_000), "an amendment never raises the size");
        desk.Pool.Counts.Sent.ShouldBe(1);
    }

    [Fact]
    public void AmendTowardsThePool_TriggersAtOnce()
    {
        var desk = new PoolDesk().Started();
        var id = desk.Place(0.5, Side.Buy, 990, 10_000);
        desk.Amend(2.5, id, Side.Buy, 1020, 10_000);
        desk.RunTo(5);
        desk.Of<Fill>().ShouldHaveSingleItem().Second.ShouldBe(3.2);
    }

    [Theory]
    [InlineData(0, 1_000, "price is not above zero")]
    [InlineData(1_000, 0, "size is not above zero")]
    public void ImpossibleIntention_IsRejected(long priceTicks, long sizeLots, string reason)
    {
        var desk = new PoolDesk().Started();
        desk.Place(0.5, Side.Buy, priceTicks, sizeLots);
        desk.RunTo(1);
        var update = desk.Of<OrderUpdate>().ShouldHaveSingleItem().Message;
        (update.Status, update.Reason).ShouldBe((OrderStatus.Rejected, reason));
        desk.Pool.OpenOrders.ShouldBeEmpty();
    }

    [Fact]
    public void SecondIntentionOfAnId_IsRejected()
    {
        var desk = new PoolDesk().Started();
        desk.Place(0.5, Side.Buy, 990, 1_000, "same");
        desk.Place(0.6, Side.Buy, 980, 1_000, "same");
        desk.RunTo(1);
        desk.Life("same").ShouldBe([(0.5, OrderStatus.Live), (0.6, OrderStatus.Rejected)]);
        desk.Pool.OpenOrders.ShouldHaveSingleItem().PriceTicks.ShouldBe(990);
    }
}
